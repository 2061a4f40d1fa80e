"""The tables of searches: what was searched of a star, and the signals detected there. None of them is a TOI."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app_tess.storage.database import Model, UtcDateTime, now
from app_tess.storage.score_models import VettingReportJson


class Search(Model):
    """The newest search of a star for transits, with its provenance."""

    __tablename__ = "searches"
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    searched_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    notes: Mapped[list[str]] = mapped_column(JSON)
    """Sentences on what limits it."""
    rejected: Mapped[list[str]] = mapped_column(JSON)
    """A sentence for each peak that is no signal."""
    periodogram: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Lists: period_d, sde, window; thinned to the highest point of each step."""
    known: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The star's known signals: name and ephemeris."""
    masked_known: Mapped[bool]
    """Whether their transits were removed before the search."""
    listed: Mapped[list[str]] = mapped_column(JSON)
    """The light-curve files that the catalogue listed."""
    simulated: Mapped[bool]
    provenance: Mapped[dict[str, Any]] = mapped_column(JSON)
    signals: Mapped[list["DetectedSignal"]] = relationship(
        order_by="DetectedSignal.number", lazy="selectin", viewonly=True
    )


class DetectedSignal(Model):
    """A signal detected here; it is not a TOI."""

    __tablename__ = "detected_signals"
    tic_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("searches.tic_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period_d: Mapped[float | None] = mapped_column(Float)
    """NULL: a single transit."""
    epoch_btjd: Mapped[float] = mapped_column(Float)
    depth_ppm: Mapped[float] = mapped_column(Float)
    snr: Mapped[float] = mapped_column(Float)
    sde: Mapped[float | None] = mapped_column(Float)
    measured: Mapped[dict[str, Any]] = mapped_column(JSON)
    """All of it, as `astro.search.signal.Signal.as_dict` writes it."""
    same_as: Mapped[str | None] = mapped_column(String(40))
    """The known signal with the same period and transit times."""
    report: Mapped[dict[str, Any] | None] = mapped_column(VettingReportJson)
    message: Mapped[str | None] = mapped_column(Text)
    """Why there is no report."""
    light_curve_class: Mapped[str | None] = mapped_column(String(2))
    light_curve_pc: Mapped[float | None] = mapped_column(Float)
