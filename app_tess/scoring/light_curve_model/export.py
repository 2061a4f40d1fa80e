"""A trained Keras network as ONNX bytes."""

import tempfile
from pathlib import Path


def to_onnx(model):
    """ONNX bytes of a Keras model with inputs of any batch size; the input names are the model's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member.onnx"
        model.export(str(path), format="onnx", verbose=False)
        return path.read_bytes()
