"""The columns of the machine interfaces, once: name, unit, UCD and meaning. Every format and the OpenAPI document read them here.

UCDs: IVOA UCD1+ controlled vocabulary 1.4.
"""

from dataclasses import dataclass, replace

CDS_UNITS = {
    "": "",
    "deg": "deg",
    "mas": "mas",
    "mas/yr": "mas.yr-1",
    "mag": "mag",
    "mmag": "mmag",
    "K": "K",
    "dex(1)": "[-]",
    "dex(cm/s2)": "[cm.s-2]",
    "solRad": "Rsun",
    "solMass": "solMass",
    "solLum": "Lsun",
    "pc": "pc",
    "d": "d",
    "h": "h",
    "earthRad": "Rgeo",
    "1e-6": "ppm",
}
"""astropy's spelling -> the CDS standard's, which VOTable 1.3 asks for (https://cds.unistra.fr/doc/catstd-3.2.htx).
VOTable 1.4's VOUnits know neither Earth radii nor logarithms of units."""


@dataclass(frozen=True)
class Column:
    """One column. `datatype` is `long`, `int`, `double`, `boolean`, `text`, `date`; `unit` is astropy's spelling."""

    name: str
    datatype: str
    unit: str
    ucd: str
    description: str
    required: bool = False
    """Never null."""

    @property
    def cds_unit(self):
        return CDS_UNITS[self.unit]


def _pair(name, error_name, unit, ucd, what):
    return (
        Column(name, "double", unit, ucd, what),
        Column(error_name, "double", unit, f"stat.error;{ucd}", f"Standard error of {name}"),
    )


PROBABILITY = Column(
    "planet_probability",
    "double",
    "",
    "stat.probability",
    "Our model's probability that the signal, once judged, is judged a planet; null where there is no score",
)

EXOFOP_COLUMNS = (
    Column("toi", "text", "", "meta.id;meta.main", "TESS Object of Interest; text, for 101.10 is not 101.1", True),
    Column("tic_id", "long", "", "meta.id.parent", "Number of the star in the TESS Input Catalogue", True),
    Column(
        "tfopwg_disposition",
        "text",
        "",
        "meta.code.class",
        "Verdict of the TESS follow-up working group: PC, APC, CP, KP, FP, FA; null where none",
    ),
    PROBABILITY,
    Column("not_scored_reason", "text", "", "meta.note", "Why there is no planet_probability"),
    Column("planet_name", "text", "", "meta.id", "Name of the planet, once it has one"),
    Column("tess_disposition", "text", "", "meta.code.class", "Disposition by the TESS project's own vetting"),
    Column("source", "text", "", "meta.bib", "Who delivered the TOI"),
    Column("detection", "text", "", "meta.code", "Pipeline that detected it"),
    Column("sectors", "text", "", "meta.id;obs.field", "TESS sectors in which the star was observed, comma-separated"),
    *_pair("epoch_btjd", "epoch_err_d", "d", "time.epoch", "A mid-transit time: BJD (TDB) minus 2457000"),
    *_pair("period_d", "period_err_d", "d", "time.period", "Orbital period; null for a single transit"),
    *_pair("duration_h", "duration_err_h", "h", "time.duration", "Duration of the transit, first to fourth contact"),
    *_pair("depth_mmag", "depth_mmag_err", "mmag", "phot.mag;arith.diff", "Depth of the transit in magnitudes"),
    *_pair(
        "depth_ppm",
        "depth_err_ppm",
        "1e-6",
        "phot.flux;arith.ratio",
        "Depth of the transit, parts per million of the flux",
    ),
    *_pair("planet_radius_rearth", "planet_radius_err_rearth", "earthRad", "phys.size.radius", "Radius of the planet"),
    Column(
        "insolation_earth",
        "double",
        "",
        "phys.energy.density;arith.ratio",
        "Starlight on the planet over that on the Earth",
    ),
    Column("equilibrium_temperature_k", "double", "K", "phys.temperature", "Equilibrium temperature of the planet"),
    Column("snr", "double", "", "stat.snr", "Signal-to-noise ratio of the transits"),
    *_pair("tmag", "tmag_err", "mag", "phot.mag;em.opt.I", "TESS magnitude of the star (ExoFOP)"),
    Column("ra_deg", "double", "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS (ExoFOP)"),
    Column("dec_deg", "double", "deg", "pos.eq.dec;meta.main", "Declination, ICRS (ExoFOP)"),
    Column(
        "pm_ra_masyr", "double", "mas/yr", "pos.pm;pos.eq.ra", "Proper motion in right ascension times cos(declination)"
    ),
    Column("pm_dec_masyr", "double", "mas/yr", "pos.pm;pos.eq.dec", "Proper motion in declination"),
    *_pair("stellar_distance_pc", "stellar_distance_err_pc", "pc", "pos.distance", "Distance of the star (ExoFOP)"),
    *_pair("teff_k", "teff_err_k", "K", "phys.temperature.effective", "Effective temperature of the star (ExoFOP)"),
    *_pair("logg", "logg_err", "dex(cm/s2)", "phys.gravity", "Logarithm of the star's surface gravity (ExoFOP)"),
    *_pair(
        "stellar_radius_rsun", "stellar_radius_err_rsun", "solRad", "phys.size.radius", "Radius of the star (ExoFOP)"
    ),
    *_pair("metallicity_dex", "metallicity_err_dex", "dex(1)", "phys.abund.Z", "Metallicity of the star (ExoFOP)"),
    *_pair("stellar_mass_msun", "stellar_mass_err_msun", "solMass", "phys.mass", "Mass of the star (ExoFOP)"),
    Column("alerted_on", "date", "", "time.release", "Day on which the TOI was announced (UTC)"),
    Column("updated_on", "date", "", "time.processing", "Day of the TOI's latest update (UTC)"),
    Column("modified_at", "text", "", "time.processing", "ExoFOP's time of the latest change to the row"),
    Column("comments", "text", "", "meta.note", "ExoFOP's public comment"),
)

