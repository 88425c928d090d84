/* A screen that nobody touches for weeks. By the server's clock it turns its pages and its playlist, dims at night and
   steps a few pixels so that nothing burns in; a stop that is new brings the board back and holds it. It loads itself
   anew when a shift begins, after a feed was long lost, and when the desk says so. */
(() => {
  "use strict";
  const page = document.documentElement;
  const STEPS = [[0, 0], [6, 0], [6, 6], [0, 6], [-6, 6], [-6, 0], [-6, -6], [0, -6]];
  const STEP = 180_000;
  const PAGE = 20_000;
  const PULSE = 65_000; // a little more than the minute in which the server writes once that a screen was seen
  const LONG = 300_000; // a feed that was lost for so long: whatever is left of that time shall go
  const form = new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit" });
  const until = Date.parse(page.dataset.until);
  const order = orderOf();
  let skew = Date.parse(page.dataset.now) - Date.now();
  let lostAt = 0;
  let renewing = false;

  const start = () => {
    document.getElementById("main").classList.remove("lost"); // the server said so for browsers without script
    for (const news of ["live:painted", "htmx:after:swap"]) document.addEventListener(news, show);
    document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => setClock(ctx.response?.headers.get("Date")));
    setInterval(tick, 1000);
    tick();
    if (page.dataset.pulse) {
      setTimeout(pulse, 2000);
      setInterval(pulse, PULSE);
    }
    page.dataset.awake = ""; // old.js looks for it
  };

  const serverNow = () => Date.now() + skew;

  function setClock(said) {
    const served = Date.parse(said || "");
    if (Math.abs(served - serverNow()) > 2000) skew = served - Date.now();
  }

  function tick() {
    const words = form.format(serverNow());
    for (const clock of document.querySelectorAll("[data-clock]")) if (clock.textContent !== words) clock.textContent = words;
    const [x, y] = STEPS[Math.floor(serverNow() / STEP) % STEPS.length];
    page.style.setProperty("--shift-x", `${x}px`);
    page.style.setProperty("--shift-y", `${y}px`);
    page.toggleAttribute("data-dim", isNight(words));
    show();
    if (serverNow() >= until || wasLongLost()) document.dispatchEvent(new CustomEvent("live:reload"));
  }

  function isNight(clock) {
    const [from, to] = page.dataset.night.split("-");
    return from <= to ? from <= clock && clock < to : clock >= from || clock < to;
  }

  /* The feed is back after it was lost for long. */
  function wasLongLost() {
    const lost = !document.getElementById("feed-lost").hidden;
    const long = lostAt && Date.now() - lostAt > LONG;
    lostAt = lost ? lostAt || Date.now() : 0;
    return !lost && long;
  }

  /* What is on: painted again by the server it may show another page than the one whose turn it is here. */
  function show() {
    const shows = [...document.querySelectorAll("[data-show]")];
    const current = shows.find((one) => one.querySelector("[data-alarm]")) || atTurn(shows);
    for (const one of shows) put(one, one === current);
    for (const region of document.querySelectorAll("[data-pages]")) turn(region);
    if (orderOf() !== order) renew();
  }

  function atTurn(shows) {
    const lengths = shows.map((one) => Number(one.dataset.seconds || 1));
    let left = Math.floor(serverNow() / 1000) % lengths.reduce((sum, one) => sum + one, 0);
    return shows[lengths.findIndex((length) => (left -= length) < 0)];
  }

  function turn(region) {
    const pages = Number(region.dataset.pages);
    const current = Math.min(pages, Number(page.dataset.pinned)) || (Math.floor(serverNow() / PAGE) % pages) + 1;
    for (const one of region.querySelectorAll("[data-page]")) put(one, Number(one.dataset.page) === current);
    region.querySelectorAll(".wdots i").forEach((dot, n) => dot.classList.toggle("on", n + 1 === current));
    const said = region.querySelector(".wdots .sr");
    if (said && said.textContent !== `Page ${current} of ${pages}`) said.textContent = `Page ${current} of ${pages}`;
  }

  function put(el, shown) {
    if (el.hidden === shown) el.hidden = !shown;
  }

  function orderOf() {
    return document.getElementById("told")?.dataset.order;
  }

  /* Only where the server answers: else the browser's own error page would stay on the wall for good. */
  async function renew() {
    if (renewing) return;
    renewing = true;
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok) return location.assign(answer.url);
    } catch {
      // Away for now: asked again with the next look.
    }
    setTimeout(() => (renewing = false), 5000);
  }

  function showing() {
    const current = document.querySelector("[data-show]:not([hidden])");
    const said = current?.querySelector(".wdots .sr")?.textContent;
    return `${current?.getAttribute("aria-label") || ""}${said ? `, ${said.toLowerCase()}` : ""}`;
  }

  async function pulse() {
    const told = document.getElementById("told")?.dataset.told || "";
    try {
      const answer = await fetch(`${page.dataset.pulse}?showing=${encodeURIComponent(showing())}&heeded=${told}`);
      setClock(answer.headers.get("Date"));
      if (answer.status === 401 || answer.redirected) renew();
    } catch {
      // The server is away: the age on the screen says so already.
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
