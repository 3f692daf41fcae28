"""Characters of what somebody typed or pasted: what is put right without asking, and what a text must not have.

Joiners follow RFC 5892, appendix A.1 and A.2, and beyond it what the Unicode Standard's chapters on Arabic, Bengali and
emoji give them to do; elsewhere they change nothing that a reader sees, and only keep equal texts from matching.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import regex

from lowres.text import nfc

Severity = Literal["error", "warning", "note"]
MAX_CHARACTERS = 500
_HOPELESS = 20 * MAX_CHARACTERS  # characters: more are not looked at, since ordering marks (NFC) takes quadratic time


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a text: `message` is an English template for `values`, `where` the (start, end) of it in code points.

    An error blocks, a warning passes with a reason, a note says what was done.
    """

    code: str
    severity: Severity
    message: str
    values: dict[str, object] = field(default_factory=dict)
    where: tuple[int, int] | None = None

    def __str__(self) -> str:
        return self.message.format(**self.values)


NOTES = {
    "composed": "Letters were put into their usual form (Unicode NFC).",
    "spaces": "Spaces were tidied: one between words, none at the ends.",
    "invisible": "Invisible characters that change nothing were removed: {names}.",
    "joiners": "Joiners were removed where they join or part nothing: {count}.",
}
ERRORS = {
    "empty": "There are no words here yet. Write how you would say this.",
    "too_long": "This has {count} characters; {limit} at most. Write one short request.",
    "surrogate": "There is half a character here ({name}); something broke when it was copied. Type this place again.",
    "control": "There is a control character here ({name}). Delete it; typing the words anew always helps.",
    "bidi": "There is a hidden character here that turns the direction of text ({name}). Delete it; the direction is right without it.",
    "private": "This character ({name}) exists in one font only; others see an empty box. Use a letter of Unicode instead.",
    "unassigned": "This character ({name}) does not exist in Unicode. Delete it, or use another letter.",
    "hidden": "There is a character here that nobody can see ({name}). Delete it; typing the words anew always helps.",
    "lone_mark": "This mark ({name}) stands on no letter. Write the letter first, then the mark.",
    "untidy": "There are spaces, joiners or forms of letters here that a tidied text does not have. Type this place again.",
}  # fmt: skip

