// Adds a "Zoom" button to each figure with data points (data-points); without JavaScript the figure is static.
(() => {
  "use strict";

  const colors = () => {
    const style = getComputedStyle(document.body);
    return { ink: style.color, paper: style.backgroundColor };
  };

  const marks = (transits, ink) => ({
    hooks: {
      draw: [(plot) => {
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.fillStyle = ctx.strokeStyle = ink;
        ctx.setLineDash([4, 4]);
        ctx.globalAlpha = 0.5;
        for (const times of Object.values(transits)) {
          for (const time of times) {
            const x = plot.valToPos(time, "x", true);
            if (x < bbox.left || x > bbox.left + bbox.width) continue;
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
        }
        ctx.restore();
      }],
    },
  });

  const draw = (place, points, width) => {
    const { ink } = colors();
    const axis = { stroke: ink, grid: { stroke: "#8884", width: 1 }, ticks: { stroke: "#8888" } };
    const round = (digits) => (plot, value) => (value == null ? "–" : value.toFixed(digits));
    return new uPlot({
      title: points.title, width, height: 340, plugins: [marks(points.transits, ink)],
      scales: { x: { time: false } },
      axes: [{ ...axis, label: "Time [BTJD, days]", values: (plot, ticks) => ticks.map((tick) => String(+tick.toFixed(6))) }, { ...axis, label: "Flux relative to the median", size: 70 }],
      series: [{ label: "BTJD [d]", value: round(4) },
        { label: "Flux", value: round(5), stroke: "#0072B2", paths: () => null, points: { show: true, size: 3, fill: "#0072B2" } }],
    }, [points.time_btjd, points.flux], place);
  };

  for (const figure of document.querySelectorAll("figure[data-points]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Zoom into this light curve";
    button.addEventListener("click", async () => {
      button.disabled = true;
      button.textContent = "Loading …";
      try {
        const answer = await fetch(figure.dataset.points, { headers: { Accept: "application/json" } });
        if (answer.status === 202) throw new Error((await answer.json()).message);
        if (!answer.ok) throw new Error((await answer.json()).error.message);
        const place = document.createElement("div");
        place.className = "zoom";
        figure.append(place);
        const plot = draw(place, await answer.json(), figure.clientWidth);
        new ResizeObserver(() => plot.setSize({ width: figure.clientWidth, height: 340 })).observe(figure);
        const hint = document.createElement("p");
        hint.textContent = "Drag to zoom, double-click to reset. Dashed lines: predicted transits.";
        figure.append(hint);
        button.remove();
      } catch (error) {
        button.disabled = false;
        button.textContent = `No zoom yet: ${error.message} Try again`;
      }
    });
    figure.append(button);
  }
})();
