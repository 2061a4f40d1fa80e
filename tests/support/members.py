"""A member of the light-curve ensemble that needs no training: a linear network as an ONNX file."""

import numpy as np


def linear_network(seed=0):
    """ONNX bytes of a network whose six logits are random weights times the scalar inputs."""
    from onnx import TensorProto, helper, numpy_helper

    from app_tess.scoring.light_curve_model.inputs import GLOBAL_CHANNELS, LOCAL_CHANNELS, SCALAR_INPUTS
    from app_tess.scoring.light_curve_model.shape_input import SHAPE_INPUTS
    from app_tess.scoring.light_curve_model.views_file import GLOBAL_BINS, LOCAL_BINS

    weights = np.random.default_rng(seed).standard_normal((SCALAR_INPUTS, 6)).astype(np.float32)
    shapes = {
        "global_view": [None, GLOBAL_BINS, GLOBAL_CHANNELS],
        "local_view": [None, LOCAL_BINS, LOCAL_CHANNELS],
        "scalars": [None, SCALAR_INPUTS],
        "shape": [None, SHAPE_INPUTS],
    }
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["scalars", "weights"], ["logits"])],
        "linear",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [None, 6])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    return model.SerializeToString()
