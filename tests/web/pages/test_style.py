"""The style page shows every class of the style sheets and every shared macro, and no others exist."""

import re
from pathlib import Path

import pytest

import app_tess

PACKAGE = Path(app_tess.__file__).parent
SHEETS = sorted((PACKAGE / "static" / "css").rglob("*.css"))
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
STYLE_PAGE = PACKAGE / "templates" / "style" / "index.html"


def dressed():
    """The classes that a selector of the site's style sheets names."""
    texts = (re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL) for sheet in SHEETS)
    return {
        name
        for text in texts
        for selector in re.findall(r"([^{}]+)\{", text)
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }


def classes(html):
    """The classes that a page's elements bear; of a template those that are written out."""
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "\0", html, flags=re.DOTALL)
    found = " ".join(quoted or word for quoted, word in re.findall(r'\bclass=(?:"([^"]*)"|([\w-]+))', bare)).split()
    return {name for name in found if "\0" not in name}


@pytest.fixture
def style_page(client):
    return client.get("/style").get_data(as_text=True)


def test_every_class_of_the_style_sheets_is_shown(style_page):
    assert len(dressed()) > 60 and dressed() - classes(style_page) == set()


def test_every_class_of_a_template_is_dressed():
    found = {(name, template.name) for template in TEMPLATES for name in classes(template.read_text(encoding="utf-8"))}
    known = dressed()
    assert len(found) > 60 and {(name, where) for name, where in found if name not in known} == set()


def test_every_shared_macro_is_shown():
    macros = set(
        re.findall(r"macro (\w+)", (PACKAGE / "templates" / "partials" / "_macros.html").read_text(encoding="utf-8"))
    )
    used = set(re.findall(r"\{(?:\{|% call) (\w+)\(", STYLE_PAGE.read_text(encoding="utf-8")))
    assert len(macros) >= 5 and macros - used == set()
