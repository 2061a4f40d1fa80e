"""The glossary: one entry per term, linked from every use of the term."""

import tomllib
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template

from app_tess.archives.products import FLUXES, KINDS, MASKS
from app_tess.astro.probability_bands import describe_bands
from app_tess.web.http.kept import kept

pages = Blueprint("glossary", __name__)
SOURCE = Path(__file__).resolve().parents[2] / "templates" / "glossary" / "terms.toml"


@pages.app_context_processor
def _give_terms():
    return {"glossary": terms()}


@pages.get("/glossary")
@kept()
def index():
    return render_template("glossary/index.html", terms=terms())


@cache
def terms():
    """Return slug -> {"name", "text"}, sorted by name; "masks" is for the glossary alone."""
    text = SOURCE.read_text(encoding="utf-8").replace("{bands}", describe_bands())
    entries = tomllib.loads(text) | _product_terms()
    return dict(sorted(entries.items(), key=lambda entry: entry[1]["name"].casefold()))


def _product_terms():
    """Return an entry for each kind of product and each flux, and one for the quality masks."""
    masks = "; ".join(f"{mask.name} {mask.description}" for mask in MASKS.values())
    return (
        {kind.name: {"name": kind.title, "text": kind.description} for kind in KINDS}
        | {
            flux.name: {"name": f"{flux.label} flux", "text": f"{flux.long_name}: {flux.description}."}
            for flux in FLUXES.values()
        }
        | {
            "quality-mask": {
                "name": "Quality mask",
                "text": "Each cadence carries quality bits; one with any bit of the chosen mask set is rejected.",
                "masks": f"The masks: {masks}.",
            }
        }
    )
