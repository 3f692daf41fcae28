"""YAML 1.2 files read strictly into typed settings: every error names file, line and key.

Values only: aliases, tags, merge keys and duplicate keys are refused, so what a file says is what it means.
"""

import dataclasses
import difflib
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowres.errors import LowresError, at, nearest
from lowres.text import nfc

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Key = tuple[str | int, ...]
T = typing.TypeVar("T")
_LARGEST = 1 << 20  # bytes; a settings file is a page, not a data set
_PLAIN = re.compile(r"[^\W\d][\w./-]*|\d+\.\d+\.\d+")  # needs no quotes
_AMBIGUOUS = re.compile("true|false|null|yes|no|on|off|y|n", re.IGNORECASE)
_MARKS = {"<tag>": "a tag", "<anchor>": "an anchor", "<directive>": "a directive"}
_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """The plain values of a YAML file, and the line of each key: `lines[("adapt", "lora", "r")]`."""

    path: Path
    value: Any
    lines: Mapping[Key, int]

    def where(self, *key: str | int) -> str:
        """`path:line` of a key, or of the nearest enclosing key that the file has."""
        known = next((key[:n] for n in range(len(key), -1, -1) if key[:n] in self.lines), ())
        return at(self.path, self.lines.get(known, 1))


def read_document(path: Path | str) -> Document:
    """The YAML file at `path`; raises LowresError for anything that is not one plain mapping."""
    path = Path(path)
    return parse_document(_read_text(path), path)


def parse_document(text: str, path: Path) -> Document:
    """`text` as YAML; `path` is only named in errors."""
    lines: dict[Key, int] = {}
    root = _compose(text, path)
    try:
        value = _plain(root, (), lines, path, set()) if root is not None else None
    except RecursionError:
        raise LowresError(path, "nested too deeply", "a few levels of keys") from None
    if not isinstance(value, dict):
        raise LowresError(at(path, 1), "no keys" if value is None else f"a {_kind(value)}", "lines 'key: value'")
    _refuse_marks(text, path)
    return Document(path, value, lines)


