"""The NASA Exoplanet Archive in an update: planets get their names, and its failure costs nothing else."""

import dataclasses

import pandas as pd
import pytest

from app_tess.archives.exoplanet_archive import parse_planets, planet_columns
from app_tess.astro.names import name_key
from app_tess.errors import ArchiveError
from app_tess.fields.planet import PLANET_COLUMNS
from app_tess.storage import catalogue, stars
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.planet_models import SearchName
from app_tess.storage.planets import planets_of
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.planet_names import name_tois
from app_tess.tasks.reset import reset
from tests.support.loaded import loaded_app
from tests.support.progress import quiet

PI_MEN, TOI_178, WASP_46 = 261136679, 251848941, 231663901


def tois(*rows):
    return pd.DataFrame(
        [
            {"toi": toi, "tic_id": tic_id, "period_d": period, "tfopwg_disposition": code, "planet_name": None}
            for toi, tic_id, period, code in rows
        ]
    )


def planets(*rows):
    return pd.DataFrame(
        [{"planet_name": name, "tic_id": tic_id, "period_d": period} for name, tic_id, period in rows],
        columns=[field.name for field in PLANET_COLUMNS],
    )


@pytest.mark.parametrize(
    ("listed", "published", "names"),
    [
        ([("1.01", 1, 3.001, "CP")], [("A b", 1, 3.0)], ["A b"]),
        ([("1.01", 1, 3.02, "CP")], [("A b", 1, 3.0)], [None]),
        ([("1.01", 1, 3.0, "CP")], [("A b", 2, 3.0)], [None]),
        ([("1.01", 1, 5.0, "CP"), ("1.02", 1, 3.0, "PC")], [("A b", 1, 3.0), ("A c", 1, 5.0)], ["A c", "A b"]),
        ([("1.01", 1, None, "CP")], [("A b", 1, 77.0)], ["A b"]),
        ([("1.01", 1, None, "FP")], [("A b", 1, 77.0)], [None]),
        ([("1.01", 1, None, "CP")], [("A b", 1, 77.0), ("A c", 1, 99.0)], [None]),
        ([("1.01", 1, 6.0, "KP")], [("A b", 1, 3.0)], ["A b"]),
        ([("1.01", 1, 7.0, "KP")], [("A b", 1, 3.0)], [None]),
        ([("1.01", 1, 3.0, "CP"), ("1.02", 1, 3.001, "CP")], [("A b", 1, 3.0)], ["A b", None]),
    ],
)
def test_a_toi_is_the_planet_of_its_star_with_its_period(listed, published, names):
    table = tois(*listed)
    matched = name_tois(table, planets(*published))
    assert [name if isinstance(name, str) else None for name in table["planet_name"]] == names
    assert {name for name in names if name} == set(matched.loc[matched["toi"].notna(), "planet_name"])


def test_a_name_by_exofop_stays_where_no_planet_matches():
    table = tois(("1.01", 1, 3.0, "CP")).assign(planet_name="By ExoFOP b")
    name_tois(table, planets(("A b", 1, 7.7)))
    assert table["planet_name"].tolist() == ["By ExoFOP b"]


def csv_of(**cells):
    columns = planet_columns()
    return ",".join(columns) + "\n" + ",".join(f'"{cells.get(name, "")}"' for name in columns) + "\n"


def test_a_row_is_read_with_its_references_and_the_larger_error():
    link = "<a refstr=SU href=https://ui.adsabs.harvard.edu/abs/x target=ref>Su&aacute;rez et al. 2019</a>"
    row = csv_of(
        pl_name="A b", tic_id="TIC 42", pl_rade="2.5", pl_radeerr1="0.1", pl_radeerr2="-0.3", pl_rade_reflink=link
    )
    planet = parse_planets(row.encode(), "host").iloc[0]
    assert (planet["tic_id"], planet["radius_rearth"], planet["radius_err_rearth"]) == (42, 2.5, 0.3)
    assert planet["radius_reference"] == "Suárez et al. 2019" and planet["mass_mearth"] is None


