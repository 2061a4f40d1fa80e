"""Which TOI a row of another classifier's scores belongs to: by its TOI, else by its star and period."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app_tess.astro.ephemeris import SAME_SIGNAL

OTHER_STAR = "the TOI belongs to another star in this catalogue"
UNKNOWN_TOI = "no such TOI in this catalogue"
UNKNOWN_STAR = "the star has no TOI in this catalogue"
NO_PERIOD = "no TOI and no period"
OTHER_PERIOD = f"no TOI of the star has this period within {100 * SAME_SIGNAL:g} %"


class Signal(Protocol):
    """What names a signal: a row of scores, or a TOI of the catalogue."""

    @property
    def toi(self) -> str | None: ...
    @property
    def tic_id(self) -> int | None: ...
    @property
    def period_d(self) -> float | None: ...


@dataclass(frozen=True)
class Matched:
    """The TOIs of a row, or the reason why it has none."""

    tois: tuple[Signal, ...] = ()
    by_name: bool = False
    """Whether the row names the TOI."""
    reason: str = ""


def match_rows(rows: Iterable[Signal], tois: Sequence[Signal]) -> Iterator[Matched]:
    """Match each row, in order.

    Parameters
    ----------
    rows : iterable
        toi, tic_id and period_d [d], each None where the file gives none.
    tois : sequence
        The catalogue's, with the same attributes; period_d is None for a single transit.

    Yields
    ------
    Matched
        A row whose TOI the catalogue lacks is matched by star and period, where it gives both.
    """
    by_name = {toi.toi: toi for toi in tois}
    by_star: dict[int | None, list[Signal]] = {}
    for toi in tois:
        by_star.setdefault(toi.tic_id, []).append(toi)
    for row in rows:
        named = by_name.get(row.toi) if row.toi else None
        if named is not None:
            same_star = row.tic_id in (None, named.tic_id)
            yield Matched((named,), by_name=True) if same_star else Matched(reason=OTHER_STAR)
        else:
            yield _by_period(row, by_star)


def _by_period(row: Signal, by_star: dict[int | None, list[Signal]]) -> Matched:
    if row.tic_id is None:
        return Matched(reason=UNKNOWN_TOI)
    if row.tic_id not in by_star:
        return Matched(reason=UNKNOWN_STAR)
    if row.period_d is None:
        return Matched(reason=UNKNOWN_TOI if row.toi else NO_PERIOD)
    near = tuple(
        toi
        for toi in by_star[row.tic_id]
        if toi.period_d is not None and abs(row.period_d / toi.period_d - 1) <= SAME_SIGNAL
    )
    return Matched(near) if near else Matched(reason=OTHER_PERIOD)
