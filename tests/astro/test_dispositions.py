from app_tess.astro.dispositions import DISPOSITIONS, describe_disposition, training_label


def test_only_settled_objects_have_a_label():
    labels = {code: training_label(code) for code in DISPOSITIONS}
    assert labels == {"CP": 1, "KP": 1, "PC": None, "APC": None, "FP": 0, "FA": 0}


def test_a_blank_or_unknown_code_is_said_to_be_such():
    assert describe_disposition(None).meaning == "Not yet looked at by TFOPWG"
    assert describe_disposition(float("nan")).code == ""
    assert describe_disposition("XY").meaning == "Unknown TFOPWG code XY"
