"""Names that CLDR has for a language, by `babel`: weekdays, months, parts of the day, currencies, territories, languages.

Unicode Common Locale Data Repository, https://cldr.unicode.org, under the licence Unicode-3.0.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from lowres.language import Language
from lowres.lexicon import Entry, SourcedEntry
from lowres.text import fold, foreign_letters

LICENCE = "Unicode-3.0"
LEXICON = "cldr"
TRUST = 2.0  # curated by speakers, one name each
Data = Mapping[str, Any]


def cldr_version() -> str:
    """What the names depend on, for stamps."""
    from importlib.metadata import version

    return f"babel {version('babel')}"


def cldr_locale(language: Language) -> str:
    """CLDR's name for the language in its script, '' where babel has no data."""
    from babel import localedata

    tag = language.bcp47.partition("-")[0]
    return next((name for name in (f"{tag}_{language.script}", tag) if localedata.exists(name)), "")


def cldr_entries(language: Language, source: str = "en") -> Iterator[SourcedEntry]:
    """Entries from the names in the language tagged `source` to those of `language`; none where CLDR does not know either.

    What a locale only inherits, and what is not written in the card's script, is left out.
    """
    ours, theirs = _data(cldr_locale(language)), _data(source.partition("-")[0])
    if not ours or not theirs:
        return
    for upos, names in (("PROPN", _proper), ("NOUN", _common)):
        english = names(theirs)
        for key, form in names(ours).items():
            if form and english.get(key) and not foreign_letters(form, language.script):
                yield SourcedEntry(Entry(_headword(english[key]), form, upos), LEXICON, trust=TRUST)


def _headword(name: str) -> str:
    """What people say of what CLDR writes."""
    return fold(name).replace("&", "and").replace(" sar china", "").replace("türkiye", "turkey")


@cache
def _data(locale: str) -> Data:
    """A locale's data, aliases resolved as it is read; {} where there is none."""
    from copy import deepcopy

    from babel import localedata

    if not locale or not (locale == "root" or localedata.exists(locale)):
        return {}
    # a copy: resolving an alias writes into what all locales share
    return localedata.LocaleDataDict(deepcopy(localedata.load(locale)))


def _proper(data: Data) -> dict[str, str]:
    names = {f"day {key}": name for key, name in _calendar(data, "days").items()}
    names |= {f"month {key}": name for key, name in _calendar(data, "months").items()}
    names |= {f"territory {code}": name for code, name in data["territories"].items() if code.isalpha()}
    return names | {f"language {code}": name for code, name in data["languages"].items() if len(code) == 2}


def _calendar(data: Data, what: str) -> dict[int, str]:
    """Names as they stand by themselves; root has none (Sun, M01)."""
    root = _root(what)
    found = data[what]["stand-alone"]["wide"]
    return {key: name for key, name in found.items() if name not in root}


@cache
def _root(what: str) -> frozenset[str]:
    contexts = _data("root")[what]["format"]
    return frozenset(name for width in ("wide", "abbreviated") for name in contexts[width].values())


def _common(data: Data) -> dict[str, str]:
    names = {f"currency {code}": name for code, name in data["currency_names"].items()}
    for code, plural in data["currency_names_plural"].items():
        names |= {f"currency {code} {count}": name for count, name in plural.items() if count in ("one", "other")}
    return names | _day_parts(data)


def _day_parts(data: Data) -> dict[str, str]:
    """Noon, midnight, and the parts of the day by themselves; where the morning has two names, the later one."""
    periods = data["day_periods"]
    named = {}
    for context in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            named |= dict(periods.get(context, {}).get(width, {}).items())
    found = {part: named.get(part, "") for part in ("noon", "midnight")}
    for part in ("morning", "afternoon", "evening", "night"):
        last, first = named.get(f"{part}2", ""), named.get(f"{part}1", "")
        found[part] = last or first if part == "morning" else first
    return found
