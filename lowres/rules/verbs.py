"""Rules of the verb: auxiliaries and negation folded into its features, and the person of its subject."""

import random
from collections.abc import Sequence

from lowres.analysis import Token
from lowres.bundles import Grammar
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules.resources import Resources

_REACH = 5  # words between an auxiliary and its verb: "will the weather tomorrow be …"
_WILL = frozenset({"will", "shall", "'ll"})
_TENSES = frozenset({"PRS", "PST", "FUT"})
_FORMS = frozenset({"NFIN", "V.PTCP", "V.MSDR", *_TENSES})


def auxiliaries(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Fold do, will, have, be and "not" into the features of the verb they stand with, as far as the table has such forms.

    "do" has no counterpart in other languages and is left out anyway; "not" stays a word where no form is negative.
    """
    words: list[Word | None] = list(pair.words)
    for i, word in reversed(list(enumerate(pair.words))):
        token = _single(pair, word)
        if token is None or token.lemma not in _FOLDED:
            continue
        j = _verb_of(pair, words, i)
        if j is not None and (features := _folded(token, words[j].features, resources.grammar)) is not None:
            words[j] = changed(words[j], features=features)
            words[i] = _not(pair, word, resources) if "NEG" in token.features else None
    negated = _negated(pair, words, resources.grammar)
    return pair.with_words(word for word in negated if word is not None)


def _single(pair: Pair, word: Word) -> Token | None:
    return pair.tokens[word.source[0]] if len(word.source) == 1 else None


def _verb_of(pair: Pair, words: Sequence[Word | None], i: int) -> int | None:
    """The index of the verb that an auxiliary at `i` stands with."""
    for j in range(i + 1, min(i + 1 + _REACH, len(words))):
        token = words[j] and pair.tokens[words[j].source[0]] if words[j] and words[j].source else None
        if token is None:
            continue
        if token.upos == "VERB":
            return j if words[j].origin != COPY else None
        if token.upos in ("AUX", "CCONJ", "SCONJ", "PUNCT"):
            return None
    return None


_FOLDED = frozenset({"do", "have", "be"}) | _WILL


def _folded(token: Token, verb: frozenset[str], grammar: Grammar) -> frozenset[str] | None:
    """The verb's features with those of its auxiliary; None where the auxiliary stays a word."""
    tense = (token.features & _TENSES) or frozenset({"PRS"})
    rest = verb - _FORMS
    if token.lemma == "do" and "IMP" not in verb:
        return rest | tense
    if "V" not in grammar.inventory:
        return None
    if token.lemma in _WILL and "IMP" not in verb:
        return rest | {"FUT"}
    if token.lemma == "be" and ("V.MSDR" in verb or {"V.PTCP", "PRS"} <= verb):
        return rest | tense | {"PROG"} | (token.features & {"1", "3"})
    if token.lemma == "have" and "V.PTCP" in verb:
        return rest | tense | {"PRF"}
    return None


def _not(pair: Pair, word: Word, resources: Resources) -> Word | None:
    """What is left of "don't": the word for "not"."""
    options, _ = resources.lexicon.ranked(("not",), "PART")
    if not options:
        return None
    best = options[0]
    return make_word(best.form, best.form, "PART", frozenset({"NEG"}), word.source, best.lexicon, "not")


def _negated(pair: Pair, words: Sequence[Word | None], grammar: Grammar) -> list[Word | None]:
    """The verb after a "not" in its negative form, where the table has one; the word goes then."""
    out = list(words)
    if not (grammar.card.negation or (grammar.card.negation is None and grammar.has("V", "NEG"))):
        return out
    for i, word in enumerate(words):
        if word is not None and word.gloss.lower() in ("not", "n't", "never"):
            j = _verb_of(pair, out, i)
            if j is not None:
                out[j] = changed(out[j], features=out[j].features | {"NEG"})
                out[i] = None
    return out


def subject_person(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give finite verbs the person and number of their subject, pronoun or noun, so that `inflect` can agree."""
    subject: frozenset[str] = NOTHING
    words = []
    for word in pair.words:
        if word.upos == "PRON" and word.features & {"NOM"} or word.gloss in _SUBJECTS:
            subject = _SUBJECTS.get(word.gloss, NOTHING)
        elif word.upos in ("VERB", "AUX") and not word.features & {"NFIN", "IMP", "V.PTCP", "V.MSDR"}:
            features = _agreeing(word.features, subject)
            word = changed(word, features=features)
            subject = NOTHING if word.upos == "VERB" else subject
        elif word.upos in ("NOUN", "PROPN"):
            subject = frozenset({"3", "PL" if "PL" in word.features else "SG"})
        words.append(word)
    return pair.with_words(words)


def _agreeing(features: frozenset[str], subject: frozenset[str]) -> frozenset[str]:
    """A finite verb's features with its subject's; a verb that says its own person keeps it where nothing else does."""
    if not subject:
        return features
    return (features - {"1", "2", "3", "SG", "PL"}) | subject


_SUBJECTS = {
    "i": frozenset({"1", "SG"}),
    "you": frozenset({"2", "SG"}),
    "he": frozenset({"3", "SG"}),
    "she": frozenset({"3", "SG"}),
    "it": frozenset({"3", "SG"}),
    "we": frozenset({"1", "PL"}),
    "they": frozenset({"3", "PL"}),
}
