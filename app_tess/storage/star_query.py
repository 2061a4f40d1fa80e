"""What to look for among the stars: `StarQuery`, and how it reads in SQL on the list of TOIs. `stars.py` asks the questions.

A filter speaks of one TOI (together with its star): a star is found when at least one of its TOIs passes every filter.
"""

import contextlib
import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, false, func, or_

from app_tess.astro import identifiers
from app_tess.astro.constants import HABITABLE_INSOLATION_EARTH
from app_tess.errors import InvalidInput
from app_tess.storage.listing import bare_name, listed
from app_tess.storage.models import Toi
from app_tess.storage.score_models import current_run_id

__all__ = ["DISPOSITIONS", "OPEN", "PAGE_SIZES", "QUEUES", "RANGES", "SORTS", "StarQuery", "current_run_id"]

RANGES = {
    name: listed[attribute]
    for name, attribute in (
        ("probability", "planet_probability"),
        ("exominer", "exominer_score"),
        *(
            (name, name)
            for name in (
                "period_d",
                "planet_radius_rearth",
                "depth_ppm",
                "duration_h",
                "snr",
                "insolation_earth",
                "equilibrium_temperature_k",
                "tmag",
                "teff_k",
                "distance_pc",
                "stellar_radius_rsun",
                "toi_count",
            )
        ),
    )
}
"""What can be limited from below and above; `toi_count` is the number of TOIs of the star."""

PROBABILITY = listed.planet_probability
IS_PLANET = case((listed.tfopwg_disposition.in_(("CP", "KP")), 1.0), (listed.tfopwg_disposition.in_(("FP", "FA")), 0.0))
DISAGREEMENT = func.abs(PROBABILITY - IS_PLANET)
EXOMINER_DISAGREEMENT = func.abs(PROBABILITY - listed.exominer_score)

SORTS = RANGES | {
    "alerted_on": listed.alerted_on,
    "toi": listed.position,
    "tic_id": listed.tic_id,
    "disposition": listed.tfopwg_disposition,
    "star_probability": listed.star_probability,
    "epoch_btjd": listed.epoch_btjd,
    "stellar_mass_msun": listed.stellar_mass_msun,
    "logg": listed.logg,
    "metallicity_dex": listed.metallicity_dex,
    "planet_name": listed.planet_name,
    "ra_deg": listed.ra_deg,
    "dec_deg": listed.dec_deg,
    "updated_on": listed.updated_on,
    "light_curves": listed.light_curve_count,
    "disagreement": DISAGREEMENT,
    "exominer_disagreement": EXOMINER_DISAGREEMENT,
}


def _is_open(disposition):
    """Still without a verdict either way."""
    return or_(disposition.in_(("PC", "APC")), disposition.is_(None))


OPEN = _is_open(Toi.tfopwg_disposition)
LISTED_OPEN = _is_open(listed.tfopwg_disposition)
QUEUES = {
    "candidates": (and_(LISTED_OPEN, PROBABILITY.is_not(None)), "probability", True),
    "disagree": (DISAGREEMENT > 0.5, "disagreement", True),
    "exominer": (EXOMINER_DISAGREEMENT > 0.5, "exominer_disagreement", True),
    "newest": (None, "alerted_on", True),
    "brightest": (LISTED_OPEN, "tmag", False),
    "habitable": (
        and_(
            listed.planet_radius_rearth <= 4,
            listed.insolation_earth.between(*HABITABLE_INSOLATION_EARTH),
            or_(LISTED_OPEN, listed.tfopwg_disposition.in_(("CP", "KP"))),
        ),
        "probability",
        True,
    ),
}
"""Lists worth working through: (condition, sort, descending)."""

DISPOSITIONS = ("PC", "APC", "CP", "KP", "FP", "FA", "none")
PAGE_SIZES = (25, 50, 100)
"""A page of 100 stars with every column stays under 150 kB."""


@dataclass(frozen=True)
class StarQuery:
    """What a list of stars is limited to, how it is sorted, and which page of it is wanted. Defaults: newest TOIs first."""

    text: str = ""
    """A TIC id, a TOI, or part of a planet's name (or of ExoFOP's comment, where many names stand)."""
    cone: tuple[float, float, float] | None = None
    """(ra_deg, dec_deg, radius_deg)."""
    dispositions: tuple[str, ...] = ()
    """TFOPWG codes; `none` for TOIs without a verdict; empty: all."""
    ranges: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """A name of RANGES -> (lowest, highest), both included; None: no limit."""
    sector: int | None = None
    has_light_curves: bool | None = None
    alerted_since: dt.date | None = None
    queue: str = ""
    sort: str = "alerted_on"
    descending: bool = True
    page: int = 1
    page_size: int = 50

    def conditions(self):
        """SQL conditions on a ListedToi. Of a cone only its band of declination: the rest is `stars`' to judge."""
        found = [condition for condition in (QUEUES[self.queue][0] if self.queue else None,) if condition is not None]
        if self.text:
            found.append(_matches_text(self.text))
        if self.cone is not None:
            _, dec_deg, radius_deg = self.cone
            found.append(listed.dec_deg.between(dec_deg - radius_deg, dec_deg + radius_deg))
            found.append(listed.ra_deg.is_not(None))
        if self.dispositions:
            known = [code for code in self.dispositions if code != "none"]
            found.append(
                or_(
                    listed.tfopwg_disposition.in_(known),
                    listed.tfopwg_disposition.is_(None) if "none" in self.dispositions else false(),
                )
            )
        for name, (low, high) in self.ranges.items():
            found += [RANGES[name] >= low] if low is not None else []
            found += [RANGES[name] <= high] if high is not None else []
        if self.sector is not None:
            found.append(("," + listed.sectors + ",").like(f"%,{self.sector},%"))
        if self.has_light_curves is not None:
            found.append(listed.has_light_curves == self.has_light_curves)
        if self.alerted_since is not None:
            found.append(listed.alerted_on >= self.alerted_since)
        return found

    def order(self):
        """ORDER BY: missing values last either way, equal ones in the order of TOIs."""
        value = SORTS[self.sort]
        return [
            (value.desc() if self.descending else value.asc()).nulls_last(),
            listed.position.desc() if self.descending else listed.position,
        ]


def _matches_text(text):
    """A TIC id or TOI exactly; else any part of the name ("wasp 46b")."""
    ways: list[ColumnElement[bool]] = []
    with contextlib.suppress(InvalidInput):
        ways.append(listed.tic_id == identifiers.parse_tic_id(text))
    with contextlib.suppress(InvalidInput):
        ways.append(listed.toi == identifiers.parse_toi(text))
    number = identifiers.find_toi_number(text)
    if number is not None:
        ways.append(listed.toi_number == number)
    if ways:
        return or_(*ways)
    bare = bare_name(text).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return listed.names.like(f"%{bare}%", escape="\\") if bare else false()
