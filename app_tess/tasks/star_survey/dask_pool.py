"""Measure the stars of a survey on Dask workers: local processes, or those of a scheduler elsewhere.

Dask is installed by requirements-survey.txt and imported here and in `dask_gate` only.
"""

import contextlib
import logging
import os
from itertools import islice
from urllib.parse import urlsplit

from app_tess.archives import http
from app_tess.errors import ClusterLost, ConfigurationError
from app_tess.storage.surveys import StarResult
from app_tess.tasks.star_survey.measure import measure_star

JOBS_A_WORKER = 3
"""Stars that are with each worker thread at a time: one is measured while the next one is on its way."""

SILENT_WORKER_S = 60
"""After so long without a word from a worker the scheduler gives its stars to others [s]."""

CONNECT_S = 15

SETTINGS = {
    "distributed.scheduler.worker-ttl": f"{SILENT_WORKER_S} s",
    "distributed.scheduler.allowed-failures": 3,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.scheduler.work-stealing": True,
    "distributed.worker.profile.enabled": False,  # its hour of profiles is what a worker's memory would grow by
}


@contextlib.contextmanager
def open_pool(config, scheduler=None, workers=None, memory="1GB", downloads=4):
    """Yield a DaskPool; a local cluster ends with the context, that of a scheduler elsewhere goes on.

    Parameters
    ----------
    config : Config
    scheduler : str, optional
        Address of a running scheduler, `tcp://host:8786`.
    workers : int, optional
        Local processes; by default one for each core.
    memory : str
        Most memory of a local worker; one that needs more is restarted.
    downloads : int
        Files that all workers together fetch from a host at a time.

    Raises
    ------
    ConfigurationError
        Dask is not installed.
    ClusterLost
        The scheduler cannot be reached.
    """
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ConfigurationError(
            "A survey on several processes needs Dask: pip install --require-hashes -r requirements-survey.txt."
            " With --workers 0 it runs in this process."
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # ClusterLost says it in a sentence
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        address = scheduler
        if address is None:
            folder = config.instance_dir / "survey-workers"
            folder.mkdir(parents=True, exist_ok=True)
            address = stack.enter_context(
                distributed.LocalCluster(
                    n_workers=workers or os.cpu_count() or 1,
                    threads_per_worker=1,
                    memory_limit=memory,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    local_directory=str(folder),
                )
            )
        try:
            client = stack.enter_context(distributed.Client(address, timeout=CONNECT_S, set_as_default=True))
        except (OSError, TimeoutError) as error:
            raise ClusterLost(f"The scheduler {scheduler} cannot be reached: {error}") from error
        yield DaskPool(client, _gate(config, downloads))


def _gate(config, downloads):
    from app_tess.tasks.star_survey.dask_gate import DaskGate

    gate = DaskGate(downloads)
    gate.open_host(urlsplit(config.mast_url).netloc)
    return gate


class DaskPool:
    """The workers of a scheduler.

    Parameters
    ----------
    client : distributed.Client
    gate : DaskGate
    """

    def __init__(self, client, gate):
        self.client, self._gate = client, gate

    @property
    def description(self):
        """Where the stars are measured, in words."""
        threads = sum(self.client.nthreads().values())
        return f"{threads} worker thread{'' if threads == 1 else 's'} of {self.client.scheduler.address}"

    def batches(self, jobs):
        """Yield lists of StarResult as they arrive; a few jobs for each worker are out at a time.

        Raises
        ------
        ClusterLost
            The connection to the scheduler broke: the stars that are out must be measured again.
        """
        import distributed

        jobs, out = iter(jobs), {}
        done = distributed.as_completed(with_results=True, raise_errors=False)

        def send(count):
            for job in islice(jobs, max(count, 0)):
                future = self.client.submit(measure_gated, job, self._gate, pure=False)
                out[future] = job.star.tic_id
                done.add(future)

        send(self._room())
        while out:
            batch = done.next_batch(block=True)
            yield [self._result(future, value, out.pop(future)) for future, value in batch]
            send(self._room() - len(out))

    def _room(self):
        """Return how many jobs may be out: of workers that join later too."""
        return JOBS_A_WORKER * max(sum(self.client.nthreads().values()), 1)

    def _result(self, future, value, tic_id):
        from distributed import KilledWorker

        if isinstance(value, StarResult):  # also of a future that is "lost" by now: its worker died after the answer
            return value
        if future.status != "error":
            raise ClusterLost(f"The connection to the scheduler was lost ({future.status}).")
        error = value[1]
        if isinstance(error, KilledWorker):
            text = "Its worker process ended again and again while it was measured, possibly for lack of memory."
            return StarResult(tic_id, {"state": "failed", "message": text})
        raise error


def measure_gated(job, gate):
    """Measure a star on a worker, whose downloads pass the gate that all workers share."""
    with http.gated(gate):
        return measure_star(job)
