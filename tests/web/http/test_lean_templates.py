"""Templates compiled with less work write the same text as Jinja's own."""

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape

from app_tess.web.http import lean_templates
from app_tess.web.http.lean_templates import LeanCode, written

TEMPLATES = {
    "base": "<title>{% block title %}{{ name }}{% endblock %}</title>{% block main %}{% endblock %}"
    "{% include 'foot' %}",
    "page": "{% extends 'base' %}{% from 'macros' import bold with context %}"
    "{% block title %}{{ super() }}!{% endblock %}"
    "{% block main %}{% for row in rows %}{% set n = loop.index %}{% include 'row' %}{% endfor %}"
    "{% set kept %}{% include 'foot' %}{% endset %}{{ kept }}{{ kept|upper }}{{ bold(name) }}{{ missing }}"
    "{% autoescape false %}{{ name }}{% include 'foot' %}{% endautoescape %}{% endblock %}",
    "row": "<td>{{ n }} {{ row }}{% if n > 1 %}{% include 'foot' %}{% endif %}",
    "foot": "<p title='{{ name }}'>{{ name|safe }}{{ name ~ 1 }}",
    "macros": "{% macro bold(text) %}<b>{{ text }}{{ name }}{% include 'foot' %}</b>{% endmacro %}",
}
VALUES = ["plain", "a < b & \"c\" > 'd'", Markup("<i>x</i>"), 3, -2.5, None, True, "", ["<"], object]


def environment(lean):
    made = Environment(autoescape=True, loader=DictLoader(TEMPLATES))
    if lean:
        made.code_generator_class = LeanCode
        made.written = written
    return made


def test_a_page_of_blocks_includes_and_macros_is_the_same():
    pages = [environment(lean).get_template("page").render(name="<A & 'B'>", rows=VALUES) for lean in (True, False)]
    assert pages[0] == pages[1] and "&lt;A &amp; &#39;B&#39;&gt;" in pages[0]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_written_as_escaped(value):
    assert written(value) == str(escape(value))


def test_addresses_of_static_files_and_pages_follow_the_prefix_of_the_site(client):
    for prefix in ("", "/tess", ""):
        page = client.get("/glossary", base_url=f"http://localhost{prefix}").get_data(as_text=True)
        assert f'href="{prefix}/static/icon.svg"' in page and f'action="{prefix}/"' in page


def test_prefixes_that_a_client_invents_fill_no_memory(app, monkeypatch):
    monkeypatch.setattr(lean_templates, "MOST_ADDRESSES", 2)
    build = lean_templates.keep_plain_addresses(app.url_for)
    for prefix in ("", "/a", "/b", "", "/a"):
        with app.test_request_context(base_url=f"http://localhost{prefix}"):
            assert build("glossary.index") == build("glossary.index") == f"{prefix}/glossary"
    (kept,) = (cell.cell_contents for cell in build.__closure__ if isinstance(cell.cell_contents, dict))
    assert len(kept) <= 2
