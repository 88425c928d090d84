/* For browsers of old television sets, which cannot read the other scripts: then nothing would keep this page fresh.
   Written so that any of them can. */
(function () {
  "use strict";
  function look() {
    if (document.documentElement.getAttribute("data-awake") !== null && window.htmx) return;
    var asked = new XMLHttpRequest();
    asked.open("GET", location.href, true);
    asked.onload = function () {
      if (asked.status === 200) location.reload();
      else setTimeout(look, 5000);
    };
    asked.onerror = function () {
      setTimeout(look, 5000);
    };
    asked.send();
  }
  setTimeout(look, 20000);
})();
