"""What a kind of data product is: a value that holds everything the rest of the package asks about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app_tess.astro.light_curve import FluxType, LightCurve
from app_tess.astro.quality import QualityMask
from app_tess.astro.times import stamp_to_btjd
from app_tess.astro.validation import ValidationEvent

FileData = bytes | str | Path
"""A file's bytes, or where it is."""

FULL_FRAME_CADENCES_S = ((1, 1800), (27, 600), (56, 200))
"""Exposure time of the full-frame images [s] from a sector on."""


@dataclass(frozen=True)
class ProductName:
    """What a product's file name says; None where it does not say.

    Attributes
    ----------
    filename : str
    kind : ProductKind
    sector, last_sector : int
        The same for a product of a single sector.
    tic_id : int or None
    start_btjd : float or None
        When the data begin [BTJD d], to a few hours.
    """

    filename: str
    kind: "ProductKind"
    sector: int
    last_sector: int
    tic_id: int | None
    start_btjd: float | None


@dataclass(frozen=True)
class ProductKind:
    """A kind of file at MAST.

    Attributes
    ----------
    name : str
        As stored and as served: "lc".
    label : str
        What sets it apart from the pipeline's other products, for readers: "2-minute".
    description : str
        One sentence: what the file holds and who makes it.
    collection, provenance : str
        MAST's `obs_collection` and `provenance_name`.
    pattern : Pattern
        Of the file name, with the group `sector` and, where the name has them, `last_sector`, `tic_id` and `stamp`
        (yyyydddhhmmss, when the data begin).
    """

    name: str
    label: str
    description: str
    collection: str
    provenance: str
    pattern: re.Pattern[str]

    @property
    def title(self) -> str:
        """The name of the kind for readers: "SPOC data validation"."""
        return f"{self.provenance} {self.label}"

    def parse_name(self, filename: str) -> ProductName | None:
        """Return what a file name of this kind says; None for any other name."""
        match = self.pattern.fullmatch(filename)
        if match is None:
            return None
        groups = match.groupdict()
        sector = int(groups["sector"])
        tic_id = groups.get("tic_id")
        return ProductName(
            filename,
            self,
            sector,
            int(groups.get("last_sector") or sector),
            int(tic_id) if tic_id else None,
            _start_btjd(groups.get("stamp")),
        )


@dataclass(frozen=True)
class FluxColumn(FluxType):
    """A flux of a light-curve product and the columns that hold it."""

    column: str = ""
    error_column: str = ""


@dataclass(frozen=True)
class LightCurveKind(ProductKind):
    """A kind of light curve of one sector.

    Attributes
    ----------
    cadences_s : tuple of (int, int)
        Exposure time [s] from a sector on: ((1, 1800), (27, 600), (56, 200)).
    fluxes : tuple of FluxColumn
        The default one first.
    masks : tuple of QualityMask
        The default one first.
    read : callable
        (data, file name) -> LightCurve.
    lightkurve_author : str
        The `author` with which lightkurve finds these files.
    lightkurve_quality : str
        The column of quality bits, in lightkurve's spelling, where lightkurve itself drops no cadence of this kind.
    merit : str
        One clause: why it has its place in the order of preference.
    """

    cadences_s: tuple[tuple[int, int], ...]
    fluxes: tuple[FluxColumn, ...]
    masks: tuple[QualityMask, ...]
    read: Callable[[FileData, str], LightCurve]
    lightkurve_author: str
    merit: str
    lightkurve_quality: str = ""

    @property
    def title(self) -> str:
        """The name of the kind for readers: "SPOC 2-minute light curve"."""
        return f"{self.provenance} {self.label} light curve"

    def cadence_s(self, sector: int) -> int:
        """Return the exposure time in a sector [s]; that of the first sectors for a sector before them."""
        known = [cadence for first, cadence in self.cadences_s if first <= sector]
        return known[-1] if known else self.cadences_s[0][1]

    @property
    def default_flux(self) -> FluxColumn:
        """The flux that is used unless another is asked for."""
        return self.fluxes[0]

    @property
    def default_mask(self) -> QualityMask:
        """The quality mask that is used unless another is asked for."""
        return self.masks[0]


@dataclass(frozen=True)
class ValidationKind(ProductKind):
    """A kind of data-validation time series.

    Attributes
    ----------
    read : callable
        (data, file name) -> list of ValidationEvent.
    """

    read: Callable[[FileData, str], list[ValidationEvent]]


def full_frame_kind(
    name: str,
    provenance: str,
    maker: str,
    *,
    pattern: str,
    fluxes: tuple[FluxColumn, ...],
    masks: tuple[QualityMask, ...],
    read: Callable[[FileData, str], LightCurve],
    merit: str,
    lightkurve_quality: str = "",
) -> LightCurveKind:
    """Return a kind of light curve from the full-frame images, of MAST's high-level science products.

    Parameters
    ----------
    name, provenance, fluxes, masks, read, merit, lightkurve_quality
        As for `LightCurveKind`; lightkurve calls the author by MAST's `provenance_name`.
    maker : str
        Completes "A light curve from the full-frame images ...".
    pattern : str
        Regular expression of the file name.
    """
    return LightCurveKind(
        name=name,
        label="full-frame-image",
        description=f"A light curve from the full-frame images {maker}: a point every 30 minutes, since sector 27 every"
        " 10 minutes, since sector 56 every 200 s.",
        collection="HLSP",
        provenance=provenance,
        pattern=re.compile(pattern),
        cadences_s=FULL_FRAME_CADENCES_S,
        fluxes=fluxes,
        masks=masks,
        read=read,
        lightkurve_author=provenance,
        merit=merit,
        lightkurve_quality=lightkurve_quality,
    )


def _start_btjd(stamp: str | None) -> float | None:
    if stamp is None:
        return None
    try:
        return float(stamp_to_btjd(stamp))
    except ValueError:
        return None
