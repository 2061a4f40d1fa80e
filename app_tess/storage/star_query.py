"""What to look for among the stars: `StarQuery`, and how it reads in SQL on the list of TOIs. `stars.py` runs it.

A filter applies to one TOI together with its star: a star is found when at least one of its TOIs passes every filter.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app_tess.astro import identifiers
from app_tess.astro.constants import HABITABLE_INSOLATION_EARTH
from app_tess.astro.dispositions import CANDIDATES, DISPOSITIONS, NOT_PLANETS, PLANETS
from app_tess.astro.names import name_key, spell_greek
from app_tess.astro.positions import parse_position
from app_tess.astro.probability_bands import VERY_LIKELY
from app_tess.fields import LISTED_FIELDS
from app_tess.storage.classifiers import SCORE_OF_LISTED as CLASSIFIER_SCORE
from app_tess.storage.classifiers import of_classifier
from app_tess.storage.database import db
from app_tess.storage.listing import bare_name, has_kind, listed
from app_tess.storage.models import Star, Toi
from app_tess.storage.planet_models import SearchName
from app_tess.storage.score_models import HAS_FOLD, VettingResult
from app_tess.storage.sky_box import in_box


@dataclass(frozen=True)
class Range:
    """A number that can be limited from below and above."""

    column: ColumnElement[Any]
    low: float = -math.inf
    high: float = math.inf
    """The lowest and the highest limit that makes sense."""


RANGES = {
    "probability": Range(listed.planet_probability, 0, 1),
    "classifier_score": Range(CLASSIFIER_SCORE, 0, 1),
    "light_curve_pc": Range(listed.light_curve_pc, 0, 1),
    **{item.parameter: Range(listed[item.name], *item.limits) for item in LISTED_FIELDS if item.filterable},
    "toi_count": Range(listed.toi_count, 0),
}
"""Name in addresses -> Range; `toi_count` is the number of TOIs of the star."""

PROBABILITY = listed.planet_probability
IS_PLANET = case((listed.tfopwg_disposition.in_(PLANETS), 1.0), (listed.tfopwg_disposition.in_(NOT_PLANETS), 0.0))
DISAGREEMENT = func.abs(PROBABILITY - IS_PLANET)
LIGHT_CURVE_DISAGREEMENT = func.abs(PROBABILITY - listed.light_curve_pc)
CLASSIFIER_DISAGREEMENT = func.abs(PROBABILITY - CLASSIFIER_SCORE)

SORTS: Mapping[str, ColumnElement[Any]] = {
    **{name: item.column for name, item in RANGES.items()},
    **{item.parameter: listed[item.name] for item in LISTED_FIELDS if item.sortable},
    "toi": listed.position,
    "star_probability": listed.star_probability,
    "light_curves": listed.light_curve_count,
    "disagreement": DISAGREEMENT,
    "classifier_disagreement": CLASSIFIER_DISAGREEMENT,
    "light_curve_class": listed.light_curve_class,
    "light_curve_disagreement": LIGHT_CURVE_DISAGREEMENT,
}


def _is_open(disposition: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether a TOI has no final disposition."""
    return or_(disposition.in_(CANDIDATES), disposition.is_(None))


OPEN = _is_open(Toi.tfopwg_disposition)
LISTED_OPEN = _is_open(listed.tfopwg_disposition)
SECTOR_COUNT = func.length(listed.sectors) - func.length(func.replace(listed.sectors, ",", "")) + 1


@dataclass(frozen=True)
class ShortList:
    """Limits of the list of the most probable candidates: very likely, small, bright, and with few TESS data.

    Together they leave some 85 of 5,245 open TOIs in the table of April 2025: as many as a person can look through.
    """

    probability: float = VERY_LIKELY.lowest
    planet_radius_rearth: float = 4.0
    tmag: float = 11.0
    sectors: int = 3


SHORT_LIST = ShortList()
QUEUES: Mapping[str, tuple[ColumnElement[bool] | None, str, bool]] = {
    "candidates": (
        and_(
            LISTED_OPEN,
            SHORT_LIST.probability <= PROBABILITY,
            listed.planet_radius_rearth <= SHORT_LIST.planet_radius_rearth,
            listed.tmag <= SHORT_LIST.tmag,
            SHORT_LIST.sectors >= SECTOR_COUNT,
        ),
        "probability",
        True,
    ),
    "disagree": (DISAGREEMENT > 0.5, "disagreement", True),
    "classifier_score": (CLASSIFIER_DISAGREEMENT > 0.5, "classifier_disagreement", True),
    "light_curve_pc": (LIGHT_CURVE_DISAGREEMENT > 0.5, "light_curve_disagreement", True),
    "newest": (None, "alerted_on", True),
    "brightest": (LISTED_OPEN, "tmag", False),
    "habitable": (
        and_(
            listed.planet_radius_rearth <= 4,
            listed.insolation_earth.between(*HABITABLE_INSOLATION_EARTH),
            or_(LISTED_OPEN, listed.tfopwg_disposition.in_(PLANETS)),
        ),
        "probability",
        True,
    ),
}
"""Lists worth working through: (condition, sort, descending)."""

