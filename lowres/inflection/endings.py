"""Affix changes by vote: an unseen lemma changes as lemmas with the longest common ending do (the SIGMORPHON baseline's idea)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

Change = tuple[str, int, str]  # prefix put before, characters cut at the end, ending added
LONGEST = 6  # characters of an ending that lemmas have in common
_LEAD = 24  # characters before what lemma and form share: Finnish writes "olisivat olleet" there
_AFFIX = 12  # characters of a prefix or an added ending
_ORIGINS = 48


@dataclass(slots=True)
class Endings:
    """For every feature bundle the votes of each change, by the lemma's last characters; and back: by prefix
    and ending of a form, what the lemma ends in instead, with the bundle."""

    minimum: int = 2
    votes: dict[frozenset[str], dict[str, Counter[Change]]] = field(default_factory=dict)
    back: dict[tuple[str, str], Counter[tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def ranked(self, lemma: str, bundle: frozenset[str]) -> list[tuple[str, float]]:
        """(form, share of the votes, counting one dissenter that was not met) by the longest ending with enough votes."""
        changes = self.votes.get(bundle, {})
        for size in range(min(len(lemma), LONGEST), 0, -1):
            votes = changes.get(lemma[-size:])
            if votes and votes.total() >= self.minimum:
                best = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
                return [(apply_change(lemma, change), n / (votes.total() + 1)) for change, n in best[:3]]
        return []

    def origins(self, form: str) -> list[tuple[str, frozenset[str], int]]:
        """(lemma, features, votes) that may have given `form`: the long stems under frequent changes first."""
        found: dict[tuple[str, frozenset[str]], tuple[float, int]] = {}
        for before in range(min(_AFFIX, len(form) - 1) + 1):
            for after in range(min(_AFFIX, len(form) - 1 - before) + 1):
                kept = form[before : len(form) - after]
                for (cut, bundle), votes in self.back.get((form[:before], form[len(form) - after :]), {}).items():
                    weight = len(kept) * log(1 + votes), votes
                    found[kept + cut, bundle] = max(found.get((kept + cut, bundle), (0.0, 0)), weight)
        best = sorted(found.items(), key=lambda one: (-one[1][0], one[0][0], sorted(one[0][1])))
        return [(lemma, bundle, votes) for (lemma, bundle), (_, votes) in best[:_ORIGINS]]


def learn_endings(cells: Iterable[tuple[str, frozenset[str], str]], minimum: int = 2) -> Endings:
    """From (lemma, features, form); of several forms in a cell the first counts."""
    votes: dict[frozenset[str], dict[str, Counter[Change]]] = defaultdict(lambda: defaultdict(Counter))
    back: dict[tuple[str, str], Counter] = defaultdict(Counter)
    seen = set()
    for lemma, bundle, form in cells:
        change = None if (lemma, bundle) in seen else change_of(lemma, form)
        seen.add((lemma, bundle))
        if change is None:
            continue
        prefix, cut, ending = change
        back[prefix, ending][lemma[len(lemma) - cut :], bundle] += 1
        for size in range(1, min(len(lemma), LONGEST) + 1):
            votes[bundle][lemma[-size:]][change] += 1
    return Endings(minimum, {bundle: dict(changes) for bundle, changes in votes.items()}, dict(back))


def apply_change(lemma: str, change: Change) -> str:
    prefix, cut, ending = change
    return prefix + lemma[: len(lemma) - cut] + ending


def change_of(lemma: str, form: str) -> Change | None:
    """The change from lemma to form as (prefix, characters cut, ending); None when they share too little."""
    best = (0, 0, 0)
    for offset in range(min(_LEAD, len(form))):
        shared = 0
        while shared < len(lemma) and offset + shared < len(form) and lemma[shared] == form[offset + shared]:
            shared += 1
        best = max(best, (shared, -offset, shared), key=lambda one: (one[0], one[1]))
    shared, negative, _ = best
    if shared < max(1, len(lemma) // 2):
        return None
    return form[:-negative] if negative else "", len(lemma) - shared, form[shared - negative :]
