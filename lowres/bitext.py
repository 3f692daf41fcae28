"""What a text and its translation teach: renderings counted in aligned sentences, and a lexicon's entries made of them.

`read_renderings` aligns once and keeps the counts in the cache folder as a table that people can read; `aligned_entries`
turns them into rows of a lexicon of its own, `aligned:<data set>`: votes for translations that a dictionary has, and
new entries where both directions are sure.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

from lowres import alignment, analysis, english
from lowres.affixes import Affixes
from lowres.alignment import Alignment, align
from lowres.analysis import Token, analyse, source_tagger, tagger_file
from lowres.catalog import Reference, cache_folder, sha256_of
from lowres.lexicon import Entry, Lexicon, SourcedEntry
from lowres.morphology import Paradigms
from lowres.sources import bitext_references, digest, read_sides
from lowres.tagger import Tagger
from lowres.text import bare, fold, words

CONFIRMED = 4.0  # votes of a translation that renders a word wherever it occurs; a dictionary's first has 1
NEW, BESIDE = 2.0, 0.03  # the same for words that no dictionary has, and beside what dictionaries say
MIN_COUNT, MIN_BACKWARD, MIN_FORWARD = 2.0, 0.15, 0.03  # of a new entry
MAX_PHRASE, PHRASE_COUNT, PHRASE_FORWARD, PHRASE_BACKWARD = 3, 4, 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Rendering:
    """A source lemma or phrase and a target form or phrase that renders it `count` times of `n_left` and `n_right`."""

    left: str
    right: str
    upos: str  # of a single source word, most frequent
    count: float
    n_left: int
    n_right: int

    @property
    def forward(self) -> float:
        """p(right | left)."""
        return min(1.0, self.count / self.n_left)

    @property
    def backward(self) -> float:
        """p(left | right)."""
        return min(1.0, self.count / self.n_right)


# --- counting


def read_renderings(
    reference: Reference, folder: Path, *, source: str, mirror: Path | None = None, tagger: Path | None = None
) -> list[Rendering]:
    """The renderings of a bitext (a text whose other side is `source`, or a table of both), counted once per content.

    `tagger` is the folder of the source language's own, where that is not English.
    """
    sides = [digest(one, folder, mirror) for one in bitext_references([reference], source)]
    readers = (alignment.__file__, analysis.__file__, english.__file__, __file__)
    code = [sha256_of(Path(file)) for file in (*readers, tagger_file(tagger))]
    path = cache_folder() / "aligned" / f"{hashlib.sha256(''.join([source, *sides, *code]).encode()).hexdigest()}.tsv"
    if path.is_file():
        return parse_renderings(path.read_text(encoding="utf-8"))
    found = count_renderings(
        read_sides(reference, folder, source=source, mirror=mirror), source_tagger(tagger) if tagger else None
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(format_renderings(found), encoding="utf-8")
    partial.replace(path)
    return found


_INNER = dict.fromkeys(map(ord, "՛՜՞"))  # Armenian writes the tone of a question or a call inside the word


def count_renderings(pairs: Iterable[tuple[str, str]], tagger: Tagger | None = None) -> list[Rendering]:
    """Words and phrases of (source, target) sentences that render each other at least once, the most frequent first."""
    left, right = [], []
    for one, other in pairs:
        left.append(analyse(modern(one), tagger))
        right.append([key for key in (fold(bare(word.translate(_INNER))) for word in words(other)) if key])
    units = [[unit_of(token) for token in tokens] for tokens in left]
    aligned = align(zip(units, right, strict=True))
    tags: dict[str, Counter] = defaultdict(Counter)
    for tokens, row in zip(left, units, strict=True):
        for token, unit in zip(tokens, row, strict=True):
            tags[unit][token.upos] += 1
    upos = {unit: max(counts.items(), key=lambda item: (item[1], item[0]))[0] for unit, counts in tags.items()}
    found = [
        Rendering(a, b, upos[a], round(count, 2), aligned.left[a], aligned.right[b])
        for (a, b), count in aligned.counts.items() if count >= 1
    ]  # fmt: skip
    found += _phrases(left, right, aligned)
    return sorted(found, key=lambda one: (-one.count, one.left, one.right))


def unit_of(token: Token) -> str:
    """What look-up asks for first: the lemma, but of function words the form ("my" is no "i")."""
    return token.key if token.upos in ("DET", "PRON", "AUX", "PUNCT") else fold(token.lemma)


_THEN = {
    "thou": "you", "thee": "you", "ye": "you", "thy": "your", "thine": "your", "unto": "to", "hath": "has", "hast": "have",
    "doth": "does", "dost": "do", "saith": "says", "shalt": "shall", "wilt": "will", "spake": "spoke", "begat": "begot",
}  # fmt: skip
_ETH = regex.compile(r"(?<=\b[a-z]{3,})(?<!t)(?<!i)eth\b")


def modern(text: str) -> str:
    """English of 1611 in today's forms, as far as words correspond: most free Bibles are of that age."""
    text = regex.sub(r"\b[A-Za-z]{2,6}\b", lambda match: _THEN.get(match[0].lower(), match[0]), text)
    return _ETH.sub("es", text)


