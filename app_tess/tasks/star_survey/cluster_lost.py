"""The error of a survey whose scheduler is gone."""

from app_tess.errors import AppTessError


class ClusterLost(AppTessError):
    """The scheduler cannot be reached, or the connection to it broke; stars that are not stored wait."""

    code = "cluster_lost"
