/* Forms that are sent once and lose nothing: a second press does nothing, and what was typed outlives an expired
   session. The server decides everything; without this file the forms work as well. */
(() => {
  "use strict";
  const KEPT = "typed:";
  const keyOf = (form) => KEPT + new URL(form.action, location.href).pathname;
  const isTyped = (el) => el.name && !["hidden", "password", "file", "submit", "button"].includes(el.type);
  const posts = () => [...document.querySelectorAll("form[method=post]")];

  const start = () => {
    giveBack();
    document.addEventListener("submit", onSubmit);
    document.addEventListener("click", onClick);
    document.addEventListener("input", onInput);
    window.addEventListener("pageshow", (event) => event.persisted && posts().forEach(rest));
    document.querySelector("[data-errors], [data-asks]")?.focus();
  };

  function onSubmit(event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    keep(form);
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    const busy = button.dataset.busy || form.dataset.busy;
    if (!busy || button.matches(".icon")) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.dataset.label = button.textContent;
    button.textContent = busy;
  }

  /* The page came back from the browser's own memory: its buttons may be pressed again. */
  function rest(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      if (button.dataset.label) button.textContent = button.dataset.label;
    }
  }

  /* data-forget: so short a form that putting it back would only be in the way. */
  function keep(form) {
    if (form.dataset.forget !== undefined) return;
    const typed = [...form.elements].filter(isTyped).map((el) => [el.name, el.value, el.checked === true]);
    if (!typed.length) return;
    try {
      sessionStorage.setItem(keyOf(form), JSON.stringify(typed));
    } catch {
      /* a full or forbidden store: the form still goes out */
    }
  }

  /* Pages that say "not now" (sign-in, faults) leave what was typed in its place; any other page after it was sent
     either holds the form again, and then it is put back unless the server already did, or proves it arrived, as one
     does that says what came of it. */
  function giveBack() {
    if (document.querySelector("[data-keeps]")) return;
    const arrived = document.querySelector("[data-arrived]");
    const forms = new Map(posts().map((form) => [keyOf(form), form]));
    for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(KEPT))) {
      const form = forms.get(key);
      if (form?.dataset.forget !== undefined) continue;
      if (form && !arrived && !form.querySelector("[data-errors]")) fill(form, JSON.parse(sessionStorage.getItem(key)));
      sessionStorage.removeItem(key);
    }
  }

  function fill(form, typed) {
    let changed = false;
    for (const [name, value, checked] of typed) {
      for (const el of form.elements) {
        if (el.name !== name || !isTyped(el)) continue;
        if (el.type === "checkbox" || el.type === "radio") {
          if (el.value !== value || el.checked === checked) continue;
          el.checked = checked;
        } else {
          if (el.value === value) continue;
          el.value = value;
        }
        changed = true;
      }
    }
    const note = document.getElementById("typed-back");
    if (changed && note) note.hidden = false;
  }

  function onClick(event) {
    const link = event.target.closest("[data-errors] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.focus();
    }
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) show(reveal);
  }

  /* "was 0.85" stands beside a value as long as it differs from what it was. */
  function onInput(event) {
    const before = event.target.dataset.before;
    const note = before !== undefined && document.querySelector(`[data-was-of="${event.target.id}"]`);
    if (note) note.hidden = event.target.value === before;
  }

  function show(button) {
    const input = document.getElementById(button.dataset.reveal);
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.setAttribute("aria-pressed", String(hidden));
    input.focus();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
