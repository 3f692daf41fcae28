"""Swahili questions: the question word stands behind what it asks of; a yes-or-no question may open with je."""

import random
from collections.abc import Sequence

from lowres.english import CALLS, HELPERS
from lowres.pair import COPY, Pair, Word, changed, inserted
from lowres.rules import Resources

_ORIGIN = "rule:swh_questions.questions"
_SUBJECT = dict(zip(
    (f"BANTU{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16)),
    "a wa u i li ya ki vi i zi u ku pa".split(),
    strict=True,
))  # fmt: skip
_MOVED = frozenset({"nini", "nani", "lini", "wapi", "vipi", "saa ngapi", "kiasi gani", "umri gani", "ngapi", "gani", "ipi"})
_WH = frozenset("what which who whom when where how".split())
_OBJECTS = frozenset({"nini", "lini", "wapi", "nani"})
_MEASURES = frozenset({"umri gani", "urefu gani", "uzito gani"})
_ABLE = frozenset({"can", "could", "would", "will"})
_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON"})


def questions(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """X ni nini, X iko wapi, X ikoje, unafanya nini, nina mikutano mingapi; as often ni nini X.

    The words are those of `swh_verbs.verbs`: finite verbs have the feature "FIN", and "PRO" with a subject pronoun.
    """
    tokens = pair.tokens
    if not any(token.lemma in _WH or token.lemma in HELPERS or token.lemma == "any" for token in tokens):
        return pair
    words = _counted(pair, _opened(pair, list(pair.words), rng))
    at = next((k for k, word in enumerate(words) if _asks(pair, word)), -1)
    if at >= 0 and at + 1 < len(words):
        words = _placed(pair, words, at, rng)
    return pair.with_words(words)


def _asks(pair: Pair, word: Word) -> bool:
    return bool(word.form in _MOVED and word.source and word.upos in ("PRON", "ADV")
                and pair.slot(word) < 0 and pair.tokens[word.source[0]].lemma in _WH)  # fmt: skip


def _placed(pair: Pair, words: list[Word], at: int, rng: random.Random) -> list[Word]:
    """The words with the question word at `at` where Swahili has it."""
    question, after = words[at], words[at + 1]
    if question.form in ("nini", "vipi"):
        found = _will_be(pair, words, at)
        if found:
            return found
    if question.form in _OBJECTS:
        found = _behind_verb(pair, words, at)
        if found:
            return found
    if after.upos == "VERB" and "FIN" in after.features and _movable(pair, words, at + 1):
        if question.form == "vipi":
            question = changed(question, form="aje" if rng.random() < 0.5 else "vipi")
        if question.form in ("aje", "vipi") or question.form in _OBJECTS and not after.form.startswith("ki"):
            return [*words[:at], after, question, *words[at + 2 :]]
    if (
        after.upos == "AUX"
        and (after.form == "ni" or after.form.endswith("ko"))
        or question.form == "vipi"
        and after.upos != "VERB"
    ):
        return _behind_noun(pair, words, at, rng)
    return words


def _movable(pair: Pair, words: Sequence[Word], k: int) -> bool:
    """Whether a word may be followed by one of another slot."""
    return k + 1 >= len(words) or pair.slot(words[k]) < 0 or pair.slot(words[k]) != pair.slot(words[k + 1])


def _opened(pair: Pair, words: list[Word], rng: random.Random) -> list[Word]:
    """With je before a yes-or-no question, and kuna 'is there' before "any"."""
    first = next((i for i, token in enumerate(pair.tokens) if token.lemma not in CALLS), -1)
    if first < 0 or rng.random() > 0.4:
        return words
    opener, tokens = pair.tokens[first].lemma, pair.tokens
    at = next((k for k, word in enumerate(words) if word.source and word.source[0] >= first), len(words) - 1)
    if at < 0 or at and not _movable(pair, words, at - 1):
        return words
    if opener == "any" and not any(word.upos == "VERB" for word in words):
        return [*words[:at], inserted("kuna", "AUX", _ORIGIN), *words[at:]]
    if opener not in HELPERS or len(tokens) < first + 3 or opener in _ABLE and tokens[first + 1].lemma == "you":
        return words
    at -= at > 0 and words[at - 1].upos == "AUX" and not words[at - 1].source
    return words if "IMP" in words[at].features else [*words[:at], inserted("je", "AUX", _ORIGIN), *words[at:]]


def _counted(pair: Pair, words: list[Word]) -> list[Word]:
    """What is asked for with "how many" or "what" behind a verb with its own subject: nina mikutano mingapi."""
    for k in range(1, len(words) - 1):
        if words[k].upos == "DET" and words[k].lemma in ("gani", "ngapi", "nini"):
            verb, start = words[k + 1], k
            if verb.upos != "VERB" or not verb.features >= {"FIN", "PRO"} or pair.slot(verb) >= 0:
                return words
            while start > 0 and words[start - 1].upos in _PHRASE:
                start -= 1
            if start and not _movable(pair, words, start - 1):
                return words
            return [*words[:start], verb, *words[start : k + 1], *words[k + 2 :]]
    return words


def _behind_verb(pair: Pair, words: list[Word], at: int) -> list[Word] | None:
    """ "What does X mean" is X inamaanisha nini."""
    k = _phrase_end(pair, words, at + 1)
    if (
        k >= len(words)
        or k == at + 1
        or words[k].upos != "VERB"
        or "FIN" not in words[k].features
        or not _movable(pair, words, k)
    ):
        return None
    return [*words[:at], *words[at + 1 : k + 1], words[at], *words[k + 1 :]]


def _will_be(pair: Pair, words: list[Word], at: int) -> list[Word] | None:
    """ "What will X be" is X itakuwaje."""
    k = next((k for k in range(at + 1, len(words)) if words[k].upos == "AUX" and words[k].form.endswith("kuwa")), -1)
    if k < 0 or any(word.upos == "VERB" for word in words[at:k]):
        return None
    start = k + 1
    end = _phrase_end(pair, words, start) if k == at + 1 else start
    subject = _subject(words[start:end])
    form = (subject + words[k].form[-6:] if subject else words[k].form) + "je"
    return [*words[:at], *words[at + 1 : k], *words[start:end], changed(words[k], form=form), *words[end:]]


def _subject(words: Sequence[Word]) -> str:
    return next((_SUBJECT[f] for word in words for f in word.features if f in _SUBJECT), "")


def _behind_noun(pair: Pair, words: list[Word], at: int, rng: random.Random) -> list[Word]:
    """X ni nini, X iko wapi, X ikoje, X ana umri gani; as often ni nini X."""
    question, copula = words[at], words[at + 1] if words[at + 1].upos == "AUX" else None
    start = at + 1 + (copula is not None)
    end = _phrase_end(pair, words, start)
    if end == start:
        return [*words[:at], *([copula] if copula else []), question, *words[start:]]
    subject = _subject(words[start:end]) or "i"
    if subject == "a":
        subject = "yu" if words[start].upos == "NOUN" else "i"  # a name after "where is" is mostly a place
    if question.form == "vipi" and not copula:
        said = [changed(question, form=subject + "koje", origin=_ORIGIN)]
    elif question.form == "wapi":
        said = [changed(copula, form=subject + "ko"), question] if copula else [question]
    elif copula and question.form in _MEASURES:
        said = [changed(copula, form=("a" if subject in ("i", "yu") else subject) + "na"), question]
    elif copula and rng.random() < 0.45:
        return [*words[:at], copula, question, *words[start:]]
    else:
        said = [copula, _which(question, subject, rng)] if copula else [question]
    return [*words[:at], *words[start:end], *said, *words[end:]]


def _which(question: Word, subject: str, rng: random.Random) -> Word:
    """ "What is X" may ask which: X ni gani, X ni ipi."""
    draw = rng.random()
    if question.form != "nini" or draw < 0.55:
        return question
    return changed(question, form="gani" if draw < 0.8 else subject + "pi")


def _phrase_end(pair: Pair, words: Sequence[Word], start: int) -> int:
    """Past the noun phrase at `start`, with what -a or kati ya joins to it, never inside a slot."""
    end, between = start, False
    while end < len(words):
        word = words[end]
        between |= word.gloss == "between"
        joins = end > start and (word.gloss in ("of", "between", "for") or between and word.gloss in ("and", "to"))
        if word.upos in _PHRASE or joins or "PSS" in word.features or word.origin == COPY and word.upos != "VERB":
            end += 1
        else:
            break
    while 0 < end < len(words) and not _movable(pair, words, end - 1):
        end += 1
    return end
