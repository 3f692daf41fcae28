"""Sounds: IPA by epitran or by a map of our own in its format, segments and distances by panphon; loaded when asked for.

A language's own map lies beside its card: `ipa.csv` (columns Orth, Phon), and rules in epitran's notation (a -> b / X _ Y)
before it, `ipa.pre.txt`, and after it, `ipa.post.txt`. It comes before epitran's table.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import regex

from lowres.errors import LowresError, at, nearest
from lowres.formats.tables import read_rows
from lowres.language import Language, beside_card, macrolanguages
from lowres.text import bare, fold, words

MAX_LETTERS = 64  # of a word that is transcribed; longer ones are no words
MAP = "ipa.csv"
_INSTALL = "pip install 'lowres[sound]'"


def transcribe(text: str, language: Language, folder: Path | None = None) -> str:
    """The words of `text` in IPA; raises LowresError where nobody has a table for the language and script."""
    table = table_of(language, folder)
    return " ".join(filter(None, (transcribe_word(fold(word), table) for word in words(text))))


def sounds(forms: Iterable[str], language: Language, folder: Path | None = None) -> list[str] | None:
    """Each form in IPA; None where nobody has a table for the language and script."""
    try:
        table_of(language, folder)
    except NoTable:
        return None
    return [transcribe(form, language, folder) for form in forms]


@lru_cache(maxsize=1 << 16)
def transcribe_word(word: str, table: str) -> str:
    """One folded word in IPA by a table such as swa-Latn, or by the map at a path.

    Letters that the table lacks are left out; '' for a word of more than 64 letters.
    """
    return _transcriber(table)(bare(word)) if len(word) <= MAX_LETTERS else ""


class NoTable(LowresError):
    """Nobody has a table of sounds for a language in its script."""


def table_of(language: Language, folder: Path | None = None) -> str:
    """The path of the map beside the card, else epitran's table under the language's code or its macrolanguage's."""
    return table_in(language.iso639_3, language.script, folder)


def table_in(code: str, script: str, folder: Path | None = None) -> str:
    """Likewise, of a language (ISO 639-3) in a script (ISO 15924)."""
    if own := beside_card(MAP, code, folder):
        return str(own)
    codes = [code, *(other for other, macro in macrolanguages().items() if code in macro["members"])]
    found = next((f"{other}-{script}" for other in codes if f"{other}-{script}" in _tables()), None)
    if found is None:
        wanted = f"{code}-{script}"
        allowed = f"{nearest(wanted, _tables())}, or languages/{code}/{MAP} beside the recipe"
        raise NoTable(f"language {code}", f"epitran has no table {wanted}", allowed)
    return found


def letters_of(table: str) -> dict[str, str]:
    """The letters of a table, one or several together, folded, and the sounds that they stand for by themselves."""
    path = Path(table)
    if path.name != MAP:
        path = Path(str(_epitran_maps() / f"{table}.csv"))
    return {fold(letters): ipa for letters, ipa in _read_map(path).items()}


# --- tables


@cache
def _epitran_maps():
    try:
        return resources.files("epitran") / "data" / "map"
    except ModuleNotFoundError:
        raise LowresError("sound", "epitran is not installed", _INSTALL) from None


@cache
def _tables() -> frozenset[str]:
    return frozenset(path.name.removesuffix(".csv") for path in _epitran_maps().iterdir() if path.name.endswith(".csv"))


@cache
def _transcriber(table: str) -> Callable[[str], str]:
    """What brings a word into IPA and leaves out what it does not know."""
    _epitran_maps()
    if Path(table).name == MAP:
        return _own_map(Path(table)).transcribe
    from epitran import Epitran  # several seconds: panphon's tables come with it

    return Epitran(table).strict_trans


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnMap:
    """Letters to sounds, longest first, between two lists of rules; all in NFD, as epitran does it."""

    letters: dict[str, str]
    pattern: regex.Pattern
    before: Callable[[str], str]
    after: Callable[[str], str]

    def transcribe(self, word: str) -> str:
        spelt = self.before(unicodedata.normalize("NFD", word))
        return unicodedata.normalize("NFC", self.after("".join(self.letters[one] for one in self.pattern.findall(spelt))))


def _own_map(path: Path) -> _OwnMap:
    letters = _read_map(path)
    longest_first = sorted(letters, key=lambda one: (-len(one), one))
    return _OwnMap(letters=letters, pattern=regex.compile("|".join(map(regex.escape, longest_first))),
                   before=_rules(path.with_suffix(".pre.txt")), after=_rules(path.with_suffix(".post.txt")))  # fmt: skip


def _rules(path: Path) -> Callable[[str], str]:
    """The rules of a file, one after the other; none where there is no file."""
    if not path.is_file():
        return str
    from epitran.exceptions import DatafileError
    from epitran.rules import RuleFileError, Rules

    try:
        return Rules([path]).apply
    except (DatafileError, RuleFileError, regex.error, UnicodeDecodeError) as error:
        raise LowresError(path, str(error), "rules in epitran's notation: a -> b / X _ Y") from None


def _read_map(path: Path) -> dict[str, str]:
    """Letters and sounds in NFD; raises LowresError with path:line."""
    found: dict[str, str] = {}
    for number, row in read_rows(path, ("Orth", "Phon"), ()):
        letters, ipa = (unicodedata.normalize("NFD", row[column]) for column in ("Orth", "Phon"))
        if not letters.strip():
            raise LowresError(at(path, number), f"no letters before {ipa[:40]!r}", "letters, a comma, their sounds")
        if letters in found:
            allowed = "each once; what depends on neighbours goes into rules"
            raise LowresError(at(path, number), f"the letters '{letters}' again", allowed)
        found[letters] = ipa
    if not found:
        raise LowresError(path, "no letters", "a line for each: letters, a comma, their sounds")
    return found


# --- segments


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


def features(ipa: str) -> list[float] | None:
    """The mean of the segments' features (24 of panphon, -1 to 1); None of a string without segments."""
    vectors = _features()[0].word_to_vector_list(ipa, numeric=True)
    return [sum(column) / len(vectors) for column in zip(*vectors, strict=True)] if vectors else None


@lru_cache(maxsize=1 << 16)
def distance(a: str, b: str) -> float:
    """How far two IPA strings are apart, 0 equal to 1: panphon's feature edit distance over the longer one's segments."""
    n = max(len(segments(a)), len(segments(b)), 1)
    return min(1.0, _features()[1].feature_edit_distance(a, b) / n)


def segment_distances(ipas: Iterable[str]):
    """Every string of a list against every other: panphon's weighted feature difference summed over segments, infinite
    where their numbers differ or are 0. A numpy array (strings, strings); 0 to about 8 a segment."""
    import numpy as np

    table = _features()[0]
    vectors = [np.array(table.word_to_vector_list(ipa, numeric=True), dtype=float) for ipa in ipas]
    found = np.full((len(vectors), len(vectors)), np.inf)
    for size in {len(one) for one in vectors} - {0}:
        where = [k for k, one in enumerate(vectors) if len(one) == size]
        same = np.stack([vectors[k] for k in where])[..., : len(table.weights)]
        for row, k in enumerate(where):
            found[k, where] = (np.abs(same - same[row]) @ np.array(table.weights)).sum(axis=1)
    return found
