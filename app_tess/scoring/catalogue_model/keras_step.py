"""A scikit-learn classifier that is trained with TensorFlow and evaluated by ONNX Runtime.

Scoring must not import TensorFlow (a second of time, half a gigabyte of memory), so `fit` converts the trained network
to an ONNX graph, and only its bytes are pickled.
"""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from app_tess.scoring.catalogue_model.onnx_network import OnnxNetwork

ONNX_OPSET = 17
"""ONNX operator set of the graphs, which any recent ONNX Runtime reads."""

ONNX_IR_VERSION = 8
"""File format version of opset 17."""


class KerasClassifierStep(ClassifierMixin, BaseEstimator):
    """A dense network for two classes: trained with Keras, evaluated with ONNX Runtime.

    Parameters
    ----------
    hidden : tuple of int
        Width of each hidden layer; that of the seed project's network is (20, 20). The output is one sigmoid neuron.
    activation : str
        Known to both Keras and ONNX: "relu", "tanh" or "elu".
    epochs, batch_size : int
        Passes over the training rows, and rows per step.
    learning_rate : float
        Of the Adam optimizer.
    l2 : float
        Penalty on the weights of the hidden layers.
    dropout : float
        Fraction of hidden values dropped in training.
    towers : int
        Networks of this shape with different initial weights, trained in parallel; their log-odds are averaged.
    seed : int
        Fixes the initial weights and the order of the rows: the same seed gives the same network.

    Notes
    -----
    All arithmetic is in 64-bit floats, in training and in the graph, so that both runtimes agree to 1e-6 even for the
    outliers in raw catalogue columns.
    """

    def __init__(
        self,
        hidden=(20, 20),
        activation="relu",
        epochs=60,
        batch_size=32,
        learning_rate=1e-3,
        l2=0.0,
        dropout=0.0,
        towers=1,
        seed=0,
    ):
        self.hidden = hidden
        self.activation = activation
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.l2 = l2
        self.dropout = dropout
        self.towers = towers
        self.seed = seed

    def fit(self, matrix, labels, sample_weight=None):
        """Train on `matrix`, shape (N, F) of finite numbers, and `labels`, shape (N,) of two classes."""
        matrix = _as_matrix(matrix)
        self.classes_, codes = np.unique(np.asarray(labels), return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"a two-class network needs two classes, not {list(self.classes_)}")
        self.n_features_in_ = matrix.shape[1]
        keras = _import_keras()
        keras.utils.set_random_seed(self.seed)
        weight = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
        # penalties and losses follow floatx, layers the policy, which Keras keeps once it has been read: both are set,
        # and restored afterwards, or every later network of the process would be 64-bit
        usual, usual_policy = keras.config.floatx(), keras.config.dtype_policy()
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        try:
            trained, network = self._build(keras, matrix.shape)
            targets = np.repeat(codes[:, None].astype(float), self.towers, axis=1)
            trained.fit(
                matrix,
                targets,
                sample_weight=weight,
                epochs=self.epochs,
                batch_size=self.batch_size,
                shuffle=True,
                verbose=0,
            )
        finally:
            keras.config.set_floatx(usual)
            keras.config.set_dtype_policy(usual_policy)
        self.onnx_bytes_ = write_onnx(_tower_weights(trained), self.activation)
        self.keras_network_ = network
        return self

    def predict_proba(self, matrix):
        """Return the probability of each class, shape (N, 2), by ONNX Runtime on one thread."""
        check_is_fitted(self, "onnx_bytes_")
        planet = self._network().probabilities(matrix)
        return np.column_stack([1.0 - planet, planet])

    def predict(self, matrix):
        """Return the more probable class of each row, shape (N,)."""
        return self.classes_[(self.predict_proba(matrix)[:, 1] >= 0.5).astype(int)]

    def _build(self, keras, shape):
        """Build all towers as one network: (the one to train, with (N, towers) log-odds, the one with their mean)."""
        penalty = keras.regularizers.L2(self.l2) if self.l2 else None
        inputs = keras.layers.Input((shape[1],))
        value = keras.layers.RepeatVector(self.towers)(inputs)
        for number, width in enumerate((*self.hidden, 1)):
            last = number == len(self.hidden)
            value = keras.layers.EinsumDense(
                "btf,tfh->bth",
                output_shape=(self.towers, width),
                bias_axes="th",
                activation=None if last else self.activation,
                kernel_regularizer=None if last else penalty,
                kernel_initializer=_each_tower(keras),
            )(value)
            if self.dropout and not last:
                value = keras.layers.Dropout(self.dropout)(value)
        log_odds = keras.layers.Reshape((self.towers,))(value)
        trained = keras.Model(inputs, log_odds)
        trained.compile(
            optimizer=keras.optimizers.Adam(self.learning_rate),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
            # an entire epoch in one call, which saves Python's overhead
            steps_per_execution=max(1, -(-shape[0] // self.batch_size)),
        )
        mean = keras.layers.GlobalAveragePooling1D()(keras.layers.Reshape((self.towers, 1))(log_odds))
        return trained, keras.Model(inputs, keras.layers.Activation("sigmoid")(mean))

    def _network(self):
        if getattr(self, "network_", None) is None:
            self.network_ = OnnxNetwork(self.onnx_bytes_)
        return self.network_

    def __getstate__(self):
        """Leave out the ONNX session and the Keras network, which cannot be pickled."""
        state = super().__getstate__().copy()
        state.pop("network_", None)
        state.pop("keras_network_", None)
        return state


def write_onnx(layers, activation):
    """Convert towers of dense layers to an ONNX graph from `features` (N, F) to `probability` (N, 1), in 64-bit floats.

    The graph is built here because converters lag behind Keras 3, and five node types need none.

    Parameters
    ----------
    layers : list of (ndarray, ndarray)
        Kernel (T, F, H) and bias (T, H) of each layer of the T towers. All but the last are followed by `activation`,
        and the mean of the last by a sigmoid.
    activation : str

    Returns
    -------
    bytes
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes, initializers, value = [], [], "features"
    for number, (kernel, bias) in enumerate(layers):
        # rows move to the second axis: (1, N, F) x (T, F, H) -> (T, N, H)
        initializers += [
            numpy_helper.from_array(np.asarray(kernel, dtype=np.float64), f"kernel_{number}"),
            numpy_helper.from_array(np.asarray(bias, dtype=np.float64)[:, None, :], f"bias_{number}"),
        ]
        nodes += [
            helper.make_node("MatMul", [value, f"kernel_{number}"], [f"product_{number}"]),
            helper.make_node("Add", [f"product_{number}", f"bias_{number}"], [f"sum_{number}"]),
        ]
        value = f"sum_{number}"
        if number < len(layers) - 1:
            nodes.append(helper.make_node(activation.capitalize(), [value], [f"layer_{number}"]))
            value = f"layer_{number}"
    nodes += [
        helper.make_node("ReduceMean", [value], ["log_odds"], axes=[0], keepdims=0),
        helper.make_node("Sigmoid", ["log_odds"], ["probability"]),
    ]
    n_features = np.asarray(layers[0][0]).shape[1]
    graph = helper.make_graph(
        nodes,
        "keras_step",
        [helper.make_tensor_value_info("features", TensorProto.DOUBLE, [None, n_features])],
        [helper.make_tensor_value_info("probability", TensorProto.DOUBLE, [None, 1])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", ONNX_OPSET)], ir_version=ONNX_IR_VERSION)
    checker.check_model(model)
    return model.SerializeToString()


def _tower_weights(network):
    return [layer.get_weights() for layer in network.layers if layer.get_weights()]


def _each_tower(keras):
    """Glorot's uniform initializer with the width of one tower (the default would count the towers as inputs)."""

    class TowerGlorot(keras.initializers.Initializer):  # type: ignore[name-defined]
        def __call__(self, shape, dtype=None):
            bound = (6 / (shape[-2] + shape[-1])) ** 0.5
            return keras.random.uniform(shape, -bound, bound, dtype=dtype, seed=int(np.random.randint(2**31)))  # noqa: NPY002 - seeded by set_random_seed

    return TowerGlorot()


def _as_matrix(matrix):
    return np.ascontiguousarray(matrix, dtype=np.float64)


def _import_keras():
    """Import Keras on TensorFlow, without log messages, on one thread and with a fixed order of operations."""
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import tensorflow

    try:
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        pass  # TensorFlow is already in use in this process, so its threads cannot be changed
    return tensorflow.keras
