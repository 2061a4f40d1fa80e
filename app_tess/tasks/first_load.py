"""The first load: the bundled sample, through the real loaders and over real HTTP, so that the first page shows stars."""

import dataclasses

from app_tess.archives.sample.server import SampleArchive
from app_tess.tasks.reset import reset_and_predict


def load_sample(config, report):
    """Reset from a sample archive that lives as long as this call; returns the sentence that ends the run."""
    with SampleArchive() as archive:
        here = dataclasses.replace(config, exofop_url=archive.exofop_url, mast_url=archive.mast_url)
        return reset_and_predict(here, report)