TIC_COLUMNS = (
    Column("ra_deg", "double", "deg", "pos.eq.ra;meta.main", "Right ascension, ICRS, epoch 2000"),
    Column("dec_deg", "double", "deg", "pos.eq.dec;meta.main", "Declination, ICRS, epoch 2000"),
    *_pair(
        "pm_ra_masyr",
        "pm_ra_err_masyr",
        "mas/yr",
        "pos.pm;pos.eq.ra",
        "Proper motion in right ascension times cos(declination)",
    ),
    *_pair("pm_dec_masyr", "pm_dec_err_masyr", "mas/yr", "pos.pm;pos.eq.dec", "Proper motion in declination"),
    *_pair("parallax_mas", "parallax_err_mas", "mas", "pos.parallax.trig", "Parallax"),
    Column("gal_lon_deg", "double", "deg", "pos.galactic.lon", "Galactic longitude"),
    Column("gal_lat_deg", "double", "deg", "pos.galactic.lat", "Galactic latitude"),
    Column("ecl_lon_deg", "double", "deg", "pos.ecliptic.lon", "Ecliptic longitude"),
    Column("ecl_lat_deg", "double", "deg", "pos.ecliptic.lat", "Ecliptic latitude"),
    *_pair("tmag", "tmag_err", "mag", "phot.mag;em.opt.I", "TESS magnitude"),
    *_pair("teff_k", "teff_err_k", "K", "phys.temperature.effective", "Effective temperature"),
    *_pair("logg", "logg_err", "dex(cm/s2)", "phys.gravity", "Logarithm of the surface gravity"),
    *_pair("metallicity_dex", "metallicity_err_dex", "dex(1)", "phys.abund.Z", "Metallicity [M/H]"),
    *_pair("stellar_radius_rsun", "stellar_radius_err_rsun", "solRad", "phys.size.radius", "Radius"),
    *_pair("stellar_mass_msun", "stellar_mass_err_msun", "solMass", "phys.mass", "Mass"),
    *_pair("density_solar", "density_err_solar", "", "phys.density;arith.ratio", "Mean density over the Sun's"),
    *_pair("luminosity_lsun", "luminosity_err_lsun", "solLum", "phys.luminosity", "Luminosity"),
    *_pair("distance_pc", "distance_err_pc", "pc", "pos.distance", "Distance"),
    *_pair("ebv_mag", "ebv_err_mag", "mag", "phot.color.excess", "Colour excess E(B-V)"),
    Column("contaminant_count", "int", "", "meta.number", "Number of contaminating sources in the TIC"),
    Column(
        "contamination_ratio",
        "double",
        "",
        "phot.flux;arith.ratio",
        "Flux of the contaminating sources over the star's",
    ),
    Column("priority", "double", "", "meta.code", "Priority in the Candidate Target List"),
)

