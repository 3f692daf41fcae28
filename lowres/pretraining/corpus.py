"""What the base reads: raw material by language, the same in piece ids, and random examples of it.

Five kinds of example: labelled utterances, an utterance in two locales, raw text, a verse in two
languages, packed dictionary entries. Languages are drawn by the square root of their size.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Generic, TypeVar

from lowres.catalog import Reference, dataset, sha256_of
from lowres.errors import LowresError
from lowres.lexicon import SourcedEntry, clean_form, clean_gloss
from lowres.model import MAX_PIECES, MAX_WORDS, Example, Labels, PieceReader, collect_labels, encode
from lowres.pretraining.config import Data, off_limits_hashes
from lowres.sources import locate, read_entries, read_texts, read_utterances
from lowres.text import fold, words
from lowres.utterance import Utterance

PIVOT = "eng"
T = TypeVar("T")
Progress = Callable[[int, int, float, str], None]


@dataclass(slots=True)
class Material:
    """The data as text: utterances by data set and locale, the rest by language (ISO 639-3, or the file's name)."""

    utterances: dict[str, list[Utterance]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    verses: dict[str, dict[str, str]] = field(default_factory=dict)  # language -> verse id -> text
    entries: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    n_held_out: int = 0  # train utterances left out, as their text is in another partition too

    def lines(self) -> Iterator[str]:
        """Every text once, for the tokenizer."""
        for rows in self.utterances.values():
            yield from (row.text for row in rows)
        for lines in self.texts.values():
            yield from lines
        for verses in self.verses.values():
            yield from verses.values()
        for entries in self.entries.values():
            yield from (side for entry in entries for side in entry)

    def labels(self) -> Labels:
        """The labels of all utterances."""
        return collect_labels(row for rows in self.utterances.values() for row in rows)


def read_material(data: Data, folder: Path, mirror: Path | None, on_progress: Progress) -> Material:
    """Everything that `data` names; paths are relative to `folder`."""
    material = Material()
    steps = [
        (_add_utterances, data.launched),
        (_add_text, data.texts),
        (_add_verses, data.verses),
        (_add_entries, data.lexicons),
    ]
    todo = [(add, reference) for add, references in steps for reference in references]
    for done, (add, reference) in enumerate(todo, 1):
        check_not_off_limits(reference, folder, mirror)
        add(material, reference, folder, mirror)
        on_progress(done, len(todo), 0.0, "reading")
    return material


def check_not_off_limits(reference: Reference, folder: Path, mirror: Path | None) -> None:
    """LowresError where a reference means a file of a development locale, whatever it is called."""
    forbidden = off_limits_hashes()
    for path, _ in locate(reference, folder, mirror):
        if sha256_of(path) in forbidden:
            raise LowresError(path, "the utterances of a development locale are off limits", "any other data")


def _language(reference: Reference) -> str:
    if reference.dataset is None:
        return reference.locale or Path(reference.path or "").stem
    languages = dataset(reference.dataset).languages
    return next((code for code in languages if code != PIVOT), languages[0])


def _add_utterances(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    rows = read_utterances(reference.model_copy(update={"partition": None}), folder, mirror)
    train = [row for row in rows if row.partition in (None, reference.partition)]
    others = {fold(row.text) for row in rows if row.partition not in (None, reference.partition)}
    kept = [row for row in train if fold(row.text) not in others]
    if not kept:
        raise LowresError(
            reference.dataset or reference.path,
            f"no utterance of partition {reference.partition}",
            "labelled utterances to train on",
        )
    material.n_held_out += len(train) - len(kept)
    # a folder of one's own files is one data set, as in MASSIVE: a file per locale, ids in common
    name = reference.dataset or Path(reference.path or "").parent.as_posix()
    material.utterances.setdefault(f"{name}/{reference.locale or kept[0].locale}", []).extend(kept)


def _add_text(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    rows = material.texts.setdefault(_language(reference), [])
    rows.extend(text for _, text in read_texts(reference, folder, mirror))


def _add_verses(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    material.verses.setdefault(_language(reference), {}).update(read_texts(reference, folder, mirror))


def _add_entries(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    found = (_sides(one) for one in read_entries(reference, folder, source=PIVOT, mirror=mirror))
    material.entries.setdefault(_language(reference), []).extend(pair for pair in found if pair)


def _sides(one: SourcedEntry) -> tuple[str, str] | None:
    """The first gloss and the first form of an entry, None where it only points elsewhere."""
    glosses = clean_gloss(one.entry.left, one.entry.upos) if one.reverse else (one.entry.left,)
    forms = clean_form(one.entry.right)
    return (glosses[0], forms[0]) if glosses and forms else None


class Shelf(Generic[T]):
    """Rows by language; a language is drawn by the square root of its number of rows."""

    def __init__(self, rows: dict[str, Sequence[T]]) -> None:
        self.rows = {name: some for name, some in rows.items() if some}
        self._names = list(self.rows)
        self._weights = list(accumulate(math.sqrt(len(some)) for some in self.rows.values()))

    def __bool__(self) -> bool:
        return bool(self.rows)

    def draw(self, rng: random.Random) -> tuple[str, T]:
        """(language, row)."""
        name = rng.choices(self._names, cum_weights=self._weights)[0]
        return name, rng.choice(self.rows[name])


@dataclass(slots=True)
class Aligned:
    """The same text in several languages: keys by language, and by key the texts in its languages."""

    keys: Shelf[str]
    texts: dict[str, dict[str, Example]]

    def __bool__(self) -> bool:
        return any(len(group) > 1 for group in self.texts.values())

    def draw(self, rng: random.Random, pivot: str = "") -> list[Example]:
        """One text in two languages, one of them `pivot` where it has the text; one language where no other has it."""
        language, key = self.keys.draw(rng)
        group = self.texts[key]
        others = [pivot] if pivot in group and pivot != language else [name for name in group if name != language]
        pair = [group[language], *([group[rng.choice(others)]] if others else [])]
        rng.shuffle(pair)
        return pair


def align(rows: dict[str, dict[str, Example]]) -> Aligned:
    """From language -> key -> text."""
    texts: dict[str, dict[str, Example]] = {}
    for language, by_key in rows.items():
        for key, example in by_key.items():
            texts.setdefault(key, {})[language] = example
    return Aligned(Shelf({language: list(by_key) for language, by_key in rows.items()}), texts)


@dataclass(slots=True)
class Corpus:
    """All training examples by kind; `parallel` and `verses` share theirs with `labelled` and `text`."""

    labelled: Shelf[Example]
    parallel: Aligned
    text: Shelf[Example]
    verses: Aligned
    entries: Shelf[tuple[Example, Example]]


def build_corpus(material: Material, reader: PieceReader, labels: Labels, on_progress: Progress) -> Corpus:
    """The material in piece ids; each word type is tokenized once and its ids are shared."""
    count = _Count(sum(1 for _ in material.lines()), on_progress)
    labelled = {
        name: [count(encode(row, reader, labels)) for row in rows] for name, rows in material.utterances.items()
    }
    parallel = {
        name: {_meaning(name, row): example for row, example in zip(rows, labelled[name], strict=True)}
        for name, rows in material.utterances.items()
    }
    verses = {
        name: {key: count(encode_text(text, reader)) for key, text in rows.items()}
        for name, rows in material.verses.items()
    }
    text = {name: [count(encode_text(line, reader)) for line in rows] for name, rows in material.texts.items()}
    for name, rows in verses.items():
        text.setdefault(name, []).extend(rows.values())
    entries = {
        name: [(count(encode_text(a, reader)), count(encode_text(b, reader))) for a, b in rows]
        for name, rows in material.entries.items()
    }
    return Corpus(Shelf(labelled), align(parallel), Shelf(text), align(verses), Shelf(entries))


def _meaning(name: str, utterance: Utterance) -> str:
    """What the same utterance has in common in all locales of a data set; `name` is data set/locale."""
    return f"{name.rpartition('/')[0]}:{utterance.id}:{utterance.intent}"


@dataclass(slots=True)
class _Count:
    """Passes examples through and reports every few thousand."""

    total: int
    on_progress: Progress
    done: int = 0

    def __call__(self, example: Example) -> Example:
        self.done += 1
        if self.done % 5000 == 0 or self.done == self.total:
            self.on_progress(self.done, self.total, 0.0, "tokenizing")
        return example


def encode_text(text: str, reader: PieceReader) -> Example:
    """The first MAX_WORDS words of `text`, without labels."""
    return Example(tuple(reader.pieces(word) for word in words(text)[:MAX_WORDS]))


def draw(corpus: Corpus, kind: str, rng: random.Random, separator: int) -> Example:
    """One random example of `kind`; its parts stand between `separator` pieces."""
    match kind:
        case "labelled" | "text":
            return getattr(corpus, kind).draw(rng)[1]
        case "entries":
            rows = corpus.entries.rows[corpus.entries.draw(rng)[0]]
            return _joined([side for _ in range(rng.randint(3, 8)) for side in rng.choice(rows)], separator)
        case "parallel":
            return _joined(corpus.parallel.draw(rng), separator)
    return _joined(corpus.verses.draw(rng, PIVOT), separator)


def _joined(parts: Sequence[Example], separator: int) -> Example:
    pieces = list(parts[0].pieces)
    for part in parts[1:]:
        pieces += [(separator,), *part.pieces]
    return Example(tuple(pieces))


def draw_batch(corpus: Corpus, kind: str, rng: random.Random, *, n_pieces: int, separator: int) -> list[Example]:
    """Examples of similar length, about `n_pieces` in all after padding."""
    pool = sorted((draw(corpus, kind, rng, separator) for _ in range(max(64, n_pieces // 4))), key=lambda e: e.n_pieces)
    start = rng.randrange(len(pool))
    batch: list[Example] = []
    longest = 0
    for example in pool[start:] + pool[:start][::-1]:
        longest = max(longest, min(example.n_pieces + 2, MAX_PIECES))
        if batch and longest * (len(batch) + 1) > n_pieces:
            break
        batch.append(example)
    return batch
