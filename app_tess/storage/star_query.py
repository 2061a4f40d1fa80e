"""What to look for among the stars: `StarQuery`, and how it reads in SQL. `stars.py` asks the questions.

A filter speaks of one TOI (together with its star): a star is found when at least one of its TOIs passes every filter.
"""
import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from app_tess.astro import identifiers
from app_tess.errors import BadRequest
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore

current_run_id = select(ScoringRun.id).where(ScoringRun.is_current).scalar_subquery()
"""The scoring run that everybody sees; NULL when nothing has been scored."""

PROBABILITY = Score.planet_probability
TMAG = func.coalesce(Star.tmag, Toi.tmag)
TEFF_K = func.coalesce(Star.teff_k, Toi.teff_k)
DISTANCE_PC = func.coalesce(Star.distance_pc, Toi.stellar_distance_pc)
"""The TIC's value, or ExoFOP's where the TIC has none."""

RANGES = {
    "probability": PROBABILITY, "period_d": Toi.period_d, "planet_radius_rearth": Toi.planet_radius_rearth,
    "depth_ppm": Toi.depth_ppm, "duration_h": Toi.duration_h, "snr": Toi.snr, "insolation_earth": Toi.insolation_earth,
    "equilibrium_temperature_k": Toi.equilibrium_temperature_k, "tmag": TMAG, "teff_k": TEFF_K, "distance_pc": DISTANCE_PC,
    "stellar_radius_rsun": func.coalesce(Star.stellar_radius_rsun, Toi.stellar_radius_rsun), "toi_count": None,
}
"""What can be limited from below and above; `toi_count` is the number of TOIs of the star."""

_sibling = aliased(Toi)
TOI_COUNT = select(func.count()).select_from(_sibling).where(_sibling.tic_id == Toi.tic_id).correlate(Toi).scalar_subquery()
LIGHT_CURVES = select(func.count()).select_from(DataProduct) \
    .where(DataProduct.tic_id == Toi.tic_id, DataProduct.kind == "lc").correlate(Toi).scalar_subquery()

IS_PLANET = case((Toi.tfopwg_disposition.in_(("CP", "KP")), 1.0), (Toi.tfopwg_disposition.in_(("FP", "FA")), 0.0))
DISAGREEMENT = func.abs(PROBABILITY - IS_PLANET)

SORTS = {
    "alerted_on": Toi.alerted_on, "toi": Toi.toi_number + Toi.candidate_number / 10_000.0, "tic_id": Toi.tic_id,
    "disposition": Toi.tfopwg_disposition, "probability": PROBABILITY, "star_probability": StarScore.planet_probability,
    "period_d": Toi.period_d, "depth_ppm": Toi.depth_ppm, "duration_h": Toi.duration_h, "snr": Toi.snr,
    "planet_radius_rearth": Toi.planet_radius_rearth, "insolation_earth": Toi.insolation_earth,
    "equilibrium_temperature_k": Toi.equilibrium_temperature_k, "epoch_btjd": Toi.epoch_btjd,
    "tmag": TMAG, "teff_k": TEFF_K, "distance_pc": DISTANCE_PC, "stellar_radius_rsun": RANGES["stellar_radius_rsun"],
    "stellar_mass_msun": func.coalesce(Star.stellar_mass_msun, Toi.stellar_mass_msun),
    "logg": func.coalesce(Star.logg, Toi.logg), "metallicity_dex": func.coalesce(Star.metallicity_dex, Toi.metallicity_dex),
    "planet_name": Toi.planet_name, "ra_deg": Star.ra_deg, "dec_deg": Star.dec_deg,
    "updated_on": Toi.updated_on, "toi_count": TOI_COUNT, "light_curves": LIGHT_CURVES, "disagreement": DISAGREEMENT,
}

OPEN = or_(Toi.tfopwg_disposition.in_(("PC", "APC")), Toi.tfopwg_disposition.is_(None))
QUEUES = {
    "candidates": (and_(OPEN, PROBABILITY.is_not(None)), "probability", True),
    "disagree": (DISAGREEMENT > 0.5, "disagreement", True),
    "newest": (None, "alerted_on", True),
    "brightest": (OPEN, "tmag", False),
    "habitable": (and_(Toi.planet_radius_rearth <= 4, Toi.insolation_earth.between(0.2, 1.8),
                       or_(OPEN, Toi.tfopwg_disposition.in_(("CP", "KP")))), "probability", True),
}
"""Lists worth working through: (condition, sort, descending). Habitable zone: 0.2 to 1.8 times the Earth's insolation,
the optimistic limits of Kopparapu et al. 2013 (ApJ 765, 131) for a star like the Sun, rounded."""

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

    def conditions(self, cone_tic_ids=None):
        """SQL conditions on a TOI joined with its star and its score; `cone_tic_ids`: the stars inside the cone."""
        found = [condition for condition in (QUEUES[self.queue][0] if self.queue else None,) if condition is not None]
        if self.text:
            found.append(_matches_text(self.text))
        if cone_tic_ids is not None:
            found.append(Toi.tic_id.in_(cone_tic_ids))
        if self.dispositions:
            known = [code for code in self.dispositions if code != "none"]
            found.append(or_(Toi.tfopwg_disposition.in_(known),
                             Toi.tfopwg_disposition.is_(None) if "none" in self.dispositions else false()))
        for name, (low, high) in self.ranges.items():
            found += _limits(name, low, high)
        if self.sector is not None:
            found.append(("," + func.replace(Toi.sectors, " ", "") + ",").like(f"%,{self.sector},%"))
        if self.has_light_curves is not None:
            has = Toi.tic_id.in_(select(DataProduct.tic_id).where(DataProduct.kind.in_(("lc", "fast-lc"))))
            found.append(has if self.has_light_curves else ~has)
        if self.alerted_since is not None:
            found.append(Toi.alerted_on >= self.alerted_since)
        return found


def _limits(name, low, high):
    column = RANGES[name]
    if column is None:
        counts = select(Toi.tic_id).group_by(Toi.tic_id)
        if low is not None:
            counts = counts.having(func.count() >= low)
        if high is not None:
            counts = counts.having(func.count() <= high)
        return [Toi.tic_id.in_(counts)]
    return [limit for limit in (None if low is None else column >= low, None if high is None else column <= high)
            if limit is not None]


def _matches_text(text):
    """A TIC id or TOI exactly; else any part of the name, spaces and hyphens not counting ("wasp 46b")."""
    ways = []
    try:
        ways.append(Toi.tic_id == identifiers.parse_tic_id(text))
    except BadRequest:
        pass
    number, _, candidate = text.upper().removeprefix("TOI").strip(" -_").partition(".")
    if number.isdecimal() and number.isascii() and len(number) <= 9:
        if candidate:
            ways.append(Toi.toi == f"{int(number)}.{candidate}")
        elif not text.upper().startswith("TIC"):
            ways.append(Toi.toi_number == int(number))
    if ways:
        return or_(*ways)
    bare = text.lower().replace(" ", "").replace("-", "").replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    if not bare:
        return false()
    return or_(*(func.replace(func.replace(func.lower(column), " ", ""), "-", "").like(f"%{bare}%", escape="\\")
                 for column in (Toi.planet_name, Toi.comments)))
