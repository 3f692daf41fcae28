"""Pair: a source utterance and its rendering, word by word; target text and slots follow from the words."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lowres.analysis import Token, analyse
from lowres.errors import LowresError
from lowres.tagger import Tagger
from lowres.text import bare, nfc
from lowres.utterance import Slot, Utterance

COPY = "copy"
SPELT = "rule:transliterate"  # the origin of a word that only changed its letters
LONGEST = 200  # characters of a word or fixed phrase: more is no language
NOTHING: frozenset[str] = frozenset()
_NOUNS = frozenset({"NOUN", "PROPN"})


class Rejected(Exception):
    """A pair that is not kept; `reason` is counted in the report."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Word:
    """One target word (or fixed phrase) and the source tokens that it renders.

    `source` holds token indices; a word that renders none (an inserted connective) belongs to no slot.
    `features` are UniMorph features; `origin` says how the word came to be: 'copy', 'rule:…', 'paradigm:…'
    or a lexicon's name; `gloss` is the source phrase it stands for.
    """

    form: str
    lemma: str
    upos: str = ""
    features: frozenset[str] = NOTHING
    source: tuple[int, ...] = ()
    origin: str = COPY
    gloss: str = ""

    @property
    def key(self) -> str:
        """The source phrase that it stands for, in lower case; '' where a rule put it in."""
        return self.gloss.lower()


make_word = lru_cache(maxsize=1 << 16)(Word)  # equal words are one object; six times as fast as making each anew


@dataclass(frozen=True, slots=True)
class Pair:
    """A source utterance, its tokens, and the words that render them; `slot_of` gives each token's slot index or -1."""

    utterance: Utterance
    tokens: tuple[Token, ...]
    slot_of: tuple[int, ...]
    words: tuple[Word, ...]

    def slot(self, word: Word) -> int:
        """The index of the slot that `word` belongs to, or -1; a word over a slot's border raises Rejected."""
        source = word.source
        if not source:
            return -1
        first = self.slot_of[source[0]]
        for index in source[1:]:
            if self.slot_of[index] != first:
                raise Rejected("word over a slot's border")
        return first

    def lemma(self, word: Word) -> str:
        """The source lemma that `word` begins with; '' for an inserted word."""
        return self.tokens[word.source[0]].lemma if word.source else ""

    def head_lemma(self, word: Word) -> str:
        """The source lemma that tells what `word` is: a compound's last one, a phrasal verb's first; '' for an inserted word."""
        return self.tokens[word.source[-1 if word.upos in _NOUNS else 0]].lemma if word.source else ""

    def form(self, word: Word) -> str:
        """The source form, in lower case, that `word` begins with; '' for an inserted word."""
        return self.tokens[word.source[0]].form.lower() if word.source else ""

    def may_go(self, word: Word) -> bool:
        """Whether no slot is lost without `word`: it stands outside of slots, or in one that has other words."""
        slots = [self.slot_of[i] for i in word.source]
        return all(slot < 0 or self.slot_of.count(slot) > len(slots) for slot in slots)

    def with_words(self, words: Iterable[Word]) -> "Pair":
        """The same pair rendered otherwise."""
        return Pair(self.utterance, self.tokens, self.slot_of, tuple(words))

    @property
    def coverage(self) -> float:
        """Share of the words that are rendered."""
        return (len(self.words) - sum(map(is_missed, self.words))) / max(1, len(self.words))


def is_missed(word: Word) -> bool:
    """Whether a word of the source was left as it is, or in other letters alone where it is no name; figures are nobody's."""
    if word.origin == COPY:
        return any(map(str.isalpha, word.form))
    return word.origin == SPELT and word.upos != "PROPN"


def inserted(form: str, upos: str, origin: str, source: tuple[int, ...] = (), features: frozenset[str] = NOTHING) -> Word:
    """A word that a rule puts in; with a `source` it belongs to the slot of these tokens."""
    return make_word(form, form, upos, features, source, origin, "")


def read_pair(utterance: Utterance, tagger: Tagger | None = None) -> Pair:
    """The pair in which every source token still renders itself; read by the English tagger where none is given."""
    tokens = analyse(utterance.text, tagger)
    slot_of = [-1] * len(tokens)
    for index, slot in reversed(list(enumerate(utterance.slots))):
        for i, token in enumerate(tokens):
            if slot.start < token.end and token.start < slot.end:
                slot_of[i] = index
    words = [make_word(bare(t.form), t.lemma, t.upos, t.features, (i,), COPY, t.form) for i, t in enumerate(tokens)]
    return Pair(utterance, tokens, tuple(slot_of), tuple(words))


def render(pair: Pair, *, id: str, locale: str) -> Utterance:
    """The target utterance: words joined by spaces, slots projected from the words' sources.

    Raises Rejected where a slot got lost or fell apart.
    """
    parts: list[str] = []
    spans: dict[int, list[int]] = {}
    position, last = 0, -1
    for word in pair.words:
        if not word.form:
            continue
        form = word.form if word.form.isascii() else nfc(word.form)
        if len(form) > LONGEST:
            raise Rejected(f"a word of more than {LONGEST} characters")
        if unicodedata.category(form[0])[0] == "M":
            raise Rejected("a combining mark alone")
        slot = pair.slot(word)
        if slot >= 0:
            if slot in spans and last != slot:
                raise Rejected("slot split")
            spans.setdefault(slot, [position, 0])[1] = position + len(form)
        last = slot
        parts.append(form)
        position += len(form) + 1
    if len(spans) < len(pair.utterance.slots):
        raise Rejected("slot lost")
    names = pair.utterance.slots
    slots = tuple(Slot(name=names[i].name, start=s, end=e) for i, (s, e) in sorted(spans.items(), key=lambda x: x[1]))
    text = " ".join(parts)
    if nfc(text) != text:  # joining never composes across a space, but a form may start with a combining mark
        raise Rejected("text not in normal form")
    try:
        return Utterance(
            id=id, text=text, locale=locale, intent=pair.utterance.intent, slots=slots, partition=pair.utterance.partition
        )
    except LowresError:
        raise Rejected("nothing left") from None


def changed(
    word: Word, *, form: str | None = None, lemma: str | None = None, upos: str | None = None,
    features: frozenset[str] | None = None, source: tuple[int, ...] | None = None, origin: str | None = None,
    gloss: str | None = None,
) -> Word:  # fmt: skip
    """`word` with the given fields replaced: what dataclasses.replace does, in a quarter of the time."""
    return make_word(
        word.form if form is None else form,
        word.lemma if lemma is None else lemma,
        word.upos if upos is None else upos,
        word.features if features is None else features,
        word.source if source is None else source,
        word.origin if origin is None else origin,
        word.gloss if gloss is None else gloss,
    )
