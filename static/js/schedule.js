/* The schedule goes with the clock: the line of now, the veil over what is past, and how far running work has come are
   moved here, so that a minute more is no news to the server. And while a bar is in the hand nothing is painted under
   it: what was pushed meanwhile is painted when it is let go. */
(() => {
  "use strict";
  const page = document.documentElement;
  const PACE = 10_000;
  const PLACE = "schedule-place"; // where the lanes were scrolled to, over the reload of a save
  let skew = 0;
  let waiting = null;

  const start = () => {
    if (!document.querySelector("[data-plan]")) return;
    const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || performance.now());
    skew = Date.parse(page.dataset.now) - arrived;
    window.addEventListener("live:paint", onPaint, true);
    document.addEventListener("live:painted", tick);
    document.addEventListener("plan:let-go", giveBack);
    document.addEventListener("submit", keepPlace);
    putBack();
    setInterval(tick, PACE);
    tick();
  };

  /* Captured before swaps.js hears of it. */
  function onPaint(event) {
    if (page.dataset.dragging === undefined) return;
    event.stopImmediatePropagation();
    waiting = event.detail;
  }

  function giveBack() {
    const detail = waiting;
    waiting = null;
    if (detail) document.dispatchEvent(new CustomEvent("live:paint", { detail }));
  }

  const now = () => (Date.now() + skew) / 1000;
  const set = (el, name, value) => el && el.getAttribute(name) !== value && el.setAttribute(name, value);

  function tick() {
    const chart = document.querySelector("[data-chart]");
    if (!chart) return;
    const [from, to] = [Number(chart.dataset.start), Number(chart.dataset.end)];
    const at = (second) => (100 * (Math.min(Math.max(second, from), to) - from)) / (to - from);
    const x = `${at(now()).toFixed(3)}%`;
    const inside = now() >= from && now() < to;
    set(chart.querySelector("[data-veil]"), "width", x);
    const line = chart.querySelector("[data-now-line]");
    for (const name of ["x1", "x2"]) set(line, name, x);
    line.toggleAttribute("hidden", !inside);
    flag(chart.querySelector("[data-now-flag]"), x, inside);
    for (const bar of chart.querySelectorAll(".op.running")) grow(bar, at);
  }

  /* What stands where the flag is would only be half seen. */
  function flag(flag, x, inside) {
    flag.toggleAttribute("hidden", !inside);
    for (const tick of flag.parentElement.querySelectorAll("[data-tick]")) {
      tick.classList.toggle("near", inside && Math.abs(parseFloat(tick.getAttribute("x")) - parseFloat(x)) < 6.5);
    }
    for (const piece of flag.children) set(piece, "x", x);
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit" });
    const words = clock.format(now() * 1000);
    if (flag.lastElementChild.textContent !== words) flag.lastElementChild.textContent = words;
  }

  /* Its past part; and what takes longer than planned goes on up to now. */
  function grow(bar, at) {
    const [s, e] = [Number(bar.dataset.s), Number(bar.dataset.e)];
    const past = bar.querySelector(".past");
    if (past) set(past, "width", `${Math.max(0, at(now()) - at(s)).toFixed(3)}%`);
    if (now() > e) set(bar.querySelector(".b"), "width", `${(at(now()) - at(s)).toFixed(3)}%`);
  }

  function keepPlace() {
    const box = document.querySelector("[data-gantt]");
    if (box) sessionStorage.setItem(PLACE, JSON.stringify([box.scrollLeft, box.scrollTop, window.scrollY]));
  }

  function putBack() {
    const kept = JSON.parse(sessionStorage.getItem(PLACE) || "null");
    sessionStorage.removeItem(PLACE);
    const box = document.querySelector("[data-gantt]");
    if (!box) return;
    const x = parseFloat(box.querySelector("[data-now-line]:not([hidden])")?.getAttribute("x1") || 0) / 100;
    [box.scrollLeft, box.scrollTop] = kept || [x * box.scrollWidth - box.clientWidth / 2, 0]; // where all is not in sight: now
    if (kept) window.scrollTo(0, kept[2]);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
