"""Paradigm tables and inflection: the table first, then affix changes learnt from it for unseen lemmas.

A feature bundle is a set of UniMorph features (part of speech included): files order and spell them
differently.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lowres.text import fold

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
    """A form and its features."""

    form: str
    features: frozenset[str]


@dataclass(slots=True)
class Paradigms:
    """All cells by folded lemma, and lemmas by folded form."""

    cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    lemmas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bundles: Counter = field(default_factory=Counter)


def build_paradigms(inflections: Iterable[Inflection]) -> Paradigms:
    """Index the rows of one or several tables."""
    cells: dict[str, dict[Cell, None]] = defaultdict(dict)
    lemmas: dict[str, dict[str, None]] = defaultdict(dict)
    bundles: Counter = Counter()
    for row in inflections:
        cells[fold(row.lemma)][Cell(row.form, row.features)] = None
        lemmas[fold(row.form)][row.lemma] = None
        bundles[row.features] += 1
    return Paradigms({k: tuple(v) for k, v in cells.items()}, {k: tuple(v) for k, v in lemmas.items()}, bundles)


class Inflector:
    """Forms by lemma and wanted features.

    `inflect` answers from the table where it holds the lemma; else by the affix change that lemmas with
    the longest common ending undergo for the same bundle (the idea of the SIGMORPHON baseline).
    """

    def __init__(self, paradigms: Paradigms, *, minimum: int = 2) -> None:
        self.paradigms, self._minimum = paradigms, minimum
        self._known: dict[tuple[str, frozenset[str]], tuple[str, str] | None] = {}
        self._changes: dict[frozenset[str], dict[str, Counter]] = {}
        self._exact = _whole_bundles(paradigms)

    def inflect(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        """(form, 'table' or 'learnt') of `lemma` with all `wanted` features and as few others as possible; else None."""
        asked = (lemma, wanted)
        if asked not in self._known:
            self._known[asked] = self._table(lemma, wanted) or self._learnt(lemma, wanted)
        return self._known[asked]

    def _table(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        exact = self._exact.get((fold(lemma), wanted))
        if exact is not None:
            return exact, "table"
        fit = [cell for cell in self.paradigms.cells.get(fold(lemma), ()) if wanted <= cell.features]
        if not fit:
            return None
        best = min(fit, key=lambda cell: (len(cell.features), -self.paradigms.bundles[cell.features], cell.form))
        return best.form, "table"

    def _learnt(self, lemma: str, wanted: frozenset[str]) -> tuple[str, str] | None:
        bundle = self.bundle(wanted)
        if bundle is None or fold(lemma) in self.paradigms.cells or " " in lemma:
            return None
        changes = self._changes.get(bundle)
        if changes is None:
            changes = self._changes[bundle] = self._learn(bundle)
        for size in range(min(len(lemma), 6), 0, -1):
            votes = changes.get(lemma[-size:])
            if votes and votes.total() >= self._minimum:
                (prefix, cut, ending), _ = min(votes.items(), key=lambda item: (-item[1], item[0]))
                return prefix + lemma[: len(lemma) - cut] + ending, "learnt"
        return None

    @lru_cache(maxsize=4096)  # noqa: B019 - an inflector lives as long as the process
    def bundle(self, wanted: frozenset[str]) -> frozenset[str] | None:
        """The table's smallest, then most frequent bundle that holds all `wanted` features."""
        fit = [bundle for bundle in self.paradigms.bundles if wanted <= bundle]
        return min(fit, key=lambda one: (len(one), -self.paradigms.bundles[one], sorted(one)), default=None)

    def _learn(self, bundle: frozenset[str]) -> dict[str, Counter]:
        """Votes of (prefix put before, characters cut at the end, ending added) by the lemma's last characters."""
        votes: dict[str, Counter] = defaultdict(Counter)
        for lemma, cells in self.paradigms.cells.items():
            for cell in cells:
                if cell.features == bundle:
                    change = change_of(lemma, fold(cell.form))
                    for size in range(1, min(len(lemma), 6) + 1) if change else ():
                        votes[lemma[-size:]][change] += 1
                    break
        return dict(votes)


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


def change_of(lemma: str, form: str) -> tuple[str, int, str] | None:
    """The change from lemma to form as (prefix, characters cut, ending); None when they share too little."""
    best = (0, 0, 0)
    for offset in range(min(6, len(form))):
        shared = 0
        while shared < len(lemma) and offset + shared < len(form) and lemma[shared] == form[offset + shared]:
            shared += 1
        best = max(best, (shared, -offset, shared), key=lambda one: (one[0], one[1]))
    shared, negative, _ = best
    if shared < max(1, len(lemma) // 2):
        return None
    return form[:-negative] if negative else "", len(lemma) - shared, form[shared - negative :]
