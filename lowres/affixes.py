"""Affixes of a language learnt from its paradigm tables and its raw text, to find a known word inside an unknown form.

A paradigm's cell gives a change (prefix put before, ending cut, ending added); a word of raw text that is a
dictionary form with something before or after it votes for that something. What few words show is no affix.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from lowres.inflection.endings import change_of
from lowres.morphology import Paradigms
from lowres.text import fold

MIN_VOTES = 4
MAX_AFFIX = 8
MIN_STEM = 2
Affix = tuple[str, str, str]  # prefix, ending added, ending cut from the lemma


@dataclass(slots=True)
class Affixes:
    """Votes of each (prefix, ending), by the ending that the lemma has instead."""

    votes: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def stems(self, word: str) -> list[tuple[str, float]]:
        """(possible lemma, weight) of a folded word, the best first: long stems under frequent affixes."""
        found: dict[str, float] = {}
        for before in range(min(MAX_AFFIX, len(word) - MIN_STEM) + 1):
            for after in range(min(MAX_AFFIX, len(word) - MIN_STEM - before) + 1):
                kept = word[before : len(word) - after]
                cuts = self.votes.get((word[:before], word[len(word) - after :]))
                for cut, votes in (cuts or {}).items():
                    weight = len(kept) * math.log(votes)
                    found[kept + cut] = max(found.get(kept + cut, 0.0), weight)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def learn_affixes(paradigms: Paradigms, known: Container[str], text: Iterable[str] = ()) -> Affixes:
    """Affixes by votes of at least MIN_VOTES lemmas or words; `known` are the folded forms that a dictionary has."""
    votes = _from_cells(paradigms) + _from_text(known, text)
    table: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for (prefix, ending, cut), count in votes.items():
        if count >= MIN_VOTES:
            table[prefix, ending][cut] = count
    return Affixes(dict(table))


def _from_cells(paradigms: Paradigms) -> Counter[Affix]:
    votes: Counter[Affix] = Counter()
    for lemma, cells in paradigms.cells.items():
        changes = {_affix(lemma, fold(cell.form)) for cell in cells}
        votes.update(change for change in changes if change)
    return votes


def _affix(lemma: str, form: str) -> Affix | None:
    change = change_of(lemma, form)
    if change is None:
        return None
    prefix, n_cut, ending = change
    affix = (prefix, ending, lemma[len(lemma) - n_cut :])
    return affix if any(affix) and len(prefix) <= MAX_AFFIX and len(ending) <= MAX_AFFIX else None


def _from_text(known: Container[str], text: Iterable[str]) -> Counter[Affix]:
    """Words of raw text that are a dictionary form of at least half their length with something before or after it."""
    votes: Counter[Affix] = Counter()
    for word in text:
        if word in known or len(word) < 3:
            continue
        for size in range(1, min(MAX_AFFIX, len(word) // 2) + 1):
            if word[:-size] in known:
                votes["", word[-size:], ""] += 1
            if word[size:] in known:
                votes[word[:size], "", ""] += 1
    return votes


def format_affixes(affixes: Affixes) -> str:
    """One line per affix: prefix, ending, ending cut, votes, separated by tabs; sorted."""
    rows = ((p, e, cut, str(n)) for (p, e), cuts in affixes.votes.items() for cut, n in cuts.items())
    return "".join("\t".join(row) + "\n" for row in sorted(rows))


def parse_affixes(text: str) -> Affixes:
    """The inverse of `format_affixes`."""
    table: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for line in text.split("\n"):
        if line:
            prefix, ending, cut, votes = line.split("\t")
            table[prefix, ending][cut] = int(votes)
    return Affixes(dict(table))
