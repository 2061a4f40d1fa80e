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


def context_of(detail):
    """Return what the templates of a star's page need, by name."""
    look_up = look_ups.find_look_up(detail.tic_id)
    return {"look_up": look_up, "neighbourhood": _neighbourhood_of(detail, look_up)}


def _neighbourhood_of(detail, look_up):
    star = detail.star
    around = known_signals.entries_around(star.tic_id, star.ra_deg, star.dec_deg)
    neighbours = look_ups.neighbours_of(star.tic_id, MOST_NEIGHBOURS) if look_up else []
    total = (look_up.neighbour_count or 0) if look_up else 0
    own = {star.tic_id: around.pop(star.tic_id)}
    signals = [*known_signals.known_binaries(own), *known_signals.known_signals(around)]
    return Neighbourhood(neighbours, total, signals, eclipsing_binaries.find_current_load())
