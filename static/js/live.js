/* How old is what this page shows? Counted each second against the server's clock, never reset by a request:
   only new data moves it. Past three sampling periods the page says so over its whole width and loses its colour. */
(() => {
  "use strict";
  const page = document.documentElement;
  const WORDS = { live: "Live", late: "Late", lost: "Feed lost" };
  const QUIET_MS = 10_000; // between two announcements to screen readers
  let skew = 0; // what to add to this machine's clock to have the server's
  let states = new Map();
  let wasLost = false;
  let said = 0;
  let toSay = "";

  const start = () => {
    const badge = document.querySelector(".age[data-period]");
    if (!badge || !page.dataset.now) return;
    const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || performance.now());
    skew = Date.parse(page.dataset.now) - arrived;
    states = cellStates();
    document.addEventListener("htmx:before:request", onRequest);
    document.addEventListener("htmx:after:request", onAnswer);
    document.addEventListener("htmx:before:swap", onBeforeSwap);
    document.addEventListener("htmx:after:swap", onSwap);
    document.addEventListener("visibilitychange", onVisibility);
    setInterval(tick, 1000);
    tick();
  };

  const serverNow = () => Date.now() + skew;
  const regions = () => [...document.querySelectorAll("[data-as-of]:not(.age)")];

  /* The oldest source on the page; null where nothing was ever received. */
  const oldest = () => {
    const found = regions();
    const given = (found.length ? found : [...document.querySelectorAll(".age[data-as-of]")]).map((el) => Date.parse(el.dataset.asOf));
    return given.some(Number.isNaN) ? null : Math.min(...given);
  };

  const kindOf = (age, period) => (age === null ? "lost" : age <= 2 * period + 2 ? "live" : age <= 3 * period + 2 ? "late" : "lost");

  const two = (n) => String(n).padStart(2, "0");
  const ageWords = (s) => (s >= 60 && s < 3600 ? `${Math.floor(s / 60)} min ${two(s % 60)} s` : durationWords(s));
  const durationWords = (s) => {
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    if (s < 172_800) return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)}`;
    return `${Math.floor(s / 86_400)} days`;
  };

  const siteClock = (ms) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);

  const put = (el, text) => {
    if (el && el.textContent !== text) el.textContent = text;
  };

  function tick() {
    if (document.hidden) return;
    const at = oldest();
    const age = at === null ? null : Math.max(0, Math.floor((serverNow() - at) / 1000));
    for (const badge of document.querySelectorAll(".age[data-period]")) paintBadge(badge, age);
    const first = document.querySelector(".age[data-period]");
    const lost = !!first && kindOf(age, Number(first.dataset.period)) === "lost";
    paintBanner(lost, at, age);
    paintRegions(lost, at);
    if (at !== null) countOn(lost ? at : serverNow());
    if (lost !== wasLost) announce(lost ? (at === null ? "No live data" : `Live feed lost at ${siteClock(at)}`) : "Live feed is back");
    wasLost = lost;
    speak();
  }

  function paintBadge(badge, age) {
    const kind = kindOf(age, Number(badge.dataset.period));
    if (!badge.classList.contains(kind)) {
      badge.classList.remove("live", "late", "lost");
      badge.classList.add(kind);
      badge.querySelector("use").setAttribute("href", `#i-${kind}`);
    }
    put(badge.querySelector("[data-age-word]"), WORDS[kind]);
    put(badge.querySelector("[data-age-old]"), age === null ? "nothing received yet" : `${ageWords(age)} old`);
  }

  function paintBanner(lost, at, age) {
    const banner = document.getElementById("feed-lost");
    if (!banner) return;
    banner.hidden = !lost;
    if (!lost) return;
    put(banner.querySelector("[data-lost-since]"), at === null ? "No live data." : `Live feed lost at ${siteClock(at)}.`);
    const old = at === null ? "No cell has been heard yet." : `Everything below is ${ageWords(age)} old. Check cells in person before acting.`;
    put(banner.querySelector("[data-lost-old]"), old);
  }

  function paintRegions(lost, at) {
    for (const region of regions()) {
      const panels = region.matches(".panel") ? [region] : region.querySelectorAll(".panel");
      for (const panel of panels) {
        panel.classList.toggle("is-stale", lost);
        const head = panel.querySelector(":scope > header");
        if (head && lost && at !== null) head.dataset.asof = `as of ${siteClock(at)}`;
        else if (head) delete head.dataset.asof;
      }
    }
  }

  /* How long things have lasted: counted here, so that a second more of the same is no news to the server. */
  function countOn(now) {
    for (const el of document.querySelectorAll("time[data-since]")) {
      put(el, durationWords(Math.max(0, Math.floor((now - Date.parse(el.dateTime)) / 1000))));
    }
  }

  const isPoll = (ctx) => ctx?.sourceElement?.matches?.("[data-as-of][hx-get]");

  /* A hidden tab asks for nothing; it asks at once when it is seen again. */
  function onRequest(event) {
    if (document.hidden && isPoll(event.detail.ctx)) event.preventDefault();
  }

  function onVisibility() {
    if (document.hidden) return;
    tick();
    for (const region of regions()) region.dispatchEvent(new CustomEvent("refresh"));
  }

  function onAnswer(event) {
    const ctx = event.detail.ctx;
    if (!isPoll(ctx)) return;
    const served = Date.parse(ctx.response.headers.get("Date"));
    if (Math.abs(served - serverNow()) > 2000) skew = served - Date.now();
    const asOf = ctx.response.status === 204 && ctx.response.headers.get("As-Of");
    if (asOf) ctx.sourceElement.dataset.asOf = asOf;
    tick();
  }

  let watched = new Map();
  const watches = () => new Map([...document.querySelectorAll("[id][data-watch]")].map((el) => [el.id, el.dataset.watch]));

  function onBeforeSwap() {
    watched = watches();
  }

  function onSwap() {
    for (const [id, value] of watches()) {
      if (watched.size && watched.get(id) !== value) wash(document.getElementById(id), watched.get(id));
    }
    const now = cellStates();
    for (const [cell, state] of now) {
      if ((state === "down" || state === "unknown") && states.get(cell) !== state) announce(`${cell} is ${state}`);
    }
    states = now;
    tick();
  }

  const cellStates = () =>
    new Map([...document.querySelectorAll("[data-as-of] [data-cell][data-state]")].map((el) => [el.dataset.cell, el.dataset.state]));

  /* One wash that fades, and a bar at the left; where motion is not wanted, the bar alone. */
  function wash(row, before) {
    const tokens = getComputedStyle(page);
    const bar = `inset 4px 0 0 ${tokens.getPropertyValue("--ink")}`;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const frames = still
      ? [{ boxShadow: bar }, { boxShadow: bar }]
      : [{ boxShadow: bar, backgroundColor: tokens.getPropertyValue("--changed") }, { boxShadow: bar, backgroundColor: "transparent" }];
    row.animate(frames, { duration: 8000, easing: "ease-out" });
    const was = row.querySelector("[data-was]");
    if (was && before) was.textContent = `was ${before}`;
  }

  const announce = (words) => {
    toSay = words;
  };

  function speak() {
    if (!toSay || Date.now() - said < QUIET_MS) return;
    put(document.getElementById("live-status"), toSay);
    said = Date.now();
    toSay = "";
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
