"""The material in numbers: every text once in a `Store`, and shelves of what each kind of example draws from."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain

import torch

from lowres.model import Example, Labels, PieceReader, encode, encode_text
from lowres.pretraining.corpus import PIVOT, Material, Progress, is_open, meaning
from lowres.pretraining.learner import N_SOUND_FEATURES
from lowres.pretraining.lexical import heaps, translations, with_forms
from lowres.pretraining.steps import Library
from lowres.pretraining.store import Special, Store, Switch, Text, shelve, store_texts
from lowres.pretraining.tokenizer import SPECIAL
from lowres.text import bare, fold, words


Hear = Callable[[list[str], str], list[list[float] | None] | None]


@dataclass(slots=True)
class _Shelves:
    """Texts as they come, and the numbers of the pivot's words and of the languages."""

    reader: PieceReader
    count: Callable[[], None]
    languages: dict[str, int]
    ears: "_Ears"
    texts: list[Text] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    short: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, example: Example, text: str, language: str) -> int:
        """The number of a text; the pivot's words are numbered, so that they can be switched."""
        said = words(text)[: len(example.pieces)]
        types = [self.number(word) for word in said] if language == PIVOT else []
        self.texts.append(Text(example, types, self.ears.numbers(said, language), self.languages[language]))
        self.count()
        return len(self.texts) - 1

    def add_text(self, text: str, language: str) -> int:
        return self.add(encode_text(text, self.reader), text, language)

    def add_short(self, text: str, language: str) -> int:
        """A dictionary's words, which come again and again: each once."""
        key = (text, language)
        if key not in self.short:
            self.short[key] = self.add_text(text, language)
        return self.short[key]

    def number(self, word: str) -> int:
        return self.numbers.setdefault(fold(bare(word)), len(self.numbers))


@dataclass(slots=True)
class _Ears:
    """What words sound like, as `hear` says of those of a language; a word type is heard once."""

    heard: dict[str, dict[str, int]] = field(default_factory=dict)  # by language and folded word: row of `features`
    features: list[list[float]] = field(default_factory=list)

    def numbers(self, said: list[str], language: str) -> list[int]:
        known = self.heard.get(language)
        return [known.get(fold(bare(word)), -1) for word in said] if known else []


def _listen(material: Material, hear: Hear | None) -> _Ears:
    ears = _Ears()
    types: dict[str, dict[str, None]] = defaultdict(dict)
    inflected = ((language, " ".join(some)) for language, forms in material.inflected.items() for some in forms.values())
    for language, line in chain(material.lines(), inflected) if hear else ():
        types[language].update(dict.fromkeys(fold(bare(word)) for word in words(line)))
    for language, some in types.items():
        found = hear(list(some), language) or ()
        known = [(word, features) for word, features in zip(some, found, strict=False) if features is not None]
        ears.heard[language] = {word: len(ears.features) + row for row, (word, _) in enumerate(known)}
        ears.features += [features for _, features in known]
    return ears


def build_library(
    material: Material, reader: PieceReader, labels: Labels, kept: frozenset[str], seed: int, on_progress: Progress,
    hear: Hear | None = None,
) -> Library:
    """Everything in piece ids; into the languages `kept` for measuring no labelled utterance is switched.

    `hear` gives the sound features of some words of a language, None where it knows nothing.
    """  # fmt: skip
    numbers = {language: number for number, language in enumerate(material.languages())}
    ears = _listen(material, hear)
    shelves = _Shelves(reader, _counter(sum(1 for _ in material.lines()), on_progress), numbers, ears)
    labelled, groups = _utterances(shelves, material, labels)
    verses = {
        language: {key: shelves.add_text(text, language) for key, text in rows.items()}
        for language, rows in material.verses.items()
    }
    texts = {language: [shelves.add_text(line, language) for line in rows] for language, rows in material.texts.items()}
    text = {language: [*verses.get(language, {}).values(), *texts.get(language, ())] for language in {**verses, **texts}}
    entries, options = _entries(shelves, material), _options(shelves, material)
    heaped = [shelves.add_text(heap, PIVOT) for heap in heaps(material, random.Random(seed))]
    store = store_texts(shelves.texts, reader.last)
    store, switch = _switch(store, list(options.values()), reader, len(shelves.numbers))
    chance = torch.tensor([float(sum(map(len, some.values()))) for some in options.values()]).sqrt()
    table, meanings = _meanings(groups, list(labelled), len(shelves.texts))
    several = {text for group in groups.values() if len(group) > 1 for text in group.values()}
    pairs = {language: _paired(rows, verses.get(PIVOT, {})) for language, rows in verses.items() if language != PIVOT}
    return Library(
        store=store,
        special=_special(reader),
        labelled=shelve(labelled),
        shared=shelve({name: [text for text in rows if text in several] for name, rows in labelled.items()}),
        text=shelve(text),
        verses=shelve(pairs, width=2),
        entries=shelve(entries, width=2),
        groups=table,
        meaning=meanings,
        english=shelve({"verses": list(verses.get(PIVOT, {}).values()), "texts": texts.get(PIVOT, []), "heaps": heaped}),
        source=shelve({name: rows for name, rows in labelled.items() if material.language_of(name) == PIVOT}),
        switch=switch,
        any_language=chance,
        open_language=chance * torch.tensor([float(is_open(language, kept)) for language in options]),
        sounds=torch.tensor(ears.features).reshape(-1, N_SOUND_FEATURES),
    )


