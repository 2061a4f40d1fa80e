// The curves of a view: loaded once for all of time, and again, finer, for the part that is looked at.

import { onGrid } from "./folding.js";
import { getPoints, Refused } from "./points.js";
import { Timeline } from "./timeline.js";

const OVERVIEW_POINTS = 4500;
const FOLDED_POINTS = 30_000;
const MOST_A_REQUEST = 20_000;

const share = (points, curves) => Math.min(MOST_A_REQUEST, Math.floor(points / Math.max(curves, 1)));

export class Curves {
  /** `address` of the points; `common`: parameters of every request; `onWait` gets a sentence. */
  constructor(address, common, onWait) {
    Object.assign(this, { address, common, onWait, all: [], problems: [] });
  }

  ask(curve, params) {
    const kind = curve.kind || this.common.kind;
    return getPoints(this.address, { sector: curve.sector, ...this.common, kind, ...params }, this.onWait);
  }

  /** Load the first `most` of some curves ("27", "27-qlp") that can be had; Refused where none can. */
  async load(names, most) {
    const found = [], waiting = [...names], points = share(OVERVIEW_POINTS, Math.min(most, names.length));
    while (found.length < most && waiting.length) {
      const batch = waiting.splice(0, most - found.length);
      const answers = await Promise.allSettled(batch.map((name) => this.loadOne(name, points)));
      for (const { value, reason } of answers) {
        if (value) found.push(value);
        else if (reason instanceof Refused && reason.status !== 400) this.problems.push(reason.message);
        else throw reason;
      }
    }
    if (!found.length) throw new Refused(this.problems[0] ?? "There is no light curve.", 404);
    this.all = found.sort((a, b) => a.start - b.start);
    this.timeline = new Timeline(this.all.map(({ start, stop }) => [start, stop]));
    this.all.forEach((curve, i) => (curve.shift = this.timeline.parts[i].shift));
  }

  async loadOne(name, points) {
    const [sector, ...kind] = name.split("-");
    const curve = { sector: Number(sector), kind: kind.join("-"), details: [], folds: [], points };
    curve.overview = await this.ask(curve, { max_points: points });
    return Object.assign(curve, { start: curve.overview.start_btjd, stop: curve.overview.stop_btjd });
  }

  seen(low, high) {
    return this.all.filter((curve) => curve.start <= high && curve.stop >= low);
  }

  /** Load what is finer than what is there in a range of time; whether anything has arrived. */
  async refine(low, high, fold) {
    const seen = this.seen(low, high), most = share(OVERVIEW_POINTS, seen.length);
    const asked = seen.flatMap((curve) => [
      this.refineOne(curve, curve.overview.bin_min && this.wants(curve, low, high, most), curve.details, low, high, { max_points: most }),
      ...(fold && curve.folds[0]?.bin_min ? [this.refineOne(curve, true, curve.folds, low, high, { ...fold, max_points: share(FOLDED_POINTS, seen.length) })] : []),
    ]);
    return (await Promise.all(asked)).some(Boolean);
  }

  wants(curve, low, high, most) {
    const part = (Math.min(high, curve.stop) - Math.max(low, curve.start)) / (curve.stop - curve.start);
    return part < 0.5 || most > curve.points;
  }

  async refineOne(curve, wanted, list, low, high, params) {
    if (!wanted) return false;
    const [from, to] = onGrid(Math.max(low, curve.start), Math.min(high, curve.stop));
    if (list.some((points) => points.from <= from && points.to >= to && !points.bin_min)) return false;
    const points = await this.ask(curve, { btjd_min: from, btjd_max: to, ...params });
    if (list.some((known) => known.of === points)) return false;
    list.push({ ...points, from, to, of: points });
    if (list.length > 8) list.splice(list === curve.folds ? 1 : 0, 1);
    return true;
  }

  /** Load the cadences near the transits of an ephemeris, of every curve. */
  async loadFolds(params) {
    const most = share(FOLDED_POINTS, this.all.length);
    await Promise.all(this.all.map(async (curve) => {
      const points = await this.ask(curve, { ...params, max_points: most });
      curve.folds = [{ ...points, from: -Infinity, to: Infinity, of: points }];
    }));
  }
}