@pytest.mark.parametrize(
    ("cells", "name", "expected"),
    [
        ({"pl_rade": "inf"}, "radius_rearth", None),
        ({"pl_rade": "wide"}, "radius_rearth", None),
        ({"pl_rade": "-3"}, "radius_rearth", None),
        ({"hostname": "<script>alert(1)</script>A"}, "host_name", "alert(1)A"),
        ({"hostname": "x" * 300}, "host_name", None),
        ({"hostname": "A\x00\x1b B"}, "host_name", "A B"),
    ],
)
def test_a_cell_that_cannot_be_used_is_blank(cells, name, expected):
    found = parse_planets(csv_of(pl_name="A b", tic_id="TIC 42", **cells).encode(), "host")
    assert found.iloc[0][name] == expected


@pytest.mark.parametrize("cells", [{"tic_id": "TIC 42"}, {"pl_name": "A b"}, {"pl_name": "A b", "tic_id": "TIC x"}])
def test_a_row_without_a_name_or_a_star_is_left_out(cells):
    assert len(parse_planets(csv_of(**cells).encode(), "host")) == 0


@pytest.mark.parametrize("body", [b"", b"<html>Service down</html>", b"pl_name,tic_id\nA b,TIC 1\n", b"\x89PNG\xff"])
def test_another_reply_is_refused_with_the_host(body):
    with pytest.raises(ArchiveError, match="host.example sent no table of planets"):
        parse_planets(body, "host.example")


def test_an_update_names_the_planets_and_keeps_their_measurements(app, config, at, shared_sample_archive):
    reset(at(config, shared_sample_archive), quiet)
    assert db.session.get(Toi, "101.01").planet_name == "WASP-46 b"
    assert db.session.get(Toi, "561.04").planet_name == "TOI-561 e"
    c, b = planets_of(PI_MEN)
    assert (c.planet_name, c.toi, c.mass_mearth, c.host_name) == ("pi Men c", "144.01", 4.82, "pi Men")
    assert (b.planet_name, b.toi, b.mass_kind) == ("pi Men b", None, "Msini")
    assert (c.vmag, c.kmag, c.gaia_gmag, c.aliases) == (5.67, 4.241, 5.513, ["HD 39091", "HIP 26394"])
    assert [planet.planet_name[-1] for planet in planets_of(TOI_178)] == ["b", "c", "d", "e", "f", "g"]


def test_without_the_exoplanet_archive_the_rest_is_loaded_and_the_earlier_names_stay(app, config, at, sample_archive):
    here = at(config, sample_archive)
    reset(here, quiet)
    first = catalogue.find_current_load().id
    sample_archive.fail_next("TAP/sync", status=503, times=None)
    reset(dataclasses.replace(here, archive_retries=0), quiet)
    load = catalogue.find_current_load()
    assert load.id > first and "TAP" in load.skipped[0] and "503" in load.skipped[0]
    assert "Names of planets are those of the previous update" in load.skipped[0]
    assert db.session.get(Toi, "101.01").planet_name == "WASP-46 b" and len(planets_of(TOI_178)) == 6


@pytest.fixture(scope="module")
def client(prepared, tmp_path_factory, shared_sample_archive):
    with loaded_app(prepared, tmp_path_factory.mktemp("names"), shared_sample_archive) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("text", "tic_id"),
    [
        ("LHS 3844", 410153553),
        ("lhs3844 b", 410153553),
        ("pi Men", PI_MEN),
        ("Pi Mensae c", PI_MEN),
        ("π Men b", PI_MEN),
        ("HD 39091", PI_MEN),
        ("HIP 26394", PI_MEN),
        ("TOI 178 b", TOI_178),
        ("TOI-178.02", TOI_178),
        ("Gliese 357 d", 413248763),
        ("TIC 231663901", WASP_46),
        ("TIC 199574208", 199574208),
        ("199574208", 199574208),
        ("2MASS J21145687-5552184", WASP_46),
    ],
)
def test_a_single_match_opens_the_star(client, text, tic_id):
    answer = client.get("/", query_string={"q": text})
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/stars/{tic_id}")


