"""The catalogue's tables: stars (from the TIC), TOIs (from ExoFOP), data products (from MAST), and its history.

A column's unit is in its name (see the README's glossary); NULL means that the archive does not say.
"""

from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import mapped_column, relationship

from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.storage.database import UtcDateTime, db, now

KNOWN_DISPOSITIONS = ", ".join(f"'{code}'" for code in DISPOSITIONS)


class Star(db.Model):
    """A star with at least one TOI, keyed by its TESS Input Catalogue number. Columns after the TIC v8, errors its own."""

    __tablename__ = "stars"
    tic_id = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    has_tic_row = mapped_column(Boolean, nullable=False)
    """False: MAST had no row; position and brightness are then ExoFOP's."""
    ra_deg = mapped_column(Float)
    dec_deg = mapped_column(Float)
    pm_ra_masyr = mapped_column(Float)
    pm_ra_err_masyr = mapped_column(Float)
    pm_dec_masyr = mapped_column(Float)
    pm_dec_err_masyr = mapped_column(Float)
    parallax_mas = mapped_column(Float)
    parallax_err_mas = mapped_column(Float)
    gal_lon_deg = mapped_column(Float)
    gal_lat_deg = mapped_column(Float)
    ecl_lon_deg = mapped_column(Float)
    ecl_lat_deg = mapped_column(Float)
    tmag = mapped_column(Float, index=True)
    tmag_err = mapped_column(Float)
    teff_k = mapped_column(Float, index=True)
    teff_err_k = mapped_column(Float)
    logg = mapped_column(Float)
    logg_err = mapped_column(Float)
    metallicity_dex = mapped_column(Float)
    metallicity_err_dex = mapped_column(Float)
    stellar_radius_rsun = mapped_column(Float)
    stellar_radius_err_rsun = mapped_column(Float)
    stellar_mass_msun = mapped_column(Float)
    stellar_mass_err_msun = mapped_column(Float)
    density_solar = mapped_column(Float)
    density_err_solar = mapped_column(Float)
    luminosity_lsun = mapped_column(Float)
    luminosity_err_lsun = mapped_column(Float)
    distance_pc = mapped_column(Float, index=True)
    distance_err_pc = mapped_column(Float)
    ebv_mag = mapped_column(Float)
    ebv_err_mag = mapped_column(Float)
    contaminant_count = mapped_column(Integer)
    contamination_ratio = mapped_column(Float)
    priority = mapped_column(Float)

    tois = relationship("Toi", back_populates="star", order_by="(Toi.toi_number, Toi.candidate_number, Toi.toi)")
    products = relationship("DataProduct", back_populates="star", order_by="(DataProduct.sector, DataProduct.filename)")
    __table_args__ = (
        CheckConstraint("tic_id > 0", name="tic_id_positive"),
        CheckConstraint("ra_deg >= 0 AND ra_deg <= 360", name="ra_range"),
        CheckConstraint("dec_deg >= -90 AND dec_deg <= 90", name="dec_range"),
        Index("ix_stars_position", "dec_deg", "ra_deg"),
    )