def _utterances(shelves: _Shelves, material: Material, labels: Labels) -> tuple[dict[str, list[int]], dict[str, dict[str, int]]]:
    """Texts by data set and locale, and by meaning the text in every locale."""
    labelled: dict[str, list[int]] = {}
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for name, rows in material.utterances.items():
        language = material.language_of(name)
        labelled[name] = [shelves.add(encode(row, shelves.reader, labels), row.text, language) for row in rows]
        for row, text in zip(rows, labelled[name], strict=True):
            groups[meaning(name, row)][name] = text
    return labelled, groups


Options = dict[int, list[str]]  # by the number of a pivot's word, what it is switched into


def _entries(shelves: _Shelves, material: Material) -> dict[str, list[tuple[int, int]]]:
    """Every entry and every inflected form of its word, each beside the gloss."""
    return {
        language: [
            (shelves.add_short(one, language), shelves.add_short(gloss, PIVOT))
            for gloss, form in rows for one in with_forms(material, language, form)
        ]
        for language, rows in material.entries.items()
    }  # fmt: skip


def _options(shelves: _Shelves, material: Material) -> dict[str, Options]:
    found = {
        language: {shelves.number(word): forms for word, forms in of_language.items()}
        for language, of_language in sorted(translations(material).items())
    }
    return {language: options for language, options in found.items() if options}


def _switch(store: Store, options: list[Options], reader: PieceReader, n_types: int) -> tuple[Store, Switch]:
    """The options' pieces stand behind those of all texts."""
    first, count = (torch.zeros(len(options), n_types, dtype=torch.int32) for _ in range(2))
    runs: list[tuple[int, int]] = []
    pieces: list[int] = []
    known: dict[str, tuple[int, int]] = {}
    for row, of_language in enumerate(options):
        for number, forms in of_language.items():
            first[row, number], count[row, number] = len(runs), len(forms)
            for form in forms:
                if form not in known:
                    ids = [piece for word in words(form) for piece in reader.pieces(word)]
                    known[form] = (len(store.pieces) + len(pieces), len(ids))
                    pieces += ids
                runs.append(known[form])
    store.pieces = torch.cat([store.pieces, torch.tensor(pieces, dtype=store.pieces.dtype)])
    start, size = torch.tensor(runs, dtype=torch.int32).reshape(-1, 2).T
    return store, Switch(first, count, start, size)


def _meanings(groups: dict[str, dict[str, int]], names: list[str], n_texts: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(meanings, locales) texts, -1 where a locale lacks one; (texts,) the meaning of each, -1 for none."""
    table = torch.full((len(groups), len(names)), -1, dtype=torch.int32)
    meanings = torch.full((n_texts,), -1, dtype=torch.int32)
    columns = {name: column for column, name in enumerate(names)}
    for number, group in enumerate(groups.values()):
        for name, text in group.items():
            table[number, columns[name]], meanings[text] = text, number
    return table, meanings


def _paired(verses: dict[str, int], pivot: dict[str, int]) -> list[tuple[int, int]]:
    return [(text, pivot[key]) for key, text in verses.items() if key in pivot]


def _special(reader: PieceReader) -> Special:
    return Special(reader.first, reader.pad, reader.tokenizer.mask_token_id, len(SPECIAL), len(reader.tokenizer))


def _counter(total: int, on_progress: Progress) -> Callable[[], None]:
    """Counts texts and reports every few thousand."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if done % 5000 == 0 or done == total:
            on_progress(min(done, total), total, 0.0, "tokenizing")

    return count
