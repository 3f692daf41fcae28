"""A recipe's references as objects: utterances, entries, paradigm cells, text; their licences and digests."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lowres.catalog import Reference, dataset, fetch, sha256_of
from lowres.errors import LowresError, nearest
from lowres.formats import LEXICONS, PARADIGMS, TEXTS, UTTERANCES
from lowres.lexicon import SourcedEntry
from lowres.morphology import Inflection
from lowres.text import fold, words
from lowres.utterance import Utterance

OWN_TRUST = 10.0  # a user's own lexicon says how the language is really spoken
REDISTRIBUTABLE = ("CC0", "CC-BY", "Apache", "MIT", "GPL", "GFDL", "BSD", "LicenseRef-public-domain")


def locate(reference: Reference, folder: Path, mirror: Path | None = None) -> list[tuple[Path, str]]:
    """(file, format) of everything that a reference means."""
    if reference.path is not None:
        from lowres.resources import resolve

        path = resolve(reference.path, folder)
        if not path.is_file():
            raise LowresError(path, "no such file", "a path relative to the recipe, or resources:…")
        return [(path, reference.format or "")]
    one = dataset(reference.dataset or "")
    locale = reference.locale if one.kind == "utterances" else None
    found = fetch(one.name, mirror=mirror, locale=locale)
    chosen = [m for m in one.files if m.path in found and reference.partition in (None, m.partition) or m.path in found and not m.partition]
    return [(found[member.path], one.format) for member in chosen]


def _reader(readers: dict, format: str, path: Path):
    if format not in readers:
        raise LowresError(path, f"format '{format}'", nearest(format, readers))
    return readers[format]


def read_utterances(reference: Reference, folder: Path, mirror: Path | None = None) -> list[Utterance]:
    """The utterances of the reference's locale and partition, in file order."""
    found: list[Utterance] = []
    for path, format in locate(reference, folder, mirror):
        reader = _reader(UTTERANCES, format, path)
        rows = reader(path) if format == "massive" else reader(path, reference.locale or "und")
        found.extend(row for row in rows if reference.partition in (None, row.partition))
    if not found:
        where = reference.dataset or reference.path or ""
        raise LowresError(where, f"no utterance of partition {reference.partition}", "train, dev or test as the data has them")
    return found


def read_entries(reference: Reference, folder: Path, *, source: str, mirror: Path | None = None) -> Iterator[SourcedEntry]:
    """Entries with the source language on the left."""
    from lowres.lexicon import Entry

    name = reference.dataset or "/".join(Path(reference.path or "").with_suffix("").parts[-2:])
    languages = dataset(reference.dataset).languages if reference.dataset else (source,)
    reverse = languages[0] != source
    for path, format in locate(reference, folder, mirror):
        for entry in _reader(LEXICONS, format, path)(path):
            turned = Entry(entry.right, entry.left, entry.upos, entry.rank) if reverse else entry
            yield SourcedEntry(turned, name, reverse, 1.0 if reference.dataset else OWN_TRUST)


def read_inflections(reference: Reference, folder: Path, mirror: Path | None = None) -> Iterator[Inflection]:
    """All cells of a table."""
    for path, format in locate(reference, folder, mirror):
        yield from _reader(PARADIGMS, format, path)(path)


def read_frequencies(references: Iterable[Reference], folder: Path, mirror: Path | None = None) -> Counter:
    """How often each folded word occurs in the texts."""
    counts: Counter = Counter()
    for reference in references:
        for path, format in locate(reference, folder, mirror):
            for row in _reader(TEXTS, format, path)(path):
                counts.update(fold(word.strip(".,;:!?\"'()«»“”‘’")) for word in words(row if isinstance(row, str) else row[1]))
    del counts[""]
    return counts


def licence_of(reference: Reference) -> str:
    """The SPDX licence, 'unknown' where none is stated."""
    return reference.licence if reference.path is not None else dataset(reference.dataset or "").licence


def digest(reference: Reference, folder: Path, mirror: Path | None = None) -> str:
    """SHA-256 over the reference and the bytes it means, for stamps."""
    total = hashlib.sha256(reference.model_dump_json().encode())
    for path, _ in locate(reference, folder, mirror):
        total.update(sha256_of(path).encode())
    return total.hexdigest()
