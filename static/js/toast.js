/* Ten seconds to take an act back: the toast leaves by itself, and waits while it is under the pointer or the focus. */
(() => {
  "use strict";
  const start = () => document.querySelectorAll("[data-toast]").forEach(run);
  document.addEventListener("toast", ({ detail }) => run(detail)); // one that was made on the page

  function run(toast) {
    let left = Number(toast.dataset.toast) * 1000;
    let held = false;
    const hold = (value) => () => {
      held = value;
    };
    toast.addEventListener("pointerenter", hold(true));
    toast.addEventListener("pointerleave", hold(false));
    toast.addEventListener("focusin", hold(true));
    toast.addEventListener("focusout", hold(false));
    const close = () => {
      clearInterval(timer);
      toast.remove();
    };
    const timer = setInterval(() => {
      if (!held) left -= 250;
      if (left <= 0) close();
    }, 250);
    const button = toast.querySelector("[data-dismiss]");
    button.hidden = false;
    button.addEventListener("click", close);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
