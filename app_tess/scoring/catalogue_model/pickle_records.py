"""Read a pickle as plain data, without the libraries that wrote it: an object becomes a record of its attributes.

scikit-learn, LightGBM and SciPy take a second of processor time and 85 MB to import, and nothing of a trained pipeline
but its numbers is needed to score. Nor does a pickle that is read so run code: only arrays and dictionaries are made.
"""

import importlib
import io
import pickle
from functools import cache
from typing import Any

MADE = frozenset(
    {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
    }
)
"""What is made as the pickle says; anything else becomes a Record."""


class Record:
    """An object's attributes; `kind` is the name of its class, `args` what that was called with."""

    kind = ""

    def __new__(cls, *_args: Any, **_options: Any) -> "Record":
        """Take what the class would be called with."""
        return super().__new__(cls)

    def __init__(self, *args: Any) -> None:
        self.args = args

    def __setstate__(self, state: Any) -> None:
        """Keep the attributes; a class may pickle another state than a dictionary."""
        self.__dict__.update(state if isinstance(state, dict) else {"state": state})

    def __getattr__(self, name: str) -> Any:
        """Raise AttributeError with the kind of the object; a pickled attribute is found before this is called."""
        raise AttributeError(f"the pickled {self.kind} has no {name}")


@cache
def _kind_of(name: str) -> type[Record]:
    return type(name, (Record,), {"kind": name})


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return what makes an object of the pickle."""
        if (module, name) in MADE:
            return getattr(importlib.import_module(module), name)
        return _kind_of(name)


def read_records(data: bytes) -> Any:
    """Return what a pickle holds.

    Raises
    ------
    Exception
        Of any class, if it is no pickle, or one of objects that are not made of plain data.
    """
    return _Unpickler(io.BytesIO(data)).load()
