"""Clock times in English source utterances, found and read, so that a language's own rule can tell them its way.

Numbers spelled out or in digits: "seven thirty am", "half past six", "5:30 p. m.", "eight hundred am", "noon".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lowres.pair import NOTHING, Pair, Word

_HOURS = {w: i for i, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_TELLING = frozenset({*_HOURS, "noon", "midday", "midnight"})  # one of these, or a figure, is in every time
_TEENS = dict(zip("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), range(10, 20), strict=True))
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_UNITS = {w: n for w, n in _HOURS.items() if n < 10}
_DIGITS = re.compile(r"(\d{1,2})(?:[:.](\d\d))?(am|pm|a\.m\.?|p\.m\.?)?")
_PERIODS = {"am": "am", "a.m": "am", "a.m.": "am", "pm": "pm", "p.m": "pm", "p.m.": "pm"}
_DAY_PARTS = {"morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night"}
_BEFORE = frozenset("at by until till before after past from around about".split())
_AFTER_UNIT = frozenset("minutes minute hours hour days day weeks week months years people persons percent degrees times seconds".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day as said: hour 1..12 (0 or 13..23 where given so), minute 0..59.

    `figures`: written in digits. `period` is 'am', 'pm', 'morning', 'afternoon', 'evening', 'night', 'noon', 'midnight' or '' where nothing was said.
    """

    hour: int
    minute: int = 0
    period: str = ""
    figures: bool = False

    @property
    def hour24(self) -> int:
        """Hour 0..23; a time without a period counts as day time from 7 in the morning to 6 in the evening."""
        hour = self.hour % 12 if self.hour <= 12 else self.hour
        if self.hour > 12 or self.hour == 0:
            return hour
        if self.period in ("am", "morning", "midnight") or (self.period == "night" and hour < 5):
            return hour
        if self.period:
            return hour + 12
        return hour if hour >= 7 else hour + 12

    @property
    def hour12(self) -> int:
        """Hour 1..12."""
        return (self.hour - 1) % 12 + 1

    @property
    def to(self) -> bool:
        """Whether the time is told from the next hour: quarter to nine."""
        return self.minute > 30

    @property
    def distance(self) -> int:
        """Minutes past the hour, or to the next one."""
        return 60 - self.minute if self.to else self.minute

    @property
    def part(self) -> str:
        """The part of the day: 'morning' 5-11, 'afternoon' 12-15, 'evening' 16-18, else 'night'; '' when nothing was said."""
        if not self.period:
            return ""
        hour = self.hour24
        return "night" if hour < 5 or hour > 18 else "morning" if hour < 12 else "afternoon" if hour < 16 else "evening"


def find_clocks(pair: Pair) -> list[tuple[int, int, Clock]]:
    """(first token, past the last token, time) of every clock time, inside one slot or outside of all."""
    forms = [token.key for token in pair.tokens]
    found, i = [], 0
    if not any(form in _TELLING or form[:1].isdigit() for form in forms):
        return found
    while i < len(forms):
        end, clock = _read(forms, i, pair)
        if clock and _is_clock(forms, i, end, clock, pair):
            found.append((i, end, clock))
            i = end
        else:
            i += 1
    return found


def _is_clock(forms: Sequence[str], start: int, end: int, clock: Clock, pair: Pair) -> bool:
    if clock.period or ":" in forms[start] or "past" in forms[start:end] or "o'clock" in forms[start:end]:
        return True
    if end < len(forms) and forms[end] in _AFTER_UNIT:
        return False
    before = forms[start - 1] if start else ""
    return before == "at" or (before in _BEFORE and _fills_slot(pair, start, end))


def _fills_slot(pair: Pair, start: int, end: int) -> bool:
    slot = pair.slot_of[start]
    return slot >= 0 and pair.slot_of.count(slot) == end - start


def _read(forms: Sequence[str], i: int, pair: Pair) -> tuple[int, Clock | None]:
    """The longest time that starts at token `i`, all of it in one slot or outside of all."""
    stop = i
    while stop < len(forms) and pair.slot_of[stop] == pair.slot_of[i]:
        stop += 1
    forms = forms[:stop]
    if forms[i] in ("noon", "midday", "midnight"):
        return i + 1, Clock(hour=12, period="midnight" if forms[i] == "midnight" else "noon")
    end, clock = _relative(forms, i)
    if clock is None:
        end, clock = _plain(forms, i)
    return _period(forms, end, clock) if clock else (i, None)


