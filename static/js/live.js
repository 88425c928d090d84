/* How old is what this page shows? Counted each second against the server's clock, region by region, and never reset by
   a request: only new data moves it. Past three sampling periods a region says so and loses its colour, and so does
   the page over its whole width. */
(() => {
  "use strict";
  const page = document.documentElement;
  const WORDS = { live: "Live", late: "Late", lost: "Feed lost" };
  const NAMES = {
    board: "The running board", attention: "The attention list", floor: "The floor", "floor-list": "The floor",
    queue: "The queue", schedule: "The schedule", "schedule-table": "The schedule", "schedule-open": "The list of what has no place", engineers: "The list of engineers", cell: "This cell", project: "This project",
    "wall-board": "The running board", "wall-utilization": "Utilization", notices: "The list of notices", "notices-list": "The list of notices",
  };
  const QUIET = 10_000; // between two announcements to screen readers
  const ASK = 30; // seconds: a lost region asks by itself so often, whatever the stream says
  let skew = 0; // what to add to this machine's clock to have the server's
  let states = new Map();
  let lostBefore = "";
  let said = 0;
  let toSay = "";

  const start = () => {
    if (!document.querySelector(".age[data-period]") || !page.dataset.now) return;
    const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || performance.now());
    skew = Date.parse(page.dataset.now) - arrived;
    states = cellStates();
    document.addEventListener("htmx:after:request", onAnswer);
    for (const news of ["live:painted", "live:aged"]) document.addEventListener(news, onNews);
    document.addEventListener("live:stream", tick);
    document.addEventListener("visibilitychange", onVisibility);
    setInterval(tick, 1000);
    tick();
  };

  const serverNow = () => Date.now() + skew;
  const roots = () => [...document.querySelectorAll("[data-as-of]:not(.age, [hidden])")]; // what is not shown is not old
  const secondsSince = (at) => Math.max(0, Math.floor((serverNow() - at) / 1000));
  const kindOf = (age, period) => (age === null ? "lost" : age <= 2 * period + 2 ? "live" : age <= 3 * period + 2 ? "late" : "lost");

  /* at: the oldest source of what is shown; null where nothing was ever received. */
  function regionAt(root) {
    const at = Date.parse(root.dataset.asOf);
    if (Number.isNaN(at)) return { root, at: null, age: null, kind: "lost" };
    const age = secondsSince(at);
    return { root, at, age, kind: kindOf(age, periodOf(root)) };
  }

  const badges = () => document.querySelectorAll(".age[data-period]");
  const periodOf = (root) => Number(root.dataset.period || badges()[0]?.dataset.period);
  const oldest = (regions) => regions.reduce((one, other) => (one.at === null || (other.at !== null && one.at <= other.at) ? one : other));

  function tick() {
    if (document.hidden || !badges().length) return;
    const regions = (roots().length ? roots() : [badges()[0]]).map(regionAt);
    const lost = regions.filter((region) => region.kind === "lost");
    const all = lost.length === regions.length;
    for (const badge of badges()) paintBadge(badge, oldest(regions));
    paintBanner(lost, all);
    for (const region of regions) paintRegion(region);
    countOn(regions);
    tellLost(lost, all);
    for (const { root } of lost) if (Math.random() < 1 / ASK) ask(root);
    speak();
  }

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

  function paintBadge(badge, { age, kind }) {
    if (!badge.classList.contains(kind)) {
      badge.classList.remove("live", "late", "lost");
      badge.classList.add(kind);
      badge.querySelector("use").setAttribute("href", `#i-${kind}`);
    }
    put(badge.querySelector("[data-age-word]"), WORDS[kind]);
    put(badge.querySelector("[data-age-old]"), age === null ? "nothing received yet" : `${ageWords(age)} old`);
    put(badge.querySelector("[data-age-by]"), page.dataset.news === "polls" && kind !== "lost" ? " · by polling" : "");
  }

  const nameOf = ({ root }) => NAMES[(root.dataset.liveTopic || "").split(":")[0]] || "A part of this page";
  const named = (lost) => [...new Set(lost.map(nameOf))].map((name, n) => (n ? name[0].toLowerCase() + name.slice(1) : name)).join(" and ");

  function headline(lost, all) {
    const { at } = oldest(lost);
    if (!all) return at === null ? `${named(lost)}: no data yet` : `${named(lost)}: not live since ${siteClock(at)}`;
    return at === null ? "No live data" : `Live feed lost at ${siteClock(at)}`;
  }

  function paintBanner(lost, all) {
    const banner = document.getElementById("feed-lost");
    if (!banner) return;
    banner.hidden = !lost.length;
    if (!lost.length) return;
    const { age } = oldest(lost);
    put(banner.querySelector("[data-lost-since]"), `${headline(lost, all)}.`);
    put(banner.querySelector("[data-lost-old]"), advice(age, all));
  }

  function advice(age, all) {
    if (!all) return age === null ? "The rest of this page is live." : `${ageWords(age)} old; the rest of this page is live.`;
    if (age === null) return "No cell has been heard yet.";
    return `Everything below is ${ageWords(age)} old. Check cells in person before acting.`;
  }

  function paintRegion({ root, at, kind }) {
    const panels = [...root.querySelectorAll(".panel")].filter((panel) => panel.closest("[data-as-of]") === root);
    for (const panel of panels.length && !root.matches(".panel") ? panels : [root]) {
      panel.classList.toggle("is-stale", kind === "lost" && !panel.matches(".age"));
      const head = panel.querySelector(":scope > header");
      if (head && kind === "lost" && at !== null) head.dataset.asof = `as of ${siteClock(at)}`;
      else if (head) delete head.dataset.asof;
    }
    for (const piece of root.querySelectorAll("[data-seen]")) paintPiece(piece, kind === "lost" ? at : serverNow(), periodOf(root));
  }

  /* One cell whose feed went silent, on a board that is alive: the server names since when, and the page counts on. */
  function paintPiece(piece, now, period) {
    const at = Date.parse(piece.dataset.seen);
    const age = Math.max(0, Math.floor((now - at) / 1000));
    piece.classList.toggle("is-silent", kindOf(age, period) === "lost");
    if (age <= period + 2) delete piece.dataset.heard;
    else piece.dataset.heard = `not heard for ${ageWords(age)}`;
  }

  /* How long things have lasted: counted here, so that a second more of the same is no news to the server; and no more
     once nobody knows whether they still do. */
  function countOn(regions) {
    const counted = new Map(regions.map(({ root, at, kind }) => [root, kind === "lost" ? at : serverNow()]));
    const elsewhere = Math.min(...counted.values());
    for (const el of document.querySelectorAll("time[data-since]")) {
      const now = counted.get(el.closest("[data-as-of]:not(.age)")) ?? elsewhere;
      if (now) put(el, durationWords(Math.max(0, Math.floor((now - Date.parse(el.dateTime)) / 1000))));
    }
  }

  function onVisibility() {
    if (document.hidden) return;
    tick();
    document.querySelectorAll("[data-live-topic]").forEach(ask);
  }

  const ask = (root) => root.dispatchEvent(new CustomEvent("refresh"));

  function onAnswer({ detail: { ctx } }) {
    if (!ctx.sourceElement?.matches?.("[data-as-of][hx-get]")) return;
    const served = Date.parse(ctx.response.headers.get("Date"));
    if (Math.abs(served - serverNow()) > 2000) skew = served - Date.now();
  }

  /* Data from the future: it is this machine's clock that is behind. */
  function onNews({ detail: { region } }) {
    skew = Math.max(skew, (Date.parse(region.dataset.asOf) || 0) - Date.now());
    tellStates();
    tick();
  }

  function tellLost(lost, all) {
    const words = lost.length ? headline(lost, all) : "";
    if (words !== lostBefore) announce(words || "Live feed is back");
    lostBefore = words;
  }

  function tellStates() {
    const now = cellStates();
    for (const [cell, state] of now) {
      if ((state === "down" || state === "unknown") && states.get(cell) !== state) announce(`${cell} is ${state}`);
    }
    states = now;
  }

  const cellStates = () =>
    new Map([...document.querySelectorAll("[data-as-of] [data-cell][data-state]")].map((el) => [el.dataset.cell, el.dataset.state]));

  const announce = (words) => {
    toSay = words;
  };

  function speak() {
    const line = document.getElementById("live-status");
    if (!toSay && Date.now() - said > 3 * QUIET) put(line, ""); // or the same words again would not be told
    if (!toSay || Date.now() - said < QUIET) return;
    put(line, toSay);
    said = Date.now();
    toSay = "";
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
