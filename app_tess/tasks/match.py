"""Whose signal is it? What is known of a star and its neighbors, compared with transits that somebody has seen."""

from dataclasses import asdict, dataclass

from app_tess.astro import dilution
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import parse_tic_id
from app_tess.astro.positions import parse_position
from app_tess.astro.signal_match import DOUBTS, ObservedSignal, SignalMatch, match_signal, matching_ratio
from app_tess.errors import EphemerisError, InvalidInput
from app_tess.storage import eclipsing_binaries, known_signals, look_ups
from app_tess.storage.known_signals import Entry, KnownSignal

TARGET_ARCSEC = 10.5
"""A star this close to a given position is the one that is meant: half a TESS pixel."""

NOT_A_STAR = ("DUPLICATE", "ARTIFACT")
"""Entries of the TIC whose light is another entry's, or nobody's."""


@dataclass(frozen=True)
class Explanation:
    """A catalogued signal that explains the observed one."""

    signal: KnownSignal
    match: SignalMatch


@dataclass(frozen=True)
class BrightNeighbour:
    """An entry of the TIC that is bright enough to cause the dip in the star's aperture."""

    tic_id: int
    separation_arcsec: float
    tmag: float
    flux_share: float
    """The largest share of the aperture's flux that can be its own."""
    eclipse_depth: float
    """The fraction of its light that must vanish; 1: a total eclipse."""


@dataclass(frozen=True)
class MatchReport:
    """What explains an observed signal."""

    observed: ObservedSignal
    target: Entry | None
    """The star; None where the given position is no stored star's."""
    ra_deg: float | None
    dec_deg: float | None
    explanations: list[Explanation]
    """Firm ones first, then the nearest."""
    period_only: list[tuple[KnownSignal, float]]
    """Signals without a known transit time whose period agrees, and observed / catalogued period."""
    compared_count: int
    bright_neighbours: list[BrightNeighbour] | None
    """The smallest necessary eclipse first; None where they cannot be known (a remark says why)."""
    remarks: list[str]
    """What is unknown, a sentence each."""


def read_star(text):
    """Return (tic_id, None) or (None, (ra_deg, dec_deg)) of a TIC id or a position.

    Raises
    ------
    InvalidInput
        It is neither; `field` is `star`.
    """
    try:
        return parse_tic_id(text), None
    except InvalidInput:
        pass
    try:
        position = parse_position(text)
    except InvalidInput as error:
        raise InvalidInput(str(error), field="star") from error
    if position is None:
        raise InvalidInput(
            f"'{text}' is neither a TIC id (TIC 25155310) nor a position (318.737 -55.872).", field="star"
        )
    return None, position


def match(star, observed):
    """Compare an observed signal with those of a star and its neighbors within 3 arcmin.

    Parameters
    ----------
    star : str
        A TIC id or a position.
    observed : ObservedSignal

    Returns
    -------
    MatchReport

    Raises
    ------
    InvalidInput
        `star` is neither a TIC id nor a position.
    """
    tic_id, position = read_star(star)
    if tic_id is None:
        target = known_signals.nearest_entry(position[0], position[1], TARGET_ARCSEC)
    else:
        target = known_signals.find_entry(tic_id)
    if target is not None and target.ra_deg is not None:
        position = target.ra_deg, target.dec_deg
    ra_deg, dec_deg = position or (None, None)
    around = known_signals.entries_around(target.tic_id if target else tic_id, ra_deg, dec_deg)
    signals = known_signals.known_signals(around)
    bright, remark = _bright_neighbours(observed, target)
    explanations = [found for signal in signals if (found := _explain(observed, signal))]
    return MatchReport(
        observed,
        target,
        ra_deg,
        dec_deg,
        sorted(explanations, key=lambda found: (not found.match.is_firm, found.signal.separation_arcsec)),
        [(signal, ratio) for signal in signals if (ratio := _period_alone(observed, signal))],
        len(signals),
        bright,
        [*_remarks(tic_id, target, position), *([remark] if remark else [])],
    )


