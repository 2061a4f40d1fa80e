"""The kinds of data products, one file each; a new kind is one file and one line in KINDS."""

from app_tess.archives.products.data_validation import DATA_VALIDATION
from app_tess.archives.products.kinds import FluxColumn, LightCurveKind, ProductKind, ProductName, ValidationKind
from app_tess.archives.products.qlp_light_curve import QLP
from app_tess.archives.products.spoc_light_curve import TESS_SPOC, TWENTY_SECOND, TWO_MINUTE
from app_tess.archives.products.tasoc_light_curve import TASOC
from app_tess.archives.products.tglc_light_curve import TGLC
from app_tess.astro.quality import QualityMask
from app_tess.errors import InvalidInput

__all__ = [
    "COLLECTIONS",
    "FLUXES",
    "FLUXES_OF",
    "KINDS",
    "LIGHT_CURVE_KINDS",
    "MASKS",
    "PROVENANCES",
    "VALIDATION_KINDS",
    "FluxColumn",
    "LightCurveKind",
    "ProductKind",
    "ProductName",
    "ValidationKind",
    "find_kind",
    "parse_name",
    "require_choice",
]

KINDS: tuple[ProductKind, ...] = (TWO_MINUTE, TWENTY_SECOND, TESS_SPOC, QLP, TGLC, TASOC, DATA_VALIDATION)
"""In order of preference: of a sector with several light curves the first kind is used."""

LIGHT_CURVE_KINDS = tuple(kind for kind in KINDS if isinstance(kind, LightCurveKind))
VALIDATION_KINDS = tuple(kind for kind in KINDS if isinstance(kind, ValidationKind))

COLLECTIONS = tuple(dict.fromkeys(kind.collection for kind in KINDS))
"""The collections at MAST that hold them."""

PROVENANCES = tuple(dict.fromkeys(kind.provenance for kind in KINDS))
"""MAST's names of the pipelines that made them; the collections hold products of many others."""

FLUXES: dict[str, FluxColumn] = {}
"""Every flux of any kind, by name."""

MASKS: dict[str, QualityMask] = {}
"""Every quality mask of any kind, by name; the bits are those of the most preferred kind."""

for _kind in LIGHT_CURVE_KINDS:
    for _flux in _kind.fluxes:
        FLUXES.setdefault(_flux.name, _flux)
    for _mask in _kind.masks:
        MASKS.setdefault(_mask.name, _mask)

FLUXES_OF = {kind.name: {flux.name: flux for flux in kind.fluxes} for kind in LIGHT_CURVE_KINDS}
"""The fluxes of each kind, by the kind's name and by their own."""

_BY_NAME = {kind.name: kind for kind in KINDS}


def find_kind(name: str) -> ProductKind | None:
    """Return the kind with a stored name; None where there is no such kind."""
    return _BY_NAME.get(name)


def parse_name(filename: str) -> ProductName | None:
    """Return what a product's file name says; None where it is of no known kind."""
    return next(filter(None, (kind.parse_name(filename) for kind in KINDS)), None)


def require_choice(mask: str, flux: str | None, kind: str | None = None) -> None:
    """Raise InvalidInput, naming the parameter, where there is no such kind, or no kind has such a mask or flux."""
    light_curves = {one.name: one for one in LIGHT_CURVE_KINDS}
    if kind is not None and kind not in light_curves:
        choices = ", ".join(light_curves)
        raise InvalidInput(f"'{kind}' is not a kind of light curve: choose one of {choices}.", field="kind")
    if kind is not None and flux is not None and flux not in (names := [one.name for one in light_curves[kind].fluxes]):
        raise InvalidInput(f"{kind} has no flux '{flux}': choose one of {', '.join(names)}.", field="flux")
    if mask not in MASKS:
        raise InvalidInput(f"'{mask}' is not a quality mask: choose one of {', '.join(MASKS)}.", field="mask")
    if flux is not None and flux not in FLUXES:
        raise InvalidInput(f"'{flux}' is not a flux: choose one of {', '.join(FLUXES)}.", field="flux")
