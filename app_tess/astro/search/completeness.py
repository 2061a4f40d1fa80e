"""Which share of injected planets the search recovers in one sector of a real quiet star.

Measured by `python -m benchmarks.search_completeness`; docs/science/search-completeness.md holds the whole result, also
by duration and for simulated stars. A test compares the two.
"""

INJECTED, RECOVERED = 600, 353
"""Planets injected into ten real quiet stars, log-uniform in period, depth and stellar density."""

COLUMNS = ("0.5 to 1.5 d", "1.5 to 4 d", "4 to 8 d", "8 to 13 d")
"""Ranges of the period."""

ROWS = {
    "100 to 200": ((36, 36), (11, 35), (19, 21), (5, 19)),
    "200 to 400": ((46, 28), (28, 39), (33, 18), (0, 13)),
    "400 to 800": ((70, 37), (41, 27), (42, 19), (27, 11)),
    "800 to 1600": ((100, 17), (53, 30), (73, 15), (79, 14)),
    "1600 to 3200": ((95, 20), (86, 22), (78, 23), (67, 9)),
    "3200 to 10000": ((100, 50), (97, 36), (88, 42), (74, 19)),
}
"""Range of the depth [ppm] -> for each range of the period, percent recovered and number injected."""
