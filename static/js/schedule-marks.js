/* What one person chose on a picture that is the same for all: the order of the chosen operation is lit up, with lines
   from step to step, and what the filter leaves out is left out. A push takes these marks away; they are put back
   before the browser paints. */
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const FIELDS = ["q", "site", "kind", "order", "status"];
  let root, form;
  let drawn = "";

  const start = () => {
    root = document.querySelector("[data-plan]");
    form = document.querySelector("[data-plan-filter]");
    if (!root || !form) return;
    document.querySelector("[data-plan-chips] [data-unnarrowed]")?.remove();
    form.addEventListener("input", onInput);
    form.addEventListener("submit", onSubmit);
    document.addEventListener("click", onClick);
    document.addEventListener("plan:chosen", apply);
    window.addEventListener("resize", () => lines(true));
    const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-mine", "data-chosen", "data-out", "data-s", "data-version"] };
    new MutationObserver(apply).observe(root, watched);
    apply();
  };

  const asked = () => Object.fromEntries(FIELDS.map((name) => [name, (form.elements[name]?.value || "").trim().toLowerCase()]));
  const mark = (el, name, on) => {
    if (el && el.hasAttribute(name) !== on) el.toggleAttribute(name, on);
  };

  const fitsLane = (lane, words) =>
    (!words.site || lane.site === words.site) &&
    (!words.kind || lane.kind.toLowerCase() === words.kind) &&
    (!words.q || `${lane.name} ${lane.kind}`.toLowerCase().includes(words.q));
  const fitsOp = (op, words) =>
    (!words.order || op.dataset.order.toLowerCase().includes(words.order)) &&
    (!words.status || (words.status === "broken" ? op.matches(".broken, :has(.err)") : op.dataset.status === words.status));

  function apply() {
    const words = asked();
    const panel = document.getElementById("op-panel");
    const { panel: ref, order } = panel?.dataset || {};
    let left = 0;
    for (const lane of root.querySelectorAll("[data-lane]")) {
      let any = false;
      for (const op of lane.querySelectorAll("[data-op]")) {
        const fits = fitsOp(op, words);
        any ||= fits;
        mark(op, "data-out", !fits);
        mark(op, "data-mine", !!order && op.dataset.order === order);
        mark(op, "data-chosen", !!ref && op.dataset.op === ref);
      }
      const shown = fitsLane(lane.dataset, words) && (any || !(words.order || words.status));
      left += shown;
      mark(lane, "data-out", !shown);
    }
    for (const none of root.querySelectorAll("[data-none-left]")) mark(none, "hidden", left > 0 || !root.querySelector("[data-lane]"));
    lines(false);
  }

  /* From each step of the chosen order to the next one that is in the picture. */
  function lines(anew) {
    const over = root.querySelector("[data-over]");
    if (!over) return;
    const mine = [...root.querySelectorAll(".op[data-mine]:not([data-out])")].sort((a, b) => a.dataset.idx - b.dataset.idx);
    const paths = mine.slice(1).map((op, n) => path(over, mine[n], op)).filter(Boolean);
    const now = paths.join();
    let svg = over.querySelector("[data-lines]");
    if (now === drawn && svg && !anew) return;
    drawn = now;
    svg?.remove();
    if (!paths.length) return;
    svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("data-lines", "");
    svg.setAttribute("aria-hidden", "true");
    for (const [line, tip] of paths) svg.append(made(line, ""), made(tip, "tip"));
    over.prepend(svg);
  }

  function made(d, kind) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    if (kind) path.setAttribute("class", kind);
    return path;
  }

  const ends = (over, op) => {
    const bar = op.querySelector(".b");
    const [x, width] = ["x", "width"].map((name) => (parseFloat(bar.getAttribute(name)) / 100) * over.clientWidth);
    const lane = op.closest("[data-lane]");
    if (lane.hasAttribute("data-out")) return null;
    return { from: x, to: x + width, y: lane.offsetTop - over.offsetTop + 28 };
  };

  function path(over, one, next) {
    const [a, b] = [ends(over, one), ends(over, next)];
    if (!a || !b) return null;
    const [x, end] = [a.to, b.from - 1];
    if (end - x > 20) return [`M${x} ${a.y}H${x + 9}V${b.y}H${end - 6}`, `M${end - 7} ${b.y - 4}L${end} ${b.y}L${end - 7} ${b.y + 4}z`];
    if (a.y === b.y) return null; // side by side: one sees it
    const way = b.y > a.y ? 1 : -1;
    const [leaves, lands] = [Math.max(a.to - 5, a.from), b.from + 6];
    const [from, to] = [a.y + way * 19, b.y - way * 19];
    return [`M${leaves} ${from}V${to - way * 12}H${lands}V${to - way * 6}`, `M${lands - 4} ${to - way * 7}L${lands} ${to}L${lands + 4} ${to - way * 7}z`];
  }

  function onInput() {
    tell();
    apply();
  }

  function onSubmit(event) {
    event.preventDefault();
    onInput();
    form.closest("details").open = false;
  }

  function onClick(event) {
    const chip = event.target.closest("[data-plan-chips] [data-chip]");
    const clear = event.target.closest("[data-unfilter]");
    if ((!chip && !clear) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    for (const name of FIELDS) if (form.elements[name] && (!chip || name === chip.dataset.chip)) form.elements[name].value = "";
    onInput();
  }

  /* The address and the chips say what is asked. */
  function tell() {
    const words = new URLSearchParams(location.search);
    for (const name of FIELDS) {
      const field = form.elements[name];
      const word = (field?.value || "").trim();
      if (word) words.set(name, word);
      else words.delete(name);
      const chip = document.querySelector(`[data-plan-chips] [data-chip="${name}"]`);
      chip.hidden = !word;
      chip.querySelector("[data-chip-word]").textContent = field?.selectedOptions?.[0]?.text ?? word;
    }
    document.querySelector("[data-plan-chips]").hidden = !FIELDS.some((name) => words.get(name));
    history.replaceState(history.state, "", words.size ? `?${words}` : location.pathname);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
