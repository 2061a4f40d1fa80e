"""Boosted trees and their projections as nodes of an ONNX graph."""

from typing import Any

import numpy as np

from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.trees import SCALARS

ABSENT_MARGIN = -15.0
"""Raw score of a class that was not in the training data."""


def tree_nodes(trees, name):
    """Return nodes that compute `margins` (B, 6) from the network's inputs, and the constants that they need.

    Parameters
    ----------
    trees : Trees
    name : str
        Prefix of all names.
    """
    from onnx import helper, numpy_helper

    nodes, constants, parts = [], [], []

    def constant(own, values):
        constants.append(numpy_helper.from_array(values, name + own))
        return name + own

    def node(kind, inputs, own, **attributes):
        nodes.append(helper.make_node(kind, inputs, [name + own], **attributes))
        return name + own

    for (view, channel), (mean, basis) in trees.projections.items():
        own = f"{view}{channel}/"
        values = node("Gather", [view, constant(f"{own}channel", np.array(channel))], f"{own}values", axis=2)
        centered = node("Sub", [values, constant(f"{own}mean", mean)], f"{own}centered")
        parts.append(node("MatMul", [centered, constant(f"{own}basis", basis)], f"{own}components"))
    first = constant("scalars/columns", np.arange(SCALARS))
    parts.append(node("Gather", ["scalars", first], "scalars", axis=1))
    features = node("Concat", [*parts, "shape"], "features", axis=1)
    sums = node("TreeEnsembleRegressor", [features], "sums", domain="ai.onnx.ml", **_ensemble(trees))
    node("Add", [sums, constant("absent", _absent_classes(trees))], "margins")
    return nodes, constants


def _absent_classes(trees):
    """ABSENT_MARGIN in the columns of classes without an event to learn from, else 0."""
    base = np.full(len(HEADS), ABSENT_MARGIN, np.float32)
    base[[0, *trees.columns]] = 0.0
    return base


def _ensemble(trees):
    """The attributes of ONNX's TreeEnsembleRegressor for all trees; its outputs are the columns of network.HEADS."""
    table: dict[str, Any] = {key: [] for key in NODE_KEYS + LEAF_KEYS}
    count = 0
    # of two classes LightGBM scores the second alone
    scored = trees.columns[1:] if len(trees.columns) == 2 else trees.columns
    for repeats, columns in ((trees.kepler, [0]), (trees.classes, scored)):
        for model in repeats:
            for k, tree in enumerate(model.booster_.dump_model()["tree_info"]):
                _add_tree(table, tree["tree_structure"], count, int(columns[k % len(columns)]), 1 / len(repeats))
                count += 1
    return table | {
        "n_targets": len(HEADS),
        "post_transform": "NONE",
        "aggregate_function": "SUM",
    }


NODE_KEYS = (
    "nodes_treeids",
    "nodes_nodeids",
    "nodes_featureids",
    "nodes_modes",
    "nodes_values",
    "nodes_truenodeids",
    "nodes_falsenodeids",
)
LEAF_KEYS = ("target_treeids", "target_nodeids", "target_ids", "target_weights")


def _add_tree(table, root, number, column, share):
    """Append one tree in LightGBM's JSON form, leaves times `share`: inner nodes send x <= threshold to the left."""
    pending, used = [(root, 0)], 1
    while pending:
        node, own = pending.pop()
        left, right = 0, 0
        is_leaf = "leaf_value" in node
        if is_leaf:
            for key, value in zip(LEAF_KEYS, (number, own, column, share * float(node["leaf_value"])), strict=True):
                table[key].append(value)
        else:
            left, right = used, used + 1
            used += 2
            pending += [(node["left_child"], left), (node["right_child"], right)]
        values = (
            number,
            own,
            0 if is_leaf else node["split_feature"],
            "LEAF" if is_leaf else "BRANCH_LEQ",
            0.0 if is_leaf else float(node["threshold"]),
            left,
            right,
        )
        for key, value in zip(NODE_KEYS, values, strict=True):
            table[key].append(value)
