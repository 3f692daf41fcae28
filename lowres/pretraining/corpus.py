"""What the base reads, as text, by language."""

import gzip
import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lowres.catalog import Reference, dataset, sha256_of
from lowres.errors import LowresError
from lowres.language import language_of_locale
from lowres.lexicon import SourcedEntry, clean_form, clean_gloss
from lowres.model import MAX_WORDS, Labels, collect_labels
from lowres.pretraining.config import Data, off_limits_hashes
from lowres.sources import locate, read_entries, read_inflections, read_texts, read_utterances
from lowres.text import fold, words
from lowres.utterance import Utterance

PIVOT = "eng"
FORMS = 6  # of a lemma, kept of a paradigm
Progress = Callable[[int, int, float, str], None]


@dataclass(slots=True)
class Material:
    """The data as text: utterances by data set and locale, the rest by language (ISO 639-3, or the file's name)."""

    utterances: dict[str, list[Utterance]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    verses: dict[str, dict[str, str]] = field(default_factory=dict)  # language -> verse id -> text
    entries: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    inflected: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # language -> folded lemma -> some forms
    n_held_out: int = 0  # train utterances left out, as their text is in another partition too

    def lines(self) -> Iterator[tuple[str, str]]:
        """(language, text) of everything once."""
        yield from self.running()
        yield from self.listed()

    def running(self) -> Iterator[tuple[str, str]]:
        """(language, text) of what somebody said or wrote."""
        for name, rows in self.utterances.items():
            yield from ((self.language_of(name), row.text) for row in rows)
        for language, lines in self.texts.items():
            yield from ((language, line) for line in lines)
        for language, verses in self.verses.items():
            yield from ((language, verse) for verse in verses.values())

    def listed(self) -> Iterator[tuple[str, str]]:
        """(language, text) of both sides of every entry."""
        for language, entries in self.entries.items():
            yield from (side for gloss, form in entries for side in ((PIVOT, gloss), (language, form)))

    def languages(self) -> list[str]:
        """All languages, sorted, the pivot among them."""
        named = {self.language_of(name) for name in self.utterances}
        return sorted({PIVOT, *named, *self.texts, *self.verses, *self.entries})

    def language_of(self, name: str) -> str:
        """The language (ISO 639-3) of the utterances under a name, data set/locale; the locale where it names none."""
        return code_of(name.rpartition("/")[2])

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
        (_add_forms, data.paradigms),
    ]
    todo = [(add, reference) for add, references in steps for reference in references]
    for done, (add, reference) in enumerate(todo, 1):
        check_not_off_limits(reference, folder, mirror)
        add(material, reference, folder, mirror)
        on_progress(done, len(todo), 0.0, "reading")
    return material


def check_not_off_limits(reference: Reference, folder: Path, mirror: Path | None) -> None:
    """LowresError where a reference means a file that is kept for measuring, whatever it is called."""
    forbidden = off_limits_hashes()
    for path, _ in locate(reference, folder, mirror):
        if {sha256_of(path), _sha256_unpacked(path)} & forbidden:
            raise LowresError(path, "off limits, kept for measuring", "any other data")


def _sha256_unpacked(path: Path) -> str:
    """Of what a gzip file holds, '' of any other file."""
    if path.suffix != ".gz":
        return ""
    with gzip.open(path) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _language(reference: Reference) -> str:
    if reference.dataset is None:
        return code_of(reference.locale or Path(reference.path or "").stem)
    languages = dataset(reference.dataset).languages
    return next((code for code in languages if code != PIVOT), languages[0])


def code_of(name: str) -> str:
    """The language (ISO 639-3) that a locale names, else the name itself."""
    try:
        return language_of_locale(name)
    except LowresError:
        return name


def is_open(language: str, kept: frozenset[str]) -> bool:
    """Whether a language is known, and none that is kept for measuring: what nobody can name might be one."""
    try:
        return language_of_locale(language) not in kept
    except LowresError:
        return False


def read_train(reference: Reference, folder: Path, mirror: Path | None) -> tuple[list[Utterance], int]:
    """Utterances to train on, and how many were left out, as their text is in another partition too."""
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
    return kept, len(train) - len(kept)


def _add_utterances(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    kept, n_left_out = read_train(reference, folder, mirror)
    material.n_held_out += n_left_out
    # a folder of one's own files is one data set, as in MASSIVE: a file per locale, ids in common
    name = reference.dataset or Path(reference.path or "").parent.as_posix()
    material.utterances.setdefault(f"{name}/{reference.locale or kept[0].locale}", []).extend(kept)


def _add_text(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    rows = material.texts.setdefault(_language(reference), [])
    for _, text in read_texts(reference, folder, mirror):
        rows.extend(in_parts(text))


def in_parts(text: str) -> list[str]:
    """A text as it is, or in parts of as many words as a model reads."""
    said = words(text)
    return [text] if len(said) <= MAX_WORDS else [" ".join(said[k : k + MAX_WORDS]) for k in range(0, len(said), MAX_WORDS)]


def _add_verses(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    material.verses.setdefault(_language(reference), {}).update(read_texts(reference, folder, mirror))


def _add_entries(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    found = (_sides(one) for one in read_entries(reference, folder, source=PIVOT, mirror=mirror))
    material.entries.setdefault(_language(reference), []).extend(pair for pair in found if pair)


def _add_forms(material: Material, reference: Reference, folder: Path, mirror: Path | None) -> None:
    """Forms of every lemma, a few drawn alike in every run: paradigms are large."""
    forms: dict[str, dict[str, None]] = {}
    for cell in read_inflections(reference, folder, mirror):
        forms.setdefault(fold(cell.lemma), {})[cell.form] = None
    kept = material.inflected.setdefault(_language(reference), {})
    for lemma, some in forms.items():
        drawn = random.Random(f"{lemma}").sample(list(some), min(len(some), FORMS))
        kept[lemma] = list(dict.fromkeys([*kept.get(lemma, ()), *drawn]))


def _sides(one: SourcedEntry) -> tuple[str, str] | None:
    """The first gloss and the first form of an entry, None where it only points elsewhere."""
    glosses = clean_gloss(one.entry.left, one.entry.upos) if one.reverse else (one.entry.left,)
    forms = clean_form(one.entry.right)
    return (glosses[0], forms[0]) if glosses and forms else None


def meaning(name: str, utterance: Utterance) -> str:
    """What the same utterance has in common in all locales of a data set; `name` is data set/locale."""
    return f"{name.rpartition('/')[0]}:{utterance.id}:{utterance.intent}"
