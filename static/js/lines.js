/* The lines of a form's table: added, removed and moved without asking the server, which does the same where this does
   not run. What was typed outlives an expired session, however many lines there were. */
(() => {
  "use strict";
  const form = document.querySelector("[data-order-form]");
  const body = form?.querySelector("[data-lines] tbody");
  const KEPT = "typed:"; // as static/js/forms.js keeps what other forms hold; it leaves this one's to us
  const lines = () => [...body.querySelectorAll("[data-line]")];
  const inputs = (line) => [...line.querySelectorAll("input")];
  let made = 0;

  const start = () => {
    form.addEventListener("click", onClick);
    form.addEventListener("submit", keep);
    giveBack();
  };

  function onClick(event) {
    const button = event.target.closest("[data-line-act]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("[data-line]");
    ({ add, drop, up, down })[button.dataset.lineAct](line, button);
    renumber();
  }

  function add() {
    const line = blank();
    body.append(line);
    line.querySelector("input:not([type=hidden])").focus();
  }

  /* A copy of a line with nothing in it, under names of its own. */
  function blank() {
    const line = lines().at(-1).cloneNode(true);
    made += 1;
    for (const wrong of line.querySelectorAll(".err")) wrong.remove();
    for (const el of line.querySelectorAll("[id], [aria-labelledby]")) {
      if (el.id) el.id = el.id.replace(/^steps-[^-]+/, `steps-x${made}`);
      const named = el.getAttribute("aria-labelledby");
      if (named) el.setAttribute("aria-labelledby", named.replace(/steps-[^-]+/, `steps-x${made}`));
    }
    for (const input of inputs(line)) {
      input.value = "";
      input.classList.remove("wrong");
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    return line;
  }

  function drop(line) {
    const next = line.nextElementSibling || line.previousElementSibling;
    if (lines().length === 1) body.append(blank());
    line.remove();
    (next?.querySelector("[data-line-act=drop]") || lines()[0].querySelector("input:not([type=hidden])")).focus();
  }

  function up(line, button) {
    const before = line.previousElementSibling;
    if (before?.matches("[data-line]")) before.before(line);
    button.focus();
  }

  function down(line, button) {
    line.nextElementSibling?.after(line);
    button.focus();
  }

  /* What has begun keeps its place; the lines have those that are left. */
  function renumber() {
    const begun = [...body.querySelectorAll(".begun th")].map((place) => Number(place.textContent));
    let no = 0;
    lines().forEach((line, n) => {
      do no += 1; while (begun.includes(no));
      line.querySelector("[data-line-no]").textContent = no;
      for (const button of line.querySelectorAll("[data-line-act]")) {
        button.value = `${button.dataset.lineAct}-${n}`;
        button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/step \d+/, `step ${no}`));
      }
    });
  }

  const key = () => KEPT + new URL(form.action).pathname;
  const plain = () => [...form.elements].filter((el) => el.name && !el.closest("[data-line]") && !["hidden", "submit"].includes(el.type));

  function keep(event) {
    if (event.submitter?.value !== "save") return;
    const typed = { plain: plain().map((el) => [el.name, el.value]), lines: lines().map((line) => inputs(line).map((el) => el.value)) };
    try {
      sessionStorage.setItem(key(), JSON.stringify(typed));
    } catch {
      /* a full or forbidden store: the form still goes out */
    }
  }

  /* Only where the page came back empty-handed: what the server shows again, it shows with its errors. */
  function giveBack() {
    const kept = sessionStorage.getItem(key());
    sessionStorage.removeItem(key());
    if (!kept || form.querySelector("[data-errors]")) return;
    const typed = JSON.parse(kept);
    const changed = typed.plain.map(([name, value]) => set(form.elements[name], value)).some(Boolean);
    while (lines().length < typed.lines.length) body.append(blank());
    const moved = typed.lines.map((values, n) => values.map((value, k) => set(inputs(lines()[n])[k], value)).some(Boolean)).some(Boolean);
    renumber();
    if (changed || moved) document.getElementById("typed-back").hidden = false;
  }

  function set(el, value) {
    if (!el || el.value === value) return false;
    el.value = value;
    return true;
  }

  if (form && body) start();
})();
