// Starts each view of a page when it comes near the screen. Without uPlot the pictures are shown.

import { CurveView } from "./view.js";

const roots = [...document.querySelectorAll(".curve-view")];

if (typeof uPlot === "undefined") document.documentElement.classList.remove("with-views");
else {
  const views = new Map(roots.map((root, i) => [root, new CurveView(root, i === 0)]));
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      views.get(target).start();
    }
  }, { rootMargin: "300px" });
  roots.forEach((root) => near.observe(root));
  // colors are read when a plot is drawn
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => views.forEach((view) => view.curves && view.draw()));
  }
}
