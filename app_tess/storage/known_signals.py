"""What is known to dim a star or its neighbors: TOIs, published planets and catalogued eclipsing binaries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, literal, select, union_all

from app_tess.astro.constants import HOURS_PER_DAY, PPM
from app_tess.astro.identifiers import toi_name
from app_tess.astro.sky import separation_deg
from app_tess.storage.database import IDS_A_STATEMENT, db
from app_tess.storage.eclipsing_binaries import binaries_of
from app_tess.storage.eclipsing_binary_models import EclipsingBinary
from app_tess.storage.look_up_models import LookUp, TicNeighbour
from app_tess.storage.models import Star, Toi
from app_tess.storage.planet_models import Planet
from app_tess.storage.sky_box import in_box

RADIUS_ARCSEC = 180.0
"""Nine TESS pixels of 21 arcsec: the light of a star reaches the apertures of others up to about this distance.
The pairs of TOIs known in 2025 to be one signal lie within 47 arcsec."""

LONGEST_COMMENT = 80


@dataclass(frozen=True)
class KnownSignal:
    """A catalogued signal of a star or of one of its neighbors."""

    kind: str
    """`TOI`, `planet` or `eclipsing binary`."""
    name: str
    tic_id: int
    separation_arcsec: float
    period_d: float | None
    period_err_d: float | None
    epoch_btjd: float | None
    epoch_err_d: float | None
    duration_h: float | None
    depth_ppm: float | None
    note: str
    """The TFOPWG disposition of a TOI and ExoFOP's comment, how a planet was found, the morphology of a binary."""


@dataclass(frozen=True)
class Entry:
    """A stored star, or an entry of the TIC around one."""

    tic_id: int
    ra_deg: float | None
    dec_deg: float | None
    tmag: float | None


def find_entry(tic_id: int) -> Entry | None:
    """Return a stored star, or else an entry of the TIC around one; None where it is neither."""
    for model, key in ((Star, Star.tic_id), (TicNeighbour, TicNeighbour.neighbour_id)):
        found = select(key, model.ra_deg, model.dec_deg, model.tmag).where(key == tic_id).limit(1)
        if row := db.session.execute(found).first():
            return Entry(*row)
    return None


def nearest_entry(ra_deg: float, dec_deg: float, radius_arcsec: float) -> Entry | None:
    """Return the stored star or TIC entry nearest to a position [deg], None without one within a radius [arcsec]."""
    around = entries_around(None, ra_deg, dec_deg)
    nearest = min(around, key=lambda tic_id: around[tic_id], default=None)
    return None if nearest is None or around[nearest] > radius_arcsec else find_entry(nearest)


def entries_around(tic_id: int | None, ra_deg: float | None, dec_deg: float | None) -> dict[int, float]:
    """Return tic_id -> separation [arcsec] of the stored stars and TIC entries within RADIUS_ARCSEC, inclusive.

    Parameters
    ----------
    tic_id : int or None
        A star, which is among them at 0 arcsec.
    ra_deg, dec_deg : float or None
        Its position, or any other, ICRS [deg]; without one the star alone is returned.
    """
    found: dict[int, float] = {}
    if ra_deg is not None and dec_deg is not None:
        tables: tuple[tuple[Any, Any], ...] = ((TicNeighbour, TicNeighbour.neighbour_id), (Star, Star.tic_id))
        parts = [
            select(key, model.ra_deg, model.dec_deg, literal(number)).where(
                *in_box(model, ra_deg, dec_deg, RADIUS_ARCSEC / 3600)
            )
            for number, (model, key) in enumerate(tables)
        ]
        rows = sorted(db.session.execute(union_all(*parts)), key=lambda row: row[3])  # a stored star's position counts
        if rows:
            ids, ra, dec, _ = zip(*rows, strict=True)
            away_arcsec = 3600 * separation_deg(ra, dec, ra_deg, dec_deg)
            found = {i: away for i, away in zip(ids, away_arcsec.tolist(), strict=True) if away <= RADIUS_ARCSEC}
    return found if tic_id is None else found | {tic_id: 0.0}


