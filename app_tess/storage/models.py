"""The catalogue's tables: stars (from the TIC), TOIs (from ExoFOP), data products (from MAST), and its history.

The register, `app_tess.fields`, says what the columns of stars and TOIs mean; NULL: the archive gives no value.
"""

import datetime as dt

from sqlalchemy import JSON, BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.storage.database import Model, UtcDateTime, now

KNOWN_DISPOSITIONS = ", ".join(f"'{code}'" for code in DISPOSITIONS)


class Star(Model):
    """A star as in the TESS Input Catalog (TIC v8), whose number is the key: one with a TOI, or one looked up."""

    __tablename__ = "stars"
    tic_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    has_tic_row: Mapped[bool]
    """False: MAST had no row; position and brightness are then ExoFOP's."""
    ra_deg: Mapped[float | None] = mapped_column(Float)
    dec_deg: Mapped[float | None] = mapped_column(Float)
    pm_ra_masyr: Mapped[float | None] = mapped_column(Float)
    pm_ra_err_masyr: Mapped[float | None] = mapped_column(Float)
    pm_dec_masyr: Mapped[float | None] = mapped_column(Float)
    pm_dec_err_masyr: Mapped[float | None] = mapped_column(Float)
    parallax_mas: Mapped[float | None] = mapped_column(Float)
    parallax_err_mas: Mapped[float | None] = mapped_column(Float)
    gal_lon_deg: Mapped[float | None] = mapped_column(Float)
    gal_lat_deg: Mapped[float | None] = mapped_column(Float)
    ecl_lon_deg: Mapped[float | None] = mapped_column(Float)
    ecl_lat_deg: Mapped[float | None] = mapped_column(Float)
    tmag: Mapped[float | None] = mapped_column(Float, index=True)
    tmag_err: Mapped[float | None] = mapped_column(Float)
    teff_k: Mapped[float | None] = mapped_column(Float, index=True)
    teff_err_k: Mapped[float | None] = mapped_column(Float)
    logg: Mapped[float | None] = mapped_column(Float)
    logg_err: Mapped[float | None] = mapped_column(Float)
    metallicity_dex: Mapped[float | None] = mapped_column(Float)
    metallicity_err_dex: Mapped[float | None] = mapped_column(Float)
    stellar_radius_rsun: Mapped[float | None] = mapped_column(Float)
    stellar_radius_err_rsun: Mapped[float | None] = mapped_column(Float)
    stellar_mass_msun: Mapped[float | None] = mapped_column(Float)
    stellar_mass_err_msun: Mapped[float | None] = mapped_column(Float)
    density_solar: Mapped[float | None] = mapped_column(Float)
    density_err_solar: Mapped[float | None] = mapped_column(Float)
    luminosity_lsun: Mapped[float | None] = mapped_column(Float)
    luminosity_err_lsun: Mapped[float | None] = mapped_column(Float)
    distance_pc: Mapped[float | None] = mapped_column(Float, index=True)
    distance_err_pc: Mapped[float | None] = mapped_column(Float)
    ebv_mag: Mapped[float | None] = mapped_column(Float)
    ebv_err_mag: Mapped[float | None] = mapped_column(Float)
    contaminant_count: Mapped[int | None]
    contamination_ratio: Mapped[float | None] = mapped_column(Float)
    priority: Mapped[float | None] = mapped_column(Float)
    tic_disposition: Mapped[str | None] = mapped_column(String(16))
    """The TIC's own, of its entry: DUPLICATE, ARTIFACT, SPLIT."""
    duplicate_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The entry that this one duplicates; it need not be in this catalogue."""
    twomass: Mapped[str | None] = mapped_column(String(24), index=True)
    gaia_dr2_id: Mapped[int | None] = mapped_column(BigInteger, index=True)

    tois: Mapped[list["Toi"]] = relationship(
        back_populates="star", order_by="(Toi.toi_number, Toi.candidate_number, Toi.toi)"
    )
    products: Mapped[list["DataProduct"]] = relationship(
        back_populates="star", order_by="(DataProduct.sector, DataProduct.filename)"
    )
    __table_args__ = (
        CheckConstraint("tic_id > 0", name="tic_id_positive"),
        CheckConstraint("ra_deg >= 0 AND ra_deg <= 360", name="ra_range"),
        CheckConstraint("dec_deg >= -90 AND dec_deg <= 90", name="dec_range"),
        Index("ix_stars_position", "dec_deg", "ra_deg"),
    )


class Toi(Model):
    """A TESS Object of Interest: one transit-like signal. The TOI is text: 101.10 is not 101.1."""

    __tablename__ = "tois"
    toi: Mapped[str] = mapped_column(String(16), primary_key=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stars.tic_id"), index=True)
    toi_number: Mapped[int]
    candidate_number: Mapped[int]
    """The digits before and after the point, to sort by."""
    epoch_number: Mapped[int | None] = mapped_column(BigInteger)
    """The number in calendars of the transit at the epoch (see `storage.transit_numbers`)."""
    tfopwg_disposition: Mapped[str | None] = mapped_column(String(3), index=True)
    """The working group's: PC, APC, CP, KP, FP, FA; NULL: none yet."""
    tess_disposition: Mapped[str | None] = mapped_column(String(8))
    planet_name: Mapped[str | None] = mapped_column(String(80))
    source: Mapped[str | None] = mapped_column(String(80))
    detection: Mapped[str | None] = mapped_column(String(80))
    comments: Mapped[str | None] = mapped_column(Text)
    sectors: Mapped[str | None] = mapped_column(Text)
    """ExoFOP's comma list of the sectors observed."""
    epoch_btjd: Mapped[float | None] = mapped_column(Float)
    epoch_err_d: Mapped[float | None] = mapped_column(Float)
    period_d: Mapped[float | None] = mapped_column(Float, index=True)
    """NULL: a single transit."""
    period_err_d: Mapped[float | None] = mapped_column(Float)
    duration_h: Mapped[float | None] = mapped_column(Float)
    duration_err_h: Mapped[float | None] = mapped_column(Float)
    depth_mmag: Mapped[float | None] = mapped_column(Float)
    depth_mmag_err: Mapped[float | None] = mapped_column(Float)
    depth_ppm: Mapped[float | None] = mapped_column(Float, index=True)
    depth_err_ppm: Mapped[float | None] = mapped_column(Float)
    planet_radius_rearth: Mapped[float | None] = mapped_column(Float, index=True)
    planet_radius_err_rearth: Mapped[float | None] = mapped_column(Float)
    insolation_earth: Mapped[float | None] = mapped_column(Float)
    equilibrium_temperature_k: Mapped[float | None] = mapped_column(Float)
    snr: Mapped[float | None] = mapped_column(Float)
    tmag: Mapped[float | None] = mapped_column(Float)
    tmag_err: Mapped[float | None] = mapped_column(Float)
    ra_deg: Mapped[float | None] = mapped_column(Float)
    dec_deg: Mapped[float | None] = mapped_column(Float)
    pm_ra_masyr: Mapped[float | None] = mapped_column(Float)
    pm_dec_masyr: Mapped[float | None] = mapped_column(Float)
    stellar_distance_pc: Mapped[float | None] = mapped_column(Float)
    stellar_distance_err_pc: Mapped[float | None] = mapped_column(Float)
    teff_k: Mapped[float | None] = mapped_column(Float)
    teff_err_k: Mapped[float | None] = mapped_column(Float)
    logg: Mapped[float | None] = mapped_column(Float)
    logg_err: Mapped[float | None] = mapped_column(Float)
    stellar_radius_rsun: Mapped[float | None] = mapped_column(Float)
    stellar_radius_err_rsun: Mapped[float | None] = mapped_column(Float)
    metallicity_dex: Mapped[float | None] = mapped_column(Float)
    metallicity_err_dex: Mapped[float | None] = mapped_column(Float)
    stellar_mass_msun: Mapped[float | None] = mapped_column(Float)
    stellar_mass_err_msun: Mapped[float | None] = mapped_column(Float)
    alerted_on: Mapped[dt.date | None] = mapped_column(index=True)
    updated_on: Mapped[dt.date | None]
    modified_at: Mapped[str | None] = mapped_column(String(32))

    star: Mapped[Star] = relationship(back_populates="tois")
    __table_args__ = (
        CheckConstraint(f"tfopwg_disposition IN ({KNOWN_DISPOSITIONS})", name="disposition_known"),
        CheckConstraint("period_d > 0", name="period_positive"),
        Index("ix_tois_number", "toi_number", "candidate_number"),
    )


