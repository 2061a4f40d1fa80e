"""The tables of stars that were looked up: when, and which entries of the TIC lie around them."""

import datetime as dt

from sqlalchemy import JSON, BigInteger, Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now


class LookUp(Model):
    """A star whose entry, data products and neighbors were fetched on request. Updates of the catalogue keep it.

    Its row and products are in the tables of all stars; without a TOI they are kept because of this row.
    """

    __tablename__ = "look_ups"
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    looked_up_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, index=True)
    mast_url: Mapped[str] = mapped_column(Text)
    neighbour_count: Mapped[int | None]
    """Other entries of the TIC within 3 arcmin; NULL: its position is unknown, or they were not fetched."""
    notes: Mapped[list[str]] = mapped_column(JSON)
    """Sentences: cells that were left out, and files that could not be had."""


class TicNeighbour(Model):
    """An entry of the TIC within 3 arcmin of a star that was looked up; the star itself is not among them."""

    __tablename__ = "tic_neighbours"
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """The star that was looked up."""
    neighbour_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    separation_arcsec: Mapped[float] = mapped_column(Float)
    ra_deg: Mapped[float] = mapped_column(Float)
    dec_deg: Mapped[float] = mapped_column(Float)
    tmag: Mapped[float | None] = mapped_column(Float)
    tic_disposition: Mapped[str | None] = mapped_column(String(16))
    duplicate_id: Mapped[int | None] = mapped_column(BigInteger)
