"""Affixes of a language learnt from its paradigm tables and its raw text, to find a known word inside an unknown form.

A paradigm's cell gives a change (prefix put before, ending cut, ending added); a word of raw text that is a
dictionary form with something before or after it votes for that something. What few words show is no affix.
Text also shows what a table does not: how words begin or end otherwise, such as Welsh mutations (cath, gath) and Swahili
noun classes (mti, miti). Where neither shows an affix there is still the side on which words grow, and the ending under which
a dictionary lists verbs: Turkish words begin as the dictionary's do, and "çal" is listed as "çalmak".
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from lowres.inflection.endings import change_of
from lowres.morphology import Paradigms
from lowres.text import fold

MIN_VOTES = 4
MAX_AFFIX = 8
MIN_STEM = 2
MAX_CHANGED = 3  # letters at the border of a word that another border stands for
MIN_KEPT = 3  # letters that both words share
MIN_WORDS, MIN_SHARE = 8, 0.1  # unknown words of text that a change of border explains, and of those that begin or end so
MIN_ROOT = 4  # letters of a known word at the side on which words do not grow; a single letter more wants one more
MIN_LISTED = 3  # letters of a word that is listed with an ending
SURE_ROOT = 5  # letters by which the side is judged
MIN_UNKNOWN = 200  # words of text to judge it by; with fewer the dictionary's own long words are asked
MIN_VERBS, MIN_LISTED_SHARE = 30, 0.3  # verbs that an ending lists, and of all verbs
MIN_LONGER_SHARE = 0.2  # of all verbs, below which a longer ending does not speak against a shorter one
MAX_LISTED, MAX_LISTED_LETTERS = 3, 3  # endings, and letters of one
MAX_WORD = 48  # letters of a word in which a root is looked for
RIGHT, LEFT = "right", "left"
Affix = tuple[str, str, str]  # prefix, ending added, ending cut from the lemma
Lemma = tuple[str, str]  # what the lemma has instead: its opening, its ending


@dataclass(slots=True)
class Affixes:
    """Votes of each (prefix, ending), by the opening and the ending that the lemma has instead; RIGHT, LEFT or '' where words
    grow, and the endings under which verbs are listed, the most frequent first."""

    votes: dict[tuple[str, str], dict[Lemma, int]] = field(default_factory=dict)
    grows: str = ""
    listed: tuple[str, ...] = ()

    def stems(self, word: str) -> list[tuple[str, float]]:
        """(possible lemma, weight) of a folded word, the best first: long stems under frequent affixes."""
        found: dict[str, float] = {}
        for before in range(min(MAX_AFFIX, len(word) - MIN_STEM) + 1):
            for after in range(min(MAX_AFFIX, len(word) - MIN_STEM - before) + 1):
                kept = word[before : len(word) - after]
                instead = self.votes.get((word[:before], word[len(word) - after :]))
                for (opening, cut), votes in (instead or {}).items():
                    weight, lemma = len(kept) * math.log(votes), opening + kept + cut
                    found[lemma] = max(found.get(lemma, 0.0), weight)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def roots(self, word: str) -> Iterator[str]:
        """What may be known of a folded word under affixes that nobody has seen, the surest first."""
        if len(word) > MAX_WORD:
            return
        listed = self.listed if self.grows == RIGHT else ()
        if len(word) >= MIN_LISTED:
            yield from (word + ending for ending in listed)
        for size in range(len(word) - 1, MIN_ROOT - 1, -1) if self.grows else ():
            if size > MIN_ROOT or len(word) - size > 1:
                root = word[:size] if self.grows == RIGHT else word[-size:]
                yield from (root, *(root + ending for ending in listed))


def learn_affixes(paradigms: Paradigms, known: Container[str], text: Iterable[str] = ()) -> Affixes:
    """Affixes by votes of at least MIN_VOTES lemmas or words; `known` are the folded forms that a dictionary has."""
    votes = _from_cells(paradigms) + _from_text(known, text)
    table: dict[tuple[str, str], dict[Lemma, int]] = defaultdict(dict)
    for (prefix, ending, cut), count in votes.items():
        if count >= MIN_VOTES:
            table[prefix, ending]["", cut] = count
    return Affixes(dict(table))


def with_changed_borders(affixes: Affixes, known: Collection[str], text: Iterable[str]) -> Affixes:
    """`affixes` and the other openings and endings by which words of raw text that they do not explain become `known` ones."""
    unknown = _unexplained(affixes, known, text)
    openings = _changes(known, unknown)
    endings = _changes((form[::-1] for form in known), [word[::-1] for word in unknown])
    table = {affix: dict(instead) for affix, instead in affixes.votes.items()}
    for (new, old), votes in openings.items():
        table.setdefault((new, ""), {})[old, ""] = votes
    for (new, old), votes in endings.items():
        table.setdefault(("", new[::-1]), {}).setdefault(("", old[::-1]), votes)
    return replace(affixes, votes=table)


def with_roots(affixes: Affixes, known: Collection[str], verbs: Iterable[str], text: Iterable[str]) -> Affixes:
    """`affixes` and where words grow beyond `known` ones, as raw text or else the dictionary shows, and how `verbs` are listed."""
    unknown = _unexplained(affixes, known, text)
    asked = unknown if len(unknown) >= MIN_UNKNOWN else [word for word in known if " " not in word]
    sizes = [(word, range(SURE_ROOT, len(word))) for word in asked]
    right = sum(any(word[:size] in known for size in some) for word, some in sizes)
    left = sum(any(word[-size:] in known for size in some) for word, some in sizes)
    return replace(affixes, grows=RIGHT if right > 2 * left else LEFT if left > 2 * right else "", listed=_listed(set(verbs)))


def _unexplained(affixes: Affixes, known: Collection[str], text: Iterable[str]) -> list[str]:
    return [word for word in text if word not in known and not any(stem in known for stem, _ in affixes.stems(word))]


def _listed(verbs: set[str]) -> tuple[str, ...]:
    """The endings, of up to three letters, that three tenths of the verbs have: of endings inside each other the shortest that is not
    the same as longer ones together (Turkish -mek and -mak, not -k; Kazakh -у, not -ау)."""
    verbs = {verb for verb in verbs if " " not in verb and len(verb) > MIN_LISTED}
    counts = Counter(verb[-size:] for verb in verbs for size in range(1, MAX_LISTED_LETTERS + 1))
    some = {ending: n for ending, n in counts.items() if n >= MIN_VERBS and n >= MIN_LONGER_SHARE * len(verbs)}
    kept: list[str] = []
    for ending in sorted(some, key=lambda one: (len(one), -some[one], one)):
        longer = sum(n for other, n in some.items() if len(other) == len(ending) + 1 and other.endswith(ending))
        if some[ending] >= MIN_LISTED_SHARE * len(verbs) and longer < 0.9 * some[ending] and not any(map(ending.endswith, kept)):
            kept.append(ending)
    return tuple(sorted(kept, key=lambda one: (-some[one], one)))[:MAX_LISTED]


def _changes(known: Iterable[str], unknown: Iterable[str]) -> dict[tuple[str, str], int]:
    """(opening of an unknown word, opening of a known word that goes on alike) -> unknown words that it explains.

    Neither is empty, so that a dropped letter is seen with the one behind it (Welsh gw, w). Of two ways to write a change the
    shorter counts: a common last letter is part of what both words share, but for that.
    """
    beginnings: dict[str, list[str]] = defaultdict(list)  # the rest of unknown words -> their openings
    met: Counter[str] = Counter()
    for word in unknown:
        for size in range(1, min(MAX_CHANGED, len(word) - MIN_KEPT) + 1):
            beginnings[word[size:]].append(word[:size])
            met[word[:size]] += 1
    votes: Counter[tuple[str, str]] = Counter()
    for form in known:
        for size in range(1, min(MAX_CHANGED, len(form) - MIN_KEPT) + 1):
            for new in beginnings.get(form[size:], ()):
                old = form[:size]
                if len(new) + size <= MAX_CHANGED + 1 and (old[-1] != new[-1] or len(new) == 1 < size):
                    votes[new, old] += 1
    return {change: n for change, n in votes.items() if n >= MIN_WORDS and n >= MIN_SHARE * met[change[0]]}


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
    """One line per affix: prefix, ending, ending cut, votes, and the lemma's opening if there is one, separated by tabs; sorted.
    Behind them lines of two: "grows" and the side, "listed" and each ending."""
    rows = ((p, e, cut, str(n), *filter(None, [opening])) for (p, e), one in affixes.votes.items() for (opening, cut), n in one.items())
    more = [("grows", affixes.grows)] * bool(affixes.grows) + [("listed", ending) for ending in affixes.listed]
    return "".join("\t".join(row) + "\n" for row in chain(sorted(rows), more))


def parse_affixes(text: str) -> Affixes:
    """The inverse of `format_affixes`; ValueError of anything else."""
    table: dict[tuple[str, str], dict[Lemma, int]] = defaultdict(dict)
    more: dict[str, list[str]] = {"grows": [], "listed": []}
    for row in (line.split("\t") for line in text.split("\n") if line):
        if len(row) == 2 and row[0] in more:
            more[row[0]].append(row[1])
            continue
        prefix, ending, cut, votes, *rest = row
        (opening,) = rest or [""]
        table[prefix, ending][opening, cut] = int(votes)
        if int(votes) < 1:
            raise ValueError(f"{votes} votes")
    if more["grows"] not in ([], [LEFT], [RIGHT]) or not _may_be_listed(more["listed"]):
        raise ValueError(f"words grow {more['grows']} and are listed with {len(more['listed'])} endings")
    return Affixes(dict(table), "".join(more["grows"]), tuple(more["listed"]))


def _may_be_listed(endings: list[str]) -> bool:
    return len(endings) <= MAX_LISTED and all(len(ending) <= MAX_LISTED_LETTERS for ending in endings)
