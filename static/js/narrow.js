/* A board narrowed to some of its cells: what the address asks for is left in, the rest is marked data-out. The live
   part is the same for everybody, and a swap takes the marks away again: whatever changes in it, they are put back
   before the browser paints. Without this file the page shows everything, and says so. */
(() => {
  "use strict";
  let root, form, chips;

  const start = () => {
    root = document.querySelector("[data-narrow]");
    form = document.querySelector("[data-narrow-form]");
    chips = document.querySelector("[data-narrow-chips]");
    if (!root || !form) return;
    chips.querySelector("[data-unnarrowed]").remove();
    form.addEventListener("input", onInput);
    form.addEventListener("submit", onSubmit);
    document.addEventListener("click", onClick);
    const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-out", "data-state", "hidden"] };
    new MutationObserver(apply).observe(root, watched);
    apply();
  };

  const asked = () => Object.fromEntries([...new FormData(form)].map(([name, word]) => [name, word.trim()]));
  const isSet = (words) => ["q", "site", "kind", "tag", "state"].some((name) => words[name]);

  const fits = (given, words) =>
    (!words.site || !given.site || given.site === words.site) &&
    (!words.kind || !given.kind || given.kind === words.kind) &&
    (!words.tag || given.tags.includes(words.tag)) &&
    (!words.state || given.state === undefined || given.state === words.state) &&
    (!words.q || given.text.toLowerCase().includes(words.q.toLowerCase()));

  const givenBy = (row) => {
    const { site, kind, tags, state } = row.dataset;
    return { site, kind, state, tags: JSON.parse(tags), text: `${row.textContent} ${kind} ${tags}` };
  };

  function apply() {
    const words = asked();
    const on = isSet(words);
    for (const row of root.querySelectorAll("[data-site]")) {
      mark(row, "data-out", on && !fits(givenBy(row), words));
    }
    for (const panel of root.querySelectorAll(".panel")) count(panel);
    for (const tally of root.querySelectorAll("[data-cells]")) recount(tally, on ? words : {});
    mark(root, "data-on", on);
  }

  const mark = (el, name, on) => {
    if (el.hasAttribute(name) !== on) el.toggleAttribute(name, on);
  };
  const put = (el, text) => {
    if (el && el.textContent !== text) el.textContent = text;
  };

  /* A heading counts what its list shows, and a list of which nothing is left says so. */
  function count(panel) {
    const rows = [...panel.querySelectorAll("[data-site]")];
    if (!rows.length) return;
    const left = rows.filter((row) => !row.hasAttribute("data-out")).length;
    const badge = panel.querySelector(":scope > header .n-badge[data-total]");
    if (badge) put(badge, left === rows.length ? badge.dataset.total : `${left} of ${badge.dataset.total}`);
    const none = panel.querySelector("[data-none-left]");
    if (none) mark(none, "hidden", left > 0);
  }

  function recount(tally, words) {
    const counts = {};
    for (const [site, kind, tags, state, text] of JSON.parse(tally.dataset.cells)) {
      if (fits({ site: String(site), kind, tags, text: `${text} ${kind} ${tags}` }, { ...words, state: "" })) counts[state] = (counts[state] || 0) + 1;
    }
    for (const one of tally.querySelectorAll("[data-tally]")) {
      const number = counts[one.dataset.tally] || 0;
      put(one.querySelector("[data-number]"), String(number));
      one.classList.toggle("zero", !number);
      one.classList.toggle("alert", number > 0 && ["down", "unknown"].includes(one.dataset.tally));
    }
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
    const chip = event.target.closest("[data-chip]");
    const clear = event.target.closest("[data-narrow-clear]");
    if ((!chip && !clear) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    for (const field of form.querySelectorAll(".inp")) if (!chip || field.name === chip.dataset.chip) field.value = "";
    onInput();
  }

  /* The address and the chips say what is asked. */
  function tell() {
    const words = asked();
    const said = new URLSearchParams(Object.entries(words).filter(([, word]) => word));
    history.replaceState(history.state, "", said.size ? `?${said}` : location.pathname);
    for (const chip of chips.querySelectorAll("[data-chip]")) {
      const field = form.elements[chip.dataset.chip];
      chip.hidden = !words[chip.dataset.chip];
      put(chip.querySelector("[data-chip-word]"), field?.selectedOptions?.[0]?.text ?? words[chip.dataset.chip] ?? "");
    }
    chips.hidden = !isSet(words);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
