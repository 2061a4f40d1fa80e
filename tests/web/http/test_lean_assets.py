"""Style sheets and scripts are sent without what browsers do not need, and mean the same."""

import re
from pathlib import Path

import pytest

from app_tess.web.http.lean_assets import make_lean

STATIC = Path(__file__).resolve().parents[3] / "app_tess" / "static"
OURS = [path for folder in ("css", "js") for path in (STATIC / folder).rglob("*.*")]


def test_a_script_loses_comments_and_indentation_alone():
    text = "// why\n/**\n * what\n */\n  const a = 1; // kept\n\n  const b = `//x ${a}`;\n"
    assert make_lean(text) == "const a = 1; // kept\nconst b = `//x ${a}`;"


def test_a_style_sheet_loses_the_space_around_its_signs():
    text = "/* why */\na:hover, b { color: red; }\n@media (min-width: 48rem) { .a > b { margin: 0 1px; } }"
    assert make_lean(text, True) == "a:hover,b{color:red}@media (min-width:48rem){.a > b{margin:0 1px}}"


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_line_of_ours_is_within_a_longer_string(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        assert all(re.sub(r"//.*|^ *\*.*", "", line).count("`") % 2 == 0 for line in text.splitlines())
    else:
        strings = re.findall(r'"([^"\n]*)"', re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        assert not any(re.search(r"[{};,:] | [{};,]", string) for string in strings), "space would be taken away"


def test_the_site_sends_them_lean_and_the_libraries_as_they_are(client):
    sent = client.get("/static/css/base.css")
    assert sent.text == make_lean((STATIC / "css" / "base.css").read_text(encoding="utf-8"), True)
    assert "  " not in sent.text and sent.headers["ETag"]
    library = "vendor/uplot/uPlot.iife.min.js"
    assert client.get(f"/static/{library}").data == (STATIC / library).read_bytes()
    again = client.get("/static/css/base.css", headers={"If-None-Match": sent.headers["ETag"]})
    assert again.status_code == 304
