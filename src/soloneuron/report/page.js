"use strict";
(async () => {
  const unpacked = (packed) => {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const root = document.documentElement;
  const places = [...document.querySelectorAll(".plot")];
  const library = document.createElement("script");
  library.textContent = await unpacked(document.getElementById("plotly").textContent);
  document.head.append(library);
  // Before printing there is no time to wait for anything, so all is unpacked now.
  const pictures = new Map(
    await Promise.all(
      places.map(async (place) => [place, await unpacked(place.parentNode.querySelector("script").textContent)]),
    ),
  );

  const color = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const printing = () => root.dataset.print === "yes";
  const narrow = () => innerWidth < 640 && !printing();
  // The three darkest lines of the palette cannot be seen on a dark ground.
  const lighter = { "#332288": "#9d90f0", "#882255": "#d870a4", "#117733": "#55b873" };
  const lit = (text) =>
    dark.matches && !printing() ? text.replace(/#332288|#882255|#117733/g, (dim) => lighter[dim]) : text;
  const paint = (layout) => {
    layout.font = { ...layout.font, color: color("--ink") };
    for (const note of layout.annotations ?? []) note.font = { ...note.font, color: color("--ink") };
    for (const name of Object.keys(layout).filter((key) => key.startsWith("scene"))) {
      for (const axis of ["xaxis", "yaxis", "zaxis"]) {
        layout[name][axis] = { ...layout[name][axis], gridcolor: color("--edge"), color: color("--soft") };
      }
    }
  };
  // On a narrow screen two scenes stand one above the other, and a legend has a line for every name.
  const fold = (layout, names) => {
    const scenes = [layout.scene, layout.scene2].filter(Boolean);
    for (const { camera } of scenes) for (const axis of ["x", "y", "z"]) camera.eye[axis] *= 1.25;
    if (scenes.length === 2) {
      layout.height = 680;
      scenes.forEach((scene, k) => {
        scene.domain = { x: [0, 1], y: k ? [0, 0.46] : [0.53, 1] };
        Object.assign(layout.annotations[k], { x: 0.5, y: k ? 0.46 : 1 });
      });
    } else {
      layout.height = 420 + 19 * Math.max(0, names - 2);
    }
    if (!scenes.length) layout.dragmode = false;
    layout.margin = { ...layout.margin, l: layout.scene ? 0 : 52, r: 8 };
    if (layout.scene && !layout.scene2) Object.assign(layout.legend, { y: 0, yanchor: "top" });
  };

  // On paper a figure is as low as its axes allow; its legend, so many names in a row, stands below the axis.
  const flatten = (layout, names, columns) => {
    const drawn = 200;
    layout.font = { ...layout.font, size: 11 };
    layout.margin = { ...layout.margin, b: 70 + 17 * Math.ceil(names / columns) };
    layout.height = layout.margin.t + drawn + layout.margin.b;
    layout.legend = { ...layout.legend, y: -56 / drawn, font: { size: 10 } };
  };

  // Slider and buttons of the page instead of Plotly's own, which no keyboard reaches.
  const races = new Map();
  const race = (place, layout, frames) => {
    const { currentvalue, steps } = layout.sliders[0];
    const [play, pause] = layout.updatemenus[0].buttons;
    const pace = play.args[1].frame.duration;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: play.label });
    const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: frames.length - 1 });
    const told = document.createElement("output");
    slider.setAttribute("aria-label", currentvalue.prefix.trim());
    slider.value = frames.length - 1;
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.textContent = play.label;
    };
    const show = () => {
      const frame = frames[slider.value];
      told.textContent = currentvalue.prefix + steps[slider.value].label;
      slider.setAttribute("aria-valuetext", told.textContent);
      const move = { x: frame.data.map((mark) => mark.x), y: frame.data.map((mark) => mark.y) };
      if (settled.has(place)) Plotly.restyle(place, move, frame.traces);
    };
    const stand = (data) => frames[slider.value].traces.forEach((k, i) => Object.assign(data[k], frames[slider.value].data[i]));
    const next = () => {
      if (slider.value === slider.max) return stop();
      slider.value = Number(slider.value) + 1;
      show();
    };
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (slider.value === slider.max) slider.value = 0;
      show();
      button.textContent = pause.label;
      timer = setInterval(next, pace);
    });
    slider.addEventListener("input", () => {
      stop();
      show();
    });
    const box = Object.assign(document.createElement("div"), { className: "race" });
    box.append(button, slider, told);
    place.after(box);
    races.set(place, { stand, stop });
    show();
  };

  // A picture is wanted (drawn), underway (busy) and done (settled). Plotly must not be purged while it is
  // underway, so one that is no longer wanted is purged when it is done, and one that is stale drawn anew.
  const drawn = new Set();
  const busy = new Set();
  const settled = new Set();
  const stale = new Set();
  const draw = (place) => {
    if (drawn.has(place)) return;
    drawn.add(place);
    if (busy.has(place) && !printing()) return;
    const { data, layout, frames } = JSON.parse(lit(pictures.get(place)));
    if (frames?.length) {
      if (!races.has(place)) race(place, layout, frames);
      races.get(place).stand(data);
      layout.legend.y = narrow() || printing() ? -0.2 : -0.15;
      layout.margin.b = 90;
      delete layout.sliders;
      delete layout.updatemenus;
    }
    const names = data.filter((trace) => trace.name && trace.showlegend !== false).length;
    if (narrow()) fold(layout, names);
    if (printing()) {
      // Farther away, so that the numbers at the edges of a scene are on the sheet.
      const scenes = [layout.scene, layout.scene2].filter(Boolean);
      for (const { camera } of scenes) for (const axis of ["x", "y", "z"]) camera.eye[axis] *= 1 + 0.25 * scenes.length;
      layout.width = Number(color("--paper"));
      if (layout.scene) layout.height = Math.min(layout.height, 360) + 14 * Math.max(0, names - 4);
      else flatten(layout, names, frames?.length ? 3 : 2);
    }
    place.style.height = `${layout.height}px`;
    paint(layout);
    const manners = { responsive: !printing(), displaylogo: false, displayModeBar: false, scrollZoom: false };
    busy.add(place);
    Plotly.newPlot(place, data, layout, manners).then(() => done(place));
  };
  const done = (place) => {
    busy.delete(place);
    if (!drawn.has(place)) return Plotly.purge(place);
    settled.add(place);
    if (stale.delete(place)) again([place]);
    if (printing() && settled.size === places.length) root.dataset.printed = "yes";
  };
  const forget = (place) => {
    if (!drawn.delete(place)) return;
    races.get(place)?.stop();
    place.style.height = `${place.offsetHeight}px`;
    if (settled.delete(place)) Plotly.purge(place);
  };
  const again = (some) => {
    for (const place of some) {
      if (busy.has(place) && !printing()) {
        stale.add(place);
        continue;
      }
      forget(place);
      draw(place);
    }
  };
  // A browser keeps about sixteen 3-D canvases alive, so pictures far away are let go.
  const watcher = new IntersectionObserver(
    (entries) => entries.forEach((entry) => (entry.isIntersecting ? draw : forget)(entry.target)),
    { rootMargin: "600px 0px" },
  );
  places.forEach((place) => watcher.observe(place));
  let opened = [];
  addEventListener("beforeprint", () => {
    // Who prints without a window asks twice: first for everything to be drawn, then for the sheets.
    if (printing()) return;
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((part) => (part.open = true));
    watcher.disconnect();
    root.dataset.print = "yes";
    if (!places.length) root.dataset.printed = "yes";
    again(places);
  });
  addEventListener("afterprint", () => {
    opened.forEach((part) => (part.open = false));
    delete root.dataset.print;
    delete root.dataset.printed;
    places.forEach(forget);
    places.forEach((place) => watcher.observe(place));
  });
  dark.addEventListener("change", () => again(places.filter((place) => drawn.has(place))));
  root.dataset.ready = "yes";
})();

