"""Resolve a name that is not in the catalogue: MAST's name resolver gives a position, the TIC the stars there."""

from dataclasses import dataclass

from app_tess.archives.mast import MastClient
from app_tess.archives.name_resolver import ResolvedName, fetch_name
from app_tess.astro.sky import separation_deg
from app_tess.storage.frames import rows_of
from app_tess.tasks.archive_access import open_archives

LONGEST_S = 12.0
"""For both questions together [s]: somebody waits for the page."""

RADIUS_ARCSEC = 5.0
"""TIC entries this near the resolved position are taken for the object."""


@dataclass(frozen=True)
class FoundStar:
    """A TIC entry at the position of a name."""

    tic_id: int
    separation_arcsec: float
    tmag: float | None
    tic_disposition: str | None


def resolve(config, name):
    """Return (ResolvedName, or None for an unknown name; its FoundStars, the nearest first).

    Raises
    ------
    ArchiveError, ArchiveTimeout
        MAST failed.
    """
    session = open_archives(config, LONGEST_S)
    found: list[ResolvedName] = fetch_name(config.mast_url, session, name)
    if not found:
        return None, []
    first = found[0]
    rows = MastClient(config.mast_url, session).fetch_neighbours(first.ra_deg, first.dec_deg, RADIUS_ARCSEC / 3600)
    rows = rows[rows["ra_deg"].notna() & rows["dec_deg"].notna()]
    away_arcsec = 3600 * separation_deg(rows["ra_deg"], rows["dec_deg"], first.ra_deg, first.dec_deg)
    entries = rows_of(rows, ("tic_id", "tmag", "tic_disposition"))
    stars = [
        FoundStar(row["tic_id"], away, row["tmag"], row["tic_disposition"])
        for row, away in zip(entries, away_arcsec.tolist(), strict=True)
    ]
    return first, sorted(stars, key=lambda star: star.separation_arcsec)


def only_star(stars):
    """Return the one star of which the TIC has its main entry there; None where there are none or several."""
    main = [star for star in stars if star.tic_disposition is None]
    return main[0] if len(main) == 1 else None
