"""The survey's files for SLURM and Kubernetes agree with themselves; `benchmarks.cluster_files` validates them."""

from pathlib import Path

import yaml
from dask.utils import parse_bytes

from app_tess.tasks.star_survey import measure
from benchmarks.cluster_files import FOLDER, kubernetes_objects


def test_each_pod_and_the_service_of_the_kubernetes_file_name_the_same_ports_image_and_volume():
    worker, scheduler, service = (one["spec"] for one in kubernetes_objects())
    (of_worker,), (of_scheduler,) = worker["containers"], scheduler["containers"]
    assert of_worker["image"] == of_scheduler["image"]
    ports = {port["name"]: port["containerPort"] for port in of_scheduler["ports"]}
    assert {port["targetPort"] for port in service["ports"]} == set(ports)
    assert all(port["port"] == ports[port["targetPort"]] for port in service["ports"])
    assert {mount["name"] for mount in of_worker["volumeMounts"]} == {volume["name"] for volume in worker["volumes"]}
    instance = {entry["name"]: entry["value"] for entry in of_worker["env"]}["INSTANCE_DIR"]
    assert instance == of_worker["volumeMounts"][0]["mountPath"]
    least = parse_bytes(worker["volumes"][0]["emptyDir"]["sizeLimit"])
    assert least > 10 * measure.LEAST_FREE_BYTES


def test_a_worker_has_more_memory_than_dask_lets_it_use():
    worker = next(kubernetes_objects())["spec"]["containers"][0]
    limit = worker["args"][worker["args"].index("--memory-limit") + 1]
    assert parse_bytes(worker["resources"]["limits"]["memory"]) > parse_bytes(limit)


def test_a_slurm_job_has_a_process_per_core_and_ends_its_workers_before_its_time():
    slurm = yaml.safe_load(Path(FOLDER, "jobqueue.yaml").read_text(encoding="utf-8"))["jobqueue"]["slurm"]
    hours, minutes, _ = map(int, slurm["walltime"].split(":"))
    lifetime, stagger = (int(slurm["worker-extra-args"][i].removesuffix("m")) for i in (1, 3))
    assert slurm["cores"] == slurm["processes"]
    assert lifetime + stagger < 60 * hours + minutes
    assert parse_bytes(slurm["memory"]) / slurm["processes"] >= 1e9