def known_signals(around: dict[int, float]) -> list[KnownSignal]:
    """Return the signals of some stars, in a few statements however many stars; nearest first.

    A published planet that is a TOI appears as that TOI, under the planet's name.

    Parameters
    ----------
    around : dict
        tic_id -> separation [arcsec], from `entries_around`.
    """
    found: list[KnownSignal] = []
    ids = sorted(around)
    for start in range(0, len(ids), IDS_A_STATEMENT):
        part = ids[start : start + IDS_A_STATEMENT]
        found += _tois(db.session.scalars(select(Toi).where(Toi.tic_id.in_(part))), around)
        alone = select(Planet).where(Planet.tic_id.in_(part), Planet.toi.is_(None))
        found += [_planet(planet, around) for planet in db.session.scalars(alone)]
        found += known_binaries({tic_id: around[tic_id] for tic_id in part})
    return sorted(found, key=lambda signal: (signal.separation_arcsec, signal.tic_id, signal.kind, signal.name))


def known_binaries(around: dict[int, float]) -> list[KnownSignal]:
    """Return the catalogued binaries alone, as `known_signals` does."""
    return [_binary(binary, around) for binary in binaries_of(around)]


def signals_of_neighbors(star: Star) -> list[KnownSignal]:
    """Return the TOIs and catalogued binaries of the other stars within RADIUS_ARCSEC of a star; nearest first.

    Stars that a survey has added are left out: what is known of a star must not depend on the order of a survey.
    """
    around = entries_around(star.tic_id, star.ra_deg, star.dec_deg)
    del around[star.tic_id]
    if not around:
        return []
    of_survey = select(LookUp.tic_id).where(
        LookUp.tic_id.in_(list(around)),
        LookUp.neighbour_count.is_(None),
        ~exists().where(Toi.tic_id == LookUp.tic_id),
    )
    for tic_id in db.session.scalars(of_survey):
        del around[tic_id]
    return [signal for signal in known_signals(around) if signal.kind != "planet"]


def _tois(rows: Iterable[Toi], around: dict[int, float]) -> list[KnownSignal]:
    return [
        KnownSignal(
            kind="TOI",
            name=", ".join(filter(None, (toi.planet_name, toi_name(toi.toi)))),
            tic_id=toi.tic_id,
            separation_arcsec=around[toi.tic_id],
            period_d=toi.period_d,
            period_err_d=toi.period_err_d,
            epoch_btjd=toi.epoch_btjd,
            epoch_err_d=toi.epoch_err_d,
            duration_h=toi.duration_h,
            depth_ppm=toi.depth_ppm,
            note="; ".join(filter(None, (toi.tfopwg_disposition or "no disposition", _brief(toi.comments)))),
        )
        for toi in rows
    ]


def _brief(comment: str | None) -> str:
    """Return ExoFOP's comment, which holds many names of planets and binaries, cut to LONGEST_COMMENT."""
    text = comment or ""
    return text if len(text) <= LONGEST_COMMENT else f"{text[:LONGEST_COMMENT]}..."


def _planet(planet: Planet, around: dict[int, float]) -> KnownSignal:
    return KnownSignal(
        kind="planet",
        name=planet.planet_name,
        tic_id=planet.tic_id,
        separation_arcsec=around[planet.tic_id],
        period_d=planet.period_d,
        period_err_d=planet.period_err_d,
        epoch_btjd=planet.epoch_btjd,
        epoch_err_d=planet.epoch_err_d,
        duration_h=None,
        depth_ppm=None,
        note=f"found by {planet.discovery_method.lower()}" if planet.discovery_method else "published planet",
    )


def _binary(binary: EclipsingBinary, around: dict[int, float]) -> KnownSignal:
    width = binary.primary_width_phase
    return KnownSignal(
        kind="eclipsing binary",
        name=f"TIC {binary.tic_id}" + (f", signal {binary.signal}" if binary.signal > 1 else ""),
        tic_id=binary.tic_id,
        separation_arcsec=around[binary.tic_id],
        period_d=binary.period_d,
        period_err_d=None,
        epoch_btjd=binary.epoch_btjd,
        epoch_err_d=None,
        duration_h=None if width is None else width * binary.period_d * HOURS_PER_DAY,
        depth_ppm=None if binary.primary_depth is None else binary.primary_depth * PPM,
        note="" if binary.morphology is None else f"morphology {binary.morphology:.2f}",
    )
