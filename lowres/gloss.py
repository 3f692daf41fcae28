"""Glosses: what the dictionary says of each target word, for the model to read and for the `gloss` control."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import regex

from lowres.affixes import Affixes, learn_affixes, with_changed_borders, with_roots
from lowres.lexicon import Lexicon
from lowres.loans import Loans, learn_loans
from lowres.morphology import Paradigms
from lowres.synthesis import Kept
from lowres.text import bare, fold, marks_apart, unmarked, word_spans, words
from lowres.utterance import Slot, Utterance, label_slots, word_labels

N_GLOSSES = 3
_CHANCES = (0.6, 0.25, 0.15)  # of the first gloss, the second, the third
MAX_PHRASE = 4
MAX_INSIDE = 128  # letters of a word that is looked into


@dataclass(slots=True)
class Glosser:
    """Source-language glosses by folded target word or phrase, best first; what unknown words are like is looked for by `look_inside`."""

    glosses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    affixes: Affixes = field(default_factory=Affixes)
    loans: Loans = field(default_factory=Loans)
    _analysed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _unmarked: dict[str, list[str]] = field(default_factory=dict)  # what forms are without marks -> the forms
    _source: set[str] = field(default_factory=set)

    def gloss(self, word: str) -> tuple[str, ...]:
        """Up to N_GLOSSES glosses of a word or phrase; () when neither it nor a lemma inside it is known."""
        key = fold(bare(word))
        known = self.glosses.get(key)
        return self._inside(key) if known is None else known

    def is_source(self, text: str) -> bool:
        """Whether a text is in the source language: more of its words occur in glosses than have one."""
        if not self._source:
            self._source.update(fold(word) for found in self.glosses.values() for gloss in found for word in words(gloss))
        keys = [fold(bare(word)) for word in words(text)]
        return sum(key in self._source for key in keys) > sum(key in self.glosses for key in keys)

    def _inside(self, key: str) -> tuple[str, ...]:
        if key not in self._analysed:
            self._analysed[key] = look_inside(key, self.glosses.get, self._without_marks, self.affixes, self.loans)
        return self._analysed[key]

    def _without_marks(self, key: str) -> tuple[str, ...]:
        if not self._unmarked:
            for form in self.glosses:
                self._unmarked.setdefault(unmarked(form), []).append(form)
        alike = self._unmarked.get(unmarked(key), ())
        return self.glosses[min(alike, key=lambda form: (marks_apart(form, key), form))] if alike else ()


_PARTS = regex.compile(r"[-'‐‑־]+")
Table = Callable[[str], tuple[str, ...] | None]


def look_inside(key: str, table: Table, without_marks: Table, affixes: Affixes, loans: Loans) -> tuple[str, ...]:
    """Glosses of a folded form that the dictionary does not have, () where nothing helps. The surest first:

    a known stem under its affixes; the form that differs by the fewest tone and vowel marks, which dictionaries leave out and people
    write, or the other way round; the longest known part between hyphens and apostrophes; the word of the source that it sounds like;
    a known word with more at the side on which words grow.
    """
    if " " in key or len(key) > MAX_INSIDE:
        return without_marks(key) or ()
    stem = next((found for stem, _ in affixes.stems(key) if (found := table(stem)) is not None), ())
    parts = sorted(filter(None, _PARTS.split(key)), key=len, reverse=True)
    in_part = (table(part) or without_marks(part) for part in parts if part != key)
    in_root = map(table, affixes.roots(key))
    return stem or without_marks(key) or _first(in_part) or loans.of(key) or _first(in_root)


def _first(found: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return next(filter(None, found), ())


def build_glosser(
    lexicon: Lexicon, paradigms: Paradigms, pairs: Iterable[Kept] = (), text: Mapping[str, int] = MappingProxyType({}),
    english: Iterable[str] = (),
) -> Glosser:  # fmt: skip
    """Glosses from the lexicon, for inflected forms through the paradigms, and from what the pairs' words render.

    The pairs come first: they know inflected forms and count how often the domain uses each sense. `text` are
    folded words of the language and how often each occurs, from which affixes are learnt besides the paradigms; `english` are
    utterances of the source, where it is English, whose words the language may have borrowed.
    """
    seen: dict[str, Counter] = defaultdict(Counter)
    for kept in pairs:
        for word in kept.words:
            if word.gloss and word.origin != "copy":
                seen[fold(word.form)][word.gloss] += 1
    table: dict[str, tuple[str, ...]] = {}
    for form, ranked in lexicon.glosses.items():
        table[form] = tuple(dict.fromkeys(one.form for one in ranked))[:N_GLOSSES]
    for form, lemmas in paradigms.lemmas.items():
        known = [gloss for lemma in lemmas for gloss in table.get(fold(lemma), ())[:2]]
        if known and form not in table:
            table[form] = tuple(dict.fromkeys(known))[:N_GLOSSES]
    for form, counts in seen.items():
        often = [gloss for gloss, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
        table[form] = tuple(dict.fromkeys([*often, *table.get(form, ())]))[:N_GLOSSES]
    affixes = with_changed_borders(learn_affixes(paradigms, lexicon.glosses, text), table, text)
    verbs = (form for form, ranked in lexicon.glosses.items() if any(one.upos == "VERB" for one in ranked[:1]))
    affixes = with_roots(affixes, table, verbs, text)
    return Glosser(table, affixes, learn_loans(english, text, table))


def gloss_utterance(
    utterance: Utterance, glosser: Glosser, rng: random.Random | None = None
) -> tuple[Utterance, tuple[int, ...]]:
    """The utterance read word by word in the source language, longest phrase first, and for each of its words
    the index of the target word that it stands for. Unknown words stay; labels come along.

    `rng` draws among a word's glosses, so that training meets the wrong ones too; without it the first is taken.
    """
    target = words(utterance.text)
    parts: list[str] = []
    owners: list[int] = []
    i = 0
    while i < len(target):
        size, found = _longest(target, i, glosser)
        phrase = words(_drawn(found, rng)) if found else [target[i]]
        parts.extend(phrase)
        owners.extend(min(i + k, i + size - 1) for k in range(len(phrase)))
        i += size
    text, labels = " ".join(parts), word_labels(utterance)
    slots = label_slots(text, [labels[owner] for owner in owners]) if utterance.slots else ()
    glossed = Utterance(id=utterance.id, text=text, locale=utterance.locale, intent=utterance.intent, slots=slots)
    return glossed, tuple(owners)


def _longest(target: Sequence[str], i: int, glosser: Glosser) -> tuple[int, tuple[str, ...]]:
    for size in range(min(MAX_PHRASE, len(target) - i), 0, -1):
        found = glosser.gloss(" ".join(target[i : i + size]))
        if found:
            return size, found
    return 1, ()


def _drawn(glosses: tuple[str, ...], rng: random.Random | None) -> str:
    return rng.choices(glosses, _CHANCES[: len(glosses)])[0] if rng else glosses[0]


def project_labels(glossed: Utterance, owners: tuple[int, ...], text: str) -> tuple[Slot, ...]:
    """Slots on the target `text` from those predicted on its gloss; a word takes the first label that it was given."""
    labels = ["O"] * len(word_spans(text))
    for owner, label in zip(owners, word_labels(glossed), strict=True):
        if labels[owner] == "O":
            labels[owner] = label
    return label_slots(text, labels)


def format_glosses(glosses: Mapping[str, tuple[str, ...]]) -> str:
    """One line per form: the form, then its glosses, separated by tabs; sorted."""
    return "".join("\t".join((form, *found)) + "\n" for form, found in sorted(glosses.items()))


def parse_glosses(text: str) -> dict[str, tuple[str, ...]]:
    """The inverse of `format_glosses`."""
    rows = (line.split("\t") for line in text.split("\n") if line)
    return {row[0]: tuple(row[1:]) for row in rows}
