"""The sample archive: a small real-HTTP server in ExoFOP's and MAST's own formats, and the bundled sample.

- `SampleArchive` (server.py) serves the bundled sample, or a folder, on the loopback.
- `systems.toml` holds the bundled catalogue: real, published systems, each with its reference.
- `render_product` simulates their light curves from those numbers, when asked.
"""


def render_product(filename: str) -> bytes:
    """Return the bytes of one simulated file of the bundled sample.

    Parameters
    ----------
    filename : str
        A name that the catalogue lists: `..._lc.fits`, `..._fast-lc.fits` or `..._dvt.fits`.

    Raises
    ------
    MissingData
        The sample has no such file; the message says so.
    """
    # batman and astropy.io are imported with the first file, not with the package.
    from app_tess.archives.sample.products import render_product as render

    return render(filename)