PRODUCT_KINDS = ("lc", "fast-lc", "tess-spoc", "qlp", "tglc", "tasoc", "dvt", "other")
"""The kinds of `archives.products`, which this room does not know, by name."""


class DataProduct(Model):
    """One file at MAST: a sector's light curve of some kind, or a data-validation series (dvt)."""

    __tablename__ = "data_products"
    data_url: Mapped[str] = mapped_column(String(200), primary_key=True)
    """MAST's URI, `mast:TESS/product/<file>`."""
    tic_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stars.tic_id"), index=True)
    filename: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    provenance: Mapped[str | None] = mapped_column(String(32))
    """MAST's name of the pipeline. This and what follows the sectors: NULL until an update after version 0.3."""
    sector: Mapped[int | None]
    last_sector: Mapped[int | None]
    """For a dvt file, the last sector of its search; else the sector."""
    cadence_s: Mapped[float | None] = mapped_column(Float)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    """NULL where MAST's list of observations does not state it."""
    released_on: Mapped[dt.date | None]
    start_btjd: Mapped[float | None] = mapped_column(Float)
    stop_btjd: Mapped[float | None] = mapped_column(Float)
    """When the data begin and end, to a few hours."""

    star: Mapped[Star] = relationship(back_populates="products")
    __table_args__ = (CheckConstraint(f"kind IN {PRODUCT_KINDS}", name="kind_known"),)


