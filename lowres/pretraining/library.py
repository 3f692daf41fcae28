"""The material in numbers: every text once in a `Store`, and shelves of what each kind of example draws from."""

import random
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from lowres.model import Example, Labels, PieceReader, encode, encode_text
from lowres.pretraining.corpus import PIVOT, Material, Progress, meaning
from lowres.pretraining.steps import Library
from lowres.pretraining.store import Special, Store, Switch, shelve, store_texts
from lowres.pretraining.tokenizer import SPECIAL
from lowres.text import bare, fold, words

_OPTIONS, _WORDS = 12, 2  # translations that a word is switched into at most, and their words
_ARTICLE = re.compile(r"(?:to|an?|the) (?=\S)")


@dataclass(slots=True)
class _Shelves:
    """Texts as they come, and the numbers of the pivot's words."""

    reader: PieceReader
    count: Callable[[Example], Example]
    examples: list[Example] = field(default_factory=list)
    types: list[list[int]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    short: dict[tuple[str, bool], int] = field(default_factory=dict)

    def add(self, example: Example, text: str = "") -> int:
        """The number of a text; `text` where it is the pivot's, so that its words can be switched."""
        self.examples.append(self.count(example))
        self.types.append([self.number(word) for word in words(text)[: len(example.pieces)]])
        return len(self.examples) - 1

    def add_text(self, text: str, pivot: bool) -> int:
        return self.add(encode_text(text, self.reader), text if pivot else "")

    def add_short(self, text: str, pivot: bool) -> int:
        """A dictionary's words, which come again and again: each once."""
        key = (text, pivot)
        if key not in self.short:
            self.short[key] = self.add_text(text, pivot)
        return self.short[key]

    def number(self, word: str) -> int:
        return self.numbers.setdefault(fold(bare(word)), len(self.numbers))


def build_library(material: Material, reader: PieceReader, labels: Labels, kept: frozenset[str], on_progress: Progress) -> Library:
    """Everything in piece ids; into the languages `kept` for measuring no labelled utterance is switched."""
    shelves = _Shelves(reader, _counter(sum(1 for _ in material.lines()), on_progress))
    labelled, groups = _utterances(shelves, material, labels)
    verses = {
        language: {key: shelves.add_text(text, language == PIVOT) for key, text in rows.items()}
        for language, rows in material.verses.items()
    }
    texts = {
        language: [shelves.add_text(line, language == PIVOT) for line in rows] for language, rows in material.texts.items()
    }
    text = {language: [*verses.get(language, {}).values(), *texts.get(language, ())] for language in {**verses, **texts}}
    entries, options = _entries(shelves, material)
    store = store_texts(shelves.examples, shelves.types, reader.last)
    languages = [language for language in sorted(options) if options[language]]
    store, switch = _switch(store, [options[language] for language in languages], reader, len(shelves.numbers))
    chance = torch.tensor([float(sum(map(len, options[language].values()))) for language in languages]).sqrt()
    table, meanings = _meanings(groups, list(labelled), len(shelves.examples))
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
        english=shelve({"verses": list(verses.get(PIVOT, {}).values()), "texts": texts.get(PIVOT, [])}),
        source=shelve({name: rows for name, rows in labelled.items() if material.language_of(name) == PIVOT}),
        switch=switch,
        any_language=chance,
        open_language=chance * torch.tensor([float(language not in kept) for language in languages]),
    )


def _utterances(shelves: _Shelves, material: Material, labels: Labels) -> tuple[dict[str, list[int]], dict[str, dict[str, int]]]:
    """Texts by data set and locale, and by meaning the text in every locale."""
    labelled: dict[str, list[int]] = {}
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for name, rows in material.utterances.items():
        pivot = material.language_of(name) == PIVOT
        labelled[name] = [shelves.add(encode(row, shelves.reader, labels), row.text if pivot else "") for row in rows]
        for row, text in zip(rows, labelled[name], strict=True):
            groups[meaning(name, row)][name] = text
    return labelled, groups


Options = dict[int, list[str]]  # by the number of a pivot's word, what it is switched into


def _entries(shelves: _Shelves, material: Material) -> tuple[dict[str, list[tuple[int, int]]], dict[str, Options]]:
    """Every entry and every inflected form of its word, each beside the gloss; and the translations of single words."""
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    options: dict[str, Options] = defaultdict(lambda: defaultdict(list))
    for language, rows in material.entries.items():
        for gloss, form in rows:
            said = [form, *material.inflected.get(language, {}).get(fold(form), ())]
            pairs[language] += [(shelves.add_short(one, False), shelves.add_short(gloss, True)) for one in said]
            word = _ARTICLE.sub("", gloss.lower(), count=1)
            if len(words(word)) == 1:
                options[language][shelves.number(word)] += [one for one in said if 0 < len(words(one)) <= _WORDS]
    return pairs, options


def _switch(store: Store, options: list[Options], reader: PieceReader, n_types: int) -> tuple[Store, Switch]:
    """The options' pieces stand behind those of all texts."""
    first, count = (torch.zeros(len(options), n_types, dtype=torch.int32) for _ in range(2))
    runs: list[tuple[int, int]] = []
    pieces: list[int] = []
    known: dict[str, tuple[int, int]] = {}
    for row, of_language in enumerate(options):
        for number, forms in of_language.items():
            chosen = list(dict.fromkeys(forms))[:_OPTIONS]
            first[row, number], count[row, number] = len(runs), len(chosen)
            for form in chosen:
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


def _counter(total: int, on_progress: Progress) -> Callable[[Example], Example]:
    """Passes examples through and reports every few thousand."""
    done = 0

    def count(example: Example) -> Example:
        nonlocal done
        done += 1
        if done % 5000 == 0 or done == total:
            on_progress(min(done, total), total, 0.0, "tokenizing")
        return example

    return count
