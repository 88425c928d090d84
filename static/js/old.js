/* Watches over the other scripts of a wall: a browser of an old television set cannot read them, and one of them may
   not have arrived. Then nothing keeps this page fresh and its age stands still: it is loaded again. Written so that
   any browser can read it. */
(function () {
  "use strict";
  var page = document.documentElement;
  var last = "";
  var still = 0;

  function tick() {
    var age = document.querySelector("[data-age-old]");
    var region = document.querySelector("[data-live-topic]");
    var now = (age ? age.textContent : "") + (region ? region.getAttribute("data-as-of") : "");
    still = now === last ? still + 1 : 0;
    last = now;
    if (still < (page.getAttribute("data-awake") === null ? 20 : 120)) return;
    still = 0;
    renew();
  }

  /* Only where the server answers: the browser's own error page would stay on the wall for good. */
  function renew() {
    var asked = new XMLHttpRequest();
    asked.open("GET", location.href, true);
    asked.onload = function () {
      if (asked.status === 200) location.reload();
    };
    asked.send();
  }

  setInterval(tick, 1000);
})();
