"""Names of stars and planets as people write them: "pi Mensae c", "π Men c" and "PI-MEN C" are one name."""

import re
import unicodedata

from app_tess.astro.positions import plain_text

GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "ο": "omicron",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
SHORT_GREEK = {
    "alf": "alpha",
    "bet": "beta",
    "gam": "gamma",
    "del": "delta",
    "eps": "epsilon",
    "zet": "zeta",
    "tet": "theta",
    "the": "theta",
    "iot": "iota",
    "kap": "kappa",
    "lam": "lambda",
    "ksi": "xi",
    "omi": "omicron",
    "sig": "sigma",
    "ups": "upsilon",
    "ome": "omega",
}
"""As SIMBAD and the NASA Exoplanet Archive abbreviate them."""

CONSTELLATIONS = (
    "Andromedae And|Antliae Ant|Apodis Aps|Aquarii Aqr|Aquilae Aql|Arae Ara|Arietis Ari|Aurigae Aur|Bootis Boo|"
    "Caeli Cae|Camelopardalis Cam|Cancri Cnc|Canum Venaticorum CVn|Canis Majoris CMa|Canis Minoris CMi|"
    "Capricorni Cap|Carinae Car|Cassiopeiae Cas|Centauri Cen|Cephei Cep|Ceti Cet|Chamaeleontis Cha|Circini Cir|"
    "Columbae Col|Comae Berenices Com|Coronae Australis CrA|Coronae Borealis CrB|Corvi Crv|Crateris Crt|"
    "Crucis Cru|Cygni Cyg|Delphini Del|Doradus Dor|Draconis Dra|Equulei Equ|Eridani Eri|Fornacis For|"
    "Geminorum Gem|Gruis Gru|Herculis Her|Horologii Hor|Hydrae Hya|Hydri Hyi|Indi Ind|Lacertae Lac|Leonis Leo|"
    "Leonis Minoris LMi|Leporis Lep|Librae Lib|Lupi Lup|Lyncis Lyn|Lyrae Lyr|Mensae Men|Microscopii Mic|"
    "Monocerotis Mon|Muscae Mus|Normae Nor|Octantis Oct|Ophiuchi Oph|Orionis Ori|Pavonis Pav|Pegasi Peg|"
    "Persei Per|Phoenicis Phe|Pictoris Pic|Piscium Psc|Piscis Austrini PsA|Puppis Pup|Pyxidis Pyx|Reticuli Ret|"
    "Sagittae Sge|Sagittarii Sgr|Scorpii Sco|Sculptoris Scl|Scuti Sct|Serpentis Ser|Sextantis Sex|Tauri Tau|"
    "Telescopii Tel|Trianguli Tri|Trianguli Australis TrA|Tucanae Tuc|Ursae Majoris UMa|Ursae Minoris UMi|"
    "Velorum Vel|Virginis Vir|Volantis Vol|Vulpeculae Vul"
)
GENITIVES = {
    genitive.lower(): short.lower()
    for genitive, _, short in (entry.rpartition(" ") for entry in CONSTELLATIONS.split("|"))
}
"""Genitive of a constellation -> its abbreviation by the IAU."""

CATALOGUES = {"gliese": "gj", "gl": "gj", "hipparcos": "hip", "henry draper": "hd"}
"""Other words for a catalogue."""


def name_key(name: str) -> str:
    """Return a name in the form in which names are compared.

    Letters and digits only, in lower case, with Greek letters spelled out, constellations and catalogues abbreviated,
    numbers without leading zeros, and a hyphen between two numbers: "Pi Mensae c" -> "pimenc", "TOI 178 b" ->
    "toi178b", "Gliese 357" -> "gj357", "L 98-59 d" -> "l98-59d".
    """
    text = spell_greek(plain_text(name).lower())
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = _abbreviated(re.findall(r"[a-z]+|\d+|\.", text))
    parts = _with_hyphens([SHORT_GREEK.get(word, word) for word in words])
    return "".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def spell_greek(text: str) -> str:
    """Return a text in lower case with its Greek letters spelled out: "π men" -> "pi men"."""
    return "".join(GREEK.get(char, char) for char in text)


_ABBREVIATIONS = CATALOGUES | GENITIVES
"""Each of one word or two."""


def _abbreviated(words: list[str]) -> list[str]:
    """Return the words with catalogues and constellations abbreviated; "leonis minoris" is not "leo minoris"."""
    found: list[str] = []
    rest = iter(range(len(words)))
    for index in rest:
        pair = _ABBREVIATIONS.get(" ".join(words[index : index + 2]))
        if pair and index + 1 < len(words):
            next(rest)
        found.append(pair or _ABBREVIATIONS.get(words[index], words[index]))
    return found


def _with_hyphens(words: list[str]) -> list[str]:
    """Return the words with a hyphen between two numbers, or K2-18 would be K21-8."""
    found: list[str] = []
    for word in words:
        if found and found[-1].isdigit() and word.isdigit():
            found.append("-")
        found.append(word)
    return found
