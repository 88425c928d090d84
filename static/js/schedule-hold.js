/* Moving an operation: by dragging its bar or one of its ends, and by keys. The bar that is held is drawn over the
   lanes, so that a push may paint them anew; beside it stand which rule it breaks and with whom, and the nearest places
   that work, each one press. What counts is what the server says of a place, and only Save writes. */
(() => {
  "use strict";
  const page = document.documentElement;
  const GRID = 300; // seconds: places are whole five minutes
  const LEAST = 300;
  const KEYS = { ArrowLeft: -1, ArrowRight: 1 };
  const LANES = { ArrowUp: -1, ArrowDown: 1 };
  let held = null; // where the chosen operation would be, as plan:wish told it
  let verdict = null;
  let drag = null;
  let justDragged = false;
  const owed = []; // presses that came before the panel was here

  const start = () => {
    if (!document.querySelector("[data-plan]")) return;
    document.addEventListener("plan:wish", ({ detail }) => onWish(detail));
    document.addEventListener("plan:verdict", ({ detail }) => onVerdict(detail));
    document.addEventListener("live:painted", draw);
    window.addEventListener("resize", draw);
    if (!document.querySelector(".may-plan")) return;
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick, true);
    document.addEventListener("dragstart", (event) => event.target.closest?.("[data-op]") && event.preventDefault());
    const hands = { onstart: onStart, onmove: onMove, onend: onEnd };
    const edges = { left: true, right: true, top: false, bottom: false };
    interact(".may-plan .op[data-moves] .b")
      .draggable({ ...hands, autoScroll: { container: document.querySelector("[data-gantt]"), speed: 500 } })
      .resizable({ ...hands, edges, margin: 6 })
      .styleCursor(false);
  };

  const chart = () => document.querySelector("[data-chart]");
  const over = () => document.querySelector("[data-over]");
  const lane = (cell) => document.querySelector(`.lane[data-lane="${cell}"]`);
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const round = (second) => Math.round(second / GRID) * GRID;
  const scale = () => ({ from: Number(chart().dataset.start), to: Number(chart().dataset.end), width: over().clientWidth });
  const placeOf = (op) => ({ cell: Number(op.closest("[data-lane]").dataset.lane), start: Number(op.dataset.s), end: Number(op.dataset.e) });

  /* Dragging. Where the pointer is on the picture counts, not how far it went: the lanes may scroll meanwhile. */
  function onStart(event) {
    const op = event.target.closest("[data-op]");
    const from = held?.ref === op.dataset.op && held.moved ? held : placeOf(op);
    page.dataset.dragging = "";
    drag = { ref: op.dataset.op, title: `${op.dataset.order.replace(/^WO-/, "")}·${op.dataset.idx}`, from, edges: event.edges, at: secondAt(event.clientX0 ?? event.x0), now: from, home: placeOf(op) };
    if (document.getElementById("op-panel")?.dataset.panel !== drag.ref) say("plan:choose", { ref: drag.ref, then: send });
    hold({ ...from });
  }

  function onMove(event) {
    if (!drag) return;
    const by = secondAt(event.clientX) - drag.at;
    const { start, end } = drag.from;
    let next;
    if (drag.edges?.left) next = { ...drag.now, start: Math.min(round(start + by), end - LEAST) };
    else if (drag.edges?.right) next = { ...drag.now, end: Math.max(round(end + by), start + LEAST) };
    else {
      const begins = round(start + by);
      next = { cell: laneAt(event.clientY) || drag.now.cell, start: begins, end: begins + end - start };
    }
    if (["cell", "start", "end"].every((name) => next[name] === drag.now[name])) return;
    hold(next);
    send();
  }

  function hold(place) {
    drag.now = place;
    held = { ref: drag.ref, title: drag.title, home: drag.home, moved: true, ...place };
    verdict = null;
    draw();
  }

  /* The panel may still be on its way: it asks when it is here. */
  function send() {
    if (drag && document.getElementById("op-panel")?.dataset.panel === drag.ref) say("plan:put", drag.now);
  }

  function onEnd() {
    justDragged = true;
    setTimeout(() => (justDragged = false), 0);
    const last = drag;
    send();
    if (last) drag = null;
    delete page.dataset.dragging;
    if (document.getElementById("op-panel")?.dataset.panel !== last.ref) say("plan:choose", { ref: last.ref, then: () => say("plan:put", last.now) });
    say("plan:let-go");
  }

  /* The press that ended a drag chooses nothing. */
  function onClick(event) {
    if (justDragged && event.target.closest("[data-op]")) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  function secondAt(x) {
    const { from, to, width } = scale();
    return from + ((x - over().getBoundingClientRect().left) / width) * (to - from);
  }

  function laneAt(y) {
    const box = over().getBoundingClientRect();
    const inside = Math.min(Math.max(y, box.top + 1), box.bottom - 1);
    for (const one of document.querySelectorAll(".lane:not([data-out])")) {
      const { top, bottom } = one.getBoundingClientRect();
      if (inside >= top && inside < bottom) return Number(one.dataset.lane);
    }
    return 0;
  }

  /* Keys: on the bar itself, with the first press choosing it. */
  function onKey(event) {
    const op = event.target.closest?.(".op[data-moves]");
    if (!op || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = (KEYS[event.key] || 0) * (event.shiftKey ? 3600 : GRID);
    const to = LANES[event.key] || 0;
    if (event.key === "Escape") return say("plan:put-back");
    if (!by && !to) return;
    event.preventDefault();
    const chosen = document.getElementById("op-panel")?.dataset.panel === op.dataset.op;
    const move = () => held && say("plan:put", { cell: to ? beside(held.cell, to) : held.cell, start: held.start + by, end: held.end + by });
    if (chosen) return move();
    owed.push(move);
    if (owed.length === 1) say("plan:choose", { ref: op.dataset.op, then: () => owed.splice(0).forEach((one) => one()) });
  }

  function beside(cell, way) {
    const fit = new Set([...document.querySelectorAll("#cell option")].map((option) => option.value));
    const lanes = [...document.querySelectorAll(".lane:not([data-out])")].map((one) => one.dataset.lane).filter((id) => fit.has(id));
    return Number(lanes[lanes.indexOf(String(cell)) + way] || cell);
  }

  function onWish(wish) {
    if (drag && wish?.ref === drag.ref) return;
    held = wish;
    verdict = null;
    draw();
  }

  function onVerdict(told) {
    verdict = told;
    draw();
    if (held?.moved && !drag) announce();
  }

  /* Drawing what is held, what it would push, and where it could go. */
  function draw() {
    const place = over();
    if (!place) return;
    for (const op of document.querySelectorAll(".op[data-held]")) if (op.dataset.op !== held?.ref || !held.moved) op.removeAttribute("data-held");
    for (const old of place.querySelectorAll("[data-drawn]:not(:focus)")) old.remove();
    if (!held?.moved) return;
    document.querySelector(`.op[data-op="${CSS.escape(held.ref)}"]`)?.setAttribute("data-held", "");
    for (const one of verdict?.delays || []) box("i", "pushed", one.cell, Date.parse(one.start) / 1000, Date.parse(one.end) / 1000);
    bar();
    for (const name of ["before", "after"]) ghost(name);
  }

  function bar() {
    const made = box("div", "held", held.cell, held.start, held.end);
    if (!made) return;
    const no = verdict?.broken[0];
    made.classList.toggle("no", !!no);
    made.classList.toggle("low", made.offsetTop > over().clientHeight - 110);
    made.classList.toggle("far", made.offsetLeft > over().clientWidth - 300);
    made.setAttribute("aria-hidden", "true");
    const name = document.createElement("b");
    name.textContent = held.title;
    const at = document.createElement("b");
    at.textContent = clock(held.start);
    const says = document.createElement("span");
    says.className = "held-says";
    says.textContent = no ? `${no.rule}: ${no.words}` : "";
    made.append(name, at, says);
  }

  function ghost(name) {
    const span = verdict?.[name];
    if (!span || place(name)) return;
    const made = box("button", "ghost", verdict.cell, Date.parse(span.start) / 1000, Date.parse(span.end) / 1000);
    if (!made) return;
    made.type = "button";
    made.dataset.ghost = name;
    made.textContent = span.words;
    made.setAttribute("aria-label", `Move it to ${span.words}, the ${name === "after" ? "first free slot after" : "last free slot before"}`);
    made.addEventListener("click", () => document.querySelector(`[data-offer="${name}"]`)?.click());
  }

  const place = (name) => over().querySelector(`[data-ghost="${name}"]`);

  function box(tag, kind, cell, begins, ends) {
    const { from, to, width } = scale();
    const row = lane(cell);
    const [x, end] = [begins, ends].map((second) => ((Math.min(Math.max(second, from), to) - from) / (to - from)) * width);
    if (!row || row.hasAttribute("data-out") || (end <= x && kind !== "held")) return null; // the held one stays at the edge
    const made = document.createElement(tag);
    made.className = kind;
    made.dataset.drawn = "";
    made.style.left = `${Math.min(x, width - 6)}px`;
    made.style.top = `${row.offsetTop - over().offsetTop + 9}px`;
    made.style.width = `${Math.max(end - x, 6)}px`;
    over().append(made);
    return made;
  }

  const clock = (second) => new Intl.DateTimeFormat("en-GB", { timeZone: page.dataset.zone, hour: "2-digit", minute: "2-digit" }).format(second * 1000);

  function announce() {
    const where = `${clock(held.start)} to ${clock(held.end)} on ${lane(held.cell)?.dataset.name || "its lane"}`;
    const first = verdict.broken[0];
    const near = verdict.after ? ` The first free slot is ${verdict.after.words}.` : "";
    const words = first ? `${where} breaks a rule. ${first.rule}: ${first.words}.${near}` : `${where} keeps every rule. Not saved yet.`;
    document.getElementById("plan-says").textContent = words;
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