def _refuse_marks(text: str, path: Path) -> None:
    """Refuse what makes a value mean something else than it says and that its node no longer shows."""
    from ruamel.yaml import YAML

    for token in YAML(typ="rt", pure=True).scan(text):
        if token.id in _MARKS:
            raise LowresError(at(path, token.start_mark.line + 1), _MARKS[token.id], "plain values")


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise LowresError(path, f"{path.stat().st_size} bytes", f"a settings file of at most {_LARGEST}")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LowresError(path, f"byte {error.start} is not UTF-8", "UTF-8 text") from None
    except FileNotFoundError:
        raise LowresError(path, "no such file", _siblings(path)) from None
    except (OSError, ValueError) as error:
        raise LowresError(path, f"cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _siblings(path: Path) -> str:
    try:
        names = [other.name for other in path.parent.glob(f"*{path.suffix}")] if path.suffix else []
    except (OSError, ValueError):
        names = []
    return nearest(path.name, names) if names else f"an existing {path.suffix or 'file'}"


def _compose(text: str, path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise LowresError(at(path, mark.line + 1 if mark else 1), f"not YAML: {error.problem or error.context}") from None
    except RecursionError:
        raise LowresError(path, "nested too deeply", "a few levels of keys") from None
    except (YAMLError, ValueError, LookupError, AttributeError, AssertionError, TypeError) as error:
        # ruamel lets some of its own slips through on text that is no YAML at all
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise LowresError(at(path, 1), f"not YAML: {first}") from None


def _plain(node: Any, key: Key, lines: dict[Key, int], path: Path, seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(key, line)
    if id(node) in seen or node.anchor:
        raise LowresError(at(path, line), f"{dotted(key)}: an anchor or alias", "every value written out")
    seen.add(id(node))
    if node.id == "sequence":
        return [_plain(item, (*key, i), lines, path, seen) for i, item in enumerate(node.value)]
    return _mapping(node, key, lines, path, seen) if node.id == "mapping" else _scalar(node, at(path, line), key)


def _mapping(node: Any, key: Key, lines: dict[Key, int], path: Path, seen: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name_node, value_node in node.value:
        where = at(path, name_node.start_mark.line + 1)
        if name_node.id != "scalar":
            raise LowresError(where, f"{dotted(key)}: a key that is a {name_node.id}", "a word")
        name = nfc(str(name_node.value))
        if name in values:
            raise LowresError(where, f"{dotted((*key, name))}: written twice", "each key once")
        lines[*key, name] = name_node.start_mark.line + 1
        values[name] = _plain(value_node, (*key, name), lines, path, seen)
    return values


def _scalar(node: Any, where: str, key: Key) -> str | int | float | bool | None:
    text, tag = str(node.value), str(node.tag).rpartition(":")[2]
    try:
        match tag:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return _integer(text.replace("_", ""))
            case "float":
                return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        raise LowresError(where, f"{dotted(key)}: {_shown(text)}", "a number") from None
    if str(node.tag).startswith("!"):
        raise LowresError(where, f"{dotted(key)}: the tag {_shown(node.tag)}", "plain values")
    return nfc(text)  # dates and the like stay as they are written


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return int(text, 0)


def validate(kind: type[T], document: Document) -> T:
    """The document as a `kind` (pydantic model or dataclass); the first thing wrong with it is a LowresError."""
    from pydantic import TypeAdapter, ValidationError

    _refuse_unknown(kind, document)
    try:
        return TypeAdapter(kind).validate_python(document.value)
    except ValidationError as error:
        raise _explain(error, kind, document) from None


def _refuse_unknown(kind: type, document: Document) -> None:
    """Before a missing key, which is often the same one misspelt; plain dataclasses let unknown keys pass."""
    for key in document.lines:
        allowed = fields_at(kind, key[:-1]) if key and isinstance(key[-1], str) else []
        if allowed and key[-1] not in allowed:
            raise LowresError(document.where(*key), f"unknown key '{dotted(key)}'", nearest(str(key[-1]), allowed))


def _explain(error: "ValidationError", kind: type, document: Document) -> LowresError:
    details = sorted(error.errors(include_url=False), key=lambda d: document.lines.get(d["loc"], 0) or 10**9)
    detail, others = details[0], len(details) - 1
    found, allowed = _found(detail, kind)
    return LowresError(document.where(*detail["loc"]), found, allowed + (f" ({others} more like this)" if others else ""))


def _found(detail: "ErrorDetails", kind: type) -> tuple[str, str]:
    key, problem = detail["loc"], detail["type"]
    context = detail.get("ctx", {})
    if problem in _UNKNOWN_KEY:
        return f"unknown key '{dotted(key)}'", nearest(str(key[-1]), fields_at(kind, key[:-1]))
    if problem in ("missing", "missing_argument"):
        return f"{dotted(key[:-1])}: the key '{key[-1]}' is missing", description(kind, key)
    if isinstance(context.get("error"), Exception):
        return f"{dotted(key)}: {context['error']}", ""
    message = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    if problem == "literal_error":
        message = _choices(str(detail["input"]), context["expected"])
    return f"{dotted(key)}: {_shown(detail['input'])}", message


def _choices(word: str, expected: str) -> str:
    names = [name.strip("'") for name in expected.replace(" or ", ", ").split(", ")]
    close = difflib.get_close_matches(word.lower(), [name.lower() for name in names], n=1)
    return next((f"did you mean '{name}'?" for name in names if name.lower() in close), "one of " + ", ".join(names))


def dotted(key: Key) -> str:
    """`adapt.lora.r`, `evaluate[1].locale`; 'file' for the whole."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key)
    return text.removeprefix(".") or "file"


def fields_at(kind: Any, key: Key) -> list[str]:
    """Names of the keys allowed at `key` of the settings type `kind`."""
    return [name for part in _types_at(kind, key) for name in _fields(part)]


def description(kind: Any, key: Key) -> str:
    """The description that the type gives of `key`, or ''."""
    for part in _types_at(kind, key[:-1]):
        model = getattr(part, "model_fields", {})
        if key[-1] in model:
            return model[key[-1]].description or ""
    return ""


def _types_at(kind: Any, key: Key) -> Iterator[Any]:
    found = list(_members(kind))
    for part in key:
        if isinstance(part, str):
            found = [inner for outer in found for inner in _members(_fields(outer).get(part))]
    yield from found


def _members(kind: Any) -> Iterator[Any]:
    """The settings types inside an annotation such as `tuple[Reference, ...] | None`."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        yield from _members(typing.get_args(kind)[0])
    elif origin in (typing.Union, types.UnionType, list, tuple):
        for inner in typing.get_args(kind):
            yield from _members(inner)
    elif _fields(kind):
        yield kind


def _fields(kind: Any) -> dict[str, Any]:
    if hasattr(kind, "model_fields"):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return {field.name: hints[field.name] for field in dataclasses.fields(kind)}
    return {}


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _kind(value: object) -> str:
    return {list: "list", str: "text"}.get(type(value), type(value).__name__)


def format_yaml(values: Mapping[str, Any], comment: str = "", comments: Mapping[str, str] | None = None) -> str:
    """`values` as YAML that `read_document` reads back; `comments` stand above the top-level keys they name."""
    lines = [f"# {line}" for line in comment.splitlines()]
    for key, value in values.items():
        lines += [f"# {line}" for line in (comments or {}).get(key, "").splitlines()]
        lines += _yaml_lines(key, value)
    return "\n".join(lines) + "\n"


def _yaml_lines(key: str, value: Any, indent: str = "") -> list[str]:
    start = f"{indent}{key}:"
    if isinstance(value, Mapping) and value:
        return [start] + [line for k, v in value.items() for line in _yaml_lines(k, v, indent + "  ")]
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return [start] + [f"{indent}  - {_flow(item)}" for item in value]
    return [f"{start} {_flow(value)}"]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and not _AMBIGUOUS.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
