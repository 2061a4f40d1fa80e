"""The columns of the exported tables: the register's fields, and what this site computes beside them.

UCDs: IVOA UCD1+ controlled vocabulary 1.4.
"""

from dataclasses import dataclass, replace

from app_tess.astro.probability_bands import describe_bands
from app_tess.fields import STAR_COLUMNS as STAR_FIELDS
from app_tess.fields import TOI_COLUMNS as TOI_FIELDS
from app_tess.fields import Field, in_toi_table, units
from app_tess.fields.planet import HOST_FIELDS, in_list
from app_tess.fields.planet import PLANET_COLUMNS as PLANET_FIELDS

DATATYPES = {"number": "double", "integer": "int", "id": "long", "text": "text", "list": "text", "date": "date"}


@dataclass(frozen=True)
class Column:
    """One column of an export."""

    name: str
    datatype: str
    """`long`, `int`, `double`, `boolean`, `text` or `date`."""
    ucd: str
    description: str
    required: bool = False
    """Never null."""
    measured_in: units.Unit = units.NONE

    @property
    def unit(self):
        """astropy's spelling."""
        return self.measured_in.astropy

    @property
    def cds_unit(self):
        """VOTable's spelling."""
        return self.measured_in.cds


def _column(field: Field):
    return Column(field.name, DATATYPES[field.kind], field.ucd, field.description, field.required, field.unit)


def _of_the_tic(column):
    """Return a star's column as it is called in a table of TOIs, where ExoFOP's own columns have the plain names."""
    return replace(
        column,
        name=in_toi_table(column.name),
        ucd=column.ucd.removesuffix(";meta.main"),
        description=f"For the star, by the TIC: {column.description}",
    )


def _published(field: Field):
    """Return what the NASA Exoplanet Archive says of the planet, as a column of TOIs; null where it has none."""
    column = _column(field)
    return replace(
        column, name=in_list(field), required=False, description=f"By the NASA Exoplanet Archive: {column.description}"
    )


HOST_COLUMNS = tuple(map(_published, HOST_FIELDS))
PLANET_COLUMNS = (
    Column("toi", "text", "meta.id.cross", "The TOI whose signal it is; null: none of the star's"),
    *map(_column, PLANET_FIELDS),
)
"""Of a star's published planets."""
SCORE_COLUMNS = (
    Column(
        "planet_probability",
        "double",
        "stat.probability",
        "Model probability that TFOPWG will classify the signal as a planet (CP or KP); of a TOI in the training "
        f"table, by models trained without its star; null where there is no score. {describe_bands()}",
    ),
    Column("not_scored_reason", "text", "meta.note", "Why there is no planet_probability"),
    Column(
        "light_curve_class",
        "text",
        "meta.code.class",
        "Most probable class of the folded light curve: PC planet candidate, EB eclipsing binary, V variable star, IS "
        "instrumental systematic, J other junk; null where it has not been vetted",
    ),
    Column(
        "light_curve_pc",
        "double",
        "stat.probability",
        "Probability of a planet candidate by the folded light curve; null where it has not been vetted",
    ),
    Column(
        "classifier_score",
        "double",
        "stat.probability",
        "Score by another classifier: the one that the parameter `classifier` names, else the one loaded first",
    ),
    Column(
        "classifier_scores",
        "text",
        "meta.note",
        "Scores by all other classifiers, as `name: score`, separated by semicolons; null where there are none",
    ),
)
TIC_ID, *TIC_COLUMNS = map(_column, STAR_FIELDS)
LIGHT_CURVE_COUNT = Column(
    "light_curve_count", "int", "meta.number;meta.file", "Number of sectors with a light curve at MAST", True
)

STAR_COLUMNS = (
    TIC_ID,
    Column(
        "planet_probability",
        "double",
        "stat.probability",
        "Model probability that at least one of the star's TOIs is a planet; null where there is no score",
    ),
    Column("toi_count", "int", "meta.number", "Number of the star's TOIs that pass the filters (all without)", True),
    Column("tois", "text", "meta.id.assoc", "These TOIs, separated by spaces", True),
    LIGHT_CURVE_COUNT,
    Column(
        "product_kinds",
        "text",
        "meta.code.class;meta.file",
        "Kinds of the star's data products at MAST, separated by spaces; empty where there are none",
        True,
    ),
    *HOST_COLUMNS,
    *TIC_COLUMNS,
    Column(
        "has_tic_row", "boolean", "meta.code", "False: the TIC had no row; position and brightness are ExoFOP's", True
    ),
)

LOOKED_UP_COLUMNS = (
    TIC_ID,
    Column("looked_up_at", "text", "time.processing", "When the star was looked up at MAST, UTC", True),
    Column(
        "neighbour_count",
        "int",
        "meta.number",
        "Number of other TIC entries within 3 arcmin; null where the position is unknown",
    ),
    LIGHT_CURVE_COUNT,
    *TIC_COLUMNS,
)
"""Of stars without a TOI that were looked up."""


def _toi_columns():
    """Yield ExoFOP's columns with our score, what is published of the planet, and what the TIC says of the star."""
    for field in TOI_FIELDS:
        yield _column(field)
        if field.name == "tfopwg_disposition":
            yield from SCORE_COLUMNS
    yield from (_published(field) for field in PLANET_FIELDS if field.name not in ("planet_name", "tic_id"))
    yield from map(_of_the_tic, TIC_COLUMNS)


TOI_COLUMNS = tuple(_toi_columns())

SEPARATION = Column(
    "separation_deg", "double", "pos.angDistance", "Angle from the center of the cone", measured_in=units.DEGREE
)
STANDARD_CONE_COLUMNS = (
    Column("id", "text", "ID_MAIN", "Name of the star: tic_id under the UCD of Simple Cone Search 1.03", True),
    Column(
        "ra",
        "double",
        "POS_EQ_RA_MAIN",
        "ra_deg under the UCD of Simple Cone Search 1.03",
        measured_in=units.DEGREE,
    ),
    Column(
        "dec",
        "double",
        "POS_EQ_DEC_MAIN",
        "dec_deg under the UCD of Simple Cone Search 1.03",
        measured_in=units.DEGREE,
    ),
)
"""The standard (sec. 2.2) is older than today's UCDs: pyvo's `record.id` and `record.pos` and TOPCAT look for these."""
CONE_COLUMNS = (TIC_ID, SEPARATION, *STAR_COLUMNS[1:], *STANDARD_CONE_COLUMNS)
"""A cone search adds the distance from its center, and three columns twice."""

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
