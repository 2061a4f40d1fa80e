"""The glossary: one entry per term, linked from every use of the term."""

import tomllib
from functools import cache
from pathlib import Path

from flask import Blueprint, render_template

pages = Blueprint("glossary", __name__)
SOURCE = Path(__file__).resolve().parents[2] / "templates" / "glossary" / "terms.toml"


@pages.app_context_processor
def _give_terms():
    return {"glossary": terms()}


@pages.get("/glossary")
def index():
    return render_template("glossary/index.html", terms=terms())


@cache
def terms():
    """Return slug -> {"name", "text"}, sorted by name."""
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return dict(sorted(entries.items(), key=lambda entry: entry[1]["name"].casefold()))
