"""An item as a row of JSON values, the same in all formats; what is wrong with a row is said in one sentence.

Names of `extra` are columns of their own where a format can hold them so, and else together in one, `extra_fields`.
"""

import json
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lowres.collection.events import Judged, Origin, Partition, Prompt, Reading
from lowres.collection.exchange.item import Collected, Missing, Status
from lowres.errors import LowresError
from lowres.formats.records import parse_json
from lowres.language import language_of_locale
from lowres.text import graphemes, nfc

EXTRA = "extra_fields"
FIELDS = (
    "id", "text", "intent", "slots", "locale", "language", "orthography", "partition", "prompt", "origin", "contributor", "licence",
    "status", "judgments",
)  # fmt: skip
_LINES = ("id", "intent", "locale", "orthography", "contributor", "licence")  # of one line, without tabs
_READING = ("text", "intent", "slots")
# Trojan Source (CVE-2021-42574): what turns the direction of text around it; the marks U+200E, U+200F and U+061C only add to it
_REFUSED = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]")
_PLAIN = regex.compile(r"[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=200)
    locale: str = Field(min_length=2, max_length=64)
    language: str = Field(pattern="^[a-z]{3}$")
    orthography: str = Field("", max_length=100)
    partition: Partition
    prompt: Prompt | None = None
    origin: Origin = "imported"
    contributor: str = Field("", max_length=64)
    licence: str = Field("", max_length=100)
    judgments: tuple[Judged, ...] = ()
    status: Status = "open"


def row_of(item: Collected) -> dict[str, Any]:
    """All fields but `extra`, in the order of FIELDS, as JSON values."""
    reading = item.reading.model_dump(mode="json")
    judgments = [one.model_dump(mode="json", exclude={"kind"}) for one in item.judgments]
    prompt = item.prompt.model_dump(mode="json") if item.prompt else None
    plain = {key: getattr(item, key) for key in FIELDS if key not in _READING}
    row = reading | plain | {"prompt": prompt, "judgments": judgments}
    return {key: row[key] for key in FIELDS}


def item_of(row: dict[str, Any], where: str, missing: Missing, *, kept: dict[str, Any] | None = None) -> Collected:
    """The item of a row: names beyond FIELDS are its `extra`, beside `kept`; LowresError says at `where` what does not fit."""
    extra = {key: value for key, value in row.items() if key not in FIELDS}
    row = _filled({key: value for key, value in row.items() if key in FIELDS}, where, missing)
    reading = _reading({key: row.pop(key) for key in _READING if key in row}, where)
    row["judgments"] = [_dated(one, row.get("id")) for one in row.get("judgments") or ()]
    _check_lines(row | {"intent": reading.intent}, where)
    try:
        found = _Row.model_validate(row)
    except ValidationError as error:
        raise _refusal(error, where) from None
    return Collected(reading=reading, extra=extra | (kept or {}), **dict(found))


def check(item: Collected) -> None:
    """Raise LowresError where an import would not give the very same item again."""
    where = f"item {item.id:.80}"
    try:
        same = _json_again(item.extra, where) == item.extra
    except UnicodeEncodeError:
        raise LowresError(where, "half of a surrogate pair in its extra fields", "characters of Unicode") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise LowresError(where, f"extra fields that JSON cannot hold ({error})", "text, numbers, lists, objects") from None
    if not same:
        raise LowresError(where, "extra fields that JSON would change", "text, numbers, lists, objects")
    item_of(row_of(item), where, Missing())


def _json_again(value: Any, where: str) -> Any:
    """What becomes of a value that is written and read."""
    body = json.dumps(value, ensure_ascii=False, allow_nan=False)
    body.encode()
    try:
        return parse_json(body, Path(where))
    except LowresError as error:
        raise LowresError(where, f"extra fields: {error.found}", error.allowed) from None


def _filled(row: dict[str, Any], where: str, missing: Missing) -> dict[str, Any]:
    """With what was missing, so far as it is known."""
    for key in ("locale", "partition", "licence"):
        if row.get(key) in (None, ""):
            row[key] = getattr(missing, key)
            if not row[key] and key != "licence":
                raise LowresError(where, f"no {key}", f"a column '{key}', or say which one all of the file has")
    if row.get("language") in (None, ""):
        row["language"] = _language(row["locale"], where)
    for key in ("orthography", "contributor", "status", "origin", "prompt"):
        if row.get(key) is None:
            row.pop(key, None)
    return row


def _language(locale: Any, where: str) -> str:
    try:
        return cached_language(str(locale))
    except LowresError as error:
        raise LowresError(where, f"locale: {error.where}: {error.found}", error.allowed) from None


@cache
def cached_language(locale: str) -> str:
    """`language_of_locale`, which takes its time, once for each tag."""
    return language_of_locale(locale)


def _reading(row: dict[str, Any], where: str) -> Reading:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise LowresError(where, "text: nothing", "what was said")
    if len(text) > 500:
        raise LowresError(where, f"text: {len(text)} characters", "500 at most: one utterance")
    _check_text(text, "text", where, allowed="\t")
    slots = row.get("slots") or []
    if not isinstance(slots, list) or not all(isinstance(one, dict) and type(one.get("start")) is int for one in slots):
        raise LowresError(where, "slots: not a list of slots", '[{"name": …, "start": 8, "end": 11, "surface": …}, …]')
    slots = sorted(slots, key=lambda one: one["start"])
    for slot in slots:
        _check_slot(slot, nfc(text), where)
    try:
        return Reading.model_validate({"text": nfc(text), "intent": row.get("intent") or "", "slots": slots})
    except ValidationError as error:
        raise _refusal(error, where, "slots") from None


def _check_slot(slot: dict[str, Any], text: str, where: str) -> None:
    """Its surface is at its place, and both of its ends are between letters as a reader sees them."""
    name, start, end, surface = (slot.get(key) for key in ("name", "start", "end", "surface"))
    if not isinstance(name, str) or not name or type(end) is not int or not isinstance(surface, str):
        raise LowresError(where, f"slots: {json.dumps(slot, ensure_ascii=False)[:80]}", "name, start, end and surface of each")
    _check_text(name, "slots", where)
    if not 0 <= start < end <= len(text) or text[start:end] != nfc(surface):
        found = f"slots: {surface[:40]!r} ({name:.40}) is not at {start}:{end} of the text, {text[max(start, 0) : max(end, 0)][:40]!r} is"
        raise LowresError(where, found, "offsets in code points of the text in NFC")
    for place in (start, end):
        if cut := _letter_around(text, place):
            found = f"slots: {surface[:40]!r} ({name:.40}) begins or ends inside of the letter {cut[:20]!r} at {place}"
            raise LowresError(where, found, "a slot of whole letters")
    slot["surface"] = nfc(surface)


def _letter_around(text: str, place: int) -> str:
    """The letter (grapheme cluster) that a place is inside of; '' where it is between two."""
    position = 0
    for letter in graphemes(text):
        if position >= place:
            break
        if position < place < position + len(letter):
            return letter
        position += len(letter)
    return ""


def _check_lines(row: dict[str, Any], where: str) -> None:
    for key in _LINES:
        if isinstance(row.get(key), str):
            _check_text(row[key], key, where)


def _check_text(text: str, key: str, where: str, allowed: str = "") -> None:
    bad = next((one for one in _REFUSED.findall(text) if one not in allowed), None)
    if bad is None:
        return
    code = f"U+{ord(bad):04X}"
    if regex.fullmatch(r"[\u202a-\u202e\u2066-\u2069]", bad):
        raise LowresError(where, f"{key}: {code}, which turns the direction of the text around it", "the text without it")
    kind = "half of a surrogate pair" if regex.fullmatch(r"\p{Cs}", bad) else "a control character"
    raise LowresError(where, f"{key}: {code}, {kind}", "one line of text")


def _dated(judgment: Any, item: Any) -> Any:
    """A judgment as an event has it: of this item, and at no known time where it says none."""
    return {"at": "", "item": item} | judgment if isinstance(judgment, dict) else judgment


def _refusal(error: ValidationError, where: str, field: str = "") -> LowresError:
    detail = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(map(str, detail["loc"])) or field
    return LowresError(where, f"{path}: {detail['msg'].removeprefix('Value error, ')}"[:300], "see the other rows for what is allowed")


def own_columns(
    items: Sequence[Collected], names: regex.Pattern[str], taken: Container[str] = (), *, sparse: bool = False
) -> list[str]:
    """Names of `extra` that can be columns: text of one line in every item, of a name that fits `names` and is not `taken`.

    `sparse`: where an empty cell is the same as none, so that an item may lack the name, and none has it empty.
    """
    known = dict.fromkeys(name for one in (items if sparse else items[:1]) for name in one.extra)
    free = [name for name in known if names.fullmatch(name) and name not in taken and name not in FIELDS and name != EXTRA]
    return [name for name in free if all(_fits(one.extra, name, sparse) for one in items)]


def _fits(extra: dict[str, Any], name: str, sparse: bool) -> bool:
    if name not in extra:
        return sparse
    return is_line(extra[name]) and (bool(extra[name]) or not sparse)


def is_line(value: Any) -> bool:
    """Whether a value is text without control characters."""
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


def rest_of(item: Collected, columns: Iterable[str]) -> dict[str, Any]:
    """What of `extra` has no column of its own."""
    return {key: value for key, value in item.extra.items() if key not in set(columns)}


def json_cell(value: Any) -> str:
    """JSON on one line; '' of nothing."""
    return json.dumps(value, ensure_ascii=False) if value else ""


def parse_cell(cell: str | None, key: str, where: str, kind: Callable = list) -> Any:
    """The inverse of `json_cell`: a list or an object."""
    if not cell:
        return kind()
    try:
        value = parse_json(cell, Path(where))
    except LowresError as error:
        raise LowresError(where, f"{key}: {error.found}", error.allowed) from None
    if not isinstance(value, kind):
        raise LowresError(where, f"{key}: JSON of another kind", "a list […]" if kind is list else "an object {…}")
    return value