NO_LIGHT_CURVES = ("dvt", "other")
"""The kinds of product that are no light curves."""

is_light_curve = DataProduct.kind.not_in(NO_LIGHT_CURVES)
light_curve_count = func.count(DataProduct.sector.distinct())
"""SQL: the number of sectors with a light curve, of whatever kinds."""


class CatalogueLoad(Model):
    """When the catalogue was loaded, from where, and how much it held."""

    __tablename__ = "catalogue_loads"
    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    toi_url: Mapped[str] = mapped_column(Text)
    mast_url: Mapped[str] = mapped_column(Text)
    toi_sha256: Mapped[str] = mapped_column(String(64))
    stars_sha256: Mapped[str] = mapped_column(String(64))
    products_sha256: Mapped[str] = mapped_column(String(64))
    toi_count: Mapped[int]
    star_count: Mapped[int]
    product_count: Mapped[int]
    seconds: Mapped[float] = mapped_column(Float)
    request_count: Mapped[int]
    skipped: Mapped[list[str]] = mapped_column(JSON)
    """Sentences: what was left out and why."""
    catalogue_date: Mapped[str | None] = mapped_column(String(32))
    """The newest modification date in the TOI table."""
    simulated: Mapped[bool]
    """The bundled sample: its light curves are simulated."""


class CatalogueChange(Model):
    """One difference between a load and the one before it."""

    __tablename__ = "catalogue_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("catalogue_loads.id"), index=True)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    toi: Mapped[str] = mapped_column(String(16))
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    before: Mapped[str | None] = mapped_column(String(80))
    after: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(80))
    """The size of the change in units of its error and, for transit times, of the duration."""
    __table_args__ = (
        CheckConstraint(
            "kind IN ('new', 'retired', 'disposition', 'star', 'epoch', 'period', 'duration', 'depth', 'radius')",
            name="kind_known",
        ),
    )
