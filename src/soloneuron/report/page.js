"use strict";
(async () => {
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(stream).text();
  document.head.append(library);

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  // The three darkest lines of the palette cannot be seen on a dark ground.
  const lighter = { "#332288": "#9d90f0", "#882255": "#d870a4", "#117733": "#55b873" };
  const lit = (text) => (dark.matches ? text.replace(/#332288|#882255|#117733/g, (dim) => lighter[dim]) : text);
  const paint = (layout) => {
    layout.font = { ...layout.font, color: color("--ink") };
    for (const note of layout.annotations ?? []) note.font = { color: color("--ink") };
    for (const name of Object.keys(layout).filter((key) => key.startsWith("scene"))) {
      for (const axis of ["xaxis", "yaxis", "zaxis"]) {
        layout[name][axis] = { ...layout[name][axis], gridcolor: color("--edge"), color: color("--soft") };
      }
    }
    return layout;
  };
  // On a narrow screen two scenes stand one above the other.
  const stack = (layout) => {
    if (!layout.scene2) return;
    layout.height = 760;
    [layout.scene, layout.scene2].forEach((scene, k) => {
      scene.domain = { x: [0, 1], y: k ? [0, 0.47] : [0.53, 1] };
      Object.assign(layout.annotations[k], { x: 0.5, y: k ? 0.47 : 1 });
    });
  };
  const drawn = new Set();
  const draw = (place) => {
    if (drawn.has(place)) return;
    drawn.add(place);
    const { data, layout } = JSON.parse(lit(place.previousElementSibling.textContent));
    if (innerWidth < 640) stack(layout);
    place.style.height = `${layout.height}px`;
    if (innerWidth < 640 && layout.sliders) layout.sliders[0].steps.forEach((step) => (step.label = ""));
    Plotly.newPlot(place, data, paint(layout), { responsive: true, displaylogo: false, displayModeBar: false });
  };
  const forget = (place) => {
    if (!drawn.delete(place)) return;
    place.style.height = `${place.offsetHeight}px`;
    Plotly.purge(place);
  };
  // A browser keeps about sixteen 3-D canvases alive, so pictures far away are let go.
  const watcher = new IntersectionObserver(
    (entries) => entries.forEach((entry) => (entry.isIntersecting ? draw : forget)(entry.target)),
    { rootMargin: "600px 0px" },
  );
  const places = [...document.querySelectorAll(".plot")];
  places.forEach((place) => watcher.observe(place));
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((part) => (part.open = true));
    watcher.disconnect();
    places.forEach(draw);
  });
  dark.addEventListener("change", () => places.filter((place) => drawn.has(place)).forEach((place) => { forget(place); draw(place); }));
  document.documentElement.dataset.ready = "yes";
})();

for (const link of document.querySelectorAll("a.get")) {
  const csv = link.nextElementSibling.textContent.trim() + "\n";
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
}

// A race is as high as what stands in it.
for (const frame of document.querySelectorAll("iframe.race")) {
  const fit = () => (frame.style.height = `${frame.contentDocument.body.offsetHeight + 2}px`);
  const watch = () => new ResizeObserver(fit).observe(frame.contentDocument.body);
  if (frame.contentDocument.body?.classList.contains("replay")) watch();
  frame.addEventListener("load", watch);
}
