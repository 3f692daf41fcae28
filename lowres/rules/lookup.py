"""Rules that choose words: dictionary look-up with phrases and phrasal verbs, and the word-for-word control."""

import random
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from lowres.analysis import Token
from lowres.lexicon import OWN_TRUST, Lexicon, Translation
from lowres.pair import Pair, Word, make_word
from lowres.rules.resources import Resources


def look_up(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Render tokens by the lexicon: phrasal verbs, then the longest phrase, then single words by form and lemma.

    Choice among translations is drawn in proportion to the square of their rank weight (at temperature 1). Names are
    only translated where the lexicon has them as names.
    """
    lexicon, tokens = resources.lexicon, pair.tokens
    particle_of = _particles(pair, lexicon)
    taken = set(particle_of.values())
    own = {word.source[0]: word for word in pair.words if word.source}
    words: list[Word] = []
    i = 0
    while i < len(tokens):
        if i in taken or i not in own:  # a rule before left it out
            i += 1
            continue
        size, options, weights = _match(pair, lexicon, i, particle_of, taken)
        token = tokens[i]
        if options:
            source = (i, particle_of[i]) if i in particle_of else tuple(range(i, i + size))
            best = draw(options, weights, rng, resources.temperature)
            gloss = token.form if len(source) == 1 else " ".join([tokens[k].form for k in source])
            words.append(make_word(best.form, best.form, best.upos or token.upos, token.features, source, best.lexicon, gloss))
        elif not _is_infinitive_to(token):  # which has no word of its own in most languages
            words.append(own[i])
        i += size
    return pair.with_words(words)


def _is_infinitive_to(token: Token) -> bool:
    return token.upos == "PART" and token.lemma == "to"


def _particles(pair: Pair, lexicon: Lexicon) -> dict[int, int]:
    """Verb index -> index of its separated particle ("wake me up"), where the lexicon holds the phrasal verb."""
    found = {}
    tokens = pair.tokens
    for i, token in enumerate(tokens):
        if token.upos != "VERB" or token.lemma not in lexicon.longest:
            continue
        for j in range(i + 2, min(i + 6, len(tokens))):
            if tokens[j].upos in ("VERB", "AUX"):
                break
            phrase = f"{token.lemma} {tokens[j].key}"
            # at the end of an utterance a particle is often taken for a noun
            apart = tokens[j].upos in ("ADP", "ADV", "PART") or j + 1 == len(tokens)
            together = tokens[j].key in _PARTICLES and pair.slot_of[i] == pair.slot_of[j]
            if apart and together and phrase in lexicon.translations and not _opens_phrase(tokens, j):
                found[i] = j
                break
    return found


def _opens_phrase(tokens: Sequence[Token], j: int) -> bool:
    """Whether a particle governs what follows: "go for food in my area" is no "go in"."""
    return j + 1 < len(tokens) and tokens[j + 1].upos in ("DET", "NOUN", "PROPN", "NUM", "PRON")


_DEGREES = frozenset({"CMPR", "SPRL"})
_PARTICLES = frozenset("up on off out down back in away over".split())


Ranked = tuple[tuple[Translation, ...], tuple[float, ...]]  # best first, and their weights


def _match(pair: Pair, lexicon: Lexicon, i: int, particle_of: dict[int, int], taken: set[int]) -> tuple[int, *Ranked]:
    """(tokens matched, translations, weights) at token `i`."""
    tokens = pair.tokens
    if i in particle_of:
        return 1, *candidates(pair, lexicon, (i, particle_of[i]))
    for size in range(min(_longest(lexicon, tokens, i, tokens[i].key), len(tokens) - i), 1, -1):
        span = range(i, i + size)
        if taken.intersection(span) or len({pair.slot_of[k] for k in span}) > 1:
            continue
        options, weights = candidates(pair, lexicon, tuple(span))
        if options:
            return size, options, weights
    return 1, *candidates(pair, lexicon, (i,))


def candidates(pair: Pair, lexicon: Lexicon, source: tuple[int, ...]) -> Ranked:
    """The translations of a source token, a phrase, or a verb with its separated particle."""
    tokens = pair.tokens
    token = tokens[source[0]]
    if len(source) > 1:
        tail = " ".join([tokens[k].key for k in source[1:]])
        if source[-1] - source[0] >= len(source):
            return lexicon.ranked((f"{token.lemma} {tail}",), "VERB")
        return lexicon.ranked((f"{token.key} {tail}", f"{token.lemma} {tail}"), "")
    keys = look_up_keys(token)
    if token.key in lexicon.own:  # a correction of the very form is nearer than one of its lemma
        keys = (token.key, *keys)
    options, weights = lexicon.ranked(keys, token.upos)
    if token.upos == "PROPN" or is_title(pair, source[0]):
        named = [(o, w) for o, w in zip(options, weights, strict=True) if _may_name(o, pair.slot_of[source[0]])]
        options, weights = tuple(o for o, _ in named), tuple(w for _, w in named)
    return options, weights


def is_title(pair: Pair, i: int) -> bool:
    """Whether a token is part of a name of several words: with a capital, like another word near it in its slot.

    One word with a capital may be anything ("Chicken"), and so may a text whose words all have one.
    """
    if i == 0 or pair.slot_of[i] < 0 or not _capital(pair, i) or pair.utterance.text.istitle():
        return False
    near = range(max(0, i - 2), min(len(pair.tokens), i + 3))
    return any(_capital(pair, j) for j in near if j != i and pair.slot_of[j] == pair.slot_of[i])


def _capital(pair: Pair, i: int) -> bool:
    form = pair.tokens[i].form
    return form[0].isupper() and form[1:].islower()


def look_up_keys(token: Token) -> tuple[str, str]:
    """What to look a token up by, the better first: "my" has the lemma "i" and "latest" has "late", which are other words."""
    own = token.upos in ("DET", "PRON") or not _DEGREES.isdisjoint(token.features)
    return (token.key, token.lemma) if own else (token.lemma, token.key)


def _longest(lexicon: Lexicon, tokens: Sequence[Token], i: int, key: str) -> int:
    """Words of the longest phrase that begins as the text does at token `i`, whose folded form is `key`."""
    if i + 1 == len(tokens):
        return 1
    after = tokens[i + 1].key
    return max(lexicon.longest.get(f"{key} {after}", 1), lexicon.longest.get(f"{tokens[i].lemma} {after}", 1))


def _may_name(option: Translation, slot: int) -> bool:
    """Whether a word tagged as a name may be rendered: as a name, outside of slots, or by the user's own lexicon."""
    return option.upos in ("PROPN", "") or slot < 0 or option.score >= OWN_TRUST / 2


def draw(options: Sequence[Translation], weights: tuple[float, ...], rng: random.Random, temperature: float = 1.0) -> Translation:
    """One of `options`, best first, in proportion to weight ** (2 / temperature); the first at temperature 0."""
    if len(options) == 1 or temperature == 0:
        return options[0]
    totals = _totals(weights, 2 / temperature)
    return options[bisect(totals, rng.random() * totals[-1], 0, len(options) - 1)]


@lru_cache(maxsize=1 << 15)
def _totals(weights: tuple[float, ...], power: float) -> list[float]:
    """Running totals of powers of the weights, of which the first is the greatest."""
    return list(accumulate((weight / weights[0]) ** power for weight in weights))


def word_for_word(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """The published control (Wang, Ruder, Neubig 2022): each word by exact look-up, uniform choice, unknown words kept."""
    table = resources.lexicon.translations
    own = {word.source[0]: word for word in pair.words if word.source}
    words = []
    for i, token in enumerate(pair.tokens):
        if i not in own:
            continue
        options = table.get(token.key)
        if options:
            best = options[int(rng.random() * len(options))]
            words.append(make_word(best.form, best.form, token.upos, token.features, (i,), best.lexicon, token.form))
        else:
            words.append(own[i])
    return pair.with_words(words)
