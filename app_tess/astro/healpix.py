"""Where a pixel of the sky lies by its number in HEALPix, which Gaia's source numbers begin with."""

import math

RING_OF_FACE = (2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4)
LONGITUDE_OF_FACE = (1, 3, 5, 7, 0, 2, 4, 6, 1, 3, 5, 7)


def nested_center_deg(pixel: int, order: int) -> tuple[float, float]:
    """Return longitude and latitude [deg] of the center of a pixel in the nested scheme.

    Parameters
    ----------
    pixel : int
        In [0, 12 * 4**order).
    order : int
        Resolution: the sky has 12 * 4**order pixels.

    References
    ----------
    Gorski et al. 2005, ApJ 622, 759, sec. 5.
    """
    side = 2**order
    face, within = divmod(pixel, side * side)
    x, y = _every_other_bit(within), _every_other_bit(within >> 1)
    ring = RING_OF_FACE[face] * side - x - y - 1
    if ring < side:
        quarter, z, shift = ring, 1 - ring**2 / (3 * side**2), 0
    elif ring > 3 * side:
        quarter = 4 * side - ring
        z, shift = quarter**2 / (3 * side**2) - 1, 0
    else:
        quarter, z, shift = side, 2 * (2 * side - ring) / (3 * side), (ring - side) % 2
    place = (LONGITUDE_OF_FACE[face] * quarter + x - y + 1 + shift) // 2
    lon_deg = (place - (shift + 1) / 2) * 90 / quarter
    return lon_deg % 360, math.degrees(math.asin(z))


def _every_other_bit(number: int) -> int:
    """Return the number made of bits 0, 2, 4, ..."""
    return int(bin(number)[:1:-1][::2][::-1] or "0", 2)
