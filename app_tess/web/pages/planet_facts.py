"""What a star's page says of its published planets: headings, masses and radii with references, the star's names."""

from dataclasses import dataclass

from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.astro.identifiers import toi_name
from app_tess.fields.planet import HOST_FIELDS, PLANET_FIELDS
from app_tess.web.http import template_filters

FIELDS = {field.name: field for field in (*PLANET_FIELDS, *HOST_FIELDS)}
MAGNITUDES = ("vmag", "gaia_gmag", "kmag")


def object_name(toi):
    """Return the name of a TOI as a heading: "WASP-46 b, known planet", or "TOI-101.01" where it has no name."""
    if not toi.planet_name:
        return toi_name(toi.toi)
    disposition = DISPOSITIONS.get(toi.tfopwg_disposition or "")
    return f"{toi.planet_name}, {disposition.noun}" if disposition else toi.planet_name


def page_title(detail):
    """Return the title of a star's page: its planets by name, then the TIC id."""
    named = [toi for toi in detail.tois if toi.planet_name]
    names = [object_name(named[0])] if len(named) == 1 else sorted(toi.planet_name for toi in named)
    return " · ".join(filter(None, (", ".join(names), f"TIC {detail.tic_id}")))


@dataclass(frozen=True)
class Host:
    """A star with published planets, in words."""

    name: str
    aliases: list[str]
    magnitudes: str


def host_of(planets):
    """Return the Host of a star's planets, or None without any."""
    if not planets:
        return None
    star = planets[0]
    found = [(FIELDS[name], getattr(star, name)) for name in MAGNITUDES]
    magnitudes = [f"{field.label} = {value:.{field.decimals}f}" for field, value in found if value is not None]
    return Host(star.host_name or "", star.aliases, ", ".join(magnitudes))


@dataclass(frozen=True)
class PublishedValue:
    """A measured quantity of a planet, and where it was published."""

    text: str
    reference: str


def radius_of(planet):
    """Return a planet's radius in words."""
    return _value(planet, "radius_rearth", planet.radius_reference)


def mass_of(planet):
    """Return a planet's mass in words, with what kind of mass it is unless it is the mass itself."""
    value = _value(planet, "mass_mearth", planet.mass_reference)
    kind = planet.mass_kind if planet.mass_kind not in (None, "Mass") else ""
    return PublishedValue(f"{value.text} ({kind})", value.reference) if kind and value.reference else value


def _value(planet, name, reference):
    field = FIELDS[name]
    value = getattr(planet, name)
    if value is None:
        return PublishedValue(template_filters.MISSING, "")
    text = template_filters.measured(value, getattr(planet, field.error), field.decimals)
    return PublishedValue(f"{text} {field.unit.symbol}", reference or "")
