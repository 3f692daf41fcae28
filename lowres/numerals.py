"""Numbers in words: English ones found in utterances, and a language's own by `numbers.tsv` beside its card, else by CLDR.

CLDR's spell-out rules come from `unicode_rbnf` (Unicode Technical Standard 35, rule-based number formatting).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lowres.errors import LowresError, at
from lowres.formats.tables import read_rows
from lowres.language import Language, beside_card
from lowres.pair import Pair
from lowres.text import foreign_letters

# --- English


@dataclass(frozen=True, slots=True)
class Number:
    """A number as said in English."""

    value: int
    ordinal: bool = False


CARDINALS = {word: value for value, word in enumerate((
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split())} | dict(zip(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True
)) | {"fourty": 40}  # fmt: skip
_ORDINAL = {word: value for value, word in enumerate((
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split(), 1)} | dict(zip(
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth".split(), range(20, 110, 10),
    strict=True,
)) | {"twelveth": 12}  # fmt: skip
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_STARTS = frozenset({*CARDINALS, *_ORDINAL, *_SCALES, "hundred"})


def find_numbers(pair: Pair) -> list[tuple[int, int, Number]]:
    """(first token, past the last token, number) of every number in words, each inside one slot or outside of all."""
    forms = [token.key for token in pair.tokens]
    found, i = [], 0
    while i < len(forms):
        if forms[i].split("-")[0] not in _STARTS:
            i += 1
            continue
        stop = i + 1
        while stop < len(forms) and pair.slot_of[stop] == pair.slot_of[i]:
            stop += 1
        n_tokens, number = read_number(forms[i:stop])
        if number:
            found.append((i, i + n_tokens, number))
        i += max(n_tokens, 1)
    return found


def read_number(forms: Sequence[str]) -> tuple[int, Number | None]:
    """(tokens read, number) of the longest English number that `forms` begins with; (0, None) for none."""
    parts: list[str] = []
    ends = []  # parts up to the end of each token: twenty-three is two
    for form in forms:
        split = form.split("-")
        parts += split if _STARTS.issuperset(split) else [form]
        ends.append(len(parts))
    end, number = _read(parts)
    return (ends.index(end) + 1, number) if number and end in ends else (0, None)


def _read(parts: Sequence[str]) -> tuple[int, Number | None]:
    total, limit, i = 0, 10**12, 0
    while i < len(parts):
        start = i + 1 if total and parts[i] == "and" else i
        end, value, ordinal = _below_thousand(parts, start)
        if end == start and not i and parts[0] in _SCALES:
            value = 1  # "thousand" alone
        elif end == start:
            break
        scale = _SCALES.get(parts[end], 1) if end < len(parts) and not ordinal else 1
        if scale >= limit or (scale == 1 and end < len(parts) and parts[end] in _SCALES and not ordinal):
            break
        total, limit, i = total + value * scale, scale, end + (scale > 1)
        if ordinal or scale == 1:
            return i, Number(total, ordinal)
    return i, Number(total) if i else None


def _below_thousand(parts: Sequence[str], i: int) -> tuple[int, int, bool]:
    """(past the last part, value, whether an ordinal ends it) of 0..999 at part `i`; (i, 0, False) for none."""
    end, value, ordinal = _below_hundred(parts, i)
    if ordinal or end >= len(parts) or parts[end] != "hundred" or value > 99 or (end > i and not value):
        return end, value, ordinal
    end, value = end + 1, max(value, 1) * 100
    start = end + 1 if end < len(parts) and parts[end] == "and" else end
    more, rest, ordinal = _below_hundred(parts, start)
    return (more, value + rest, ordinal) if more > start and rest else (end, value, False)


def _below_hundred(parts: Sequence[str], i: int) -> tuple[int, int, bool]:
    if i >= len(parts):
        return i, 0, False
    if parts[i] in _ORDINAL:
        return i + 1, _ORDINAL[parts[i]], True
    value = CARDINALS.get(parts[i])
    if value is None:
        return i, 0, False
    after = parts[i + 1] if i + 1 < len(parts) else ""
    unit = _ORDINAL.get(after) or CARDINALS.get(after, 0)
    if value >= 20 and 0 < unit < 10:
        return i + 2, value + unit, after in _ORDINAL
    return i + 1, value, False


# --- the language's own

_LARGEST = 10**9


@dataclass(slots=True)
class Numerals:
    """How a language says numbers: `rows` value -> (alone, with a rest), `ordinals` the irregular ones, `nth` the pattern."""

    rows: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    ordinals: Mapping[int, str] = field(default_factory=dict)
    nth: str = ""
    locale: str = ""  # CLDR's, where there are no rows
    _said: dict[Number, str] = field(default_factory=dict)

    def say(self, number: Number) -> str:
        """The number in words; '' where nobody wrote how."""
        found = self._said.get(number)
        if found is None:
            found = self._said[number] = self._ordinal(number.value) if number.ordinal else self._cardinal(number.value)
        return found

    def _cardinal(self, value: int) -> str:
        if not 0 <= value < _LARGEST:
            return ""
        if not self.rows:
            return spelt_by_cldr(self.locale, value, ordinal=False)
        base = max((one for one in self.rows if one <= value), default=None)
        if base is None:
            return ""
        times, rest = divmod(value, base) if base else (1, 0)
        pattern = self.rows[base][bool(rest)]
        if not pattern or times > 1 and (base == 1 or "{times" not in pattern):
            return ""  # no row is large enough
        said = self._cardinal(times) if base > 1 else ""
        parts = {"times": said, "times?": said if times > 1 else "", "rest": self._cardinal(rest) if rest else ""}
        return " ".join(pattern.format(**parts).split())

    def _ordinal(self, value: int) -> str:
        if value in self.ordinals:
            return self.ordinals[value]
        if not self.rows:
            return spelt_by_cldr(self.locale, value, ordinal=True)
        cardinal = self._cardinal(value) if self.nth else ""
        return self.nth.format(cardinal) if cardinal else ""


def numerals_of(language: Language, folder: Path | None = None) -> Numerals | None:
    """The language's `numbers.tsv`, else what CLDR knows; None where neither has the language."""
    if path := beside_card("numbers.tsv", language.iso639_3, folder):
        return read_numbers(path)
    tag = language.bcp47.partition("-")[0]
    for locale in (f"{tag}_{language.script}", tag):
        one = spelt_by_cldr(locale, 1, ordinal=False)
        if one and not foreign_letters(one, language.script):
            return Numerals(locale=locale)
    return None


