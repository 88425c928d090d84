/* A screen with a code asks whether somebody has typed it: the page that comes back then holds another code, or none.
   Written so that the browser of an old television set can read it. */
(function () {
  "use strict";
  var EVERY = 2000;
  var code = document.querySelector("[data-code]").getAttribute("data-code");

  function look() {
    var asked = new XMLHttpRequest();
    asked.open("GET", location.href, true);
    asked.onload = function () {
      if (asked.status === 200 && asked.responseText.indexOf('data-code="' + code + '"') < 0) location.reload();
      else setTimeout(look, EVERY);
    };
    asked.onerror = function () {
      setTimeout(look, EVERY);
    };
    asked.send();
  }

  setTimeout(look, EVERY);
})();
