/* Painting what a live region has become, pushed or polled, under the hands of somebody who reads or works there:
   focus, caret, selection, scroll and what is unfolded stay, and no row is drawn away from under the pointer. */
(() => {
  "use strict";
  const page = document.documentElement;
  const HOLD = 4000; // the longest a paint waits for a hand to leave the row it would move
  const WASH = 8000;
  const held = new Map(); // region -> the newest paint that waits, and since when
  const olds = new WeakMap(); // region -> how many paints in a row were older than what it shows
  const were = new WeakMap(); // row -> what it was before, while its wash lasts
  let pressed = null;

  document.addEventListener("live:paint", ({ detail }) => onPaint(regionOf(detail), detail));
  document.addEventListener("live:pulse", ({ detail }) => onPulse(regionOf(detail), detail.asOf));
  document.addEventListener("pointerdown", (event) => (pressed = event.target));
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = null));

  const regionOf = ({ region, topic }) => region || document.querySelector(`[data-live-topic="${CSS.escape(topic)}"]`);

  function onPulse(region, asOf) {
    if (region && asOf && !isOld(region, asOf) && !held.has(region)) setAge(region, asOf);
  }

  function onPaint(region, { html, overtaken }) {
    const fresh = rootOf(html);
    if (!region || !fresh) return;
    const isNoNews = overtaken && second(fresh.dataset.asOf) <= second(region.dataset.asOf);
    if (isNoNews || isOld(region, fresh.dataset.asOf)) return;
    if (!held.has(region) && isSame(region, fresh)) setAge(region, fresh.dataset.asOf);
    else if (isInTheWay(region, fresh)) hold(region, html);
    else paint(region, html);
  }

  const second = (asOf) => Math.floor(Date.parse(asOf) / 1000); // some tell parts of a second, some do not
  const isSame = (region, fresh) => !!fresh.dataset.liveVersion && fresh.dataset.liveVersion === region.dataset.liveVersion;

  /* News may overtake each other once; twice older in a row is no race: the data are older than was thought. */
  function isOld(region, asOf) {
    const many = second(asOf) < second(region.dataset.asOf) ? (olds.get(region) || 0) + 1 : 0;
    olds.set(region, many);
    return many === 1;
  }

  function setAge(region, asOf) {
    region.dataset.asOf = asOf;
    document.dispatchEvent(new CustomEvent("live:aged", { detail: { region } }));
  }

  function rootOf(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content.firstElementChild;
  }

  /* Would it move or take away what the pointer or the focus is on? */
  function isInTheWay(region, fresh) {
    if (region.contains(pressed)) return true;
    const pointed = [...region.querySelectorAll("[id]:hover")].pop();
    const focused = region.querySelector(":focus-visible")?.closest("[id]");
    return [pointed, focused].some((row) => row && row !== region && placeOf(region, row.id) !== placeOf(fresh, row.id));
  }

  const placeOf = (root, id) => [...root.querySelectorAll("[id]")].findIndex((el) => el.id === id);

  function hold(region, html) {
    const waiting = held.get(region);
    held.set(region, { html, since: waiting ? waiting.since : Date.now() });
    if (!waiting) setTimeout(() => release(region), 250);
  }

  function release(region) {
    const waiting = held.get(region);
    if (!waiting || !region.isConnected) return held.delete(region);
    const patient = Date.now() - waiting.since < HOLD;
    if (patient && isInTheWay(region, rootOf(waiting.html))) setTimeout(() => release(region), 250);
    else paint(region, waiting.html);
  }

  async function paint(region, html) {
    held.delete(region);
    const before = watched(region);
    const giveBack = heldBy(document.activeElement);
    await htmx.swap({ sourceElement: region, target: region, text: html, swap: "outerMorph" });
    giveBack();
    for (const row of region.querySelectorAll("[id][data-watch]")) {
      if (before.has(row.id) && before.get(row.id) !== row.dataset.watch) wash(row, before.get(row.id));
      tellWas(row);
    }
    document.dispatchEvent(new CustomEvent("live:painted", { detail: { region } }));
  }

  const watched = (region) => new Map([...region.querySelectorAll("[id][data-watch]")].map((row) => [row.id, row.dataset.watch]));

  /* Some browsers take the focus from an element that is moved: it is given back, with the caret where it was. */
  function heldBy(el) {
    const [start, end] = [el?.selectionStart, el?.selectionEnd];
    return () => {
      if (!el || el === document.activeElement || el === document.body || !el.isConnected) return;
      el.focus({ preventScroll: true });
      if (typeof start === "number") el.setSelectionRange(start, end);
    };
  }

  /* One wash that fades, and a bar at the left; where motion is not wanted, the bar alone. */
  function wash(row, before) {
    const tokens = getComputedStyle(page);
    const boxShadow = `inset 4px 0 0 ${tokens.getPropertyValue("--ink")}`;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const first = still ? { boxShadow } : { boxShadow, backgroundColor: tokens.getPropertyValue("--changed") };
    const change = { before };
    were.set(row, change);
    row.animate([first, { boxShadow }], { duration: WASH, easing: "ease-out" }).onfinish = () => {
      if (were.get(row) !== change) return;
      were.delete(row);
      tellWas(row);
    };
  }

  function tellWas(row) {
    const place = row.querySelector("[data-was]");
    const change = were.get(row);
    const words = change?.before ? `was ${change.before}` : "";
    if (place && place.textContent !== words) place.textContent = words;
  }
})();
