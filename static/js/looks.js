/* Who leaves the board, or turns to another tab, has seen it up to now: what happens from then on is told when they are
   back. While something waits to be pressed away, only that press counts. */
(() => {
  "use strict";
  const leave = () => {
    const form = document.querySelector("[data-look]");
    if (!form || document.visibilityState !== "hidden") return;
    /* It outlives the page, and asks for no page in return. */
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
  };
  document.addEventListener("visibilitychange", leave);
})();
