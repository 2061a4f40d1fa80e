"""Validate the configuration files of the survey's how-to for SLURM and Kubernetes.

    python -m pip install --target EXTRA dask-jobqueue kubernetes-validate
    PYTHONPATH=.:EXTRA python -m benchmarks.cluster_files

`jobqueue.yaml` is read by dask-jobqueue, whose job script is printed. Of `dask-cluster.yaml` the pods of the worker and
the scheduler and the service are validated, with unknown fields refused, by the schemas of Kubernetes; the frame around
them is the Dask operator's own.
"""

from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "docs/howto/survey"
KUBERNETES = "1.31"


def kubernetes_objects(folder=FOLDER):
    """Yield the parts of dask-cluster.yaml that are Kubernetes' own, as objects of their own."""
    spec = yaml.safe_load((folder / "dask-cluster.yaml").read_text(encoding="utf-8"))["spec"]
    for name in ("worker", "scheduler"):
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec[name]["spec"]}
    yield {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": spec["scheduler"]["service"]}


def job_script(folder=FOLDER):
    """Return the sbatch script that dask-jobqueue makes of jobqueue.yaml."""
    import dask
    import dask_jobqueue

    given = yaml.safe_load((folder / "jobqueue.yaml").read_text(encoding="utf-8"))
    defaults = yaml.safe_load((Path(dask_jobqueue.__file__).parent / "jobqueue.yaml").read_text(encoding="utf-8"))
    unknown = set(given["jobqueue"]["slurm"]) - set(defaults["jobqueue"]["slurm"])
    if unknown:
        raise SystemExit(f"jobqueue.yaml: dask-jobqueue knows no {', '.join(sorted(unknown))}.")
    with (
        dask.config.set(dask.config.merge(defaults, given)),
        dask_jobqueue.SLURMCluster(scheduler_options={"port": 0, "dashboard_address": ":0"}) as cluster,
    ):
        return cluster.job_script()


def main():
    import kubernetes_validate

    for one in kubernetes_objects():
        kubernetes_validate.validate(one, KUBERNETES, strict=True)
        print(f"{one['kind']} {one['metadata']['name']}: valid for Kubernetes {KUBERNETES}")
    print(job_script())


if __name__ == "__main__":
    main()
