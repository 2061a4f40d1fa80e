"""The tables of catalogued eclipsing binaries. They outlive every update of the catalogue."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now


class EclipsingBinaryLoad(Model):
    """Which file the binaries came from. The newest load is the one whose rows are stored."""

    __tablename__ = "eclipsing_binary_loads"
    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    signal_count: Mapped[int]


class EclipsingBinary(Model):
    """One signal of a catalogued eclipsing binary; the catalogue gives no errors."""

    __tablename__ = "eclipsing_binaries"
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    signal: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """1, or 2, 3... for further signals of the same TIC entry."""
    tmag: Mapped[float | None] = mapped_column(Float)
    epoch_btjd: Mapped[float] = mapped_column(Float)
    period_d: Mapped[float] = mapped_column(Float)
    morphology: Mapped[float | None] = mapped_column(Float)
    """0 (detached) to 1 (ellipsoidal)."""
    primary_width_phase: Mapped[float | None] = mapped_column(Float)
    primary_depth: Mapped[float | None] = mapped_column(Float)
    secondary_width_phase: Mapped[float | None] = mapped_column(Float)
    secondary_depth: Mapped[float | None] = mapped_column(Float)
    """Widths of the eclipses in units of the period, depths in units of the flux."""
    __table_args__ = (CheckConstraint("period_d > 0", name="period_positive"),)