def test_without_a_match_the_page_offers_mast_s_name_resolver(client):
    page = client.get("/", query_string={"q": "Proxima Centauri"}).text
    assert 'searchQuery=Proxima%20Centauri"' in page and 'href="/resolve?name=Proxima+Centauri"' in page


def test_the_resolver_leads_from_a_name_to_the_star_s_page(client):
    answer = client.get("/resolve", query_string={"name": "Pi Mensae"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"/stars/{PI_MEN}")
    unknown = client.get("/resolve?name=Nemesis")
    assert unknown.status_code == 404 and "does not know this name" in unknown.text
    assert (
        client.get("/resolve").status_code
        == client.get("/resolve", query_string={"name": "x" * 200}).status_code
        == 400
    )


def test_several_tic_ids_open_no_star_and_the_page_says_which_is_not_listed(client):
    for text in (f"TIC {WASP_46} TIC 199574208", f"{WASP_46},199574208"):
        page = client.get("/", query_string={"q": text})
        assert page.status_code == 200 and f'href="/stars/{WASP_46}' in page.text, text
        assert 'Not among the TOIs of this catalogue: <a href="/stars/199574208">' in page.text
    assert "Not among the TOIs" not in client.get("/", query_string={"q": f"{WASP_46} {PI_MEN}"}).text
    nothing = client.get("/", query_string={"q": "199574208 199574209"}).text
    assert 'href="/stars/199574208"' in nothing and 'href="/stars/199574209"' in nothing


def test_a_number_that_may_be_a_toi_or_a_tic_id_is_no_redirect(client):
    page = client.get("/?q=99999")
    assert page.status_code == 200 and 'href="/stars/99999"' in page.text


def test_a_2mass_or_gaia_number_finds_exactly_its_star(client):
    with client.application.app_context():
        star = db.session.get(Star, PI_MEN)
        star.twomass, star.gaia_dr2_id = "00000000-0000000", 1234567890123
        db.session.add(SearchName(key=name_key("Gaia DR3 4623036865373793408"), tic_id=TOI_178, toi=None))
        db.session.flush()

        def found(text):
            return [row["tic_id"] for row in stars.iter_stars(StarQuery(text=text))]

        assert found("2MASS J00000000-0000000") == found("Gaia DR2 1234567890123") == [PI_MEN]
        assert found("Gaia DR3 4623036865373793408") == [TOI_178]
        db.session.rollback()


def test_several_tic_ids_give_their_table(client):
    for text in (f"{WASP_46}, {PI_MEN}", f"TIC {WASP_46} TIC {PI_MEN}", f"{WASP_46};{PI_MEN}"):
        rows = client.get("/api/v1/stars", query_string={"q": text}).json["rows"]
        assert {row["tic_id"] for row in rows} == {WASP_46, PI_MEN}, text
        assert client.get("/", query_string={"q": text}).status_code == 200


def test_a_planet_s_page_and_exports_carry_its_name(client):
    page = client.get(f"/stars/{WASP_46}").text
    assert "<title>WASP-46 b, known planet · TIC 231663901" in page and "<h1>WASP-46 " in page
    assert "WASP-46 b, known planet · TOI-101.01" in page and "Anderson et al. 2012" in page
    assert client.get("/api/v1/tois/101.01").json["row"]["planet_name"] == "WASP-46 b"
    row = client.get("/api/v1/tois/101.01").json["row"]
    assert row["published_mass_mearth"] and row["published_mass_reference"] and row["host_name"] == "WASP-46"
    assert client.get("/api/v1/tois/102.01").json["row"].keys() >= {"vmag", "kmag", "gaia_gmag", "hip_name"}
    assert "WASP-46 b" in client.get("/api/v1/tois.csv").text and "WASP-46 b" in client.get("/?q=WASP-46&sort=toi").text
