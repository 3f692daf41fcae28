"""What the lexicons of a material say: single words of the pivot and what they are in other languages."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from lowres.pretraining.corpus import PIVOT, Material
from lowres.text import bare, fold, words

_HEAPS, _HEAP = 20_000, (3, 9)  # in all, and words in one
_OPTIONS, _WORDS = 12, 2  # translations of a word at most, and their words
_ARTICLE = re.compile(r"(?:to|an?|the) (?=\S)")

Translations = dict[str, list[str]]  # by a folded word of the pivot


def translations(material: Material) -> dict[str, Translations]:
    """By language, for every gloss of one word what the lexicon gives, and some of its inflected forms."""
    found: dict[str, Translations] = {}
    for language, rows in material.entries.items():
        of_language: dict[str, dict[str, None]] = defaultdict(dict)
        for gloss, form in rows:
            word = fold(bare(_ARTICLE.sub("", gloss.lower(), count=1)))
            if len(words(word)) == 1:
                forms = with_forms(material, language, form)
                of_language[word] |= dict.fromkeys(one for one in forms if 0 < len(words(one)) <= _WORDS)
        found[language] = {word: list(forms)[:_OPTIONS] for word, forms in of_language.items() if forms}
    return found


def with_forms(material: Material, language: str, form: str) -> list[str]:
    """A word of a lexicon and what its paradigm has beside it."""
    return [form, *material.inflected.get(language, {}).get(fold(form), ())]


def heaps(material: Material, rng: random.Random) -> list[str]:
    """Words of the pivot in no order, by the root of how often its utterances say them: raw text seldom speaks of what an
    assistant is asked for."""
    said = Counter(
        fold(bare(word)) for name, rows in material.utterances.items() if material.language_of(name) == PIVOT
        for row in rows for word in words(row.text)
    )  # fmt: skip
    said.pop("", None)
    types, chance = list(said), [count**0.5 for count in said.values()]
    return [" ".join(rng.choices(types, chance, k=rng.randint(*_HEAP))) for _ in range(_HEAPS if said else 0)]


def spoken(material: Material, rng: random.Random) -> Iterator[tuple[str, str]]:
    """(language, words): what the lexicons have for heaps of the pivot's words, so that a tokenizer meets a language's words
    about as often as an assistant would."""
    said = [word for heap in heaps(material, rng) for word in heap.split()]
    for language, options in translations(material).items():
        yield language, " ".join(rng.choice(options[word]) for word in said if word in options)


def meanings(material: Material) -> dict[str, list[str]]:
    """By a folded word, the pivot's words that it stands for in any of the languages; without words that labelled utterances
    say in any language, whose meaning is known from there."""
    known = {
        fold(bare(word)) for rows in material.utterances.values() for row in rows for word in words(row.text)
    }  # fmt: skip
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for options in translations(material).values():
        for word, forms in options.items():
            for form in forms:
                found[fold(bare(form))][word] = None
    return {form: list(some) for form, some in found.items() if form not in known and len(words(form)) == 1}
