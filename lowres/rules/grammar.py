"""Rules of grammar: inflection by the table, articles, the subject's person, word order by the card."""

import random

from lowres.morphology import Inflector
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules.resources import Resources


def inflect(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put looked-up words into the form that their features ask for, where the paradigm table (or what was
    learnt from it) has one. Asks with all features first, then with the core ones."""
    words = []
    for word in pair.words:
        found = None
        if word.origin != COPY and word.features:
            found = inflected(word, resources.inflector)
        words.append(found or word)
    return pair.with_words(words)


_ATOM = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "ADJ"}


def inflected(word: Word, inflector: Inflector) -> Word | None:
    """The word in the form that its features ask for; None where neither table nor what was learnt from it has one."""
    atom = _ATOM.get(word.upos)
    if atom is None:
        return None
    wanted = word.features | {atom}
    for bundle in (wanted, wanted & _CORE):
        if len(bundle) > 1:
            found = inflector.inflect(word.lemma, bundle)
            if found:
                form, how = found
                return make_word(form, word.lemma, word.upos, word.features, word.source, f"paradigm:{how}", word.gloss)
    return None


_CORE = frozenset({"V", "N", "ADJ", "IMP", "PST", "FUT", "NFIN", "PL", "1", "2", "3", "SG"})


def drop_articles(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Leave out the source's articles, for languages without them."""
    kept = [word for word in pair.words if not _is_article(pair, word)]
    return pair.with_words(kept)


def _is_article(pair: Pair, word: Word) -> bool:
    """An article by itself; one that is all of a slot stays."""
    if len(word.source) != 1 or pair.tokens[word.source[0]].lemma not in ("the", "a", "an"):
        return False
    slot = pair.slot_of[word.source[0]]
    return slot < 0 or pair.slot_of.count(slot) > 1


def subject_person(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give finite verbs the person and number of the subject pronoun before them, so that `inflect` can agree."""
    subject: frozenset[str] = NOTHING
    words = []
    for word in pair.words:
        if word.upos == "PRON" and word.features & {"NOM"} or word.gloss in _SUBJECTS:
            subject = _SUBJECTS.get(word.gloss, NOTHING)
        elif word.upos in ("VERB", "AUX") and subject and not word.features & {"NFIN", "IMP", "V.PTCP"}:
            features = (word.features - {"1", "2", "3", "SG", "PL"}) | subject
            word = changed(word, features=features)
            subject = NOTHING if word.upos == "VERB" else subject
        words.append(word)
    return pair.with_words(words)


_SUBJECTS = {
    "i": frozenset({"1", "SG"}),
    "you": frozenset({"2", "SG"}),
    "he": frozenset({"3", "SG"}),
    "she": frozenset({"3", "SG"}),
    "it": frozenset({"3", "SG"}),
    "we": frozenset({"1", "PL"}),
    "they": frozenset({"3", "PL"}),
}


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put words into the card's order: modifiers and numerals by the noun, adpositions, possessors, verb last.

    A slot moves as a whole or within itself; an order that would split it is not made.
    """
    from lowres.ordering import reorder

    return reorder(pair, resources.language.typology)