_MEANINGLESS = regex.compile(r"[\u200b\u2060\ufeff\u00ad\u200e\u200f\u061c]")  # spaces of no width, soft hyphen, direction marks
_WORDS = regex.compile(r"[\p{L}\p{N}]")
_SPACES = regex.compile(r"\p{White_Space}+")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_JOINER = regex.compile(f"[{_ZWNJ}{_ZWJ}]+")
_LEFT, _RIGHT = r"(?<=[\p{jt=L}\p{jt=D}]\p{jt=T}*)", r"(?=\p{jt=T}*[\p{jt=R}\p{jt=D}])"
_VIRAMA = r"(?<=\p{L}\p{M}*\p{ccc=9})"
_MEANINGFUL = {
    # parts letters that would join, or makes a virama visible
    _ZWNJ: regex.compile(rf"{_LEFT}{_ZWNJ}{_RIGHT}|{_VIRAMA}{_ZWNJ}"),
    # half forms; ra before a virama (Bengali, Kannada); the shape of a letter whose neighbour does not join; emoji
    _ZWJ: regex.compile(
        rf"{_VIRAMA}{_ZWJ}|(?<=\p{{L}}\p{{M}}*){_ZWJ}(?=\p{{ccc=9}})"
        rf"|{_LEFT}{_ZWJ}(?!\p{{jt=T}}*[\p{{jt=R}}\p{{jt=D}}])|(?<=\p{{ExtPict}}[\ufe0f\p{{EMod}}]*){_ZWJ}(?=\p{{ExtPict}})"
    ),
}
_FORBIDDEN = {  # in the order in which a character is asked
    "surrogate": regex.compile(r"\p{Cs}"),
    "bidi": regex.compile(r"[\u202a-\u202e\u2066-\u2069]"),
    "control": regex.compile(r"(?V1)[\p{Cc}--\p{White_Space}]"),
    "private": regex.compile(r"\p{Co}"),
    "unassigned": regex.compile(r"\p{Cn}"),
    # variation selectors and the joiners change what is seen; so do signs that go before their number (Arabic)
    "hidden": regex.compile(
        r"(?V1)[[\p{Cf}\p{Default_Ignorable_Code_Point}]--"
        r"[\p{Prepended_Concatenation_Mark}\p{Variation_Selector}\u034f\u180e\u200c\u200d"
        r"\u200b\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Cn}]]"
    ),
    "lone_mark": regex.compile(r"(?:^|(?<=\p{White_Space}))\p{M}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """A text in its tidy form, and notes on what was done to it."""

    text: str
    notes: tuple[Finding, ...] = ()


def tidy(raw: str) -> Tidied:
    """`raw` in NFC, spaces folded and trimmed, without invisible characters that change nothing; tidying twice changes nothing.

    What cannot be put right without guessing (controls, overrides of direction, half characters) is left for
    `character_errors` to name; a text of more than 10,000 characters is left as it is.
    """
    if len(raw) > _HOPELESS:
        return Tidied(text=raw)
    text, removed, joiners = raw, dict[str, None](), 0
    while True:
        before = text
        removed |= dict.fromkeys(_MEANINGLESS.findall(text))
        text = nfc(_MEANINGLESS.sub("", text))
        text, dropped = _without_idle_joiners(text)
        joiners += dropped
        text = _SPACES.sub(" ", text).strip(" ")
        if text == before:
            break
    return Tidied(text=text, notes=tuple(_notes(raw, removed, joiners)))


def _notes(raw: str, removed: dict[str, None], joiners: int) -> Iterator[Finding]:
    plain = _MEANINGLESS.sub("", raw)
    if not unicodedata.is_normalized("NFC", plain):
        yield _note("composed")
    if _SPACES.sub(" ", plain).strip(" ") != plain:
        yield _note("spaces")
    if removed:
        yield _note("invisible", names=", ".join(map(named, removed)))
    if joiners:
        yield _note("joiners", count=joiners)


def _note(code: str, **values: object) -> Finding:
    return Finding(code=code, severity="note", message=NOTES[code], values=values)


def _without_idle_joiners(text: str) -> tuple[str, int]:
    """`text` with one joiner of each run, where it does something; and how many are gone."""
    if _ZWNJ not in text and _ZWJ not in text:
        return text, 0
    single = _JOINER.sub(lambda run: run[0][0], text)
    kept = "".join(letter for place, letter in enumerate(single) if letter not in _MEANINGFUL or _MEANINGFUL[letter].match(single, place))
    return kept, len(text) - len(kept)


def named(character: str) -> str:
    """A character as it can be spoken of, even if it cannot be shown: 'U+202E right-to-left override'."""
    return f"U+{ord(character):04X} {_name(character)}".rstrip()


def showable(text: str) -> str:
    """`text` for a message: what a text must not have is spelt out as U+202E, so that it cannot turn or break a page."""
    for pattern in _FORBIDDEN.values():
        text = pattern.sub(lambda match: f"U+{ord(match[0]):04X}", text)
    return text


def _name(character: str) -> str:
    known = unicodedata.name(character, "") or _CONTROLS.get(character, "")
    return known.lower()


_CONTROLS = {"\0": "null", "\a": "bell", "\b": "backspace", "\x1b": "escape", "\x7f": "delete"}  # these have no name in Unicode


def character_errors(text: str) -> Iterator[Finding]:
    """What stands in the way of keeping `text`, first to last; a text that is not tidy is one error, where it first differs."""
    if len(text) > MAX_CHARACTERS:
        yield _error("too_long", (MAX_CHARACTERS, len(text)), count=len(text), limit=MAX_CHARACTERS)
    seen = text[:MAX_CHARACTERS]  # beyond, one error is enough
    found = [(match.span(), code) for code, pattern in _FORBIDDEN.items() for match in pattern.finditer(seen)]
    for span, code in sorted(found):
        yield _error(code, span, name=named(seen[span[0]]))
    tidied = tidy(text).text
    if not _WORDS.search(text):
        yield _error("empty", None)
    elif tidied != text:
        yield _error("untidy", _difference(text, tidied))


def _error(code: str, where: tuple[int, int] | None, **values: object) -> Finding:
    return Finding(code=code, severity="error", message=ERRORS[code], values=values, where=where)


def _difference(text: str, tidied: str) -> tuple[int, int]:
    start = next((place for place, (one, other) in enumerate(zip(text, tidied, strict=False)) if one != other), len(tidied))
    return (min(start, len(text) - 1), min(start, len(text) - 1) + 1)