// A link opens the folds around its goal, in browsers that do not do so themselves too.
const unfold = () => {
  const goal = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let moved = false;
  for (let fold = goal?.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) {
    fold.open = true;
    moved = true;
  }
  if (moved) goal.scrollIntoView();
};
addEventListener("hashchange", unfold);
// A link to where one is already changes no address, but its fold may have been closed.
addEventListener("click", ({ target }) => {
  if (target.closest?.('a[href^="#"]')?.hash === location.hash) unfold();
});
unfold();

for (const link of document.querySelectorAll("a.get")) {
  const csv = JSON.parse(link.nextElementSibling.textContent);
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
}

// A race is as high as what stands in it. Whose keyboard is inside sees it at the frame, which no :focus tells.
for (const frame of document.querySelectorAll("iframe.replay")) {
  const fit = () => (frame.style.height = `${frame.contentDocument.body.offsetHeight + 2}px`);
  const watch = () => {
    const inside = frame.contentDocument;
    new ResizeObserver(fit).observe(inside.body);
    inside.addEventListener("focusin", ({ target }) => {
      frame.toggleAttribute("data-focused", target.matches(":focus-visible"));
    });
    frame.contentWindow.addEventListener("blur", () => frame.removeAttribute("data-focused"));
  };
  if (frame.contentDocument.body?.classList.contains("replay")) watch();
  frame.addEventListener("load", watch);
}
