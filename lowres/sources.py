"""A recipe's references as objects: utterances, entries, paradigm cells, text; their licences and digests."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lowres.catalog import COLLECTION, Reference, dataset, fetch, read_catalog, sha256_of
from lowres.errors import LowresError, nearest
from lowres.formats import BITEXTS, LEXICONS, PARADIGMS, TEXTS, UTTERANCES
from lowres.formats.lines import read_aligned
from lowres.lexicon import OWN_TRUST, Entry, SourcedEntry
from lowres.morphology import Inflection
from lowres.resources import PREFIX
from lowres.text import fold, words
from lowres.utterance import Utterance

_FREE = ("CC0", "CC-BY", "Apache", "MIT", "GPL", "GFDL", "BSD", "Unicode", "LicenseRef-public-domain")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Located:
    """A file that a reference means; `locale` and `partition` are what its texts are where the file does not say."""

    path: Path
    format: str
    locale: str | None
    partition: str | None


def may_be_redistributed(licence: str) -> bool:
    """Whether what is made from data of that SPDX licence may be published by anybody; unknown means no."""
    return licence.startswith(_FREE) and not any(part in licence for part in ("-NC", "-ND"))


def locate(reference: Reference, folder: Path, mirror: Path | None = None) -> list[tuple[Path, str]]:
    """(file, format) of everything that a reference means."""
    return [(one.path, one.format) for one in _located(reference, folder, mirror)]


def _located(reference: Reference, folder: Path, mirror: Path | None) -> list[Located]:
    if reference.path is not None:
        path = file_of(reference, folder)
        return [Located(path, reference.format or "", reference.locale, reference.partition)]
    one = dataset(reference.dataset or "")
    found = fetch(one.name, mirror=mirror, locale=reference.locale, partition=reference.partition)
    members = [member for member in one.files if member.path in found]
    return [Located(found[m.path], one.format, m.locale or reference.locale, m.partition or None) for m in members]


def file_of(reference: Reference, folder: Path) -> Path:
    """The file that a reference's path means; LowresError where it is not there."""
    from lowres.resources import resolve

    if (reference.path or "").startswith(COLLECTION):
        return _snapshot(reference.path or "")[0]
    path = resolve(reference.path or "", folder)
    if not path.is_file():
        raise LowresError(path, "no such file", "a path relative to the recipe, or resources:…")
    return path


def _snapshot(name: str) -> tuple[Path, Any]:
    """A collection's file and settings; its database is asked only here."""
    try:
        from lowres.collection.snapshot import snapshot
    except ModuleNotFoundError as error:
        raise LowresError(name, f"{error.name} is not installed", 'pip install "lowres[app]"') from None
    return snapshot(name)


def _reader(readers: Mapping[str, Any], format: str, path: Path) -> Any:
    if format not in readers:
        raise LowresError(path, f"format '{format}'", nearest(format, readers))
    return readers[format]


def _name(reference: Reference) -> str:
    return reference.dataset or reference.path or ""


def _some(rows: Iterable[T], reference: Reference, what: str) -> Iterator[T]:
    """`rows`, of which there must be one."""
    n_rows = 0
    for n_rows, row in enumerate(rows, 1):
        yield row
    if not n_rows:
        raise LowresError(_name(reference), f"no {what}", f"at least one {what}")


def read_utterances(reference: Reference, folder: Path, mirror: Path | None = None) -> list[Utterance]:
    """The utterances of the reference's locale and partition, in file order."""
    found: list[Utterance] = []
    others: Counter = Counter()
    for one in _located(reference, folder, mirror):
        reader = _reader(UTTERANCES, one.format, one.path)
        for row in reader(one.path, locale=one.locale or "und", partition=one.partition):
            if reference.partition in (None, row.partition) and reference.locale in (None, row.locale):
                found.append(row)
            else:
                others[f"{row.locale} {row.partition or 'of no partition'}"] += 1
    if not found:
        wanted = " ".join(filter(None, (reference.locale, reference.partition)))
        there = ", ".join(f"{number} {name}" for name, number in others.most_common(4))
        raise LowresError(_name(reference), f"no utterance of {wanted or 'any kind'}", f"it has {there or 'none'}")
    return found


def prompt_text(utterance: Utterance) -> str:
    """What the speaker of a collected utterance was asked to say; '' where it is not collected, or answers no prompt."""
    asked = utterance.extra.get("prompt")
    try:
        found = json.loads(asked) if isinstance(asked, str) else asked
    except ValueError:
        return ""
    return str(found.get("text") or "") if isinstance(found, dict) else ""


def reference_name(reference: Reference) -> str:
    """A data set's name, or folder and stem of a file."""
    if reference.licence == COLLECTION:
        return reference.path or ""
    return reference.dataset or "/".join(Path((reference.path or "").removeprefix(PREFIX)).with_suffix("").parts[-2:])