def _phrases(left: Sequence[Sequence[Token]], right: Sequence[Sequence[str]], aligned: Alignment) -> Iterator[Rendering]:
    """Phrase pairs consistent with the sure links (Koehn, Och and Marcu 2003), at least one side of several words."""
    together: Counter[tuple[str, str]] = Counter()
    for tokens, other, links in zip(left, right, aligned.links, strict=True):
        together.update(_phrase_pairs(tokens, other, links))
    often = {pair: count for pair, count in together.items() if count >= PHRASE_COUNT}
    n_left = _occurrences({a for a, _ in often}, ([token.key for token in tokens] for tokens in left))
    n_right = _occurrences({b for _, b in often}, right)
    for (a, b), count in often.items():
        yield Rendering(a, b, "", float(count), n_left[a], n_right[b])


def _phrase_pairs(tokens: Sequence[Token], other: Sequence[str], links: Sequence[tuple[int, int]]) -> set[tuple[str, str]]:
    to_right, to_left = defaultdict(list), defaultdict(list)
    for i, j in links:
        to_right[i].append(j)
        to_left[j].append(i)
    found = set()
    for start in to_right:
        for stop in range(start + 1, min(start + MAX_PHRASE, len(tokens)) + 1):
            if stop - 1 not in to_right:
                continue
            inside = [j for i in range(start, stop) for j in to_right.get(i, ())]
            first, last = min(inside), max(inside) + 1
            if (last - first == stop - start == 1) or last - first > MAX_PHRASE:
                continue
            if all(start <= i < stop for j in range(first, last) for i in to_left.get(j, ())):
                found.add((" ".join([token.key for token in tokens[start:stop]]), " ".join(other[first:last])))
    return found


def _occurrences(phrases: set[str], sentences: Iterable[Sequence[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for sentence in sentences:
        for size in range(1, MAX_PHRASE + 1):
            grams = (" ".join(sentence[i : i + size]) for i in range(len(sentence) - size + 1))
            counts.update(gram for gram in grams if gram in phrases)
    return counts


def format_renderings(renderings: Iterable[Rendering]) -> str:
    """One line each: source, target, part of speech, times together, times source, times target."""
    rows = ((one.left, one.right, one.upos, f"{one.count:g}", str(one.n_left), str(one.n_right)) for one in renderings)
    return "".join("\t".join(row) + "\n" for row in rows)


def parse_renderings(text: str) -> list[Rendering]:
    """The inverse of `format_renderings`."""
    rows = (line.split("\t") for line in text.split("\n") if line)
    return [Rendering(a, b, upos, float(count), int(n), int(m)) for a, b, upos, count, n, m in rows]


# --- entries


def aligned_entries(
    renderings: Iterable[Rendering], lexicon: Lexicon, name: str, stems: Callable[[str], Iterable[str]] = lambda form: ()
) -> Iterator[SourcedEntry]:
    """Rows of the lexicon `aligned:name`: votes for what `lexicon` has, and new entries.

    An inflected form votes for the dictionary form inside it, which `stems(form)` names.
    """
    votes: Counter[tuple[str, str, str]] = Counter()
    new: list[Rendering] = []
    totals: Counter[str] = Counter()
    for one in renderings:
        known = lexicon.translations.get(one.left, ())
        inside = {one.right, *stems(one.right)} if known else set()
        met = {(option.form, option.upos) for option in known if fold(option.form) in inside}
        if " " not in one.left and " " not in one.right:
            totals[one.left] += one.count
        for form, upos in met:
            votes[one.left, form, upos] += one.count
        if not met and _sure(one):
            new.append(one)
    source = f"aligned:{name}"
    for (left, form, upos), count in votes.items():
        yield SourcedEntry(Entry(left, form, upos), source, trust=CONFIRMED * count / (totals[left] + 2))
    for one in new:
        trust = math.sqrt(one.forward * one.backward) * (BESIDE if one.left in lexicon.translations else NEW)
        yield SourcedEntry(Entry(one.left, one.right, one.upos), source, trust=trust)


def stems_of(affixes: Affixes, paradigms: Paradigms) -> Callable[[str], Iterable[str]]:
    """The folded dictionary forms that may be inside a folded form: its lemmas in the tables, and what affixes leave."""

    @cache
    def stems(form: str) -> tuple[str, ...]:
        return (*map(fold, paradigms.lemmas.get(form, ())), *(stem for stem, _ in affixes.stems(form)))

    return stems


def _sure(one: Rendering) -> bool:
    if " " in one.left or " " in one.right:
        return one.forward >= PHRASE_FORWARD and one.backward >= PHRASE_BACKWARD and one.count >= PHRASE_COUNT
    return one.count >= MIN_COUNT and one.backward >= MIN_BACKWARD and one.forward >= MIN_FORWARD
