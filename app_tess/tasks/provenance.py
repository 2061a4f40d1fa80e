"""The provenance of a picture or a measurement: what it was made from, as data and in sentences."""

import dataclasses
from functools import cache
from importlib import metadata

from app_tess.astro.ephemeris_change import MEASURED_WITH
from app_tess.astro.quality import FORMER_NUMBERS, describe_mask
from app_tess.fields import TOI_FIELDS, units
from app_tess.fields.written import measured
from app_tess.storage import vetting_results
from app_tess.storage.database import plain

version = cache(metadata.version)
"""Reads a package's metadata from disk each time (4 ms); a page asks once per picture."""


def make_provenance(files, packages, counts=(), left_out=(), **more):
    """Describe what something was made from, in plain values that go into JSON.

    Parameters
    ----------
    files : sequence of (str, str)
        Name and sha256 of each file.
    packages : sequence of str
        Whose versions matter.
    counts : sequence of astro.light_curve.CadenceCount
        What became of each file's cadences.
    left_out : sequence of str
        A sentence for each file that was not used.
    **more
        Further entries: quality mask, flux, width of the detrending window.

    Returns
    -------
    dict
    """
    return plain(
        {
            "files": [{"file": name, "sha256": sha256} for name, sha256 in files],
            "left_out": list(left_out),
            "cadences": [dataclasses.asdict(count) for count in counts],
            "versions": {name: version(name) for name in packages},
        }
        | more
    )


def with_curve(provenance, of_curve):
    """Return a provenance of files together with that of the light curve that was stitched from them."""
    return provenance | of_curve | {"left_out": [*provenance["left_out"], *of_curve["left_out"]]}


def sentences(provenance):
    """Return a provenance in sentences: checksums, cadences kept and dropped, files left out, package versions."""
    lines = [sentence] if (sentence := measured_with(provenance)) else []
    lines += provenance.get("comparison", {}).get("findings", [])
    lines += [f"{file['file']}: sha256 {file['sha256']}" for file in provenance.get("files", [])]
    counts = provenance.get("cadences", [])
    lines += dict.fromkeys(map(_mask, counts))
    lines += map(_cadences, counts)
    lines += provenance.get("left_out", [])
    if method := provenance.get("detrending"):
        lines.append(f"Trend: {method}.")
    if versions := provenance.get("versions"):
        lines.append("Made with " + ", ".join(f"{name} {number}" for name, number in versions.items()) + ".")
    return lines


def measured_with(provenance, report=None):
    """Return a sentence with the catalogue's values that a result was measured with.

    Results of earlier versions have only those in their report. None where there is neither.
    """
    values = provenance.get(vetting_results.MEASURED_WITH) or report
    if not values:
        return None
    given = [_value(field, values) for field in TOI_FIELDS if field.name in MEASURED_WITH and field.name in values]
    return f"Measured with ExoFOP's {', '.join(given)}."


def _value(field, values):
    if values[field.name] is None:
        return f"{field.label} unknown"
    size = measured(values[field.name], values.get(field.error), field.page_decimals)
    unit = field.unit.symbol
    return f"{field.label} {unit} {size}" if field.unit == units.BTJD else f"{field.label} {size} {unit}"


def _mask(count):
    """Return what the quality mask of a count drops; results of earlier versions do not state the number."""
    if "mask_number" not in count:
        former = f"drops bits {FORMER_NUMBERS[count['mask']]}, as in lightkurve up to 2.0"
        return f"Quality mask {count['mask']}: {former}. Measured before version 0.4: vet again with today's mask."
    if not count["mask_number"]:
        return f"Quality mask {count['mask']}: drops nothing."
    what = describe_mask(count["mask_number"], count["mask_source"], count["mask_bits"])
    return f"Quality mask {count['mask']}: {what}."


def _cadences(count):
    sector = "" if count["sector"] is None else f"Sector {count['sector']}: "
    return (
        f"{sector}{count['kept']:,} of {count['read']:,} cadences kept; {count['dropped_by_quality']:,} dropped by the"
        f" quality mask {count['mask']}, {count['dropped_not_finite']:,} without a value."
    )
