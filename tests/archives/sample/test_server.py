"""The sample archive, asked over real HTTP by clients that know nothing of it."""

import io
import socket

import pandas as pd
import pytest
import requests
from astropy.io import fits

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.exoplanet_archive_api import answer_tap
from app_tess.archives.sample.server import CONTENTS_HEADER, SampleArchive
from app_tess.errors import ConfigurationError
from tests.support.shared import shared_path

DOWNLOAD = "/api/v0.1/Download/file"
WASP_46 = "tess2018206045859-s0001-0000000231663901-0120-s_lc.fits"
TOI_TABLE = "/tess/download_toi.php?sort=toi&output=csv"


def test_pandas_reads_the_toi_table(archive):
    table = pd.read_csv(archive.exofop_url + TOI_TABLE, dtype={"TOI": str})
    wasp_46 = table.set_index("TOI").loc["101.01"]
    assert wasp_46["TIC ID"] == 231663901
    assert wasp_46["TFOPWG Disposition"] == "KP"
    assert wasp_46["Sectors"] == "1,27"
    assert table["Depth (ppm)"].between(1, 1e5).all()


def test_one_star_comes_as_pipe_separated_text(archive):
    url = archive.exofop_url + "/tess/download_toi.php"
    reply = requests.get(url, params={"output": "pipe", "toi": "175"}, timeout=60)
    table = pd.read_csv(io.StringIO(reply.text), sep="|", dtype={"TOI": str})
    assert list(table["TOI"]) == ["175.01", "175.02", "175.03"]


def test_an_unknown_output_format_is_a_bad_request(archive):
    reply = requests.get(archive.url + "/tess/download_toi.php?output=xml", timeout=60)
    assert reply.status_code == 400
    assert "output must be csv or pipe" in reply.text


def test_every_answer_says_that_the_sample_is_simulated(archive):
    for path in (TOI_TABLE, "/nowhere"):
        assert "simulated" in requests.get(archive.url + path, timeout=60).headers[CONTENTS_HEADER]


def test_a_light_curve_is_downloaded_and_opened(archive):
    reply = requests.get(archive.mast_url + DOWNLOAD, params={"uri": f"mast:TESS/product/{WASP_46}"}, timeout=60)
    reply.raise_for_status()
    with fits.open(io.BytesIO(reply.content)) as hdus:
        assert hdus["LIGHTCURVE"].header["TICID"] == 231663901


def test_head_tells_the_size_and_sends_nothing(archive):
    reply = requests.head(archive.mast_url + DOWNLOAD, params={"uri": f"mast:TESS/product/{WASP_46}"}, timeout=60)
    assert int(reply.headers["Content-Length"]) > 1_000_000
    assert reply.content == b""


@pytest.mark.parametrize(
    "filename",
    [
        WASP_46.replace("s0001", "s0003"),
        "../systems.toml",
        "tess2018206045859-s0099-0000000231663901-0120-s_lc.fits",
        "",
    ],
)
def test_a_product_without_a_file_is_a_404_with_a_sentence(archive, filename):
    reply = requests.get(archive.mast_url + DOWNLOAD, params={"uri": f"mast:TESS/product/{filename}"}, timeout=60)
    assert reply.status_code == 404
    assert reply.text.strip().endswith(".")


def test_it_survives_rubbish(archive):
    port = int(archive.url.rsplit(":", 1)[1])
    for rubbish in (b"\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"POST /api/v0/invoke HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(rubbish)
            connection.settimeout(5)
            connection.recv(1000)
    assert requests.get(archive.url + "/", timeout=60).status_code == 200


def test_a_client_that_hangs_up_is_no_error(archive, capfd):
    port = int(archive.url.rsplit(":", 1)[1])
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(f"GET {DOWNLOAD}?uri=mast:TESS/product/{WASP_46} HTTP/1.1\r\n\r\n".encode())
    assert requests.get(archive.url + "/", timeout=60).status_code == 200
    assert capfd.readouterr().err == ""


def test_a_taken_port_is_named():
    with SampleArchive() as first:
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(ConfigurationError, match=f"Port {port}"), SampleArchive(port=port):
            pass


def test_a_missing_folder_or_table_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match="no such folder"):
        SampleArchive(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="toi.csv is missing"):
        SampleArchive(tmp_path)


def test_with_a_folder_it_serves_the_real_tables_and_files():
    folder = shared_path("archive")
    with SampleArchive(folder) as archive:
        reply = requests.get(archive.exofop_url + TOI_TABLE, timeout=60)
        assert reply.content == (folder / "toi.csv").read_bytes()
        assert reply.headers[CONTENTS_HEADER] == "files of archive"
        product = requests.get(archive.url + DOWNLOAD, params={"uri": f"mast:TESS/product/{WASP_46}"}, timeout=60)
        assert product.content == (folder / "files" / WASP_46).read_bytes()
        absent = requests.get(archive.url + DOWNLOAD, params={"uri": "mast:TESS/product/../toi.csv"}, timeout=60)
        assert absent.status_code == 404


def test_a_folder_may_hold_the_toi_table_of_the_exoplanet_archive(tmp_path):
    contents = BundledContents()
    table = answer_tap({"query": "select * from toi", "format": "csv"}, contents.toi_csv(), ())[1]
    (tmp_path / "toi.csv").write_bytes(b"# This file was produced by the NASA Exoplanet Archive\n#\n" + table)
    (tmp_path / "tic.csv").write_text("ID,ra,dec\n")
    (tmp_path / "products.csv").write_text("target_name,dataURL\n")
    expected = parse_toi_table(contents.toi_csv(), "exofop")["toi"].tolist()
    with SampleArchive(tmp_path) as archive:
        for path in ("/tess/download_toi.php?sort=toi&output=csv", "/TAP/sync?query=select+*+from+toi&format=csv"):
            answer = requests.get(archive.url + path, timeout=60)
            assert parse_toi_table(answer.content, "exoplanet archive")["toi"].tolist() == expected, path
        pipe = requests.get(archive.url + "/tess/download_toi.php?output=pipe&toi=101", timeout=60).text
        assert len(pipe.splitlines()) == 2
