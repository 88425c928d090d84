/* Five minutes earlier or later in a field that holds "2026-09-16 14:30", or that with seconds or an offset, which stay
   as they are. Without this file the time is typed. */
(() => {
  "use strict";
  const TYPED = /^(\d{4})-(\d{2})-(\d{2}) (\d{1,2}):(\d{2})((?::\d{2})?(?:[+-]\d{2}:\d{2})?)$/;
  const two = (number) => String(number).padStart(2, "0");

  const start = () => {
    for (const button of document.querySelectorAll("[data-step]")) button.hidden = false;
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (button) step(document.getElementById(button.dataset.of), Number(button.dataset.step));
    });
  };

  /* Counted as UTC: what stands on the wall is stepped, whatever the clock does that night. */
  function step(field, minutes) {
    const found = TYPED.exec(field.value.trim());
    if (!found) return;
    const [year, month, day, hour, minute] = found.slice(1, 6).map(Number);
    const at = new Date(Date.UTC(year, month - 1, day, hour, minute + minutes));
    const date = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
    field.value = `${date} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${found[6]}`;
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
