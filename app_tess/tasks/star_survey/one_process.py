"""Measure the stars of a survey in this process, one after another."""

from app_tess.tasks.star_survey.measure import measure_star


class OneProcess:
    """A pool without workers."""

    description = "this process"

    def batches(self, jobs):
        """Yield lists of StarResult."""
        for job in jobs:
            yield [measure_star(job)]
