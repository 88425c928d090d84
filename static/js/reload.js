/* A new version of the program is loaded by pages that are open: softly, when nobody would lose anything by it, and
   not all at the same moment. A screen on the wall has nobody to disturb. live:reload asks for the same. */
(() => {
  "use strict";
  const page = document.documentElement;
  const SPREAD = 30_000;
  const AGAIN = 5_000;
  const LAST = "reloaded-for"; // while old and new serve side by side, one reload for a version is enough
  let due = false;

  document.addEventListener("live:beat", ({ detail }) => {
    const mine = page.dataset.build;
    if (mine && detail.build && detail.build !== mine && sessionStorage.getItem(LAST) !== detail.build) wish(detail.build);
  });
  document.addEventListener("live:reload", () => wish(""));

  function wish(build) {
    if (due) return;
    due = true;
    setTimeout(() => attempt(build), Math.random() * SPREAD);
  }

  async function attempt(build) {
    if ((isWall() || isFree()) && (await isServed())) {
      if (build) sessionStorage.setItem(LAST, build);
      location.reload();
    } else setTimeout(() => attempt(build), AGAIN);
  }

  const isWall = () => page.dataset.wall !== undefined;

  /* Nothing typed or begun, nothing asked, nothing that could still be taken back. */
  function isFree() {
    const active = document.activeElement;
    const begun = document.querySelector("dialog[open], [data-toast]") || active?.closest("form, [contenteditable]");
    return !begun && ![...document.querySelectorAll("input, textarea, select")].some(isTyped);
  }

  function isTyped(el) {
    if (el.matches("select")) return el.selectedIndex !== Math.max(0, [...el.options].findIndex((one) => one.defaultSelected));
    if (el.matches("[type=checkbox], [type=radio]")) return el.checked !== el.defaultChecked;
    return !["hidden", "submit", "button"].includes(el.type) && el.value !== el.defaultValue;
  }

  /* Whoever reloads while the server restarts is left with the browser's own error page, on a wall for good. */
  async function isServed() {
    try {
      return (await fetch(location.href, { method: "HEAD", cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }
})();
