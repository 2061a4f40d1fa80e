"""The tables of other classifiers' scores, published or private. They outlive every update of the catalogue."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app_tess.storage.database import Model, UtcDateTime, now

LONGEST_NAME = 60
"""Characters of a classifier's name and of a version."""


class Classifier(Model):
    """A classifier whose scores are stored, and the file that they came from."""

    __tablename__ = "classifiers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(String(4 * LONGEST_NAME), unique=True)
    """The name in lower case: "exominer" and "ExoMiner" are one classifier."""
    loaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]


class ClassifierScore(Model):
    """A row of a classifier's file. The TOI, or else the star and the period, say which signal was scored."""

    __tablename__ = "classifier_scores"
    id: Mapped[int] = mapped_column(primary_key=True)
    classifier_id: Mapped[int] = mapped_column(ForeignKey("classifiers.id", ondelete="CASCADE"), index=True)
    row: Mapped[int | None]
    """Its row in the file, whose first is 1; NULL: loaded by a version that did not keep it."""
    toi: Mapped[str | None] = mapped_column(String(16))
    tic_id: Mapped[int | None] = mapped_column(BigInteger)
    period_d: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float] = mapped_column(Float)
    scored_on: Mapped[dt.date | None]
    """NULL: the file gives no date."""
    version: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    __table_args__ = (CheckConstraint("score >= 0 AND score <= 1", name="score_range"),)


class MatchedScore(Model):
    """A classifier's score of a TOI: derived from its rows and the catalogue, whenever one of them is replaced."""

    __tablename__ = "matched_scores"
    classifier_id: Mapped[int] = mapped_column(ForeignKey("classifiers.id", ondelete="CASCADE"), primary_key=True)
    toi: Mapped[str] = mapped_column(String(16), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    score: Mapped[float] = mapped_column(Float)
    scored_on: Mapped[dt.date | None]
    version: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