TIC_DISPOSITIONS = ("DUPLICATE", "SPLIT", "ARTIFACT")
"""The dispositions of entries in the TIC."""
GAIA_RADIUS_DEG = 2 / 60
"""A Gaia source number gives the position to half an arcminute, and stars move."""
TESS_DISPOSITIONS = ("PC", "CP", "KP", "EB", "IS", "V", "O", "FP")
"""The codes of the TESS project's own vetting in ExoFOP's table."""
NO_DISPOSITION = "none"
DISPOSITION_CHOICES = (*DISPOSITIONS, NO_DISPOSITION)
PAGE_SIZES = (25, 50, 100)
"""A page of 100 stars with every column stays under 150 kB."""


@dataclass(frozen=True)
class StarQuery:
    """Which stars a list holds, how it is sorted, and which page of it is asked for. Defaults: newest TOIs first."""

    text: str = ""
    """A TIC id, a TOI, or part of a planet's name (or of ExoFOP's comment, which holds many names)."""
    cone: tuple[float, float, float] | None = None
    """(ra_deg, dec_deg, radius_deg)."""
    dispositions: tuple[str, ...] = ()
    """TFOPWG codes; `none` for TOIs without a disposition; empty: all."""
    ranges: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """A name of RANGES -> (lowest, highest), both included; None: no limit."""
    light_curve_classes: tuple[str, ...] = ()
    """Codes of astro.light_curve_classes; empty: all, classified or not."""
    kinds: tuple[str, ...] = ()
    """Kinds of data products, of which the star has at least one; empty: all, with any or none."""
    sector: int | None = None
    has_light_curves: bool | None = None
    alerted_since: dt.date | None = None
    tic_disposition: str = ""
    tess_dispositions: tuple[str, ...] = ()
    """Codes of the pipelines' vetting (`TESS_DISPOSITIONS`), which is not TFOPWG's; empty: all."""
    tic_ids: tuple[int, ...] = ()
    """A watch list; empty: all stars."""
    has_fold: bool | None = None
    """Whether a TOI has been vetted and has a folded light curve to show."""
    classifier: str = ""
    """The other classifier whose scores are meant; empty: the one that was loaded first."""
    queue: str = ""
    sort: str = "alerted_on"
    descending: bool = True
    page: int = 1
    page_size: int = 50

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the SQL conditions on a ListedToi. A cone gives a box around it; `stars` does the rest."""
        found = []
        if self.queue and (condition := QUEUES[self.queue][0]) is not None:
            found.append(condition)
        if self.text:
            found.append(_matches_text(self.text))
        if self.cone is not None:
            found += in_box(listed, *self.cone)
        if self.dispositions:
            known = [code for code in self.dispositions if code != NO_DISPOSITION]
            found.append(
                or_(
                    listed.tfopwg_disposition.in_(known),
                    listed.tfopwg_disposition.is_(None) if NO_DISPOSITION in self.dispositions else false(),
                )
            )
        if self.light_curve_classes:
            found.append(listed.light_curve_class.in_(self.light_curve_classes))
        if self.kinds:
            found.append(or_(*map(has_kind, self.kinds)))
        for name, (low, high) in self.ranges.items():
            found += [RANGES[name].column >= low] if low is not None else []
            found += [RANGES[name].column <= high] if high is not None else []
        if self.sector is not None:
            found.append(("," + listed.sectors + ",").like(f"%,{self.sector},%"))
        if self.has_light_curves is not None:
            found.append(listed.has_light_curves == self.has_light_curves)
        if self.alerted_since is not None:
            found.append(listed.alerted_on >= self.alerted_since)
        if self.tic_disposition:
            found.append(_star_has(Star.tic_disposition == self.tic_disposition))
        if self.tess_dispositions:
            found.append(listed.toi.in_(select(Toi.toi).where(Toi.tess_disposition.in_(self.tess_dispositions))))
        if self.tic_ids:
            found.append(listed.tic_id.in_(self.tic_ids))
        if self.has_fold is not None:
            folded = listed.toi.in_(select(VettingResult.toi).where(*HAS_FOLD))
            found.append(folded if self.has_fold else not_(folded))
        return [of_classifier(condition, self.classifier) for condition in found]

    def order(self) -> list[UnaryExpression[Any] | ColumnElement[Any]]:
        """Return ORDER BY: missing values last in either direction, equal ones in the order of TOIs.

        Unless another order is asked for, stars with the searched name precede those with a longer one: K2-18, K2-180.
        """
        value = self.sorted_by()
        is_default = self.sort == "alerted_on" and self.descending
        by_name = [case((_goes_on(self.text), 1), else_=0)] if self.text and is_default else []
        return [
            *by_name,
            (value.desc() if self.descending else value.asc()).nulls_last(),
            listed.position.desc() if self.descending else listed.position,
        ]

    def sorted_by(self) -> ColumnElement[Any]:
        """Return the value of a ListedToi that the list is sorted by."""
        return of_classifier(SORTS[self.sort], self.classifier)

    def classifier_score(self) -> ColumnElement[Any]:
        """Return the score of a ListedToi by the classifier that is meant."""
        return of_classifier(CLASSIFIER_SCORE, self.classifier).label("classifier_score")


def _matches_text(text: str) -> ColumnElement[bool]:
    """Return the condition of the search box: TIC ids or a TOI exactly, the name of a planet or star in any spelling;
    else any part of a planet's name or of ExoFOP's comment ("wasp 46b").

    A TIC id also finds the entry that duplicates it; a Gaia or 2MASS number that no star here has, the stars at its
    position.
    """
    found = identifiers.identify(text)
    ways: list[ColumnElement[bool]] = []
    if found.tic_ids:
        ways += [listed.tic_id.in_(found.tic_ids), _star_has(Star.duplicate_id.in_(found.tic_ids))]
    if found.gaia_source is not None:
        position = identifiers.gaia_position_deg(found.gaia_source)
        named = select(SearchName.tic_id).where(SearchName.key == name_key(f"Gaia DR3 {found.gaia_source}"))
        exact = select(Star.tic_id).where(or_(Star.gaia_dr2_id == found.gaia_source, Star.tic_id.in_(named)))
        ways.append(_is_or_near(exact, position))
    if found.twomass is not None:
        exact = select(Star.tic_id).where(Star.twomass == found.twomass)
        ways.append(_is_or_near(exact, parse_position(found.twomass)))
    if found.toi is not None:
        ways.append(listed.toi == found.toi)
    if found.toi_number is not None:
        ways.append(listed.toi_number == found.toi_number)
    if ways:
        return or_(*ways)
    bare, key = _escaped(spell_greek(bare_name(text))), name_key(text)
    if not bare:
        return false()
    # asked first, so that no part of a text is looked for in all of the list where an index finds a published name
    known = db.session.execute(select(SearchName.toi, SearchName.tic_id).where(SearchName.key == key)).all()
    if not known:
        return listed.names.like(f"%{bare}%", escape="\\")
    return or_(
        listed.toi.in_([row.toi for row in known if row.toi is not None]),
        listed.tic_id.in_([row.tic_id for row in known if row.toi is None]),
    )


def _is_or_near(exact: Select[int], position: tuple[float, float] | None) -> ColumnElement[bool]:
    """Return the condition of a star's own number; where no star here has it, that of the position that it gives."""
    toi_hosts = exact.where(Star.tic_id.in_(select(listed.tic_id)))
    return or_(listed.tic_id.in_(exact), and_(not_(toi_hosts.exists()), _is_near(position)))


def _star_has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return listed.tic_id.in_(select(Star.tic_id).where(condition))


def _is_near(position: tuple[float, float] | None) -> ColumnElement[bool]:
    """Return whether a star lies within GAIA_RADIUS_DEG of a position in either coordinate."""
    if position is None:
        return false()
    ra_deg, dec_deg = position
    width = GAIA_RADIUS_DEG / max(math.cos(math.radians(dec_deg)), GAIA_RADIUS_DEG)
    away = func.abs(listed.ra_deg - ra_deg)
    return and_(func.abs(listed.dec_deg - dec_deg) <= GAIA_RADIUS_DEG, or_(away <= width, away >= 360 - width))


def _goes_on(text: str) -> ColumnElement[bool]:
    """Return whether the found name is a longer one, whose number goes on: K2-180 where K2-18 was searched."""
    bare = _escaped(bare_name(text))
    return or_(*(listed.names.like(f"%{bare}{digit}%", escape="\\") for digit in range(10)))


def _escaped(text: str) -> str:
    """Return a text in which LIKE finds no wildcard."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
