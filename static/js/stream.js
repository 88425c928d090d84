/* Where news of a page's live regions comes from: one stream for all of them, and polls for whatever the stream does
   not feed. It paints nothing: what came is told as live:paint and live:pulse (swaps.js), live:beat (reload.js) and
   live:stream (the badge, live.js). */
(() => {
  "use strict";
  const page = document.documentElement;
  const SILENCE = 45_000; // three beats: a connection that says nothing for so long is dead, whatever it looks like
  const STEADY = 3_000; // a stream that lasted so long was there in earnest: its end is worth a quick return
  const FED = 4; // seconds, or one and a half sampling periods: a region the stream is silent about for longer asks
  const QUICK = 3; // quick returns in a row; after them the server is left in peace and polls do
  const fed = new Map(); // topic -> when the stream last told of it
  const stuck = new WeakSet(); // regions for which asking brought nothing newer: their data really are old
  let source = null;
  let state = "closed"; // opening, open, away
  let opened = 0;
  let tries = QUICK;
  let asked = "";
  let timer = 0;

  const start = () => {
    document.addEventListener("htmx:config:request", onPoll);
    document.addEventListener("htmx:after:request", onAnswer);
    document.addEventListener("htmx:after:swap", onSwap);
    document.addEventListener("visibilitychange", () => (document.hidden ? close("closed") : open()));
    window.addEventListener("pagehide", () => close("closed"));
    window.addEventListener("pageshow", (event) => event.persisted && open());
    open();
  };

  const regions = () => [...document.querySelectorAll("[data-live-topic]")];
  const shown = () => new Map(regions().map((region) => [region.dataset.liveTopic, region.dataset.liveVersion]));
  const topics = () => [...shown().keys()].join();
  const between = (least, most) => least + Math.random() * (most - least);

  function open() {
    close(state === "away" ? "away" : "opening");
    asked = topics();
    if (document.hidden || !asked) return;
    if (!window.EventSource) return tell("away");
    const seen = [...shown().values()].join();
    source = new EventSource(`/live?topics=${encodeURIComponent(asked)}&seen=${encodeURIComponent(seen)}`);
    source.addEventListener("open", onOpen);
    source.addEventListener("error", onLost);
    source.addEventListener("beat", heard((data) => say("live:beat", { build: data.trim() })));
    source.addEventListener("paint", heard(onPaint));
    source.addEventListener("pulse", heard(onPulse));
    watch();
  }

  function close(because) {
    clearTimeout(timer);
    source?.close();
    source = null;
    tell(because);
  }

  function tell(now) {
    if (now === state) return;
    state = now;
    page.dataset.news = state === "away" ? "polls" : "stream";
    say("live:stream", { state });
  }

  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  function watch() {
    clearTimeout(timer);
    timer = setTimeout(onLost, SILENCE);
  }

  function onOpen() {
    opened = Date.now();
    fed.clear();
    watch();
    tell("open");
  }

  const heard = (act) => (event) => {
    watch();
    act(event.data);
  };

  /* Ours, not the browser's own return: that one gives up for good after any answer but 200, and knows no chance. */
  function onLost() {
    if (state === "open" && Date.now() - opened > STEADY) tries = 0;
    close("away");
    tries += 1;
    timer = setTimeout(open, tries <= QUICK ? between(1200, 3500) : between(10_000, 30_000));
  }

  function onPaint(data) {
    const end = data.indexOf("\n");
    const topic = data.slice(0, end);
    if (isFor(topic)) say("live:paint", { topic, html: data.slice(end + 1) });
  }

  function onPulse(data) {
    const [topic, asOf] = data.trim().split(" ");
    if (isFor(topic)) say("live:pulse", { topic, asOf });
  }

  function isFor(topic) {
    const known = asked.split(",").includes(topic);
    if (known) fed.set(topic, Date.now());
    return known;
  }

  /* What a swap brought may be about something else than before. */
  function onSwap() {
    if (source && topics() !== asked) open();
  }

  const isPoll = (ctx) => ctx?.sourceElement?.matches?.("[data-as-of][hx-get]");
  const lastFed = (region) => Math.max(opened, fed.get(region.dataset.liveTopic) || 0);
  const period = () => Number(document.querySelector(".age[data-period]")?.dataset.period || 5);
  const patience = () => 1000 * Math.max(FED, 1.5 * period());
  const isFed = (region) => state === "open" && region.dataset.liveTopic && Date.now() - lastFed(region) < patience();

  /* A hidden tab asks for nothing, and what is pushed need not be asked for; a wish of its own ("refresh") may. */
  function onPoll(event) {
    const ctx = event.detail.ctx;
    if (!isPoll(ctx)) return;
    if (state === "open") page.dataset.news = regions().every(isFed) ? "stream" : "polls";
    const needless = ctx.sourceEvent?.type === "every" && isNeedless(ctx.sourceElement);
    if (document.hidden || needless) event.preventDefault();
  }

  const isNeedless = (region) => isFed(region) || (state === "open" && stuck.has(region) && Math.random() < 5 / 6);

  /* An answer that may be older than what was pushed meanwhile says so. */
  function onAnswer(event) {
    const { sourceElement: region, response, text } = event.detail.ctx;
    if (!isPoll(event.detail.ctx)) return;
    const asOf = response.headers.get("As-Of");
    if (response.status === 204 && !(Date.parse(asOf) > Date.parse(region.dataset.asOf))) stuck.add(region);
    else stuck.delete(region);
    if (response.status === 204) say("live:pulse", { region, asOf });
    if (response.status !== 200) return;
    event.preventDefault();
    say("live:paint", { region, html: text, overtaken: isFed(region) });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
