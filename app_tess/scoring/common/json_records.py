"""Dataclasses to JSON and back: what is written is what the dataclass declares, and so is what is read.

A field's type may be a dataclass, list, tuple, dict with text keys, Literal, str, int, float, bool, or any of these `|
None`. A field that defaults to None is left out of the JSON where it is None.
"""

import json
import types
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from app_tess.errors import ArtifactError
from app_tess.scoring.common.provenance import short_path

Record = TypeVar("Record")


def to_json(value: Any) -> Any:
    """Turn a dataclass, and all it holds, into dicts and lists that `json` can write."""
    kind = type(value)
    if kind in _PLAIN:  # most values
        return value
    if is_dataclass(kind):
        parts = {name: getattr(value, name) for name in _optional(kind)}
        return {
            name: part if type(part) in _PLAIN else to_json(part)
            for name, part in parts.items()
            if not (part is None and _optional(kind)[name])
        }
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _optional(kind: type) -> dict[str, bool]:
    """Return of each field of a dataclass whether it defaults to None."""
    return {field.name: field.default is None for field in fields(kind)}


def from_json(record: type[Record], content: Any, source: str) -> Record:
    """Build a dataclass from decoded JSON.

    Parameters
    ----------
    record : type
        The dataclass.
    content : object
        What `json.loads` returned.
    source : str
        Name of the file, for the message.

    Raises
    ------
    ArtifactError
        A key is missing, unknown, or holds another type than declared; the message names the source and the key.
    """
    return _read(record, content, source, "")


def write_record(path: Path, record: Any, sort_keys: bool = False) -> None:
    """Write a dataclass as strict JSON (no NaN), indented so that changes show line by line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(record), indent=1, allow_nan=False, sort_keys=sort_keys)
    path.write_text(text + "\n", encoding="utf-8")


def read_record(path: Path, record: type[Record], command: str) -> Record:
    """Read a dataclass from a JSON file; `command` writes it.

    Raises
    ------
    ArtifactError
        The file is missing, is not JSON, or does not fit the dataclass; the message names the file and the key.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactError(f"{short_path(path)} is missing; `{command}` writes it.") from error
    except ValueError as error:
        raise ArtifactError(f"{short_path(path)} is not JSON; `{command}` writes it.") from error
    return from_json(record, content, short_path(path))


def _read(kind: Any, content: Any, source: str, key: str) -> Any:
    if is_dataclass(kind):
        return _read_dataclass(kind, content, source, key)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (known,) = (argument for argument in arguments if argument is not type(None))
        return None if content is None else _read(known, content, source, key)
    if origin is Literal:
        return content if content in arguments else _refuse(kind, source, key)
    if origin in (list, tuple):
        items = content if isinstance(content, list) else _refuse(list, source, key)
        exact = _exact(arguments[0])
        return origin(
            item if type(item) in exact else _read(arguments[0], item, source, f"{key}[{number}]")
            for number, item in enumerate(items)
        )
    if origin is dict:
        parts = content if isinstance(content, dict) else _refuse(dict, source, key)
        return {name: _read(arguments[1], part, source, _below(key, name)) for name, part in parts.items()}
    if kind is Any:
        return content
    if kind is float and isinstance(content, int) and not isinstance(content, bool):
        return float(content)
    if not isinstance(content, kind) or (kind is not bool and isinstance(content, bool)):
        _refuse(kind, source, key)
    return content


def _read_dataclass(kind: Any, content: Any, source: str, key: str) -> Any:
    if not isinstance(content, dict):
        _refuse(dict, source, key)
    known = _declared(kind)
    unknown = sorted(content.keys() - known.keys())
    if unknown:
        raise ArtifactError(f"{source}: unknown key '{_below(key, unknown[0])}'.")
    values = {}
    for name, (hint, exact, is_required) in known.items():
        if name in content:
            part = content[name]
            values[name] = part if type(part) in exact else _read(hint, part, source, _below(key, name))
        elif is_required:
            raise ArtifactError(f"{source}: no key '{_below(key, name)}'.")
    return kind(**values)


@cache
def _declared(kind: type) -> dict[str, tuple[Any, frozenset[Any], bool]]:
    """Name of each field of a dataclass -> its type, what is `_exact`, and whether it must be given."""
    hints = get_type_hints(kind)
    return {
        field.name: (hints[field.name], _exact(hints[field.name]), field.default is MISSING) for field in fields(kind)
    }


@cache
def _exact(kind: Any) -> frozenset[Any]:
    """Return the types of which any value is read as it is: most values are plain."""
    return _PLAIN.intersection(get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,))


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else str(name)


def _refuse(kind: Any, source: str, key: str) -> Any:
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        int: "an integer",
        float: "a number",
        bool: "true or false",
    }
    where = f"key '{key}'" if key else "the whole file"
    raise ArtifactError(f"{source}: {where} should be {names.get(kind, str(kind))}.")
