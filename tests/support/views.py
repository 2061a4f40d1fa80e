"""A small made-up file of views: planets are boxes, binaries have a second dip, junk is a wave."""

import numpy as np
import pandas as pd

NO_TOIS = pd.DataFrame(columns=["tic_id", "period_d", "tfopwg_disposition"])
NO_BINARIES = pd.DataFrame(columns=["tic_id", "period_d", "morphology"])
"""Empty tables of labels."""


def make_views(count=400, mission="tess", seed=0):
    """Arrays of a views file as a dict; three events in four are junk (TESS) or NOT (Kepler)."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(["PC", "EB", "J"], count, p=[0.25, 0.25, 0.5])
    views = {}
    for name, bins, width in (("global_view", 201, 5), ("local_view", 61, 8)):
        x = np.arange(bins) - bins // 2
        box = -(np.abs(x) <= width / 2).astype(float)
        second = np.where(np.abs(np.abs(x) - bins // 2) < 3, -0.5, 0.0) if name == "global_view" else 0.0
        wave = np.sin(2 * np.pi * x[None] / bins * 3 + rng.uniform(0, 6, (count, 1)))
        view = np.where(
            (kind == "J")[:, None], wave, box + second * (kind == "EB")[:, None]
        ) + 0.05 * rng.standard_normal((count, bins))
        view -= np.median(view, axis=1, keepdims=True)
        views[name] = (view / -view.min(axis=1, keepdims=True)).astype(np.float32)
    star = rng.integers(10**6, 10**9, count)
    if mission == "kepler":
        return {**views, "label": np.where(kind == "PC", "PC", "NOT"), "kic_id": star}
    return {
        **views,
        "label": kind,
        "tic_id": star,
        "period_d": rng.uniform(1, 9, count),
        "duration_d": rng.uniform(0.05, 0.3, count),
        "depth_ppm": rng.uniform(300, 30000, count),
        "snr": rng.uniform(8, 90, count),
    }


def write_views(folder, mission="tess", name=None, drop=(), **options):
    """Write such a file, without the arrays named in `drop`; returns its path."""
    arrays = {k: v for k, v in make_views(mission=mission, **options).items() if k not in drop}
    path = folder / (name or f"{mission}_views.npz")
    np.savez(path, **arrays)
    return path
