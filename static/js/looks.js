/* Who leaves the board, or turns to another tab, has seen it up to now: what happens from then on is told when they are
   back. While something waits to be pressed away, only that press counts. */
(() => {
  "use strict";
  const leave = () => {
    const form = document.querySelector("[data-look]");
    if (form && document.visibilityState === "hidden") navigator.sendBeacon(form.action, new FormData(form));
  };
  document.addEventListener("visibilitychange", leave);
})();
