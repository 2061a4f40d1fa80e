"""A star or planet has one key, however its name is written; different names have different keys."""

import pytest

from app_tess.astro.names import GENITIVES, name_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("pi Men c", "Pi Mensae c", "π Men c", "PI-MEN C", "pi men c", "π Mensae c"),
        ("TOI-178 b", "TOI 178 b", "toi178b", "TOI_178_b", "TOI‑178 b"),
        ("LHS 3844 b", "lhs3844b", "LHS-3844 b"),
        ("GJ 357 b", "Gliese 357 b", "Gl 357 b", "gj357b"),
        ("WASP-46 b", "WASP-046b", "wasp 46 b"),
        ("AU Mic b", "AU Microscopii b"),
        ("alf Cen A", "Alpha Centauri A", "α Cen A"),
        ("DS Tuc A b", "DS Tucanae A b"),
        ("HIP 26394", "Hipparcos 26394"),
        ("L 98-59 d", "L98-59d"),
        ("eps CrB b", "Epsilon Coronae Borealis b"),
        ("20 LMi", "20 Leonis Minoris"),
        ("HD 1", "Henry Draper 1"),
    ],
)
def test_usual_spellings_of_a_name_have_one_key(spellings):
    assert {name_key(name) for name in spellings} == {name_key(spellings[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("K2-18 b", "K21-8 b"),
        ("WASP-46 b", "WASP-4 b"),
        ("TOI-178 b", "TOI-178 c"),
        ("L 98-59", "L 9-859"),
        ("HD 1", "HIP 1"),
    ],
)
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


def test_there_are_88_constellations():
    assert len(GENITIVES) == 88 and len(set(GENITIVES.values())) == 88


@pytest.mark.parametrize("text", ["", " - ", "***", "?"])
def test_signs_alone_are_no_name(text):
    assert name_key(text) == ""
