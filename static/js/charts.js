/* Draws each [data-figure] from the JSON it carries. Figures come from the server as plain values; colours are written
   as tokens, "var(--data)", and read from the style sheet here, so one figure serves light and dark. */
(() => {
  "use strict";
  /* One frozen object: a new one on every call would make react() rebuild the chart. Sending charts to a cloud is
     plotly.js 4's own default; nothing leaves this factory. */
  const CONFIG = Object.freeze({
    displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true,
    scrollZoom: false, doubleClick: false, showTips: false, showAxisDragHandles: false, locale: "en",
  });

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const resolve = (value) => {
    if (typeof value === "string") return value.replace(/var\((--[\w-]+)\)/g, (_, name) => token(name));
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v)]));
    return value;
  };

  /* Fixed margins, no zoom, no motion: nothing jumps on an update. */
  function house() {
    const text = { family: token("--font"), size: 13, color: token("--ink-2") };
    const axis = {
      gridcolor: token("--grid"), zeroline: false, showline: false, linecolor: token("--line-2"), ticks: "",
      tickcolor: token("--line-2"), ticklen: 5, tickfont: { size: 13, color: token("--ink-2") }, fixedrange: true, automargin: false,
    };
    return {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: text, showlegend: false, dragmode: false,
      margin: { l: 56, r: 24, t: 8, b: 36, pad: 0 }, transition: { duration: 0 }, hovermode: "x unified",
      hoverlabel: { bgcolor: token("--surface"), bordercolor: token("--line-2"), font: { ...text, color: token("--ink") }, align: "left" },
      xaxis: axis, yaxis: { ...axis },
    };
  }

  const isPlain = (value) => value && typeof value === "object" && !Array.isArray(value);
  const merge = (below, above) =>
    Object.entries(above).reduce((all, [key, value]) => ({ ...all, [key]: isPlain(value) && isPlain(below[key]) ? merge(below[key], value) : value }), below);

  /* On paper a chart is as wide as its column of an A4 page, whatever the window was; print.css has the heights. */
  const PAPER = { whole: 1010, half: 495, lower: .75 };
  const paper = matchMedia("print");
  let printing = false;
  function size(el) {
    if (!printing) return { autosize: true };
    const width = el.closest(".charts") ? PAPER.half : PAPER.whole;
    return { autosize: false, width, height: paper.matches ? el.clientHeight : PAPER.lower * el.clientHeight };
  }

  /* Beside another chart that names the rows a map needs no names; under it, it does. */
  const narrow = matchMedia("screen and (max-width: 1099px)");
  const alone = (layout) => (narrow.matches ? merge(layout, layout.meta?.alone ?? {}) : layout);

  function draw(el) {
    if (!window.Plotly) return;
    const figure = resolve(JSON.parse(el.dataset.figure));
    Plotly.react(el, figure.data, merge(house(), { ...alone(figure.layout), ...size(el) }), CONFIG);
    if (el.dataset.opens && !el.dataset.pressable) hear(el);
  }

  /* What stands behind a mark: the row and the column it lies in name the rest of the address. The table has the
     same links for those who press no marks. */
  function hear(el) {
    el.dataset.pressable = "1"; // not "heard": that is what live.js writes beside cells
    el.on("plotly_click", ({ points: [point] }) => {
      const opens = JSON.parse(el.dataset.opens);
      const words = [opens.rows?.[point.y], opens.columns?.[String(point.x).slice(0, opens.rows ? undefined : 10)]].filter(Boolean);
      if (words.length) location.assign(opens.base + (opens.base.includes("?") ? "&" : "?") + words.join("&"));
    });
  }

  const drawAll = () => document.querySelectorAll("[data-figure]").forEach(draw);
  /* Paper is light, also of a dark screen: the dark sheet steps aside while tokens are read for it. */
  const dark = () => document.querySelectorAll('link[href*="/css/dark.css"]');
  const forPaper = (on) => {
    if (printing === on) return;
    printing = on;
    dark().forEach((sheet) => {
      if (on) sheet.dataset.media = sheet.media;
      sheet.media = on ? "not all" : sheet.dataset.media;
    });
    drawAll();
  };

  /* A chart whose element leaves the page keeps its memory unless it is purged first. */
  const purge = (event) => {
    if (event.target.querySelectorAll) event.target.querySelectorAll(".js-plotly-plot").forEach((el) => Plotly.purge(el));
    if (event.target.matches?.(".js-plotly-plot")) Plotly.purge(event.target);
  };

  const start = () => {
    drawAll();
    document.addEventListener("htmx:before:cleanup", purge);
    document.addEventListener("htmx:after:swap", drawAll);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
    narrow.addEventListener("change", drawAll);
    window.addEventListener("beforeprint", () => forPaper(true));
    window.addEventListener("afterprint", () => forPaper(false));
    paper.addEventListener("change", () => forPaper(paper.matches));
    document.fonts?.ready.then(drawAll); // widths of labels are measured when drawn
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
