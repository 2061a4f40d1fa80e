"""Dataclasses are written to JSON and read back, and what does not fit is named."""

from dataclasses import dataclass
from typing import Literal

import pytest

from app_tess.errors import ArtifactError
from app_tess.scoring.common.json_records import from_json, read_record, to_json, write_record


@dataclass(frozen=True)
class Part:
    name: str
    value: float | None


@dataclass(frozen=True)
class Whole:
    count: int
    sure: bool
    kind: Literal["one", "two"]
    parts: list[Part]
    by_name: dict[str, list[Part]]
    names: list[str]
    note: str | None = None


WHOLE = Whole(2, True, "one", [Part("a", 0.5), Part("b", None)], {"x": [Part("c", 1.0)]}, ["d", "e"])


def test_a_record_is_read_as_it_was_written(tmp_path):
    write_record(tmp_path / "new" / "whole.json", WHOLE)
    assert read_record(tmp_path / "new" / "whole.json", Whole, "make whole") == WHOLE


def test_an_optional_part_that_is_none_is_left_out_and_another_none_is_null():
    content = to_json(WHOLE)
    assert "note" not in content and content["parts"][1] == {"name": "b", "value": None}


def test_a_whole_number_is_a_number_but_true_is_not():
    assert from_json(Part, {"name": "a", "value": 1}, "part.json") == Part("a", 1.0)
    with pytest.raises(ArtifactError, match="part.json: key 'value' should be a number"):
        from_json(Part, {"name": "a", "value": True}, "part.json")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"count": "2"}, "key 'count' should be an integer"),
        ({"count": True}, "key 'count' should be an integer"),
        ({"count": None}, "key 'count' should be an integer"),
        ({"sure": 1}, "key 'sure' should be true or false"),
        ({"kind": "three"}, "key 'kind'"),
        ({"parts": {}}, "key 'parts' should be a list"),
        ({"parts": [3]}, r"key 'parts\[0\]' should be an object"),
        ({"parts": [{"name": "a"}]}, r"no key 'parts\[0\].value'"),
        ({"by_name": {"x": [{"name": 1, "value": None}]}}, r"key 'by_name.x\[0\].name' should be text"),
        ({"note": 3}, "key 'note' should be text"),
        ({"names": ["a", 3]}, r"key 'names\[1\]' should be text"),
        ({"names": "a"}, "key 'names' should be a list"),
        ({"extra": 1}, "unknown key 'extra'"),
    ],
)
def test_what_does_not_fit_is_named_by_file_and_key(change, complaint):
    with pytest.raises(ArtifactError, match=f"whole.json: {complaint}"):
        from_json(Whole, to_json(WHOLE) | change, "whole.json")


def test_a_missing_file_and_one_that_is_not_json_are_named_with_the_command(tmp_path):
    path = tmp_path / "whole.json"
    with pytest.raises(ArtifactError, match="whole.json is missing; `make whole` writes it"):
        read_record(path, Whole, "make whole")
    path.write_text("<html>")
    with pytest.raises(ArtifactError, match="whole.json is not JSON"):
        read_record(path, Whole, "make whole")
