// The state of a view <-> the address: the names are those of the form, which the server reads as well.

export const NUMBERS = ["btjd_min", "btjd_max", "period_d", "epoch_btjd", "duration_h"];
const NAMES = ["curve", "mode", ...NUMBERS];

/** The state in an address if it is of this view (`toi`; "" for a star without one), else the default state. */
export function readState(search, toi, isFirst) {
  const params = new URLSearchParams(search);
  const whose = params.get("toi");
  const mine = whose === toi || (!whose && isFirst);
  return Object.fromEntries(NAMES.map((name) => [name, (mine && params.get(name)?.trim()) || ""]));
}

/** The address of a state: what else is in the query stays, defaults are left out. */
export function writeState(location, toi, state) {
  const params = new URLSearchParams(location.search);
  for (const name of ["toi", ...NAMES]) params.delete(name);
  const given = NAMES.filter((name) => state[name] && !(name === "mode" && state[name] === "transit"));
  if (given.length && toi) params.set("toi", toi);
  for (const name of given) params.set(name, state[name]);
  const query = params.toString();
  return location.pathname + (query ? `?${query}` : "") + (toi ? `#toi-${toi}` : location.hash);
}

/** The first thing wrong with a state, as [name, sentence]; the server finds the rest. */
export function findProblem(state) {
  for (const name of NUMBERS) {
    if (state[name] && !Number.isFinite(Number(state[name]))) return [name, `${name}: '${state[name]}' is not a number.`];
  }
  if (state.btjd_min && state.btjd_max && Number(state.btjd_min) >= Number(state.btjd_max)) {
    return ["btjd_max", `btjd_max: ${state.btjd_max} is not after btjd_min (${state.btjd_min}).`];
  }
  return null;
}
