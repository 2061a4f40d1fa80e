// Draws many points fast on uPlot's canvas. Each layer has x, y, a color, a shape and a size in CSS pixels.

const draw = {
  dot: (ctx, x, y, size) => ctx.fillRect(x - size / 2, y - size / 2, size, size),
  square: (ctx, x, y, size) => ctx.fillRect(x - size / 2, y - size / 2, size, size),
  ring: (ctx, x, y, size) => {
    ctx.beginPath();
    ctx.arc(x, y, size / 2, 0, 2 * Math.PI);
    ctx.stroke();
  },
  circle: (ctx, x, y, size) => {
    ctx.beginPath();
    ctx.arc(x, y, size / 2, 0, 2 * Math.PI);
    ctx.fill();
  },
  triangle: (ctx, x, y, size) => {
    ctx.beginPath();
    ctx.moveTo(x - size / 2, y + size / 2);
    ctx.lineTo(x + size / 2, y + size / 2);
    ctx.lineTo(x, y - size / 2);
    ctx.fill();
  },
};

/** Draw layers inside the plotting area; points outside its scales are left out. */
export function drawLayers(plot, layers) {
  const { ctx, bbox: box } = plot, { x: sx, y: sy } = plot.scales, ratio = devicePixelRatio || 1;
  const across = box.width / (sx.max - sx.min), up = box.height / (sy.max - sy.min);
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  for (const { x, y, color, shape, size, alpha = 1 } of layers) {
    ctx.fillStyle = ctx.strokeStyle = color;
    ctx.globalAlpha = alpha;
    ctx.lineWidth = 1.6 * ratio;
    const step = shape === "dot" ? size * ratio : 0, columns = step ? Math.ceil(box.width / step) + 1 : 0;
    const taken = step ? new Uint8Array(columns * (Math.ceil(box.height / step) + 1)) : null;
    for (let i = 0; i < x.length; i++) {
      if (!(x[i] >= sx.min && x[i] <= sx.max && y[i] >= sy.min && y[i] <= sy.max)) continue;
      const right = (x[i] - sx.min) * across, down = (sy.max - y[i]) * up;
      // a dot on a dot shows nothing, and takes as long
      if (taken) {
        const cell = Math.round(right / step) + columns * Math.round(down / step);
        if (taken[cell]) continue;
        taken[cell] = 1;
      }
      draw[shape](ctx, box.left + right, box.top + down, size * ratio);
    }
  }
  ctx.restore();
}

/** Write SIMULATED across the plot, so that a copy of it still says so. */
export function drawWatermark(plot, color) {
  const { ctx, bbox: box } = plot;
  ctx.save();
  ctx.translate(box.left + box.width / 2, box.top + box.height / 2);
  ctx.rotate(-0.3);
  ctx.fillStyle = color;
  ctx.globalAlpha = 0.16;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.font = `bold ${Math.round(Math.min(box.width / 8, box.height / 3))}px sans-serif`;
  ctx.fillText("SIMULATED", 0, 0);
  ctx.restore();
}

/** Dashed lines across the plot, with a word at the top of each. */
export function drawLines(plot, lines, color) {
  const { ctx, bbox: box } = plot, ratio = devicePixelRatio || 1;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 4 * ratio]);
  ctx.font = `${12 * ratio}px sans-serif`;
  ctx.textBaseline = "top";
  for (const { x, word = "", alpha = 0.6 } of lines) {
    const at = plot.valToPos(x, "x", true);
    if (at < box.left - 1 || at > box.left + box.width) continue;
    ctx.globalAlpha = alpha;
    ctx.beginPath();
    ctx.moveTo(at, box.top);
    ctx.lineTo(at, box.top + box.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    if (word) ctx.fillText(word, at + 4 * ratio, box.top + 2 * ratio);
  }
  ctx.restore();
}