_NTH = re.compile(r"(\d{1,9})(?:st|nd|rd|th)")
_FIELDS = re.compile(r"\{(\w*\??)\}")


def read_numbers(path: Path) -> Numerals:
    """A table with the columns value, form and perhaps more.

    `value` is a number, 'nth' (the pattern of ordinals, {} is the cardinal) or an irregular ordinal such as 1st. `form` says
    the number itself, `more` what is said when a rest follows: {times} stands for how often it is taken ({times?}: from two
    on), {rest} for the rest. From ten on they are joined by a space where `more` is empty. Raises LowresError with path:line.
    """
    rows, ordinals, nth = {}, {}, ""
    for number, row in read_rows(path, ("value", "form"), ("more",)):
        where, value, form, more = at(path, number), row["value"].strip(), row["form"].strip(), row.get("more", "").strip()
        if not form:
            raise LowresError(where, f"no form for {value!r}", "the number in words")
        match = _NTH.fullmatch(value)
        _check_fields(form, ("",) if value == "nth" else () if match else ("times", "times?"), where)
        _check_fields(more, () if match or value == "nth" else ("times", "times?", "rest"), where)
        if value == "nth" and not nth and form.count("{}") == 1:
            nth = form
        elif match and int(match[1]) not in ordinals:
            ordinals[int(match[1])] = form
        elif value.isascii() and value.isdecimal() and len(value) < 10 and int(value) not in rows:
            rows[int(value)] = form, more or (f"{form} {{rest}}" if int(value) >= 10 else "")
        else:
            raise LowresError(where, f"value '{value[:20]}'", _VALUES)
    if 1 not in rows:
        raise LowresError(path, "no row for 1", "at least the numbers from 1 to 10")
    return Numerals(rows, ordinals, nth)


_VALUES = "each once: a number below a thousand million; nth with one {}; or 1st, 2nd, …"


def _check_fields(pattern: str, allowed: Sequence[str], where: str) -> None:
    left = _FIELDS.sub("", pattern)
    if "{" in left or "}" in left or any(name not in allowed for name in _FIELDS.findall(pattern)):
        raise LowresError(where, f"the pattern '{pattern[:60]}'", " and ".join(["words", *(f"{{{name}}}" for name in allowed)]))


# --- CLDR


@cache
def _engine(locale: str):
    from unicode_rbnf import RbnfEngine

    try:
        return RbnfEngine.for_language(locale)
    except ValueError:
        return None


def spelt_by_cldr(locale: str, value: int, *, ordinal: bool) -> str:
    """A number by CLDR's rules, without the commas of writing; '' where it has no such rules."""
    from unicode_rbnf import FormatPurpose
    from unicode_rbnf.engine import RbnfError

    engine = _engine(locale)
    try:
        said = engine.format_number(value, FormatPurpose.ORDINAL if ordinal else FormatPurpose.CARDINAL).text if engine else ""
    except (ValueError, RbnfError):
        return ""
    return "" if any(letter.isdigit() for letter in said) else " ".join(said.replace(",", " ").replace("\u00ad", "").split())
