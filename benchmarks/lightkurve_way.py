"""The alternative of `side_by_side`: lightkurve doing what this package does. Run by a Python that has lightkurve.

    python benchmarks/lightkurve_way.py sector|fold|vet FILE PERIOD_D EPOCH_BTJD DURATION_D

Prints the milliseconds of one run after a first one.
"""

import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")

import lightkurve as lk  # noqa: E402
import matplotlib as mpl  # noqa: E402

mpl.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402


def sector(path, _period_d, _epoch_btjd, _duration_d):
    """Read a sector and draw it."""
    draw(lk.read(path, quality_bitmask="default").normalize())


def fold(path, period_d, epoch_btjd, duration_d):
    """Read a sector, flatten it with the transits masked, fold and draw it."""
    folded = flattened(path, period_d, epoch_btjd, duration_d).fold(period=period_d, epoch_time=epoch_btjd)
    draw(folded)


def vet(path, period_d, epoch_btjd, duration_d):
    """Flatten, fold and bin: what comes before any measurement."""
    flat = flattened(path, period_d, epoch_btjd, duration_d)
    flat.fold(period=period_d, epoch_time=epoch_btjd).bin(time_bin_size=duration_d / 10)


def flattened(path, period_d, epoch_btjd, duration_d):
    """Return the curve without its trend."""
    curve = lk.read(path, quality_bitmask="default").remove_nans().normalize()
    mask = curve.create_transit_mask(period_d, epoch_btjd, 1.5 * duration_d)
    return curve.flatten(window_length=433, mask=mask)


def draw(curve):
    """Draw a curve into a PNG of 1000 x 500 pixels."""
    figure, axes = plt.subplots(figsize=(10, 5), dpi=100)
    curve.scatter(ax=axes, s=1)
    with tempfile.TemporaryFile() as file:
        figure.savefig(file, format="png")
    plt.close(figure)


WAYS = {"sector": sector, "fold": fold, "vet": vet}


def main():
    run = WAYS[sys.argv[1]]
    numbers = [float(text) for text in sys.argv[3:]]
    run(sys.argv[2], *numbers)
    began = time.perf_counter()
    run(sys.argv[2], *numbers)
    print(1000 * (time.perf_counter() - began))


if __name__ == "__main__":
    main()
