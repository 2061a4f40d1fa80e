"""The section of a star's page on its neighborhood: entries of the TIC and catalogued signals within 3 arcmin."""

from dataclasses import dataclass

from app_tess.storage import eclipsing_binaries, known_signals, look_ups
from app_tess.storage.eclipsing_binary_models import EclipsingBinaryLoad
from app_tess.storage.known_signals import KnownSignal
from app_tess.storage.look_up_models import TicNeighbour

MOST_NEIGHBOURS = 20
"""The nearest entries that are listed; a crowded field has thousands."""


@dataclass(frozen=True)
class Neighbourhood:
    """What lies around a star."""

    neighbours: list[TicNeighbour]
    """The nearest MOST_NEIGHBOURS entries of the TIC; empty unless the star was looked up."""
    total: int
    signals: list[KnownSignal]
    """Of other stars, and of this one what is not shown elsewhere on its page."""
    binaries: EclipsingBinaryLoad | None


def neighbourhood_of(detail, around, beside):
    """Return the Neighbourhood of a star.

    Parameters
    ----------
    detail : StarDetail
    around : dict
        `known_signals.entries_around` of it.
    beside : BesideStar
    """
    tic_id, look_up = detail.tic_id, beside.look_up
    neighbours = look_ups.neighbours_of(tic_id, MOST_NEIGHBOURS) if look_up else []
    total = (look_up.neighbour_count or 0) if look_up else 0
    others = {other: away for other, away in around.items() if other != tic_id}
    signals = [*beside.binaries, *known_signals.known_signals(others)]
    return Neighbourhood(neighbours, total, signals, eclipsing_binaries.find_current_load())
