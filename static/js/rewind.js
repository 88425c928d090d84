/* Plays the past: an hour of every cell comes as one piece and is painted from memory, so that no frame waits for an
   answer. The address always names the minute that is shown. Without this file each step is a link. */
(() => {
  "use strict";
  const HOUR = 3600;
  const MOST_HOURS = 30; // kept in memory
  const ADDRESS_MS = 1000; // browsers count how often an address is changed
  const SHORT = { maintenance: "Maint." };
  const DRAWN = { held: "idle" };
  const hours = new Map(); // begins -> {from, to, cells}; a promise while it is fetched
  let page, tiles, at, speed, playing, drawn, last, named, spoken;

  const seconds = (text) => Date.parse(text) / 1000;
  const start = () => {
    page = document.getElementById("rewind");
    if (!page) return;
    const data = page.dataset;
    Object.assign(limits, { first: seconds(data.first), latest: seconds(data.latest), start: seconds(data.start), kept: seconds(data.kept) });
    at = seconds(data.at);
    speed = 120;
    last = named = spoken = 0;
    tiles = new Map([...page.querySelectorAll("[data-rewound]")].map((el) => [el.dataset.rewound, piecesOf(el)]));
    for (const el of page.querySelectorAll("[data-play], [data-speeds], [data-track]")) el.hidden = false;
    page.addEventListener("click", onClick);
    slider().addEventListener("input", () => seek(limits.start + 60 * Number(slider().value)));
    document.addEventListener("keydown", onKey);
    fetchHour(at);
  };

  const limits = {};
  const slider = () => document.getElementById("minute");
  const find = (name) => page.querySelector(`[data-${name}]`);
  const clamp = (second) => Math.min(Math.max(second, limits.first), limits.latest);
  const serverNow = (() => {
    const skew = Date.parse(document.documentElement.dataset.now) - Date.now();
    return () => (Date.now() + skew) / 1000;
  })();

  const piecesOf = (el) => {
    const piece = (name) => el.querySelector(`[data-${name}]`);
    return {
      el, pill: el.querySelector(".st"), glyph: el.querySelector(".st .g"), use: el.querySelector(".st use"), word: piece("word"),
      holder: piece("holder"), line: piece("line"), from: piece("from"), lasted: piece("for"), mended: piece("mended"), shown: null,
    };
  };

  /* What is asked of the server: whole hours. One that was cut at the newest second is asked for again. */
  const hourOf = (second) => Math.floor(second / HOUR) * HOUR;
  const minuteText = (second) => new Date(second * 1000).toISOString().slice(0, 16) + "Z";

  async function fetchHour(second) {
    const begins = hourOf(second);
    const known = hours.get(begins);
    if (known && (known.then || known.to >= begins + HOUR || known.to > second)) return known;
    const asked = fetch(`${page.dataset.changes}?from=${minuteText(begins)}`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
    hours.set(begins, asked);
    try {
      const told = await asked;
      hours.set(begins, told);
      if (hours.size > MOST_HOURS) hours.delete(hours.keys().next().value);
      find("trouble").hidden = true;
      return told;
    } catch {
      hours.delete(begins);
      pause();
      find("trouble").hidden = false;
      return null;
    }
  }

  const loaded = (second) => {
    const known = hours.get(hourOf(second));
    return known && !known.then && known.to > second ? known : null;
  };

  /* Moving. A step or the slider shows the minute at once if it is known, else as soon as it is. */
  async function seek(second) {
    at = clamp(second);
    paintClock();
    if (!loaded(at)) {
      page.dataset.waits = "";
      await fetchHour(at);
    }
    delete page.dataset.waits;
    paint();
    name();
    if (!playing) say();
  }

  function play() {
    if (at >= limits.latest) return;
    playing = true;
    last = performance.now();
    showPlaying();
    requestAnimationFrame(frame);
  }

  function pause() {
    if (!playing) return;
    playing = false;
    at = Math.floor(at / 60) * 60;
    showPlaying();
    delete page.dataset.waits;
    paint();
    name();
    say();
  }

  function frame(now) {
    if (!playing) return;
    const gone = Math.min(now - last, 250);
    last = now;
    const known = loaded(at);
    page.toggleAttribute("data-waits", !known);
    if (known) {
      at = Math.min(at + (gone / 1000) * speed, limits.latest);
      paint();
      if (now - named > ADDRESS_MS) name(now);
      if (hourOf(at) + HOUR <= limits.latest) fetchHour(hourOf(at) + HOUR);
      if (at >= limits.latest) return pause();
    } else fetchHour(at);
    requestAnimationFrame(frame);
  }

  /* Painting: only what differs from what stands there. */
  function paint() {
    paintClock();
    const known = loaded(at);
    if (!known) return;
    const counted = {};
    let mended = 0;
    for (const [cell, pieces] of tiles) {
      const row = rowAt(known.cells[cell], at);
      pieces.el.hidden = !row;
      if (!row) continue;
      if (pieces.shown !== row) paintTile(pieces, row);
      paintTimes(pieces, row);
      counted[row[2]] = (counted[row[2]] || 0) + 1;
      mended += row[7];
    }
    paintTally(counted);
    find("corrected").hidden = !mended;
    put(find("corrected-count"), String(mended));
    find("unkept").hidden = at >= limits.kept;
    drawn = counted;
  }

  /* Rows of [start, end, state, shown, since, holder, line, corrected], in order and without gaps. */
  function rowAt(rows, second) {
    if (!rows) return null;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle][0] <= second) low = middle;
      else high = middle - 1;
    }
    const row = rows[low];
    return row && row[0] <= second && second < row[1] ? row : null;
  }

  function paintTile(pieces, row) {
    const [, , state, shown, , holder, line, corrected] = row;
    const glyph = DRAWN[shown] || shown;
    pieces.el.className = `tile ${state}`;
    pieces.pill.className = `st ${glyph}`;
    pieces.glyph.setAttribute("class", `g ${glyph}`);
    pieces.use.setAttribute("href", `#g-${glyph}`);
    const word = shown[0].toUpperCase() + shown.slice(1);
    put(pieces.word, word);
    pieces.word.dataset.short = SHORT[shown] || word;
    put(pieces.holder, holder);
    put(pieces.line, line);
    pieces.mended.hidden = !corrected;
    pieces.shown = row;
  }

  function paintTimes(pieces, row) {
    const since = row[4];
    put(pieces.from, since === null ? "Began earlier" : `Since ${clockOn(since)}`);
    put(pieces.lasted, since === null ? "" : duration(at - since));
  }

  function paintTally(counted) {
    for (const el of page.querySelectorAll("[data-tally]")) {
      const count = counted[el.dataset.tally] || 0;
      put(el.querySelector("[data-count]"), String(count));
      el.classList.toggle("zero", !count);
    }
  }

  function paintClock() {
    const when = find("when");
    const minute = Math.floor(at / 60) * 60;
    put(when, `${longDay(minute)} ${clock(minute)}`);
    when.dateTime = minuteText(minute);
    put(find("ago"), `${duration(serverNow() - at)} ago`);
    slider().value = String(Math.round((minute - limits.start) / 60));
    slider().setAttribute("aria-valuetext", clock(minute));
    for (const link of page.querySelectorAll("a[data-by]")) point(link, minute + 60 * Number(link.dataset.by));
  }

  function point(link, to) {
    const there = to >= limits.first && to <= limits.latest;
    link.toggleAttribute("aria-disabled", !there);
    if (there) link.href = addressOf(to);
    else link.removeAttribute("href");
    if (!there) link.setAttribute("aria-disabled", "true");
  }

  const addressOf = (second) => `${location.pathname}?at=${minuteText(second)}`;

  function name(now = performance.now()) {
    named = now;
    const address = addressOf(Math.floor(at / 60) * 60);
    if (location.pathname + location.search !== address) history.replaceState(history.state, "", address);
    const field = document.getElementById("at");
    if (document.activeElement !== field) field.value = `${isoDay(at)} ${clock(at)}`;
  }

  function showPlaying() {
    const button = find("play");
    put(find("play-word"), playing ? "Pause" : "Play");
    button.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
  }

  /* To those who do not see it: where one is, and what is not well there. */
  function say() {
    const now = performance.now();
    if (!drawn || now - spoken < 500) return;
    spoken = now;
    const unwell = ["down", "unknown", "maintenance"].filter((state) => drawn[state]).map((state) => `${drawn[state]} ${state}`);
    put(document.getElementById("live-status"), `${clock(at)}: ${unwell.join(", ") || "all well"}`);
  }

  /* Pressing. */
  function onClick(event) {
    const step = event.target.closest("a[data-by]");
    if (step && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      move(Number(step.dataset.by));
    }
    if (event.target.closest("[data-play]")) toggle();
    const chosen = event.target.closest("[data-speed]");
    if (!chosen) return;
    speed = Number(chosen.dataset.speed);
    for (const one of page.querySelectorAll("[data-speed]")) one.setAttribute("aria-pressed", String(one === chosen));
  }

  const toggle = () => (playing ? pause() : play());
  const move = (minutes) => seek((Math.floor(at / 60) + minutes) * 60);

  function onKey(event) {
    if (event.target.closest("input, select, textarea") || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way) move(event.shiftKey ? way * 10 : way);
    else if (event.key === " " && !event.target.closest("a, button, summary")) toggle();
    else return;
    event.preventDefault();
  }

  /* Words, as the server writes them. */
  const zone = () => document.documentElement.dataset.zone;
  const formats = new Map();
  const format = (kind, options) => {
    if (!formats.has(kind)) formats.set(kind, new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }));
    return (second) => formats.get(kind).formatToParts(second * 1000).reduce((all, part) => ({ ...all, [part.type]: part.value }), {});
  };
  const parts = (second) => format("parts", { weekday: "long", year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })(second);
  const dayOf = (p) => `${p.day} ${p.month.slice(0, 3)}${p.year === parts(serverNow()).year ? "" : ` ${p.year}`}`;
  const clock = (second) => `${parts(second).hour}:${parts(second).minute}`;
  const longDay = (second) => `${parts(second).weekday} ${dayOf(parts(second))}`;
  const isoDay = (second) => {
    const p = format("iso", { year: "numeric", month: "2-digit", day: "2-digit" })(second);
    return `${p.year}-${p.month}-${p.day}`;
  };
  const remembered = new Map(); // since -> [its day, its clock]: a frame asks for each of them again
  function clockOn(since) {
    if (!remembered.has(since)) remembered.set(since, [dayOf(parts(since)), clock(since)]);
    const [day, time] = remembered.get(since);
    return day === today() ? time : `${day} ${time}`;
  }
  let todays = [null, ""];
  const today = () => {
    const minute = Math.floor(at / 60);
    if (todays[0] !== minute) todays = [minute, dayOf(parts(at))];
    return todays[1];
  };
  const two = (n) => String(n).padStart(2, "0");
  function duration(length) {
    const s = Math.max(0, Math.floor(length));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    if (s < 172_800) return `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)}`;
    return `${Math.floor(s / 86_400)} days`;
  }

  const put = (el, text) => {
    if (el && el.textContent !== text) el.textContent = text;
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
