"""What an entry of the TESS Input Catalog (TIC) says of itself, and what other catalogues call the star.

A table of TIC rows may lack these columns.

References
----------
TIC v8: Stassun et al. 2019, AJ 158, 138; duplicates and artifacts: Paegert et al. 2021, arXiv:2108.04778.
"""

from app_tess.fields.field import Field

ENTRY_FIELDS = (
    Field(
        name="tic_disposition",
        kind="text",
        longest=16,
        ucd="meta.code.status",
        description="What is wrong with the entry in the TIC: DUPLICATE, ARTIFACT, SPLIT; null for most",
        tic="disposition",
        of_star=True,
        label="TIC disposition",
        term="tic-disposition",
        on_page=False,
    ),
    Field(
        name="duplicate_id",
        kind="id",
        limits=(1, 2**63 - 1),
        ucd="meta.id.cross",
        description="TIC number of the entry that this one duplicates",
        tic="duplicate_id",
        of_star=True,
        label="duplicate of TIC",
        term="tic-disposition",
        on_page=False,
    ),
    Field(
        name="twomass",
        kind="text",
        longest=24,
        ucd="meta.id.cross",
        description="Name in the Two Micron All Sky Survey: 21145688-5552187",
        tic="TWOMASS",
        of_star=True,
        label="2MASS",
        on_page=False,
    ),
    Field(
        name="gaia_dr2_id",
        kind="id",
        limits=(1, 2**63 - 1),
        ucd="meta.id.cross",
        description="Source number in Gaia's second data release",
        tic="GAIA",
        of_star=True,
        label="Gaia DR2",
        on_page=False,
    ),
)
