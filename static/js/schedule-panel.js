/* The panel of the chosen operation: fetched when a bar is chosen, and asked again, by the server's own rules, whenever
   somebody thinks of another place. It tells plan:chosen, plan:wish (where the operation would be) and plan:verdict. */
(() => {
  "use strict";
  const page = document.documentElement;
  const PACE = 90; // ms between two questions while a bar is in the hand
  let asking = false;
  let next = null;
  let number = 0;

  const start = () => {
    document.addEventListener("click", onClick);
    document.addEventListener("input", onInput);
    document.addEventListener("submit", onSubmit, true);
    document.addEventListener("plan:choose", ({ detail }) => choose(detail.ref, detail));
    document.addEventListener("plan:put", ({ detail }) => put(detail));
    document.addEventListener("plan:put-back", putBack);
    arrived();
  };

  const panel = () => document.getElementById("op-panel");
  const form = () => panel()?.querySelector("[data-move-form]");
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const seconds = (iso) => Math.floor(Date.parse(iso) / 1000);
  const iso = (second) => new Date(second * 1000).toISOString().replace(".000Z", "Z");

  function onClick(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("[data-plan] :is([data-op][href], [data-show], [data-place])");
    if (link) {
      event.preventDefault();
      const ref = link.dataset.op || link.dataset.show || link.dataset.place;
      return choose(ref, { show: !link.dataset.op, focus: true });
    }
    if (!form()) return;
    const nudge = event.target.closest("[data-nudge]");
    if (nudge) return moveBy(Number(nudge.dataset.nudge) * 60);
    const offer = event.target.closest("[data-offer]");
    const back = event.target.closest("[data-put-back]");
    const check = event.target.closest("[data-check]");
    if (!offer && !back && !check) return;
    event.preventDefault();
    if (offer) use(offer);
    else if (back) putBack();
    else ask();
  }

  /* What the server has just called broken is not sent: the picture stays, and the panel says so. */
  function onSubmit(event) {
    const told = panel()?.querySelector("[data-verdict]");
    const broken = told && JSON.parse(told.dataset.verdict).broken;
    if (!event.target.matches("[data-move-form]") || !document.querySelector("[data-plan]")) return;
    if (!broken?.length || event.submitter?.name === "along") return;
    event.preventDefault();
    event.stopPropagation();
    const sum = document.createElement("div");
    sum.className = "errsum";
    sum.tabIndex = -1;
    sum.setAttribute("role", "alert");
    const [head, why] = ["h3", "p"].map((tag) => sum.appendChild(document.createElement(tag)));
    head.textContent = "Not saved: it breaks a rule";
    why.textContent = broken.map(({ rule, words }) => `${rule}: ${words}`).join(". ");
    form().querySelector(".errsum")?.remove();
    form().prepend(sum);
    sum.focus();
  }

  /* Whatever goes wrong, the link still leads where it says. */
  async function choose(ref, { show = false, focus = false, then } = {}) {
    const mine = ++number;
    const address = `/schedule/operations/${encodeURIComponent(ref)}`;
    try {
      const answer = await fetch(address + location.search.replace(/([?&])(op|cell|start|end|undo_plan)=[^&]*/g, "$1"));
      const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [fresh, steps] = [whole.getElementById("op-panel"), whole.getElementById("op-steps")];
      if (!answer.ok || !fresh) throw new Error("no panel");
      if (mine !== number) return;
      panel().replaceWith(document.adoptNode(fresh));
      document.querySelector("[data-steps-place]")?.replaceChildren(document.adoptNode(steps));
    } catch {
      return location.assign(address);
    }
    const words = new URLSearchParams(location.search);
    words.set("op", ref);
    words.delete("undo_plan");
    if (document.querySelector("[data-plan]")) {
      history.replaceState(history.state, "", `?${words}`);
      document.querySelector("[data-plan]").dataset.chosen = ref;
    }
    arrived();
    if (show) document.querySelector(`[data-op="${CSS.escape(ref)}"]`)?.scrollIntoView({ block: "center", inline: "center" });
    if (focus) document.getElementById("op-title").focus({ preventScroll: true });
    then?.();
  }

  /* A panel came: with the page, or because somebody chose. */
  function arrived() {
    for (const button of panel()?.querySelectorAll("[data-nudge]") || []) button.hidden = false;
    const check = panel()?.querySelector("[data-check]");
    if (check && document.querySelector("[data-plan]")) check.hidden = true;
    say("plan:chosen", { ref: panel()?.dataset.panel });
    tell();
    const told = panel()?.querySelector("[data-verdict]");
    if (told) heard(JSON.parse(told.dataset.verdict));
  }

  const field = (name) => form().elements[name];
  const wish = () => form() && { ref: panel().dataset.panel, cell: Number(field("cell").value), start: seconds(field("start_at").value), end: seconds(field("end_at").value) };
  const home = () => {
    const { s, e, cell } = panel().dataset;
    return s ? { cell: Number(cell), start: Number(s), end: Number(e) } : null;
  };
  const isMoved = (there, back) => !back || there.cell !== back.cell || there.start !== back.start || there.end !== back.end;

  function tell() {
    const there = wish();
    const back = there && home();
    say("plan:wish", there ? { ...there, home: back, moved: isMoved(there, back), title: panel().dataset.short } : null);
  }

  /* Somebody moved the bar: the fields follow. */
  function put({ cell, start, end }) {
    if (!form()) return;
    if (cell && [...field("cell").options].some((option) => Number(option.value) === cell)) field("cell").value = cell;
    write("start", start);
    write("end", end);
    tell();
    ask();
  }

  function write(name, second) {
    field(`${name}_at`).value = iso(second);
    field(name).value = local(second);
  }

  function local(second) {
    const style = { timeZone: page.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const part = Object.fromEntries(new Intl.DateTimeFormat("en-GB", style).formatToParts(second * 1000).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  }

  const moveBy = (by) => {
    const there = wish();
    put({ ...there, start: there.start + by, end: there.end + by });
  };

  function use(offer) {
    const told = JSON.parse(panel().querySelector("[data-verdict]")?.dataset.verdict || "null");
    const span = told?.[offer.dataset.offer];
    if (span) put({ cell: told.cell, start: seconds(span.start), end: seconds(span.end) });
    panel().querySelector("[data-save]").focus();
  }

  function putBack() {
    if (home()) put(home());
    else if (panel()?.dataset.panel) choose(panel().dataset.panel);
  }

  function onInput(event) {
    if (!event.target.closest("[data-move-form]")) return;
    const name = event.target.name;
    if (name === "start" || name === "end") field(`${name}_at`).value = "";
    ask(name !== "cell");
  }

  /* One question at a time, and the newest next; typed: the server reads what was typed. */
  function ask(typed = false) {
    next = { typed };
    if (!asking) go();
  }

  async function go() {
    asking = true;
    while (next) {
      const { typed } = next;
      next = null;
      await Promise.all([question(typed), new Promise((done) => setTimeout(done, PACE))]);
    }
    asking = false;
  }

  async function question(typed) {
    const asked = panel();
    const words = new URLSearchParams();
    for (const name of ["cell", "start", "end", "start_at", "end_at"]) if (form() && field(name).value) words.set(name, field(name).value);
    try {
      const answer = await fetch(`${asked.dataset.ask}?${words}`, { headers: { "HX-Request": "true" } });
      const text = await answer.text();
      if (asked !== panel() || next) return;
      show(text, answer.ok, typed);
    } catch {
      refused("The server cannot be asked now. Nothing is lost: try again.");
    }
  }

  function show(text, ok, typed) {
    const made = document.createElement("template");
    made.innerHTML = text;
    const fresh = made.content.getElementById("verdict");
    form()?.querySelector(".errsum")?.remove();
    const said = (fresh || made.content).textContent.trim().replace(/\s+/g, " ");
    if (!fresh) return refused(said);
    document.getElementById("verdict").replaceWith(fresh);
    if (!ok) return heard({ broken: [{ rule: "Not possible", words: said }], delays: [] });
    const told = JSON.parse(fresh.dataset.verdict || "null");
    if (!told) return;
    if (typed) for (const name of ["start", "end"]) field(`${name}_at`).value = told[name];
    if (typed) tell();
    heard(told);
  }

  function refused(words) {
    const place = document.getElementById("verdict");
    place.removeAttribute("data-verdict");
    const line = document.createElement("p");
    line.className = "err";
    line.textContent = words;
    place.replaceChildren(line);
    heard({ broken: [{ rule: "Not possible", words }], delays: [] });
  }

  function heard(told) {
    for (const name of ["after", "before"]) {
      const offer = panel().querySelector(`[data-offer="${name}"]`);
      if (!offer) continue;
      offer.hidden = !told[name];
      if (told[name]) offer.querySelector("[data-offer-at]").textContent = told[name].words;
    }
    const along = panel().querySelector("[data-along]");
    if (along) along.hidden = !told.delays.length;
    panel().querySelector("[data-save]")?.classList.toggle("primary", !told.broken.length);
    say("plan:verdict", told);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
