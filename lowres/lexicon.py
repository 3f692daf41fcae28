"""Bilingual lexicons: entries as files have them, and one ranked `Lexicon` made of all of them.

Translations are ranked, not uniform: what several lexicons agree on, what is listed first, and what
people write (frequencies counted in a little text of the language) comes first.
"""

import html
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import regex

from lowres.text import fold

MAX_WORDS = 5
OWN_TRUST = 10.0  # a user's own dictionary says how the language is really spoken
OWN = "own"  # the name of the lexicon of corrections: what linguists say of single words, above all others


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a bilingual lexicon as its file has it: `left` in the file's first language.

    `upos` is a Universal Dependencies tag or '' where the file has none; `rank` counts from 0
    within the headword (0 = listed first).
    """

    left: str
    right: str
    upos: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class SourcedEntry:
    """An entry with `left` in the source language, and the lexicon it came from.

    `reverse`: the file's headwords are in the target language, so that `left` is a gloss to be cleaned.
    `trust` multiplies its votes: what a linguist wrote for this language outranks what was collected.
    """

    entry: Entry
    lexicon: str
    reverse: bool = False
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Translation:
    """A target form for a source phrase; a higher `score` is better, with no other meaning."""

    form: str
    upos: str
    score: float
    lexicon: str


_BRACKETED = regex.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|\([^()]*$")
_POINTER = regex.compile(
    r"^(an? |the )?(\w+ )?(alternative|alternate|obsolete|archaic|dated|eye dialect|superseded|nonstandard|misspelling|"
    r"misconstruction|romani[sz]ation|abbreviation|initialism|acronym|clipping|contraction|inflection|plural|singular|"
    r"nominative|genitive|dative|accusative|vocative|oblique|feminine|masculine|neuter|comparative|superlative|"
    r"diminutive|participle|past|present|first|second|third|verbal noun|soft|nasal|aspirate|h-prothesis|mutated|"
    r"synonym|short|long|informal|combining|reflexive|causative|passive|gerund|infinitive|imperative)"
    r"[\w\s/,\-'.]*\bof\b",
    regex.IGNORECASE,
)
_LEADING = regex.compile(r"^(to|an?|the|be|one's|some|any)\s+(?=\S)", regex.IGNORECASE)
_TRAILING = regex.compile(
    r"\s+(someone|somebody|something|sb|sth|smb|smth|oneself|etc|one's \w+|s\.o|s\.th)\.?$", regex.IGNORECASE
)
_SPLIT = regex.compile(r"\s*[;,/|]\s*")
_INITIALS = regex.compile(r"(^|\s)\w\.$")  # u. s. d.
_LABEL = regex.compile(r"^[\w\s,]{2,30}:\s+")
_DISUSED = regex.compile(
    r"[(\[{][^()\[\]{}]*\b(obsolete|archaic|dated|rare|dialectal|dialect|regional|poetic|historical|nonstandard)\b"
)
DISUSED = 0.2  # of the vote of a word that a dictionary says few people use


@lru_cache(maxsize=1 << 16)
def clean_gloss(gloss: str, upos: str = "") -> tuple[str, ...]:
    """The source-language words that a dictionary's explanation names, best first; () when it only points elsewhere.

    "(transitive) to set up, to found" -> ("set up", "found"); "Alternative form of x" -> ().
    """
    plain = _BRACKETED.sub(" ", html.unescape(gloss))
    plain = _LABEL.sub("", " ".join(plain.split()))
    if _POINTER.match(plain):
        return ()
    parts = []
    for part in _SPLIT.split(plain):
        part = part.strip(" .!?…\"'“”‘’:-")
        before = None
        while part != before:
            before, part = part, _TRAILING.sub("", _leading(part, upos))
        if part and len(part.split()) <= MAX_WORDS and part not in parts:
            parts.append(part)
    return tuple(parts)


def _leading(part: str, upos: str) -> str:
    """Without "to" and articles, but "be" goes only where an adjective's worth is left of a verb."""
    match = _LEADING.match(part)
    if not match or (match[1].lower() == "be" and upos == "VERB") or match[1].lower() in ("some", "any"):
        return part
    return part[match.end() :]


@lru_cache(maxsize=1 << 16)
def clean_form(form: str) -> tuple[str, ...]:
    """The target-language forms an entry names: brackets and stem hyphens dropped, lists split."""
    plain = _BRACKETED.sub(" ", html.unescape(form))
    parts = (" ".join(part.split()).strip(" .!?…\"“”:-–‑*=") for part in _SPLIT.split(plain))
    return tuple(dict.fromkeys(part for part in parts if part and len(part.split()) <= MAX_WORDS))


