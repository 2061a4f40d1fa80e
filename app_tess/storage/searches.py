"""Searches for transits: one per star, replaced as a whole by the next. They never touch TOIs or scores."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select

from app_tess.storage.database import db, now, plain
from app_tess.storage.search_models import DetectedSignal, Search
from app_tess.storage.switching import switching


def record_search(
    search: dict[str, Any], signals: Sequence[dict[str, Any]], load_id: int | None = None, message: str = ""
) -> None:
    """Replace a star's search and its signals, all at once, and end their run with a message.

    Parameters
    ----------
    search : dict
        The columns of Search but `searched_at`.
    signals : sequence of dict
        number, measured, same_as, report, message.
    load_id : int, optional
        The load whose products and known signals were used.
    message : str

    Raises
    ------
    OutdatedInput, RunEnded
        The catalogue was replaced meanwhile, or the run is over; the earlier search stays.
    """
    with switching(computed_from=load_id) as switch:
        write(search, signals)
        switch.message = message
        switch.sizes = {"signals": len(signals)}


def write(search: dict[str, Any], signals: Sequence[dict[str, Any]]) -> None:
    """Replace a star's search and its signals within the open transaction."""
    tic_id = search["tic_id"]
    rows = [{"tic_id": tic_id} | plain(dict(signal)) | _columns(plain(dict(signal))) for signal in signals]
    db.session.execute(delete(DetectedSignal).where(DetectedSignal.tic_id == tic_id))
    db.session.execute(delete(Search).where(Search.tic_id == tic_id))
    db.session.execute(insert(Search), [plain(search) | {"searched_at": now()}])
    if rows:
        db.session.execute(insert(DetectedSignal), rows)


def _columns(signal: dict[str, Any]) -> dict[str, Any]:
    """Return what is read and sorted without loading the rest."""
    judgement = (signal["report"] or {}).get("judgement")
    return {name: signal["measured"][name] for name in ("period_d", "epoch_btjd", "depth_ppm", "snr", "sde")} | {
        "light_curve_class": judgement["best"] if judgement else None,
        "light_curve_pc": judgement["probabilities"]["PC"] if judgement else None,
    }


def search_of_star(tic_id: int) -> Search | None:
    """Return the newest search of a star, or None where it has not been searched."""
    return db.session.get(Search, tic_id)


def forget_all() -> None:
    """Delete every search, within the open transaction: it was made in the light curves of another catalogue."""
    db.session.execute(delete(DetectedSignal))
    db.session.execute(delete(Search))


def newest() -> tuple[Any, int]:
    """Return when the newest search was stored, and how many there are."""
    searched_at, count = db.session.execute(select(func.max(Search.searched_at), func.count())).one()
    return searched_at, count
