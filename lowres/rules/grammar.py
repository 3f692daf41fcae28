"""Rules of grammar: inflection by the table, articles, word order by the card."""

import random

from lowres.english import ARTICLES
from lowres.lexicon import FUNCTION_WORDS
from lowres.pair import COPY, SPELT, Pair, Word, changed, make_word
from lowres.rules.cases import formed
from lowres.rules.lookup import is_title
from lowres.rules.resources import Resources


def inflect(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put looked-up words into the form that their features ask for, where the paradigm table (or what was
    learnt from it) has one: the whole bundle of the table that answers best to them."""
    return pair.with_words([inflected(word, resources) for word in pair.words])


def inflected(word: Word, resources: Resources) -> Word:
    """The word in the form that its features ask for; itself where neither table nor what was learnt from it has one."""
    if word.origin == COPY or word.features <= _AS_LISTED and word.upos != "VERB":
        return word
    found = formed(word, resources)
    if not found:
        return word
    form, how = found
    return make_word(form, word.lemma, word.upos, word.features, word.source, f"paradigm:{how}", word.gloss)


_AS_LISTED = frozenset({"SG", "NOM", "INDF", "PSS"})  # dictionaries list this form; PSS on English "my"


def drop_articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Leave out the source's articles, for languages without them."""
    kept = [word for word in pair.words if not is_article(pair, word)]
    return pair.with_words(kept)


def is_article(pair: Pair, word: Word) -> bool:
    """An article by itself; one that is all of a slot stays."""
    return len(word.source) == 1 and pair.lemma(word) in ARTICLES and pair.may_go(word)


def conjugated(word: Word, resources: Resources, *features: str) -> Word:
    """A verb, perhaps with a particle after it, in the table's first form with these features; as it is where there is none."""
    head, space, tail = word.lemma.partition(" ")
    form = resources.inflector.paradigms.form(head, "V", *features)
    return changed(word, form=form + space + tail, origin="paradigm:table") if form else word


def drop_function_words(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Leave out the source's adpositions, auxiliaries, pronouns and the like that no dictionary renders.

    Nobody says "of" or "the" in the middle of another language; place it after `cases`, which reads prepositions. A slot
    keeps them where it has no other word.
    """
    words = pair.words
    goes = [_is_unrendered_function_word(pair, word) for word in words]
    if True not in goes:
        return pair
    full = {pair.slot(word) for word, gone in zip(words, goes, strict=True) if not gone}
    return pair.with_words(word for word, gone in zip(words, goes, strict=True) if not gone or pair.slot(word) not in full | {-1})


def _is_unrendered_function_word(pair: Pair, word: Word) -> bool:
    if word.origin not in (COPY, SPELT) or len(word.source) != 1 or is_title(pair, word.source[0]):
        return False
    return pair.tokens[word.source[0]].upos in FUNCTION_WORDS


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put words into the card's order: modifiers and numerals by the noun, adpositions, possessors, verb last.

    A slot moves as a whole or within itself; an order that would split it is not made.
    """
    from lowres.ordering import reorder

    return reorder(pair, resources.language.typology)
