"""Export a trained Keras network to ONNX."""

import tempfile
from pathlib import Path


def to_onnx(model):
    """Return the ONNX bytes of a Keras model, for inputs of any batch size and with the model's input names."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member.onnx"
        model.export(str(path), format="onnx", verbose=False)
        return path.read_bytes()
