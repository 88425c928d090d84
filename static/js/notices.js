/* What a person is told while a page is open: a number on the bell, a toast that takes no focus, and where they wish
   it a notification of the browser. What is new stands in #notices-news, which is polled and pushed as any region. */
(() => {
  "use strict";
  const APART = 10_000; // between two toasts: a screen reader is not talked over
  const SHOWN = "notices-shown"; // in the browser's store, so that a toast is shown once, whatever page is opened next
  const MANY = 60;
  const HIDDEN_ASKS = 30_000; // a hidden page has no stream: who wants notifications is told by asking
  let toastAt = 0;
  let waiting = [];
  let timer = 0;

  const start = () => {
    const region = news();
    setUpWish();
    if (!region) return;
    if (!localStorage.getItem(SHOWN)) remember(items(region).map(idOf));
    document.addEventListener("live:painted", ({ detail }) => detail.region.id === "notices-news" && heed(detail.region));
    setInterval(askWhileHidden, HIDDEN_ASKS);
    heed(region);
  };

  const news = () => document.getElementById("notices-news");
  const items = (region) => [...region.querySelectorAll("[data-notice]")];
  const idOf = (item) => item.dataset.notice;
  const shown = () => JSON.parse(localStorage.getItem(SHOWN) || "[]");
  const remember = (ids) => localStorage.setItem(SHOWN, JSON.stringify([...shown(), ...ids].slice(-MANY)));

  /* A word about each that this browser has not spoken of; those that need nobody any more are not spoken of. */
  function heed(region) {
    count(region.dataset.count);
    const there = new Set(items(region).map(idOf));
    waiting = waiting.filter((item) => there.has(idOf(item)));
    const said = new Set(shown());
    for (const toast of document.querySelectorAll(".toast[data-of]")) if (!there.has(toast.dataset.of)) toast.remove();
    const fresh = items(region).filter((item) => !said.has(idOf(item)));
    if (!fresh.length) return;
    remember(fresh.map(idOf));
    if ("browser" in region.dataset) fresh.forEach(notify);
    waiting.push(...fresh.reverse());
    speak();
  }

  function count(number) {
    for (const badge of document.querySelectorAll("[data-bell-count]")) {
      if (badge.textContent !== number) badge.textContent = number;
      badge.classList.toggle("none", number === "0");
    }
  }

  /* One at a time. */
  function speak() {
    clearTimeout(timer);
    if (!waiting.length || document.hidden) return;
    const wait = toastAt + APART - Date.now();
    if (wait > 0) {
      timer = setTimeout(speak, wait);
      return;
    }
    toastAt = Date.now();
    toast(waiting.shift());
    if (waiting.length) timer = setTimeout(speak, APART);
  }
  document.addEventListener("visibilitychange", speak);

  function toast(item) {
    const box = document.createElement("div");
    box.className = "toast notice";
    box.dataset.toast = "10";
    box.dataset.of = idOf(item);
    const link = document.createElement("a");
    link.href = item.href;
    link.textContent = item.textContent;
    link.addEventListener("click", () => see(idOf(item)));
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link";
    close.dataset.dismiss = "";
    close.setAttribute("aria-label", "Dismiss");
    close.append(drawn("i-x"));
    close.addEventListener("click", () => see(idOf(item)));
    box.append(drawn("i-bell"), link, close);
    place().replaceChildren(box);
    document.dispatchEvent(new CustomEvent("toast", { detail: box }));
  }

  const place = () => document.getElementById("notices-say"); // there from the beginning: readers of the screen listen to it

  function drawn(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#${name}`);
    svg.append(use);
    return svg;
  }

  /* Whoever followed or dismissed it has seen it. */
  function see(id) {
    const { "X-CSRF-Token": token } = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
    const body = new URLSearchParams({ notice: id });
    fetch("/notices/seen", { method: "POST", body, headers: { "X-CSRF-Token": token }, redirect: "manual", keepalive: true });
  }

  const canNotify = () => "Notification" in window && Notification.permission === "granted";

  /* The same tag from two pages is one notification. */
  function notify(item) {
    if (!canNotify()) return;
    const note = new Notification("Dream Factory", { body: item.textContent, tag: `notice-${idOf(item)}` });
    note.addEventListener("click", () => {
      window.focus();
      see(idOf(item));
      location.assign(item.href);
    });
  }

  async function askWhileHidden() {
    const region = news();
    if (!document.hidden || !canNotify() || !("browser" in region.dataset)) return;
    const answer = await fetch(region.getAttribute("hx-get")).catch(() => null);
    if (answer?.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("notices-news");
    if (found) heed(found);
  }

  /* On the account page: permission is asked for when somebody presses, and never else. */
  function setUpWish() {
    const button = document.querySelector("[data-allow]");
    if (!button) return;
    tellWish(button);
    button.addEventListener("click", async () => {
      await Notification.requestPermission();
      tellWish(button);
    });
  }

  function tellWish(button) {
    const says = document.querySelector("[data-browser-says]");
    const state = "Notification" in window ? Notification.permission : "missing";
    button.hidden = state !== "default";
    const words = {
      granted: "This browser allows them, while a page of this product is open in it.",
      denied: "This browser was told not to show them. Its own settings for this site can change that.",
      missing: "This browser has no notifications.",
    };
    if (words[state]) says.textContent = words[state];
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
