"""Start a scheduler on this machine and ten SLURM jobs of workers; run it beside the survey."""

import signal

from dask_jobqueue import SLURMCluster

if __name__ == "__main__":
    with SLURMCluster(
        scheduler_options={"port": 8786}, python="/path/to/tess-planet-finder/.venv/bin/python"
    ) as cluster:
        cluster.scale(jobs=10)
        print(f"flask --app app_tess survey --sector 1 --search --scheduler {cluster.scheduler_address}")
        signal.pause()