def _relative(forms: Sequence[str], i: int) -> tuple[int, Clock | None]:
    """half past six, a quarter to seven, ten past nine."""
    j = i + 1 if forms[i] == "a" and i + 1 < len(forms) else i
    end, minute = {"half": (j + 1, 30), "quarter": (j + 1, 15)}.get(forms[j]) or _minute(forms, j)
    end += end < len(forms) and forms[end] in ("minutes", "minute")
    if minute is None or end >= len(forms) - 1 or forms[end] not in ("past", "to", "till", "after"):
        return i, None
    hour = _HOURS.get(forms[end + 1])
    if hour is None or (forms[end] in ("to", "after") and end == j + 1 and forms[j] in _UNITS):
        return i, None  # "from five to six" is no time before six
    if forms[end] in ("past", "after"):
        return end + 2, Clock(hour=hour, minute=minute)
    return end + 2, Clock(hour=(hour - 2) % 12 + 1, minute=60 - minute)


def _minute(forms: Sequence[str], i: int) -> tuple[int, int | None]:
    """(past the last token, 0..59) of a number of minutes."""
    if i >= len(forms):
        return i, None
    word, *rest = forms[i].split("-")
    following = rest[0] if rest else (forms[i + 1] if i + 1 < len(forms) else "")
    if word in _TENS:
        more = _UNITS.get(following, 0)
        return i + 1 + bool(more and not rest), _TENS[word] + more
    if word in ("oh", "o") and following in _UNITS:
        return i + 2, _UNITS[following]
    if word == "hundred":
        end, minute = _minute(forms, i + 2 if following == "and" else i + 1)
        return (end, minute) if minute else (i + 1, 0)
    value = _TEENS.get(word, _UNITS.get(word))
    return (i + 1, value) if value else (i, None)


def _plain(forms: Sequence[str], i: int) -> tuple[int, Clock | None]:
    """seven, seven thirty, seven and thirty, 7:30, 7am."""
    digits = _DIGITS.fullmatch(forms[i])
    if digits:
        hour, minute, period = int(digits[1]), int(digits[2] or 0), (digits[3] or "")[:1]
        good = hour < 24 and minute < 60
        said = {"a": "am", "p": "pm"}.get(period, "")
        return i + 1, Clock(hour=hour, minute=minute, period=said, figures=True) if good else None
    hour = _HOURS.get(forms[i])
    if hour is None:
        return i, None
    follow = i + 2 if i + 2 < len(forms) and forms[i + 1] == "and" and forms[i + 2] in _TENS else i + 1
    end, minute = _minute(forms, follow)
    tens = follow < len(forms) and forms[follow].split("-")[0] in _TENS.keys() | _TEENS.keys() | {"hundred", "oh", "o"}
    return (end, Clock(hour=hour, minute=minute)) if minute is not None and tens else (i + 1, Clock(hour=hour))


def _period(forms: Sequence[str], end: int, clock: Clock) -> tuple[int, Clock]:
    """The time with the part of the day said after it: p. m., o'clock, in the morning, at night."""
    rest = list(forms[end : end + 3])
    if rest[:1] == ["o'clock"]:
        end, rest = end + 1, list(forms[end + 1 : end + 4])
    if clock.period or not rest:
        return end, clock
    if rest[0] in _PERIODS:
        return end + 1, _with(clock, _PERIODS[rest[0]])
    if rest[0] in ("a.", "p.") and rest[1:2] and rest[1].rstrip(".") == "m":
        return end + 2, _with(clock, rest[0][0] + "m")
    if rest[:2] == ["in", "the"] and rest[2:] and rest[2] in _DAY_PARTS:
        return end + 3, _with(clock, _DAY_PARTS[rest[2]])
    if rest[:2] == ["at", "night"] or rest[:1] == ["noon"]:
        return end + (2 if rest[0] == "at" else 1), _with(clock, "night" if rest[0] == "at" else "noon")
    return end, clock


def _with(clock: Clock, period: str) -> Clock:
    return Clock(hour=clock.hour, minute=clock.minute, period=period, figures=clock.figures)


def retell(pair: Pair, say: Callable[[Clock], str], origin: str) -> Pair:
    """The pair with every clock time said by `say` ('' leaves it as it is); words stay in the time's place and slot."""
    words = list(pair.words)
    for start, end, clock in find_clocks(pair):
        text = say(clock)
        span = range(start, end)
        inside = [k for k, word in enumerate(words) if word.source and set(word.source) <= set(span)]
        crossing = any(set(word.source) & set(span) and not set(word.source) <= set(span) for word in words)
        if not text or not inside or crossing:
            continue
        gloss = " ".join(pair.tokens[k].form for k in span)
        told = Word(text, text, "NUM", NOTHING, tuple(span), origin, gloss)
        words = [told if k == inside[0] else word for k, word in enumerate(words) if k == inside[0] or k not in inside]
    return pair.with_words(words)
