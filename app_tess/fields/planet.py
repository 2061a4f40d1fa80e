"""What is published of a confirmed planet and of its host star, by the NASA Exoplanet Archive's table `pscomppars`.

`exoplanet_archive` is here the column of that table, which composes each row from several papers: every value has its
own reference. https://exoplanetarchive.ipac.caltech.edu/docs/API_PS_columns.html
"""

from app_tess.fields import units
from app_tess.fields.field import Field, with_errors

PLANET_FIELDS = (
    Field(
        name="planet_name",
        kind="text",
        ucd="meta.id;meta.main",
        description="Name of the planet",
        required=True,
        exoplanet_archive="pl_name",
        label="planet",
    ),
    Field(
        name="tic_id",
        kind="id",
        ucd="meta.id.parent",
        description="Number of the host star in the TESS Input Catalog",
        required=True,
        limits=(1, 2**63 - 1),
        exoplanet_archive="tic_id",
        of_star=True,
        label="TIC id",
    ),
    Field(
        name="period_d",
        unit=units.DAY,
        ucd="time.period",
        description="Orbital period",
        limits=(0, 1e9),
        exoplanet_archive="pl_orbper",
        error="period_err_d",
        label="period",
        decimals=5,
    ),
    Field(
        name="epoch_btjd",
        unit=units.BTJD,
        ucd="time.epoch",
        description="A mid-transit time, BJD - 2457000",
        exoplanet_archive="pl_tranmid",
        error="epoch_err_d",
        label="epoch",
        decimals=4,
    ),
    Field(
        name="radius_rearth",
        unit=units.EARTH_RADIUS,
        ucd="phys.size.radius",
        description="Radius of the planet",
        limits=(0, 1e4),
        exoplanet_archive="pl_rade",
        error="radius_err_rearth",
        label="planet radius",
        title="Radius",
        term="planet-radius",
        decimals=2,
    ),
    Field(
        name="radius_reference",
        kind="text",
        ucd="meta.bib",
        description="Where the radius was published",
        exoplanet_archive="pl_rade_reflink",
        label="reference of the radius",
    ),
    Field(
        name="mass_mearth",
        unit=units.EARTH_MASS,
        ucd="phys.mass",
        description="Mass of the planet, or what `mass_kind` says",
        limits=(0, 1e5),
        exoplanet_archive="pl_bmasse",
        error="mass_err_mearth",
        label="planet mass",
        title="Mass",
        decimals=2,
    ),
    Field(
        name="mass_kind",
        kind="text",
        ucd="meta.code",
        description="Mass, Msini, Msin(i)/sin(i), or M-R relationship (estimated from the radius)",
        exoplanet_archive="pl_bmassprov",
        label="kind of mass",
    ),
    Field(
        name="mass_reference",
        kind="text",
        ucd="meta.bib",
        description="Where the mass was published",
        exoplanet_archive="pl_bmasse_reflink",
        label="reference of the mass",
    ),
    Field(
        name="discovery_year",
        kind="integer",
        ucd="time.epoch",
        description="Year of the discovery",
        limits=(1900, 2200),
        exoplanet_archive="disc_year",
        label="year of discovery",
    ),
    Field(
        name="discovery_method",
        kind="text",
        ucd="meta.code",
        description="Method of the discovery",
        exoplanet_archive="discoverymethod",
        label="discovery method",
    ),
)
"""Of the planet."""

HOST_FIELDS = (
    Field(
        name="host_name",
        kind="text",
        ucd="meta.id.parent",
        description="Name of the host star",
        exoplanet_archive="hostname",
        of_star=True,
        label="host star",
    ),
    Field(
        name="hd_name",
        kind="text",
        ucd="meta.id.cross",
        description="Name in the Henry Draper Catalogue",
        exoplanet_archive="hd_name",
        of_star=True,
        label="HD name",
    ),
    Field(
        name="hip_name",
        kind="text",
        ucd="meta.id.cross",
        description="Name in the Hipparcos Catalogue",
        exoplanet_archive="hip_name",
        of_star=True,
        label="HIP name",
    ),
    Field(
        name="gaia_dr3_name",
        kind="text",
        ucd="meta.id.cross",
        description="Designation in Gaia DR3",
        exoplanet_archive="gaia_dr3_id",
        of_star=True,
        label="Gaia DR3 name",
    ),
    Field(
        name="vmag",
        unit=units.MAGNITUDE,
        ucd="phot.mag;em.opt.V",
        description="V magnitude (Johnson)",
        limits=(-30, 40),
        exoplanet_archive="sy_vmag",
        of_star=True,
        label="V",
        decimals=2,
    ),
    Field(
        name="kmag",
        unit=units.MAGNITUDE,
        ucd="phot.mag;em.IR.K",
        description="Ks magnitude (2MASS)",
        limits=(-30, 40),
        exoplanet_archive="sy_kmag",
        of_star=True,
        label="Ks",
        decimals=2,
    ),
    Field(
        name="gaia_gmag",
        unit=units.MAGNITUDE,
        ucd="phot.mag;em.opt",
        description="G magnitude (Gaia)",
        limits=(-30, 40),
        exoplanet_archive="sy_gaiamag",
        of_star=True,
        label="G",
        decimals=2,
    ),
)
"""Of its star."""

PLANET_COLUMNS = (*with_errors(PLANET_FIELDS), *HOST_FIELDS)
"""Both, each value followed by its standard error."""


def in_list(field: Field) -> str:
    """Return a field's name in tables of TOIs and stars, where ExoFOP's and the TIC's have the plain names."""
    return field.name if field.of_star else f"published_{field.name}"
