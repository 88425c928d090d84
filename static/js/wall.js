/* A screen that nobody touches for weeks: its clock goes on, and its picture steps a few pixels so that nothing
   burns in. */
(() => {
  "use strict";
  const page = document.documentElement;
  const STEPS = [[0, 0], [6, 0], [6, 6], [0, 6], [-6, 6], [-6, 0], [-6, -6], [0, -6]];
  const skew = Date.parse(page.dataset.now) - Date.now();
  const form = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit" });
  const clock = document.querySelector("[data-clock]");

  const tick = () => {
    const now = Date.now() + skew;
    const words = form.format(now);
    if (clock && clock.textContent !== words) clock.textContent = words;
    const [x, y] = STEPS[Math.floor(now / 180_000) % STEPS.length];
    page.style.setProperty("--shift-x", `${x}px`);
    page.style.setProperty("--shift-y", `${y}px`);
  };

  setInterval(tick, 1000);
  tick();
})();