class Toi(db.Model):
    """A TESS Object of Interest: one transit-like signal. The TOI is text: 101.10 is not 101.1."""

    __tablename__ = "tois"
    toi = mapped_column(String(16), primary_key=True)
    tic_id = mapped_column(BigInteger, ForeignKey("stars.tic_id"), nullable=False, index=True)
    toi_number = mapped_column(Integer, nullable=False)
    candidate_number = mapped_column(Integer, nullable=False)
    """The parts before and after the point, to sort by."""
    tfopwg_disposition = mapped_column(String(3), index=True)
    """The working group's verdict: PC, APC, CP, KP, FP, FA; NULL: none yet."""
    tess_disposition = mapped_column(String(8))
    planet_name = mapped_column(String(80))
    source = mapped_column(String(80))
    detection = mapped_column(String(80))
    comments = mapped_column(Text)
    sectors = mapped_column(Text)
    """ExoFOP's comma list of the sectors observed."""
    epoch_btjd = mapped_column(Float)
    epoch_err_d = mapped_column(Float)
    period_d = mapped_column(Float, index=True)
    """NULL: a single transit."""
    period_err_d = mapped_column(Float)
    duration_h = mapped_column(Float)
    duration_err_h = mapped_column(Float)
    depth_mmag = mapped_column(Float)
    depth_mmag_err = mapped_column(Float)
    depth_ppm = mapped_column(Float, index=True)
    depth_err_ppm = mapped_column(Float)
    planet_radius_rearth = mapped_column(Float, index=True)
    planet_radius_err_rearth = mapped_column(Float)
    insolation_earth = mapped_column(Float)
    equilibrium_temperature_k = mapped_column(Float)
    snr = mapped_column(Float)
    tmag = mapped_column(Float)
    tmag_err = mapped_column(Float)
    ra_deg = mapped_column(Float)
    dec_deg = mapped_column(Float)
    pm_ra_masyr = mapped_column(Float)
    pm_dec_masyr = mapped_column(Float)
    stellar_distance_pc = mapped_column(Float)
    stellar_distance_err_pc = mapped_column(Float)
    teff_k = mapped_column(Float)
    teff_err_k = mapped_column(Float)
    logg = mapped_column(Float)
    logg_err = mapped_column(Float)
    stellar_radius_rsun = mapped_column(Float)
    stellar_radius_err_rsun = mapped_column(Float)
    metallicity_dex = mapped_column(Float)
    metallicity_err_dex = mapped_column(Float)
    stellar_mass_msun = mapped_column(Float)
    stellar_mass_err_msun = mapped_column(Float)
    alerted_on = mapped_column(Date, index=True)
    updated_on = mapped_column(Date)
    modified_at = mapped_column(String(32))

    star = relationship("Star", back_populates="tois")
    __table_args__ = (
        CheckConstraint(f"tfopwg_disposition IN ({KNOWN_DISPOSITIONS})", name="disposition_known"),
        CheckConstraint("period_d > 0", name="period_positive"),
        Index("ix_tois_number", "toi_number", "candidate_number"),
    )


class DataProduct(db.Model):
    """One file at MAST: a sector's light curve (lc), a 20-second one (fast-lc), or a data-validation series (dvt)."""

    __tablename__ = "data_products"
    data_url = mapped_column(String(200), primary_key=True)
    """MAST's URI, `mast:TESS/product/<file>`."""
    tic_id = mapped_column(BigInteger, ForeignKey("stars.tic_id"), nullable=False, index=True)
    filename = mapped_column(String(160), nullable=False, unique=True)
    kind = mapped_column(String(8), nullable=False)
    sector = mapped_column(Integer)
    last_sector = mapped_column(Integer)
    """For a dvt file, the last sector of its search; else the sector."""

    star = relationship("Star", back_populates="products")
    __table_args__ = (CheckConstraint("kind IN ('lc', 'fast-lc', 'dvt', 'other')", name="kind_known"),)


class CatalogueLoad(db.Model):
    """When the catalogue was loaded, from where, and what came."""

    __tablename__ = "catalogue_loads"
    id = mapped_column(Integer, primary_key=True)
    loaded_at = mapped_column(UtcDateTime, nullable=False, default=now)
    toi_url = mapped_column(Text, nullable=False)
    mast_url = mapped_column(Text, nullable=False)
    toi_sha256 = mapped_column(String(64), nullable=False)
    stars_sha256 = mapped_column(String(64), nullable=False)
    products_sha256 = mapped_column(String(64), nullable=False)
    toi_count = mapped_column(Integer, nullable=False)
    star_count = mapped_column(Integer, nullable=False)
    product_count = mapped_column(Integer, nullable=False)
    seconds = mapped_column(Float, nullable=False)
    request_count = mapped_column(Integer, nullable=False)
    skipped = mapped_column(JSON, nullable=False)
    """Sentences: what was left out and why."""
    catalogue_date = mapped_column(String(32))
    """The newest modification date in the TOI table."""
    simulated = mapped_column(Boolean, nullable=False)
    """The bundled sample: its light curves are simulated."""


class CatalogueChange(db.Model):
    """One difference between a load and the one before it."""

    __tablename__ = "catalogue_changes"
    id = mapped_column(Integer, primary_key=True)
    load_id = mapped_column(Integer, ForeignKey("catalogue_loads.id"), nullable=False, index=True)
    changed_at = mapped_column(UtcDateTime, nullable=False, index=True)
    toi = mapped_column(String(16), nullable=False)
    tic_id = mapped_column(BigInteger, nullable=False, index=True)
    kind = mapped_column(String(16), nullable=False)
    before = mapped_column(String(80))
    after = mapped_column(String(80))
    __table_args__ = (CheckConstraint("kind IN ('new', 'retired', 'disposition', 'period')", name="kind_known"),)