FUNCTION_WORDS = frozenset({"ADP", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ"})
_KIN = ({"NOUN", "PROPN"}, {"VERB", "AUX"}, {"DET", "PRON", "ADJ", "NUM"}, {"ADV", "ADP", "PART", "SCONJ", "CCONJ", "INTJ"})


@lru_cache(maxsize=1024)
def agreement(wanted: str, offered: str) -> float:
    """How well an entry's part of speech serves a word's: 1 same, .5 kin, .3 one unknown, .05 different."""
    if not wanted or not offered or offered == "X":
        return 0.3
    if wanted == offered:
        return 1.0
    return 0.5 if any(wanted in kin and offered in kin for kin in _KIN) else 0.05


def _another(wanted: str, offered: str) -> bool:
    """Whether an entry is of another word that is spelt alike: no auxiliary "can" is a can, no "may" a month.

    Other function words may well be nouns or verbs in the language: Yoruba's "all", "something" and "for" are.
    """
    return wanted == "AUX" and offered in ("NOUN", "PROPN")


def _fit(wanted: str, one: "Translation") -> float:
    """`agreement`; a correction that names no part of speech is meant for all."""
    return 1.0 if one.lexicon == OWN and not one.upos else agreement(wanted, one.upos)


def _strongest(found: Iterable[tuple[float, "Translation"]]) -> list[tuple[float, "Translation"]]:
    """(weight, translation) by form, best first, of (how well it fits, translation); what is a twentieth of the best is left out."""
    best: dict[str, tuple[float, Translation]] = {}
    for fit, one in found:
        weight = one.score * fit
        if weight > best.get(one.form, (0.0, one))[0]:
            best[one.form] = (weight, one)
    rows = sorted(best.values(), key=lambda row: (-row[0], row[1].form))
    return [row for row in rows if row[0] >= 0.05 * rows[0][0]]


_NEVER = 1e-300  # a weight that is never drawn, at any temperature


def _corrected(found: Sequence[tuple[float, "Translation"]]) -> list[tuple[float, "Translation"]]:
    """Likewise, but corrections alone are drawn where nothing else fits better.

    What they overrule stays in the list where a draw was made of it: so a correction leaves the draws of other words alone.
    """
    others = [row for row in found if row[1].lexicon != OWN]
    fit = max((row[0] for row in others), default=0.0)
    own = _strongest(row for row in found if row[1].lexicon == OWN and row[0] >= fit)
    if not own:
        return _strongest(found)
    said, overruled = {one.form for _, one in own}, _strongest(others)
    return own + [(_NEVER, one) for _, one in overruled if one.form not in said] * (len(overruled) > 1)


@dataclass(slots=True)
class Lexicon:
    """Ranked translations by folded source phrase, and ranked glosses by folded target phrase."""

    translations: dict[str, tuple[Translation, ...]] = field(default_factory=dict)
    glosses: dict[str, tuple[Translation, ...]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)  # first word, or first two -> words of the longest phrase
    own: frozenset[str] = frozenset()  # the source phrases that corrections render
    _ranked: dict[tuple[str, ...], tuple[tuple[Translation, ...], tuple[float, ...]]] = field(default_factory=dict)

    def ranked(self, keys: Sequence[str], upos: str) -> tuple[tuple[Translation, ...], tuple[float, ...]]:
        """Translations of any of the folded `keys` (first key preferred) fit for `upos`, and their weights, best first."""
        asked = (*keys, upos)
        found = self._ranked.get(asked)
        if found is None:
            found = self._ranked[asked] = self._rank(keys, upos)
        return found

    def _rank(self, keys: Sequence[str], upos: str) -> tuple[tuple[Translation, ...], tuple[float, ...]]:
        found = [
            (_fit(upos, one) * 0.7**place, one)
            for place, key in enumerate(dict.fromkeys(keys))
            for one in self.translations.get(key, ())
            if not _another(upos, one.upos)
        ]
        strong = _strongest(found) if self.own.isdisjoint(keys) else _corrected(found)
        return tuple(one for _, one in strong), tuple(weight for weight, _ in strong)


def build_lexicon(entries: Iterable[SourcedEntry], frequencies: Mapping[str, int] | None = None, lemma=None) -> Lexicon:
    """One ranked lexicon of all entries; `frequencies` counts folded words of the target language.

    `lemma(form, upos)` brings a lexicon's citation form to the paradigms' (Swahili ku-soma -> soma).
    """
    votes: dict[str, dict[tuple[str, str], dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for one in entries:
        for phrase, form, upos, vote in _readings(one, lemma):
            per_lexicon = votes[phrase][form, upos]
            per_lexicon[one.lexicon] = max(vote * one.trust, per_lexicon.get(one.lexicon, 0.0))
    lexicon = Lexicon()
    glosses: dict[str, list[Translation]] = defaultdict(list)
    for phrase, forms in votes.items():
        _add_phrase(lexicon, phrase, forms, frequencies or {})
        for one in lexicon.translations[phrase]:
            glosses[fold(one.form)].append(Translation(phrase, one.upos, one.score, one.lexicon))
    lexicon.glosses = {form: _best_first(rows) for form, rows in glosses.items()}
    return lexicon


def lay_over(lexicon: Lexicon, entries: Sequence[Entry]) -> Lexicon:
    """`lexicon` with corrections above it, the best first; it is not changed itself.

    Where a correction renders a phrase as the wanted part of speech, nothing else is drawn.
    """
    by_phrase: dict[str, list[Translation]] = defaultdict(list)
    for one in entries:
        found = by_phrase[fold(_plain_phrase(one.left))]
        if not any((one.right, one.upos) == (other.form, other.upos) for other in found):
            found.append(Translation(one.right, one.upos, OWN_TRUST / (1 + len(found)), OWN))
    translations, glosses, longest = dict(lexicon.translations), dict(lexicon.glosses), dict(lexicon.longest)
    for phrase, found in by_phrase.items():
        translations[phrase] = (*found, *translations.get(phrase, ()))
        _lengthen(longest, phrase)
        for one in reversed(found):
            key = fold(one.form)
            glosses[key] = (Translation(phrase, one.upos, one.score, OWN), *glosses.get(key, ()))
    return Lexicon(translations, glosses, longest, frozenset(by_phrase))


def _readings(one: SourcedEntry, lemma) -> Iterable[tuple[str, str, str, float]]:
    """(source phrase, target form, part of speech, vote between 0 and 1) of one entry."""
    entry = one.entry
    phrases = clean_gloss(entry.left, entry.upos) if one.reverse else (_plain_phrase(entry.left),)
    # In a headword's own list the first translation is the usual one; a gloss's rank says less of the source word.
    rank = entry.rank * (0.3 if one.reverse else 1.0)
    usage = DISUSED if _DISUSED.search(entry.left) or _DISUSED.search(entry.right) else 1.0
    for place, phrase in enumerate(phrases):
        for form in clean_form(entry.right):
            form = lemma(form, entry.upos) if lemma else form
            if phrase and form:
                vote = usage / (1.0 + rank) / (1.0 + place)
                yield fold(phrase), form, entry.upos, vote
                if one.reverse and phrase.startswith("be ") and entry.upos == "VERB":
                    yield fold(phrase[3:]), form, "ADJ", vote  # a stative verb says what English says with an adjective


def _plain_phrase(headword: str) -> str:
    plain = " ".join(_BRACKETED.sub(" ", headword).split()).strip(" !?")
    if not _INITIALS.search(plain):
        plain = plain.rstrip(".")
    return plain[3:] if plain.lower().startswith("to ") and len(plain) > 3 else plain


def _add_phrase(lexicon: Lexicon, phrase: str, forms: Mapping, frequencies: Mapping[str, int]) -> None:
    rows = []
    for (form, upos), per_lexicon in forms.items():
        score = sum(per_lexicon.values()) * _usage(form, frequencies)
        source = max(per_lexicon, key=lambda name: (per_lexicon[name], name))
        rows.append(Translation(form, upos, score, source))
    lexicon.translations[phrase] = _best_first(rows)
    _lengthen(lexicon.longest, phrase)


def _lengthen(longest: dict[str, int], phrase: str) -> None:
    parts = phrase.split(" ")
    for start in {parts[0], " ".join(parts[:2])}:
        longest[start] = max(longest.get(start, 1), len(parts))


def _usage(form: str, frequencies: Mapping[str, int]) -> float:
    """1 for a form never seen in text, growing with the logarithm of its rarest word's count; less for long phrases."""
    parts = fold(form).split(" ")
    seen = min(frequencies.get(part, 0) for part in parts)
    return (1.0 + 0.5 * math.log1p(seen)) / (1.0 + 0.5 * (len(parts) - 1))


def _best_first(rows: list[Translation]) -> tuple[Translation, ...]:
    return tuple(sorted(rows, key=lambda one: (-one.score, one.form, one.upos)))