def _explain(observed, signal):
    if signal.epoch_btjd is None:
        return None
    try:
        known = Ephemeris(
            signal.period_d, signal.epoch_btjd, signal.duration_h, signal.period_err_d, signal.epoch_err_d
        )
    except EphemerisError:
        return None
    found = match_signal(observed, known)
    return Explanation(signal, found) if found else None


def _period_alone(observed, signal):
    if signal.epoch_btjd is not None or not signal.period_d or not observed.period_d:
        return None
    return matching_ratio(observed.period_d, signal.period_d)


def _bright_neighbours(observed, target):
    """Return the BrightNeighbours, or None with the reason why they cannot be known."""
    if observed.depth_ppm is None:
        return None, "Without a depth, neighbors that are bright enough to cause the dip cannot be listed."
    if target is None:
        return None, "Bright neighbors cannot be listed: no stored star is at this position."
    if target.tmag is None:
        return None, f"Bright neighbors cannot be listed: TIC {target.tic_id} has no Tmag."
    look_up = look_ups.find_look_up(target.tic_id)
    if look_up is None or look_up.neighbour_count is None:
        return None, (
            "Bright neighbors cannot be listed: the TIC entries around"
            f" TIC {target.tic_id} have not been fetched. Look it up first."
        )
    stars = [entry for entry in look_ups.neighbours_of(target.tic_id) if entry.tic_disposition not in NOT_A_STAR]
    faintest = dilution.faintest_tmag(observed.depth_ppm, target.tmag)
    found = [
        BrightNeighbour(
            entry.neighbour_id,
            entry.separation_arcsec,
            entry.tmag,
            dilution.flux_share(entry.tmag, target.tmag),
            dilution.eclipse_depth(observed.depth_ppm, entry.tmag, target.tmag),
        )
        for entry in stars
        if entry.tmag is not None and entry.tmag <= faintest
    ]
    unknown = sum(entry.tmag is None for entry in stars)
    remark = f"{unknown} of {len(stars)} neighbors have no Tmag, so they are left out." if unknown else ""
    return sorted(found, key=lambda neighbour: (neighbour.eclipse_depth, neighbour.separation_arcsec)), remark


def _remarks(tic_id, target, position):
    if target is None:
        if tic_id:
            yield f"TIC {tic_id} is not stored here, so its position and neighbors are unknown: look it up first."
        else:
            yield "No star is stored at this position, so not all of its neighbors may be known here."
    elif position is None:
        yield f"TIC {target.tic_id} has no position, so its neighbors are unknown."
    elif look_ups.find_look_up(target.tic_id) is None:
        yield (
            f"The TIC entries around TIC {target.tic_id} have not been fetched, so eclipsing binaries among its"
            " neighbors may be missing: look it up first."
        )
    if eclipsing_binaries.find_current_load() is None:
        yield "No catalogue of eclipsing binaries is loaded."


def as_record(report):
    """Return a MatchReport in plain values, for JSON."""
    target, observed = report.target, report.observed
    return {
        "star": {
            "tic_id": target and target.tic_id,
            "ra_deg": report.ra_deg,
            "dec_deg": report.dec_deg,
            "tmag": target and target.tmag,
        },
        "observed": asdict(observed) | {"times_btjd": list(observed.times_btjd)},
        "compared_count": report.compared_count,
        "explanations": [
            _signal_record(found.signal, found.match.ratio)
            | {
                "is_firm": found.match.is_firm,
                "doubt": DOUBTS.get(found.match.doubt),
                "differences": [
                    asdict(difference) | {"sigma": difference.sigma} for difference in found.match.differences
                ],
            }
            for found in report.explanations
        ],
        "period_only": [_signal_record(signal, ratio) for signal, ratio in report.period_only],
        "bright_neighbours": None
        if report.bright_neighbours is None
        else [asdict(one) for one in report.bright_neighbours],
        "remarks": report.remarks,
    }


def _signal_record(signal, ratio):
    return asdict(signal) | {"observed_over_catalogued_period": ratio}
