/* The acts of a cell over the board, instead of on a page of their own: a press on the cell asks for that page and
   shows its sheet as a dialog, outside all that is swapped. Without this file the links lead to pages. */
(() => {
  "use strict";

  const onClick = (event) => {
    const close = event.target.closest("dialog [data-sheet-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog").close();
      return;
    }
    const link = event.target.closest("[data-act]");
    if (!link || !link.closest("[class*='may-']") || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link.dataset.act || link.pathname, link.href);
  };

  /* Whatever goes wrong, the link still leads where it says. */
  async function open(path, otherwise) {
    try {
      const answer = await fetch(`${path}?to=${encodeURIComponent(location.pathname + location.search)}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sheet = page.getElementById("sheet");
      if (!answer.ok || !sheet) throw new Error("no sheet");
      show(document.adoptNode(sheet));
    } catch {
      location.assign(otherwise);
    }
  }

  function show(sheet) {
    const over = document.createElement("dialog");
    over.className = "over";
    over.setAttribute("aria-labelledby", "sheet-head");
    over.append(sheet);
    over.addEventListener("close", () => over.remove());
    over.addEventListener("click", (event) => event.target === over && over.close());
    document.querySelector("dialog.over")?.close();
    document.body.append(over);
    over.showModal();
    over.querySelector("#sheet-head").focus();
  }

  document.addEventListener("click", onClick);
})();
