"""The nine real SPOC light curves of the development data, with their catalogue ephemerides (ExoFOP, 2025-04-06)."""

import csv

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.ephemeris import Ephemeris
from tests.support.shared import shared_path

PLANET_DEPTHS_PPM = {"101.01": 18961, "102.01": 15062, "104.01": 3572, "106.01": 8049, "110.01": 15457, "114.01": 7006}
TIC_IDS = {
    "101.01": 231663901,
    "102.01": 149603524,
    "104.01": 231670397,
    "106.01": 38846515,
    "110.01": 281459670,
    "114.01": 25155310,
    "207.01": 260271203,
    "793.01": 300013921,
    "209.01": 52204645,
}


def known_light_curve(toi):
    """The sector-1 LightCurve of a TOI among TIC_IDS; skips where the files are absent."""
    path = shared_path(f"archive/files/tess2018206045859-s0001-{TIC_IDS[toi]:016d}-0120-s_lc.fits")
    return read_light_curve(path, path.name)


def known_ephemeris(toi):
    """The catalogue's Ephemeris of a TOI among TIC_IDS."""
    with open(shared_path("archive/toi.csv"), newline="") as file:
        for row in csv.DictReader(file):
            if f"{float(row['TOI']):.2f}" == toi:
                return Ephemeris(
                    float(row["Period (days)"]),
                    float(row["Epoch (BJD)"]) - 2457000,
                    float(row["Duration (hours)"]),
                    float(row["Period (days) err"] or "nan"),
                    float(row["Epoch (BJD) err"] or "nan"),
                )
    raise LookupError(toi)
