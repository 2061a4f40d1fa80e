"""An ephemeris whose transits happen at measured times: folding on it aligns transits that are early or late."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.ephemeris import Ephemeris


@dataclass(frozen=True)
class TimedEphemeris(Ephemeris):
    """A linear ephemeris with the measured deviation of some transits.

    Between measured transits the deviation is interpolated in time, beyond them it is constant. It is constant within
    a quarter of a period of each measured transit, so that no transit is stretched.

    Parameters
    ----------
    deviations : tuple of (int, float)
        Number of a transit and its measured minus its linear mid-transit time [d], ascending.
    """

    deviations: tuple[tuple[int, float], ...] = ()

    def _deviation(self, time_btjd: npt.ArrayLike) -> FloatArray:
        """Return the deviation of the transit nearest to each time [d]."""
        time = np.asarray(time_btjd, dtype=float)
        if not self.deviations or self.period_d is None:
            return np.zeros(time.shape)
        number, late = np.array(self.deviations).T
        middle = self.epoch_btjd + number * self.period_d + late
        edge = self.period_d / 4
        nodes = np.column_stack([middle - edge, middle + edge]).ravel()
        deviation: FloatArray = np.interp(time, nodes, np.repeat(late, 2))
        return deviation

    def fold(self, time_btjd: npt.ArrayLike) -> FloatArray:
        """Fold observation times on the measured transits, as `Ephemeris.fold` does on the linear ones."""
        time = np.asarray(time_btjd, dtype=float)
        return super().fold(time - self._deviation(time))

    def transit_number(self, time_btjd: npt.ArrayLike) -> IntArray:
        """Return the number of the transit nearest to each time."""
        time = np.asarray(time_btjd, dtype=float)
        return super().transit_number(time - self._deviation(time))

    def transit_times(self, start_btjd: float, stop_btjd: float) -> FloatArray:
        """Return the mid-transit times [BTJD d] in [start, stop], ascending: measured ones where known."""
        period = self.require_period()
        linear = super().transit_times(start_btjd - period, stop_btjd + period)
        known = dict(self.deviations)
        numbers = np.round((linear - self.epoch_btjd) / period).astype(int)
        between = np.interp(numbers, list(known), list(known.values())) if known else 0.0
        times = linear + between
        return times[(times >= start_btjd) & (times <= stop_btjd)]
