"""Could a neighbor cause the dip? Its share of the light in the aperture limits what its eclipses can remove.

References
----------
Giacalone et al. 2021, AJ 161, 24 (TRICERATOPS): a star with the share X of the flux has to fade by depth / X,
and cannot be the source where that exceeds 1.
"""

import math

from app_tess.astro.constants import PPM


def flux_share(tmag: float, target_tmag: float) -> float:
    """Return the share of an aperture's flux that is a neighbor's, in (0, 1).

    The aperture holds the target and all of this neighbor's light, and nothing else. Further stars, or a neighbor
    partly outside the aperture, make the true share smaller: this is the largest that it can be.

    Parameters
    ----------
    tmag, target_tmag : float
        Magnitudes in the TESS band.
    """
    return 1.0 / (1.0 + 10 ** (0.4 * (tmag - target_tmag)))


def eclipse_depth(depth_ppm: float, tmag: float, target_tmag: float) -> float:
    """Return the fraction of a neighbor's light that must vanish to dim the aperture by `depth_ppm` [ppm].

    1 is a total eclipse by a dark body; more is impossible.
    """
    return depth_ppm / PPM / flux_share(tmag, target_tmag)


def faintest_tmag(depth_ppm: float, target_tmag: float) -> float:
    """Return the magnitude of the faintest neighbor whose total eclipse dims the aperture by `depth_ppm` [ppm].

    Parameters
    ----------
    depth_ppm : float
        In (0, 1e6).
    target_tmag : float
        Magnitude of the target in the TESS band.
    """
    depth = depth_ppm / PPM
    return target_tmag - 2.5 * math.log10(depth / (1.0 - depth))