TIC_ID = Column("tic_id", "long", "", "meta.id;meta.main", "Number of the star in the TESS Input Catalogue", True)

STAR_COLUMNS = (
    TIC_ID,
    Column(
        "planet_probability",
        "double",
        "",
        "stat.probability",
        "Our model's probability that at least one of the star's TOIs is a planet; null where there is no score",
    ),
    Column(
        "toi_count", "int", "", "meta.number", "How many TOIs of the star pass the filters (without filters: all)", True
    ),
    Column("tois", "text", "", "meta.id.assoc", "These TOIs, separated by spaces", True),
    Column(
        "light_curve_count",
        "int",
        "",
        "meta.number;meta.file",
        "Number of 2-minute light curves at MAST, one a sector",
        True,
    ),
    *TIC_COLUMNS,
    Column(
        "has_tic_row",
        "boolean",
        "",
        "meta.code",
        "False: the TIC had no row; position and brightness are ExoFOP's",
        True,
    ),
)

TOI_COLUMNS = (
    *EXOFOP_COLUMNS,
    *(
        replace(
            column,
            name=f"tic_{column.name}",
            ucd=column.ucd.removesuffix(";meta.main"),
            description=f"Of the star, by the TIC: {column.description}",
        )
        for column in TIC_COLUMNS
    ),
)
"""ExoFOP's columns and our score, then what the TESS Input Catalogue says of the star."""

SEPARATION = Column("separation_deg", "double", "deg", "pos.angDistance", "Angle from the centre of the cone")
STANDARD_CONE_COLUMNS = (
    Column("id", "text", "", "ID_MAIN", "Name of the star: tic_id under the UCD of Simple Cone Search 1.03", True),
    Column("ra", "double", "deg", "POS_EQ_RA_MAIN", "ra_deg under the UCD of Simple Cone Search 1.03"),
    Column("dec", "double", "deg", "POS_EQ_DEC_MAIN", "dec_deg under the UCD of Simple Cone Search 1.03"),
)
"""The standard (sec. 2.2) is older than today's UCDs: pyvo's `record.id` and `record.pos`, and TOPCAT, look for these."""
CONE_COLUMNS = (TIC_ID, SEPARATION, *STAR_COLUMNS[1:], *STANDARD_CONE_COLUMNS)
"""A cone search adds the distance from its centre, and three columns twice."""

CONE_VERBOSITY = {
    1: ("tic_id", "ra_deg", "dec_deg", "id", "ra", "dec"),
    2: (
        "tic_id",
        "separation_deg",
        "ra_deg",
        "dec_deg",
        "planet_probability",
        "toi_count",
        "tmag",
        "teff_k",
        "stellar_radius_rsun",
        "distance_pc",
        "id",
        "ra",
        "dec",
    ),
    3: tuple(column.name for column in CONE_COLUMNS),
}
"""VERB -> columns (Simple Cone Search 1.03, sec. 2.1)."""
