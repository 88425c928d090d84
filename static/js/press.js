/* What is pressed and stays on this page: the menu of a tablet, and Print. */
(() => {
  "use strict";
  const start = () => {
    const print = document.querySelector("[data-print]");
    print?.addEventListener("click", () => window.print());
    if (print && "printNow" in print.dataset) window.addEventListener("load", () => setTimeout(() => window.print(), 300), { once: true });
    const rail = document.getElementById("rail");
    const opener = document.querySelector("[data-menu]");
    if (!rail || !opener) return;
    /* It opens over the page, closes with Escape, and gives the focus back. */
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-controls", "rail");
    const set = (open) => {
      rail.classList.toggle("open", open);
      opener.setAttribute("aria-expanded", String(open));
      (open ? rail.querySelector(".nav a") : opener)?.focus();
    };
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      set(!rail.classList.contains("open"));
    });
    rail.querySelector("[data-menu-close]").addEventListener("click", (event) => {
      event.preventDefault();
      set(false);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && rail.classList.contains("open") && set(false));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