def read_entries(
    reference: Reference, folder: Path, *, source: str, mirror: Path | None = None
) -> Iterator[SourcedEntry]:
    """Entries with the source language on the left; a user's own lexicon has it there already."""
    languages = dataset(reference.dataset).languages if reference.dataset else (source,)
    if source not in languages:
        raise LowresError(_name(reference), f"a lexicon of {' and '.join(languages)}", f"one with {source} on a side")
    name = reference_name(reference)
    rows = (row for path, format in locate(reference, folder, mirror) for row in _reader(LEXICONS, format, path)(path))
    reverse = languages[0] != source
    for row in _some(rows, reference, "entry"):
        entry = Entry(row.right, row.left, row.upos, row.rank) if reverse else row
        yield SourcedEntry(entry, name, reverse, 1.0 if reference.dataset else OWN_TRUST)


def read_inflections(reference: Reference, folder: Path, mirror: Path | None = None) -> Iterator[Inflection]:
    """All cells of a table."""
    rows = (row for path, format in locate(reference, folder, mirror) for row in _reader(PARADIGMS, format, path)(path))
    return _some(rows, reference, "cell of a paradigm")


def read_texts(reference: Reference, folder: Path, mirror: Path | None = None) -> Iterator[tuple[str, str]]:
    """(key, text) of everything in a text; the key is a verse id, a line number, an id, as the format has it."""
    rows = (row for path, format in locate(reference, folder, mirror) for row in _reader(TEXTS, format, path)(path))
    return _some(rows, reference, "text")


def read_bitexts(
    left: Reference, right: Reference | None, folder: Path, mirror: Path | None = None
) -> Iterator[tuple[str, str, str]]:
    """(key, left, right) of two texts aligned by line or by key (verse ids), or of one reference to a table of both."""
    if right is None:
        rows = (row for path, format in locate(left, folder, mirror) for row in _reader(BITEXTS, format, path)(path))
        return _some(rows, left, "pair of texts")
    first, second = locate(left, folder, mirror), locate(right, folder, mirror)
    if all(format == "lines" for _, format in first + second) and len(first) == len(second):
        return _some(
            (row for a, b in zip(first, second, strict=True) for row in read_aligned(a[0], b[0])), left, "pair of texts"
        )
    others = dict(read_texts(right, folder, mirror))
    pairs = ((key, text, others[key]) for key, text in read_texts(left, folder, mirror) if key in others)
    return _some(pairs, left, f"key shared with {_name(right)}")


def partner(reference: Reference, source: str) -> Reference | None:
    """The verses in the language `source` that verses are aligned with by id; None for a table of both sides.

    Raises LowresError where a text has no other side.
    """
    one = dataset(reference.dataset) if reference.dataset else None
    format = one.format if one else reference.format
    if format in BITEXTS:
        return None
    fitting = (other for other in read_catalog().values() if other.kind == "text" and other.languages == (source,))
    for other in fitting:
        if other.format == format == "verses" and (one is None or one.url == other.url):
            return Reference(dataset=other.name)
    raise LowresError(_name(reference), f"a text of format '{format}' without a side in {source}",
                      f"verses that the catalogue has in {source}, or a table of both ({', '.join(BITEXTS)})")  # fmt: skip


def has_partner(reference: Reference, source: str) -> bool:
    """Whether `read_sides` finds both sides of a text."""
    try:
        partner(reference, source)
    except LowresError:
        return False
    return True


def read_sides(reference: Reference, folder: Path, *, source: str, mirror: Path | None = None) -> Iterator[tuple[str, str]]:
    """(sentence in `source`, its translation) of a bitext."""
    other = partner(reference, source)
    if other is not None:
        return ((left, right) for _, left, right in read_bitexts(other, reference, folder, mirror))
    swapped = reference.dataset is not None and dataset(reference.dataset).languages[0] != source
    rows = read_bitexts(reference, None, folder, mirror)
    return ((right, left) if swapped else (left, right) for _, left, right in rows)


def read_frequencies(references: Iterable[Reference], folder: Path, mirror: Path | None = None) -> Counter:
    """How often each folded word occurs in the texts; a sentence of a frequency list counts as the list says."""
    counts: Counter = Counter()
    for reference in references:
        counted = {format for _, format in locate(reference, folder, mirror)} == {"counted"}
        for key, text in read_texts(reference, folder, mirror):
            times = int(key) if counted else 1
            for word in words(text):
                counts[fold(word.strip(".,;:!?\"'()«»“”‘’"))] += times
    del counts[""]
    return counts


def licence_of(reference: Reference) -> str:
    """The SPDX licence, 'unknown' where none is stated."""
    if reference.licence == COLLECTION:
        return _snapshot(reference.path or "")[1].licence
    return reference.licence if reference.path is not None else dataset(reference.dataset or "").licence


def bitext_references(references: Iterable[Reference], source: str) -> list[Reference]:
    """Bitexts and the verses in the language `source` that they are aligned with: all that their translations depend on."""
    return [one for reference in references for one in (reference, partner(reference, source)) if one]


def digest(reference: Reference, folder: Path, mirror: Path | None = None) -> str:
    """SHA-256 over the reference and the bytes it means, for stamps."""
    total = hashlib.sha256(reference.model_dump_json().encode())
    for path, _ in locate(reference, folder, mirror):
        total.update(sha256_of(path).encode())
    return total.hexdigest()
