"""The first load: the bundled sample, read by the real loaders over real HTTP, so that the first page shows stars."""

import dataclasses

from app_tess.tasks.reset import reset_and_predict


def load_sample(config, report):
    """Reset from a sample archive that runs during this call; return the run's closing message."""
    from app_tess.archives.sample.server import SampleArchive

    with SampleArchive() as archive:
        here = dataclasses.replace(
            config, exofop_url=archive.exofop_url, mast_url=archive.mast_url, exoplanet_archive_url=archive.url
        )
        return reset_and_predict(here, report)
