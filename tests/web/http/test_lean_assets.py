"""Style sheets and scripts are sent without what browsers do not need."""

from pathlib import Path

import pytest

from app_tess.web.http.lean_assets import make_lean

STATIC = Path(__file__).resolve().parents[3] / "app_tess" / "static"


@pytest.mark.parametrize("path", ["css/base.css", "js/curve-view/view.js"])
def test_the_site_sends_its_own_files_lean(client, path):
    text, sent = (STATIC / path).read_text(encoding="utf-8"), client.get(f"/static/{path}")
    assert sent.text == make_lean(text, path.endswith(".css")) and len(sent.text) < 0.9 * len(text)
    assert "  " not in sent.text
    again = client.get(f"/static/{path}", headers={"If-None-Match": sent.headers["ETag"]})
    assert again.status_code == 304


def test_libraries_are_sent_as_they_are(client):
    library = "vendor/uplot/uPlot.iife.min.js"
    assert client.get(f"/static/{library}").data == (STATIC / library).read_bytes()
