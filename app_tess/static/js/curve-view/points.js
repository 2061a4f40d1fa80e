// Asks the server for points. What was asked for before is not asked for again; what is being fetched from the archive
// is asked for until it is there.

const MOST_KEPT = 60;
const kept = new Map();

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The points at an address; `onWait` gets a sentence while the archive is waited for. */
export function getPoints(address, params, onWait) {
  const query = Object.entries(params).filter(([, value]) => value !== "" && value != null);
  const url = `${address}?${new URLSearchParams(query)}`;
  if (!kept.has(url)) {
    const answer = ask(url, onWait);
    answer.catch(() => kept.delete(url));
    kept.set(url, answer);
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  }
  return kept.get(url);
}

async function ask(url, onWait) {
  for (;;) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const retry = Number(answer.headers.get("Retry-After"));
    if (answer.status === 202 || (answer.status === 503 && retry)) {
      const waiting = await answer.json();
      onWait(waiting.message ?? waiting.error.message);
      await new Promise((resolve) => setTimeout(resolve, 1000 * (retry || 3)));
      continue;
    }
    if (!answer.ok) throw new Refused((await answer.json()).error.message, answer.status);
    return typed(await answer.json());
  }
}

// Numbers in typed arrays are folded and drawn several times faster.
function typed(points) {
  for (const name of ["time_btjd", "flux", "detrended_flux"]) {
    points[name] = Float64Array.from(points[name], (value) => value ?? NaN);
  }
  return points;
}

/** What is drawn, in words: "2-minute cadence, 5,400 points". */
export function describePoints(parts, count) {
  const length = (seconds) => (seconds % 60 ? `${seconds}-second` : `${seconds / 60}-minute`);
  const words = parts.map(({ bin_min: bin, cadence_s: cadence }) => (bin ? `${bin}-minute medians` : `${length(cadence)} cadence`));
  return `${[...new Set(words)].join(" and ")}, ${count.toLocaleString("en-US")} point${count === 1 ? "" : "s"}`;
}
