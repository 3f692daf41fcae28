"""Sounds: IPA by epitran, segments and distances by panphon; loaded only when something asks, cached per word type."""

from functools import cache, lru_cache
from importlib import resources

from lowres.errors import LowresError, nearest
from lowres.language import Language, macrolanguages
from lowres.text import fold, words

_INSTALL = "pip install 'lowres[sound]'"


def transcribe(text: str, language: Language) -> str:
    """The words of `text` in IPA; raises LowresError where epitran has no table for the language and script."""
    table = table_of(language)
    return " ".join(transcribe_word(fold(word), table) for word in words(text))


@lru_cache(maxsize=1 << 16)
def transcribe_word(word: str, table: str) -> str:
    """One folded word in IPA by an epitran table such as swa-Latn."""
    return _transcriber(table).transliterate(word)


def table_of(language: Language) -> str:
    """epitran's table for a language: under its own code, else under its macrolanguage's."""
    codes = [language.iso639_3, *(code for code, macro in macrolanguages().items() if language.iso639_3 in macro["members"])]
    found = next((f"{code}-{language.script}" for code in codes if f"{code}-{language.script}" in _tables()), None)
    if found is None:
        wanted = f"{language.iso639_3}-{language.script}"
        raise LowresError(f"language {language.iso639_3}", f"epitran has no table {wanted}", nearest(wanted, _tables()))
    return found


@cache
def _tables() -> frozenset[str]:
    try:
        folder = resources.files("epitran") / "data" / "map"
    except ModuleNotFoundError:
        raise LowresError("sound", "epitran is not installed", _INSTALL) from None
    return frozenset(path.name.removesuffix(".csv") for path in folder.iterdir() if path.name.endswith(".csv"))


@cache
def _transcriber(table: str):
    from epitran import Epitran  # several seconds: panphon's tables come with it

    return Epitran(table)


@cache
def _features():
    try:
        from panphon import FeatureTable
        from panphon.distance import Distance
    except ModuleNotFoundError:
        raise LowresError("sound", "panphon is not installed", _INSTALL) from None
    return FeatureTable(), Distance()


def segments(ipa: str) -> list[str]:
    """The segments of an IPA string, in order."""
    return _features()[0].ipa_segs(ipa)


@lru_cache(maxsize=1 << 16)
def distance(a: str, b: str) -> float:
    """How far two IPA strings are apart, 0 equal to 1: panphon's feature edit distance over the longer one's segments."""
    n = max(len(segments(a)), len(segments(b)), 1)
    return min(1.0, _features()[1].feature_edit_distance(a, b) / n)
