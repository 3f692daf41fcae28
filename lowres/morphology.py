"""Paradigm tables and inflection both ways: the table first, then what is learnt from it for unseen lemmas.

A feature bundle is a set of UniMorph features (part of speech included): files order and spell them
differently.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from lowres.text import fold

if TYPE_CHECKING:
    from lowres.inflection.learnt import Learnt

_TRIED = 4  # cells of a lemma
_LEMMAS = 800  # of which a sample of a large table is to have cells, at least
_SPELLING = {"PRES": "PRS", "IND;IND": "IND", "INST": "INS", "SUBJ": "SBJV", "SUBJUNCTIVE": "SBJV"}


@dataclass(frozen=True, slots=True)
class Inflection:
    """One cell of a paradigm table. `features` is a UniMorph bundle: order carries no meaning."""

    lemma: str
    form: str
    features: frozenset[str]


@lru_cache(maxsize=1 << 14)
def parse_features(bundle: str) -> frozenset[str]:
    """The features of a bundle such as "V;PRS;3;SG", in UniMorph's current spelling; nested ones flattened."""
    flat = bundle.replace("(", ";").replace(")", ";").replace(",", ";")
    return frozenset(_SPELLING.get(part.strip(), part.strip()) for part in flat.split(";") if part.strip())


@dataclass(frozen=True, slots=True)
class Cell:
    """A form, its features, and its lemma as it is written."""

    form: str
    features: frozenset[str]
    lemma: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a form may be; `confidence` is 1 where the table says so."""

    lemma: str
    features: frozenset[str]
    confidence: float


@dataclass(slots=True)
class Paradigms:
    """All cells by folded lemma, and lemmas by folded form."""

    cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    lemmas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bundles: Counter = field(default_factory=Counter)
    _forms: dict[tuple[str, ...], str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def form(self, lemma: str, *features: str) -> str:
        """The first form of `lemma`, in the order of the table, that has all `features`; ''."""
        asked = (lemma, *features)
        if asked not in self._forms:
            cells = self.cells.get(fold(lemma), ())
            self._forms[asked] = next((cell.form for cell in cells if cell.features.issuperset(features)), "")
        return self._forms[asked]


def build_paradigms(inflections: Iterable[Inflection]) -> Paradigms:
    """Index the rows of one or several tables."""
    cells: dict[str, dict[Cell, None]] = defaultdict(dict)
    lemmas: dict[str, dict[str, None]] = defaultdict(dict)
    bundles: Counter = Counter()
    for row in inflections:
        cells[fold(row.lemma)][Cell(row.form, row.features, row.lemma)] = None
        lemmas[fold(row.form)][row.lemma] = None
        bundles[row.features] += 1
    return Paradigms({k: tuple(v) for k, v in cells.items()}, {k: tuple(v) for k, v in lemmas.items()}, bundles)


class Inflector:
    """Forms by lemma and wanted features, and back.

    The table comes first. What it lacks a model answers that is learnt from it when first asked for
    (`lowres.inflection`), and kept in `folder` where one is given.
    """

    def __init__(self, paradigms: Paradigms, *, minimum: int = 2, folder: Path | None = None) -> None:
        self.paradigms, self._minimum, self._folder = paradigms, minimum, folder
        self._known: dict[tuple[str, frozenset[str]], tuple[str, str] | None] = {}
        self._exact = _whole_bundles(paradigms)

    def inflect(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        """(form, 'table' or 'learnt') of `lemma` with all `wanted` features and as few others as possible.

        None where the table is silent and the model not sure enough.
        """
        asked = (lemma, wanted)
        if asked not in self._known:
            self._known[asked] = self._table(lemma, wanted) or self._sure(lemma, wanted)
        return self._known[asked]

    def ranked(self, lemma: str, features: frozenset[str]) -> list[tuple[str, float]]:
        """(form, confidence), the best first: all forms of the table's cell, confidence 1, or what the model makes of it."""
        bundle = self.bundle(features) or features
        fit = {cell.form for cell in self.paradigms.cells.get(fold(lemma), ()) if cell.features == bundle}
        if fit:
            return [(form, 1.0) for form in sorted(fit)]
        return self.learnt.ranked(lemma, bundle)

    def best(self, questions: Sequence[tuple[str, frozenset[str]]]) -> list[tuple[str, float]]:
        """(form, confidence) of many lemmas and whole bundles at once; ("", 0.0) where there is none."""
        table = [self._exact.get((fold(lemma), bundle)) for lemma, bundle in questions]
        asked = [question for question, form in zip(questions, table, strict=True) if form is None]
        learnt = iter(self.learnt.best(*zip(*asked, strict=True)) if asked else ())
        return [next(learnt) if form is None else (form, 1.0) for form in table]

    def analyse(self, form: str) -> list[Analysis]:
        """Lemmas and features that `form` may stand for, the likeliest first: those of the table, else those that the
        model inflects to this very form."""
        key = fold(form)
        cells = (cell for lemma in self.paradigms.lemmas.get(key, ()) for cell in self.paradigms.cells[fold(lemma)])
        found = [Analysis(cell.lemma, cell.features, 1.0) for cell in cells if fold(cell.form) == key]
        return found or [Analysis(*one) for one in self.learnt.analyse(form)]

    @cached_property
    def learnt(self) -> "Learnt":
        """The model of unseen lemmas."""
        from lowres.inflection.learnt import recall

        return recall(sample_cells(self.paradigms), self._folder, self._minimum)

    def _table(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        exact = self._exact.get((fold(lemma), wanted))
        if exact is not None:
            return exact, "table"
        fit = [cell for cell in self.paradigms.cells.get(fold(lemma), ()) if wanted <= cell.features]
        if not fit:
            return None
        best = min(fit, key=lambda cell: (len(cell.features), -self.paradigms.bundles[cell.features], cell.form))
        return best.form, "table"

    def _sure(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        bundle = self.bundle(wanted)
        if bundle is None or (" " in lemma and not self._has_phrases) or not self._regular(lemma, bundle):
            return None
        [(form, confidence)] = self.learnt.best([lemma], [bundle])
        return (form, "learnt") if form and confidence >= self.learnt.judge.threshold else None

    def _regular(self, lemma: str, bundle: frozenset[str]) -> bool:
        """Whether the model gives the cells that the table does have of this lemma: then a missing one may be guessed.

        The cells with most features in common are tried.
        """
        cells = self.paradigms.cells.get(fold(lemma), ())
        if not cells:
            return True
        tried = sorted(cells, key=lambda cell: (-len(cell.features & bundle), cell.form))[:_TRIED]
        found = self.learnt.best([cell.lemma for cell in tried], [cell.features for cell in tried])
        return all(form == cell.form for (form, _), cell in zip(found, tried, strict=True))

    @cached_property
    def _has_phrases(self) -> bool:
        return any(" " in lemma for lemma in self.paradigms.cells)

    @lru_cache(maxsize=4096)  # noqa: B019 - an inflector lives as long as the process
    def bundle(self, wanted: frozenset[str]) -> frozenset[str] | None:
        """The table's smallest, then most frequent bundle that holds all `wanted` features."""
        fit = [bundle for bundle in self.paradigms.bundles if wanted <= bundle]
        return min(fit, key=lambda one: (len(one), -self.paradigms.bundles[one], sorted(one)), default=None)


def sample_cells(paradigms: Paradigms, most: int = 10_000) -> list[tuple[str, frozenset[str], str]]:
    """(lemma, features, form) of at most `most` cells: of all lemmas where they are few, else of lemmas drawn by their hash.

    Where there are more, a lemma gives no more of its cells than leave room for _LEMMAS lemmas.
    """

    def drawn(key: str) -> int:
        return crc32(key.encode())

    few = sum(map(len, paradigms.cells.values())) <= most
    each = most if few else max(1, most // min(len(paradigms.cells), _LEMMAS))
    rows: list[tuple[str, frozenset[str], str]] = []
    for lemma in sorted(paradigms.cells, key=lambda one: (drawn(one), one)):
        cells = sorted(paradigms.cells[lemma], key=lambda cell: (drawn(cell.form), cell.form, sorted(cell.features)))
        rows += [(cell.lemma, cell.features, cell.form) for cell in cells[:each]]
        if len(rows) >= most:
            break
    return rows[:most]


def _whole_bundles(paradigms: Paradigms) -> dict[tuple[str, frozenset[str]], str]:
    """Forms by folded lemma and whole bundle: nothing fits a question better, so the table need not be searched.

    Of several forms in a cell the first by the alphabet is taken.
    """
    forms: dict[tuple[str, frozenset[str]], str] = {}
    for lemma, cells in paradigms.cells.items():
        for cell in cells:
            key = lemma, cell.features
            forms[key] = min(cell.form, forms.get(key, cell.form))
    return forms
