"""Classify a star's signals in the light of each other and of the signals of neighboring stars.

Dispositions are not used, neither those of the star's own signals nor those of its neighbors: what counts is which
signals there are, how deep they are, and whether their transits coincide.
"""

from dataclasses import dataclass
from typing import Any

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.ephemeris_match import EQUAL_DEPTH
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.signal_match import ObservedSignal, match_signal
from app_tess.errors import AppTessError


@dataclass(frozen=True)
class ClassifiedSignal:
    """A signal of the star, with its report, which holds the judgement."""

    name: str
    ephemeris: Ephemeris
    report: dict[str, Any]

    @property
    def depth_ppm(self):
        """The depth that the network was given, or None."""
        return (self.report["scalars"] or {}).get("depth_ppm")


def classify_together(star, signals):
    """Calibrate the classes of a star's signals again where other signals of it or of its neighbors bear on them.

    Each judgement gets `context`: None, or with the probabilities of the signal `alone`, the names of the star's
    `other_signals`, the `deeper_neighbors` with the same ephemeris, and a `note` in words.

    Parameters
    ----------
    star : StarInput
    signals : list of ClassifiedSignal
        Their reports are changed.
    """
    classified = [signal for signal in signals if signal.report["judgement"] is not None]
    for signal in classified:
        signal.report["judgement"]["context"] = None
    deeper = [[n for n in star.neighbors if _is_deeper(signal, n)] for signal in classified]
    if len(classified) < 2 and not any(deeper):
        return
    from app_tess.scoring.light_curve_model.star_context import calibrate_together

    repeated = [any(_is_repeat(one, other) for other in classified if other is not one) for one in classified]
    judgements = [signal.report["judgement"] for signal in classified]
    together = calibrate_together(star.tic_id, judgements, repeated, list(map(bool, deeper)))
    for signal, judgement, probabilities, neighbors in zip(classified, judgements, together, deeper, strict=True):
        others = [other.name for other in classified if other is not signal]
        if not others and not neighbors:
            continue
        context = {
            "alone": judgement["probabilities"],
            "other_signals": others,
            "deeper_neighbors": [_as_dict(signal, neighbor) for neighbor in neighbors],
        }
        judgement["probabilities"] = probabilities
        judgement["best"] = max(probabilities, key=probabilities.get)
        judgement["context"] = context | {"note": _note(context, judgement)}


def _is_deeper(signal, neighbor):
    """Whether a neighbor has a deeper signal with the same transit times, at P, P/2 or 2P."""
    if not signal.depth_ppm or not neighbor.depth_ppm or neighbor.depth_ppm <= EQUAL_DEPTH * signal.depth_ppm:
        return False
    return _ratio(signal.ephemeris, neighbor) is not None


def _is_repeat(one, other):
    """Whether two signals of the star have the same ephemeris and equal depths."""
    if not one.depth_ppm or not other.depth_ppm:
        return False
    ratio = other.depth_ppm / one.depth_ppm
    return 1 / EQUAL_DEPTH < ratio < EQUAL_DEPTH and _ratio(one.ephemeris, other.ephemeris) == 1.0


def _ratio(ephemeris, other):
    """Return the period over that of another signal if their transits coincide within what is known of them."""
    try:
        observed = ObservedSignal(
            (ephemeris.epoch_btjd,),
            ephemeris.epoch_err_d,
            ephemeris.period_d,
            ephemeris.period_err_d,
            ephemeris.duration_h,
        )
        known = Ephemeris(other.period_d, other.epoch_btjd, other.duration_h, other.period_err_d, other.epoch_err_d)
    except AppTessError:  # values that no signal has
        return None
    if observed.period_d is None or known.period_d is None:
        return None
    found = match_signal(observed, known)
    return found.ratio if found is not None and found.is_firm else None


def _as_dict(signal, neighbor):
    return {
        "name": neighbor.name,
        "kind": neighbor.kind,
        "tic_id": neighbor.tic_id,
        "separation_arcsec": neighbor.separation_arcsec,
        "depth_ppm": neighbor.depth_ppm,
        "depth_ratio": neighbor.depth_ppm / signal.depth_ppm,
        "period_ratio": _ratio(signal.ephemeris, neighbor),
    }


def _note(context, judgement):
    """Return in words what was taken into account, and the two classes that changed most."""
    reasons = [
        f"the same transits, {one['depth_ratio']:.3g} times as deep, on TIC {one['tic_id']},"
        f" {one['separation_arcsec']:.0f} arcsec away ({one['name'] if one['kind'] == 'TOI' else one['kind']})"
        for one in context["deeper_neighbors"]
    ]
    if context["other_signals"]:
        reasons.append(f"the star's other signals ({', '.join(context['other_signals'])})")
    alone, now = context["alone"], judgement["probabilities"]
    moved = sorted(now, key=lambda code: -abs(now[code] - alone[code]))[:2]
    changes = " and ".join(f"{LIGHT_CURVE_CLASSES[code]} from {alone[code]:.0%} to {now[code]:.0%}" for code in moved)
    return f"Taken into account: {'; '.join(reasons)}. This changes {changes}."
