from app_tess.astro.dispositions import (
    AMBIGUOUS,
    CANDIDATES,
    DISPOSITIONS,
    FINAL,
    NOT_PLANETS,
    PLANETS,
    describe_disposition,
)


def test_only_final_dispositions_say_planet_or_not():
    assert {code: disposition.is_planet for code, disposition in DISPOSITIONS.items()} == {
        "PC": None,
        "APC": None,
        "CP": True,
        "KP": True,
        "FP": False,
        "FA": False,
    }
    assert (PLANETS, NOT_PLANETS, FINAL) == (("CP", "KP"), ("FP", "FA"), ("CP", "KP", "FP", "FA"))


def test_a_disposition_is_a_candidates_or_final():
    assert CANDIDATES == ("PC", "APC") and AMBIGUOUS in CANDIDATES
    assert {*CANDIDATES, *FINAL} == DISPOSITIONS.keys()


def test_a_missing_or_unknown_code_is_described_as_such():
    assert describe_disposition(None).meaning == "Not yet dispositioned by TFOPWG"
    assert describe_disposition(float("nan")).code == ""
    assert describe_disposition("XY").meaning == "Unknown TFOPWG code XY"
