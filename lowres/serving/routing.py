"""Which adapter reads an utterance: the one that is named, that of its locale, or that of the language it seems to be in."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lowres.errors import LowresError, nearest
from lowres.identifier import PROFILES, SURE, Identifier, LanguageProfile, read_profile
from lowres.language import language_of_locale
from lowres.serving.installed import Installed

Way = Literal["adapter", "locale", "language", "identified", "unsure"]
_RECORD = "pretraining.json"  # what a base was made from
_log = logging.getLogger("lowres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The adapter that reads an utterance, None for the base; its locale where it is known, and how it was found."""

    adapter: Installed | None
    locale: str
    way: Way


class Router:
    """Routes to adapters and to a base that was `launched` in some locales; of adapters for one locale the first listed has it."""

    def __init__(
        self, adapters: Iterable[Installed], launched: Sequence[str], profiles: Iterable[LanguageProfile], sure: float = SURE
    ) -> None:
        self.adapters, self._sure = tuple(adapters), sure
        self._named: dict[str, Installed] = {}
        self._locales: dict[str, tuple[str, Installed | None]] = {_key(tag): (tag, None) for tag in launched}
        self._languages: dict[str, tuple[str, Installed | None]] = {}
        for tag, adapter in [*((tag, None) for tag in launched), *((one.locale, one) for one in self.adapters)]:
            self._locales.setdefault(_key(tag), (tag, adapter))
            for code in (_subtag(tag), adapter.language if adapter else _language(tag)):
                self._languages.setdefault(code, (tag, adapter))
        for one in self.adapters:
            if (taken := self._locales[_key(one.locale)][1]) is not one:
                _log.warning("%s is reached by name alone: %s has %s", one.name, taken.name if taken else "the base", one.locale)
            self._named.setdefault(one.name, one)
            self._named.setdefault(f"{one.name}@{one.version}", one)
        self._identify(list(profiles))

    def _identify(self, launched: list[LanguageProfile]) -> None:
        """Learn the adapters' profiles; without those of the base's languages nothing can be told apart from them."""
        first = {id(adapter) for _, adapter in self._locales.values()}
        theirs = {code for one in launched for code in _codes(one.name)}  # a language that worked before is not taken away by a guess
        guessed = [one for one in self.adapters if id(one) in first and theirs.isdisjoint(_codes(one.locale))]
        found = [(one, _profile(one)) for one in guessed] if launched else []
        known = [(adapter, profile) for adapter, profile in found if profile is not None]
        self._readers = dict.fromkeys(one.name for one in launched) | {adapter.locale: adapter for adapter, _ in known}
        renamed = (LanguageProfile(name=adapter.locale, row=profile.row) for adapter, profile in known)
        self._identifier = Identifier([*launched, *renamed])

    def route(self, text: str, locale: str | None = None, adapter: str | None = None) -> Route:
        """Where `text` goes; LowresError for an adapter or a locale that nobody knows."""
        if adapter:
            return self._by_name(adapter)
        return self._by_locale(locale) if locale else self._by_text(text)

    def _by_name(self, name: str) -> Route:
        found = self._named.get(name)
        if found is None:
            raise LowresError(f"adapter '{name[:80]}'", "not installed", nearest(name[:80], self._named))
        return Route(adapter=found, locale=found.locale, way="adapter")

    def _by_locale(self, locale: str) -> Route:
        exact = self._locales.get(_key(locale))
        if exact:
            return Route(adapter=exact[1], locale=exact[0], way="locale")
        found = self._languages.get(_subtag(locale)) or self._languages.get(_language(locale))
        if found is None:
            known = [tag for tag, _ in self._locales.values()]
            raise LowresError(f"locale '{locale[:80]}'", "no adapter for it, and the base does not know it", nearest(locale[:80], known))
        return Route(adapter=found[1], locale=found[0], way="language")

    def _by_text(self, text: str) -> Route:
        name = self._identifier.choose(text, self._sure)
        if not name:
            return Route(adapter=None, locale="", way="unsure")
        return Route(adapter=self._readers[name], locale=name, way="identified")

    @property
    def identified(self) -> list[str]:
        """The locales that the identifier tells apart."""
        return self._identifier.names


def _profile(adapter: Installed) -> LanguageProfile | None:
    """The adapter's profile; an adapter without one, or with a broken one, is reached by name and locale alone."""
    try:
        return read_profile(adapter.profile) if adapter.profile else None
    except LowresError as error:
        _log.warning("%s %s is not identified: %s", adapter.name, adapter.version, error)
        return None


def _key(tag: str) -> str:
    return tag.replace("_", "-").casefold()


def _subtag(tag: str) -> str:
    return _key(tag).partition("-")[0]


def _codes(tag: str) -> tuple[str, str]:
    """What names a tag's language: en-GB and eng-GB are one."""
    return _subtag(tag), _language(tag)


@lru_cache(maxsize=4096)
def _language(tag: str) -> str:
    """The ISO 639-3 code of a locale tag; the tag's own first part where it has none."""
    try:
        return language_of_locale(tag.replace("_", "-"))
    except LowresError:
        return _subtag(tag)


def launched_locales(place: Path) -> list[str]:
    """The locales that a base was trained on with labels, from the record beside its weights; none without a record."""
    try:
        listed = json.loads((place / _RECORD).read_text(encoding="utf-8"))["config"]["data"]["launched"]
        return list(dict.fromkeys(str(one["locale"]) for one in listed if one.get("locale")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def base_profiles(place: Path) -> list[LanguageProfile]:
    """The profiles of a base's languages, from the folder beside its weights; none without it."""
    return [read_profile(path) for path in sorted((place / PROFILES).glob("*.safetensors"))]
