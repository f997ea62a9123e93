/* Draws each [data-chart] from its JSON, in the page's own colours, and again when they change. */
(function () {
  "use strict";
  // No bar of buttons: nothing here is zoomed, and they speak English only.
  const CONFIG = { responsive: true, displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", topojsonURL: "" };
  const COLOURS = new Set(["color", "gridcolor", "linecolor", "zerolinecolor", "bgcolor", "bordercolor", "fillcolor"]);

  // A custom property holds the text "light-dark(…)"; only a real element says which colour that is now.
  function colour(probe, token) {
    probe.style.color = token;
    return getComputedStyle(probe).color;
  }

  function painted(part, probe) {
    if (Array.isArray(part)) return part.map((one) => painted(one, probe));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([key, value]) => {
      const paint = (one) => (typeof one === "string" && one.startsWith("var(--") ? colour(probe, one) : painted(one, probe));
      return [key, COLOURS.has(key) ? (Array.isArray(value) ? value.map(paint) : paint(value)) : painted(value, probe)];
    }));
  }

  function draw(place) {
    const figure = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const probe = document.body.appendChild(document.createElement("i"));
    probe.hidden = true;
    const { data, layout } = painted(figure, probe);
    probe.remove();
    if (!place.dataset.ready) place.textContent = "";
    Plotly.react(place, data, layout, CONFIG).then(() => { place.dataset.ready = "yes"; });
  }

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  drawAll(document);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
  document.body.addEventListener("htmx:afterSettle", (event) => drawAll(event.target.parentElement || document));
})();
