"""Rules of sound: words as they are misheard, and words borrowed from a related language."""

import random
from collections import Counter
from collections.abc import Iterator

from lowres.mishearing import Mishearing, learn_mishearing
from lowres.pair import COPY, Pair, Word, changed, make_word
from lowres.rules.lookup import is_title, look_up_keys
from lowres.rules.resources import Resources
from lowres.spelling import N_TAUGHT, Speller, WordPair, learn_alike, sample
from lowres.text import fold, script_of


def sound_alike(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Respell a share of the words (`misheard_share`) as they are misheard, or written where nobody taught how.

    A letter becomes one of near sound, single or double, or the word another word of the language that sounds like it.
    Wants the extra `sound` and a table of sounds of the language.
    """
    share = resources.misheard_share
    if not share:
        return pair
    if "misheard" not in resources.learnt:
        vocabulary = (form for form in resources.lexicon.glosses if " " not in form)
        resources.learnt["misheard"] = learn_mishearing(resources.language, vocabulary, resources.folder)
    known = resources.learnt["misheard"]
    return pair.with_words([_misheard(word, known, rng) if rng.random() < share else word for word in pair.words])


def _misheard(word: Word, known: Mishearing, rng: random.Random) -> Word:
    """One word of the form respelled; what is copied stays a copy."""
    parts = fold(word.form).split(" ")
    i = int(rng.random() * len(parts))
    parts[i] = known.misheard(parts[i], rng)
    form = " ".join(parts)
    if form == fold(word.form):
        return word
    return changed(word, form=form, origin=word.origin if word.origin == COPY else "rule:sound_alike")


def cognates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Borrow what no lexicon covers from the related languages' (`resources.related`), spelt as the words that both have.

    Such words are guesses, and their origin says so.
    """
    if not resources.related.translations:
        return pair
    return pair.with_words([_borrowed(pair, word, resources) if word.origin == COPY else word for word in pair.words])


def _borrowed(pair: Pair, word: Word, resources: Resources) -> Word:
    if len(word.source) != 1 or word.upos == "PROPN" or is_title(pair, word.source[0]):
        return word
    token = pair.tokens[word.source[0]]
    options, _ = resources.related.ranked(look_up_keys(token), token.upos)
    if not options:
        return word
    best = options[0]
    form = " ".join(cognate_speller(resources).spell(part) for part in fold(best.form).split(" "))
    return make_word(form, form, best.upos or token.upos, token.features, word.source, f"guess:{best.lexicon}", token.form)


def cognate_speller(resources: Resources) -> Speller:
    """How the related languages' words are spelt in the language, learnt from what both lexicons render."""
    if "cognates" not in resources.learnt:
        named, others = (sorted(set(_shared(resources, names))) for names in (True, False))
        resources.learnt["cognates"] = learn_alike(named if len(named) >= _ENOUGH else sample(others, N_TAUGHT), others)
    return resources.learnt["cognates"]


_ENOUGH = 50  # pairs of names; with fewer, the words of both lexicons teach how they are alike


def _shared(resources: Resources, names: bool) -> Iterator[WordPair]:
    """The related languages' forms and ours, of the same phrase and part of speech: names, which are alike, or all others."""
    ours = resources.lexicon.translations
    for phrase in resources.related.translations.keys() & ours.keys():
        for theirs in resources.related.translations[phrase][:2]:
            for one in ours[phrase][:2]:
                if (one.upos == "PROPN") == names and (one.upos == theirs.upos or not (one.upos and theirs.upos)):
                    pair = fold(theirs.form), fold(one.form)
                    if _may_be_kin(*pair):
                        yield pair


def _may_be_kin(a: str, b: str) -> bool:
    """Whether two words share half of their letters, or are of two scripts."""
    return 4 * (Counter(a) & Counter(b)).total() >= len(a) + len(b) or script_of(a) != script_of(b)
