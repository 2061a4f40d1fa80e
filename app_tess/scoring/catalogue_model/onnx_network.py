"""A small network for two classes as an ONNX graph, evaluated by ONNX Runtime on one thread."""

import numpy as np

from app_tess.scoring.catalogue_model.calibrate import LOGIT_BOUND
from app_tess.scoring.catalogue_model.coalitions import hybrids
from app_tess.scoring.common.log_odds import bounded_logit


class OnnxNetwork:
    """A graph from `features` (N, F) to `probability` (N, 1), in 64-bit floats.

    Parameters
    ----------
    graph : bytes
    """

    def __init__(self, graph):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def probabilities(self, matrix):
        """Return the probability of the second class of each row, shape (N,)."""
        features = np.ascontiguousarray(matrix, dtype=np.float64)
        return self._session.run(None, {"features": features})[0].reshape(-1)

    def log_odds(self, matrix, reference, families):
        """Return the log-odds of each coalition, shape (2**K, N); see `coalitions.coalition_log_odds`."""
        rows = [bounded_logit(self.probabilities(one), LOGIT_BOUND) for one in hybrids(matrix, reference, families)]
        return np.array(rows)
