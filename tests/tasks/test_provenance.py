"""What a provenance says in sentences."""

import dataclasses

from app_tess.archives.products.tglc_light_curve import read_tglc
from app_tess.astro.light_curve import select_cadences
from app_tess.tasks.provenance import sentences
from tests.support.high_level_products import make_tglc
from tests.support.light_curves import make_light_curve


def told(light_curve, mask):
    return sentences({"cadences": [dataclasses.asdict(select_cadences(light_curve, mask)[1])]})[0]


def test_a_quality_mask_is_given_by_its_number_its_bits_and_the_version_of_lightkurve_that_has_it():
    spoc, tglc = make_light_curve(), read_tglc(make_tglc(), "tglc.fits")
    assert told(spoc, "default").startswith("Quality mask default: drops bits 17087, as in lightkurve 2.6 (attitude ")
    assert "argabrightening" in told(spoc, "default") and "cosmic ray" not in told(spoc, "default")
    assert told(spoc, "none") == "Quality mask none: drops nothing."
    assert "drops bits 89855, as in lightkurve 2.6 but for the last (" in told(tglc, "hard")
    assert told(tglc, "hard").endswith("flagged by TGLC).")


def test_a_result_of_an_earlier_version_was_measured_with_the_masks_of_that_version():
    count = dataclasses.asdict(select_cadences(make_light_curve(), "hard")[1])
    former = {name: value for name, value in count.items() if not name.startswith("mask_")}
    first, second = sentences({"cadences": [former]})
    assert "drops bits 7407, as in lightkurve up to 2.0" in first and "vet again" in first and "kept" in second
