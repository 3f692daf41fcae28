"""Interlinear glosses in the manner of the Leipzig Glossing Rules: words in columns over what each is, then the translation.

Columns align by the width that a terminal gives each character: wide ones take two cells, combining marks none. A word
that runs from right to left is followed by a mark of direction, so that the columns stay in the order of speech.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from lowres.pair import Word
from lowres.synthesis import Kept
from lowres.text import nfc
from lowres.utterance import Slot

_LEFT_TO_RIGHT = "\u200e"
_GAP = 2
# Parts of speech say nothing that the gloss does not; UniMorph writes person and number apart, Leipzig together.
_SILENT = frozenset("V N ADJ ADV PRON PROPN NUM ADP DET V.FIN".split())
_ORDER = "V.PTCP V.MSDR V.CVB NFIN IMP IND SBJV COND PRS PST FUT PFV IPFV PASS NEG".split()
_NUMBERS = ("SG", "DU", "PL")


def word_slots(kept: Kept) -> Iterator[tuple[Word, Slot | None]]:
    """Every word that is written, with the slot it lies in; words stand in the text in order, a space between them."""
    position = 0
    for word in kept.words:
        if not word.form:
            continue
        end = position + len(nfc(word.form))
        yield word, next((slot for slot in kept.utterance.slots if slot.start < end and position < slot.end), None)
        position = end + 1


def leipzig(word: Word) -> str:
    """The gloss of a word and its grammatical categories in capitals, as in "wake.IMP.2SG"; "–" where nothing is known."""
    meaning = ".".join(word.gloss.split())
    return ".".join([meaning] * bool(meaning) + categories(word.features)) or "–"


def categories(features: Iterable[str]) -> list[str]:
    """UniMorph features as Leipzig abbreviations: verbal form, mood, tense first, then person with number, then the rest."""
    left = {feature.upper() for feature in features} - _SILENT
    persons = sorted(left & set("0123"))
    numbers = [number for number in _NUMBERS if number in left]
    verbal = [feature for feature in _ORDER if feature in left]
    agreement = ["".join(persons + numbers)] if len(persons) <= 1 else persons + numbers
    rest = sorted(left - {*persons, *numbers, *verbal})
    return verbal + [one for one in agreement if one] + rest


def lemma_and_features(word: Word) -> str:
    """The lemma with its UniMorph bundle, as in "amka;IMP;2"."""
    return ";".join([word.lemma or "–", *sorted(word.features)])


Row = tuple[str, Callable[[Word], str]]
ROWS: tuple[Row, ...] = (
    ("words", lambda word: word.form),
    ("lemma", lemma_and_features),
    ("gloss", leipzig),
    ("origin", lambda word: word.origin),
)


def rows_of(words: Sequence[Word], slots: Sequence[str], sounds: Sequence[str] = ()) -> dict[str, list[str]]:
    """The cells of every row, one per word: words, IPA where `sounds` has it, lemma, gloss, slot where there is one, origin."""
    rows = {name: [cell(word) for word in words] for name, cell in ROWS}
    if any(sounds):
        rows["IPA"] = list(sounds)
    if any(slots):
        rows["slot"] = [f"[{name}]" if name else "" for name in slots]
    return {name: rows[name] for name in ("words", "IPA", "lemma", "gloss", "slot", "origin") if name in rows}


def aligned(rows: dict[str, list[str]], width: int) -> list[str]:
    """The rows as lines whose columns stand below each other; a sentence wider than `width` cells goes on below."""
    from rich.cells import cell_len

    margin = max(map(len, rows)) + _GAP
    columns = [max(map(cell_len, column)) + _GAP for column in zip(*rows.values(), strict=True)]
    lines: list[str] = []
    for start, end in _blocks(columns, width - margin):
        for name, cells in rows.items():
            padded = [_isolated(cell) + " " * (columns[i] - cell_len(cell)) for i, cell in enumerate(cells[start:end], start)]
            lines.append((name.ljust(margin) + "".join(padded)).rstrip())
        lines.append("")
    return lines


def _blocks(columns: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """(first column, past the last) of each run that fits into `width`; one column at least."""
    start, used = 0, 0
    for i, size in enumerate(columns):
        if i > start and used + size - _GAP > width:
            yield start, i
            start, used = i, 0
        used += size
    if start < len(columns):
        yield start, len(columns)


def _isolated(cell: str) -> str:
    """The cell with a mark of direction behind it where it runs from right to left."""
    import unicodedata

    return cell + _LEFT_TO_RIGHT if any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in cell) else cell


def glossed(kept: Kept, width: int, sounds: Sequence[str] = ()) -> list[str]:
    """The lines of a pair: what it is, its words in columns, and the source as its free translation."""
    pairs = list(word_slots(kept))
    rows = rows_of([word for word, _ in pairs], [slot.name if slot else "" for _, slot in pairs], sounds)
    facts = [kept.utterance.id, kept.utterance.intent or "no intent", f"{kept.coverage:.0%} rendered"]
    facts += [] if kept.naturalness is None else [f"naturalness {kept.naturalness:.2f}"]
    return ["  ".join(facts), *aligned(rows, width)[:-1], f"‘{kept.source}’"]


def format_glossed(kept: Kept, sounds: Sequence[str] = ()) -> dict:
    """A pair as plain values: the record of pairs.jsonl, each written word with its Leipzig gloss, slot and IPA (or None)."""
    from lowres.synthesis import format_kept

    record = json.loads(format_kept(kept))
    written = [word for word in record["words"] if word["form"]]
    for i, (entry, (word, slot)) in enumerate(zip(written, word_slots(kept), strict=True)):
        entry |= {"leipzig": leipzig(word), "slot": slot.name if slot else None, "ipa": sounds[i] if any(sounds) else None}
    return record | {"words": written}
