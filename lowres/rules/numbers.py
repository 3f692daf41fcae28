"""Rules of numbers and clock times: said the language's way by `numbers.tsv` or CLDR and by the card's `clock`."""

import random

from lowres.clock import Clock, retell
from lowres.dial import Dial
from lowres.numerals import Number, Numerals, find_numbers
from lowres.pair import COPY, NOTHING, SPELT, Pair, Word, make_word
from lowres.rules.resources import Resources


def numbers(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Say numbers of several words as one number of the language; what the dictionary has as one word stays."""
    if resources.numerals is None:
        return pair
    words = list(pair.words)
    for start, end, number in find_numbers(pair):
        said = resources.numerals.say(number)
        inside = number_words(words, start, end)
        if said and inside and (len(inside) > 1 or words[inside[0]].origin in (COPY, SPELT)):
            gloss = " ".join([pair.tokens[i].form for i in range(start, end)])
            upos = "ADJ" if number.ordinal else "NUM"
            word = make_word(said, said, upos, NOTHING, tuple(range(start, end)), "rule:numbers", gloss)
            words[inside[0] : inside[-1] + 1] = [word]
    return pair.with_words(words)


def number_words(words: list[Word], start: int, end: int) -> list[int]:
    """Places of the words that render just the tokens start..end and stand together; [] where something else has a part of it."""
    span = frozenset(range(start, end))
    inside = [k for k, word in enumerate(words) if word.source and span.issuperset(word.source)]
    whole = sum(len(words[k].source) for k in inside) == len(span) and inside[-1] - inside[0] + 1 == len(inside)
    return inside if whole else []


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell clock times by the card's `clock`; what it cannot tell stays as it is."""
    dial, numerals = resources.language.clock, resources.numerals
    if dial is None:
        return pair
    return retell(pair, lambda time: tell_figures(time, dial) if time.figures else tell(time, dial, numerals), "rule:clock")


def tell(time: Clock, dial: Dial, numerals: Numerals | None) -> str:
    """The time in words, '' where the dial or the numerals lack what it takes."""
    if time.period in ("noon", "midnight") and not time.minute and getattr(dial, time.period):
        return getattr(dial, time.period)
    pattern = dial.pattern(time.minute)
    left = time.distance if pattern == dial.to else time.minute
    said = {
        "hour": _hour(time.hour24 - dial.offset, dial, numerals),
        "next": _hour(time.hour24 - dial.offset + 1, dial, numerals),
        "minute": numerals.say(Number(left)) if numerals else "",
    }
    if any(f"{{{name}}}" in pattern and not word for name, word in said.items()):
        return ""
    return " ".join(pattern.format(**said, part=_part(time, dial)).split())


def tell_figures(time: Clock, dial: Dial) -> str:
    """The time as its figures, on the international dial."""
    figures = f"{time.hour}:{time.minute:02}" if time.minute else str(time.hour)
    return " ".join(dial.figures.format(time=figures, part=_part(time, dial)).split())


def _hour(hour: int, dial: Dial, numerals: Numerals | None) -> str:
    hour = (hour - 1) % 12 + 1
    return dial.hours[hour - 1] if dial.hours else numerals.say(Number(hour)) if numerals else ""


def _part(time: Clock, dial: Dial) -> str:
    return dial.parts.get(time.period) or dial.parts.get(time.part, "")
