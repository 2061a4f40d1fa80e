"""Observing sites by name, full name and nearby city."""

import math
import tomllib
from collections import Counter

import pytest

from app_tess.astro.observing.sites import DEFAULT_SITE, OTHER_NAMES, SITES, SITES_FILE, Site, find_site
from app_tess.errors import InvalidInput

FULL_NAMES = {
    "Cerro Tololo Inter-American Observatory": "Cerro Tololo",
    "European Southern Observatory, La Silla": "La Silla",
    "European Southern Observatory, Paranal": "Paranal",
    "Fred Lawrence Whipple Observatory": "Mount Hopkins",
    "Kitt Peak National Observatory": "Kitt Peak",
    "Las Campanas Observatory": "Las Campanas",
    "Mauna Kea Observatories": "Mauna Kea",
    "Mt. Stromlo Observatory": "Mount Stromlo",
    "Observatoire de Haute-Provence": "Haute-Provence",
    "Observatoire du Mont-Mégantic": "Mont Megantic",
    "Observatoire du Pic du Midi": "Pic du Midi",
    "Observatorio del Roque de los Muchachos": "La Palma",
    "Observatorio del Teide": "Teide",
    "Roque de los Muchachos Observatory": "La Palma",
    "Siding Spring Observatory": "Siding Spring",
    "South African Astronomical Observatory": "Sutherland",
    "Teide Observatory": "Teide",
    "The Palomar Observatory": "Palomar",
    "Vera C. Rubin Observatory": "Cerro Pachon",
}
CITIES = {
    "Antofagasta": "Paranal",
    "Canberra": "Mount Stromlo",
    "Coonabarabran": "Siding Spring",
    "Flagstaff": "Anderson Mesa",
    "Hilo": "Mauna Kea",
    "La Serena": "Cerro Tololo",
    "San Diego": "Palomar",
    "Santa Cruz de La Palma": "La Palma",
    "Sutherland": "Sutherland",
    "Tucson": "Kitt Peak",
    "Vicuna": "Cerro Tololo",
    "Vicuña": "Cerro Tololo",
}


@pytest.mark.parametrize(("name", "expected"), [*FULL_NAMES.items(), *CITIES.items()])
def test_a_site_is_found_by_full_name_and_by_nearby_city(name, expected):
    assert find_site(name).name == find_site(name.upper()).name == expected


@pytest.mark.parametrize(
    "name",
    ["La\u00a0Silla", "La\u2011Silla", "La\u2013Silla", " la\u2009 silla ", "ESO, La\u202fSilla"],
    ids=["no-break space", "no-break hyphen", "en dash", "thin space", "narrow no-break space"],
)
def test_typographic_hyphens_and_spaces_in_names_are_normalized(name):
    assert find_site(name).name == "La Silla"


def test_every_other_name_leads_to_a_listed_site():
    assert set(OTHER_NAMES.values()) <= {site.name for site in SITES}
    assert {name: find_site(name).name for name in OTHER_NAMES} == OTHER_NAMES


def test_every_listed_name_leads_to_its_own_site():
    assert [find_site(site.name) for site in SITES] == list(SITES)
    assert find_site(DEFAULT_SITE) in SITES


def test_no_name_is_listed_for_two_sites():
    rows = tomllib.loads(SITES_FILE.read_text(encoding="utf-8"))["site"]
    names = Counter(name for row in rows for name in (*row.get("names", ()), *row.get("cities", ())))
    assert [name for name, count in names.items() if count > 1] == []


def test_sites_are_listed_once_in_alphabetical_order():
    names = [site.name for site in SITES]
    assert names == sorted(set(names))


@pytest.mark.parametrize("name", ["", "Observatory", "the observatory of", "-"])
def test_a_name_without_a_place_is_no_site(name):
    with pytest.raises(InvalidInput, match="is not in the list"):
        find_site(name)


def test_a_site_is_found_in_any_spelling():
    assert find_site("la silla") == find_site("La-Silla") == find_site("LA SILLA")
    assert find_site("Palomar Observatory") == find_site("palomar")
    assert find_site("SAAO").name == "Sutherland" and find_site("San Pedro Mártir").elevation_m == 2830
    assert len({site.name for site in SITES}) == len(SITES)
    assert all(find_site(name).name == owner for name, owner in OTHER_NAMES.items())


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: find_site("Atlantis"), "site"),
        (lambda: Site("x", 91, 0), "latitude"),
        (lambda: Site("x", 0, 1000), "longitude"),
        (lambda: Site("x", 0, 0, math.nan), "elevation"),
    ],
)
def test_an_invalid_site_is_rejected_with_the_field(call, field):
    with pytest.raises(InvalidInput) as raised:
        call()
    assert raised.value.field == field
