import io

from PIL import Image

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting import measure
from app_tess.plots.vetting import render_vetting
from tests.support.light_curves import PLANET, make_light_curve


def panel(ephemeris=PLANET, judgement=None, theme="light", **options):
    stitched = stitch([make_light_curve(**options)], [ephemeris, PLANET])
    return render_vetting(stitched, ephemeris, measure(stitched, ephemeris, "TOI-1.01"), judgement, theme=theme)


def size(picture):
    return Image.open(io.BytesIO(picture.png)).size


def test_the_panel_of_a_planet_says_that_nothing_speaks_against_it():
    assert "No measurement speaks against a planet" in panel().alt


def test_the_panel_of_a_binary_says_why_in_its_alternative_text():
    assert "an eclipsing binary at twice the period?" in panel(odd_depth=0.008).alt


def test_a_judgement_adds_the_occlusion_and_its_numbers():
    judgement = {"probability_pc": 0.91, "probability_transit": 0.99,
                 "occlusion": {"global_view": [0.1] * 201, "local_view": [-0.1] * 61}}
    judged = panel(judgement=judgement, theme="dark")
    assert "0.91 for a planet candidate" in judged.alt
    assert size(judged)[1] > size(panel())[1]


def test_a_single_transit_has_a_panel_without_folds():
    assert size(panel(Ephemeris(None, 1326.0, 3.0)))[1] < size(panel())[1]


def test_a_simulated_panel_says_so():
    assert panel(primary={"SIMULATD": True}.items()).alt.startswith("SIMULATED")
