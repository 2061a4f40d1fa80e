"""Export trained Keras networks and boosted trees to ONNX, and join the members of an ensemble in one graph."""

import tempfile
from pathlib import Path

import numpy as np

from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.tree_export import tree_nodes

CLASS_COLUMNS = np.arange(1, len(HEADS))


def to_onnx(model):
    """Return the ONNX bytes of a Keras model, for inputs of any batch size and with the model's input names."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member.onnx"
        model.export(str(path), format="onnx", verbose=False)
        return path.read_bytes()


def join_members(members):
    """Return the ONNX bytes of one graph that evaluates every member on the same inputs.

    Parameters
    ----------
    members : sequence of (bytes, Trees)
        M pairs: the ONNX file of a network with the output (B, 6), and trees; the same trees are stored once.

    Returns
    -------
    bytes
        Inputs as those of the networks; output `logits` (M, B, 6): of the Kepler head the mean log-odds of network and
        trees, of the classes the mean of their log-probabilities.
    """
    from onnx import TensorProto, checker, compose, helper, load_from_string

    inputs = load_from_string(members[0][0]).graph.input
    tree_names: dict[int, str] = {}
    nodes, constants, stacked = [], [_constant("first", np.zeros(1, np.int64))], []
    for m, (content, trees) in enumerate(members):
        model = compose.add_prefix(load_from_string(content), f"m{m}/")
        shared = {f"m{m}/{value.name}": value.name for value in inputs}
        for node in model.graph.node:
            node.input[:] = [shared.get(name, name) for name in node.input]
        if id(trees) not in tree_names:
            tree_names[id(trees)] = f"m{m}/trees/"
            of_trees, values = tree_nodes(trees, f"m{m}/trees/")
            nodes += of_trees
            constants += values
        blend, more = _blend(model.graph.output[0].name, tree_names[id(trees)], f"m{m}/blend/", trees)
        nodes += [*model.graph.node, *blend]
        constants += [*model.graph.initializer, *more]
        stacked.append(f"m{m}/blend/one")
    nodes.append(helper.make_node("Concat", stacked, ["logits"], axis=0))
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [len(members), None, len(HEADS)])
    opsets = {entry.domain: entry.version for entry in model.opset_import} | {"ai.onnx.ml": 3}
    joined = helper.make_model(
        helper.make_graph(nodes, "ensemble", inputs, [output], constants),
        opset_imports=[helper.make_opsetid(*entry) for entry in opsets.items()],
        ir_version=model.ir_version,
    )
    checker.check_model(joined)
    return joined.SerializeToString()


def _constant(name, values):
    from onnx import numpy_helper

    return numpy_helper.from_array(values, name)


def _blend(logits, trees_name, name, trees):
    """Nodes that average the network's `logits` and the trees' `margins`, and the constants that they need."""
    from onnx import helper

    share = {"kepler": 0.5 if trees.kepler else 0.0, "classes": 0.5 if trees.classes else 0.0}
    nodes, constants, blended = [], [], []
    for part, columns in (("kepler", np.zeros(1, np.int64)), ("classes", CLASS_COLUMNS)):
        constants.append(_constant(f"{name}{part}/columns", columns))
        terms = []
        for source, values, weight in (
            ("network", logits, 1 - share[part]),
            ("trees", f"{trees_name}margins", share[part]),
        ):
            own = f"{name}{part}/{source}"
            nodes.append(helper.make_node("Gather", [values, f"{name}{part}/columns"], [own], axis=1))
            if part == "classes":
                nodes.append(helper.make_node("LogSoftmax", [own], [f"{own}/log"], axis=1))
                own = f"{own}/log"
            constants.append(_constant(f"{own}/weight", np.float32(weight)))
            nodes.append(helper.make_node("Mul", [own, f"{own}/weight"], [f"{own}/weighed"]))
            terms.append(f"{own}/weighed")
        nodes.append(helper.make_node("Add", terms, [f"{name}{part}"]))
        blended.append(f"{name}{part}")
    nodes.append(helper.make_node("Concat", blended, [f"{name}both"], axis=1))
    nodes.append(helper.make_node("Unsqueeze", [f"{name}both", "first"], [f"{name}one"]))
    return nodes, constants
