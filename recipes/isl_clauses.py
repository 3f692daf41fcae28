"""Rules for Icelandic clauses: agreement, questions without do, að before the infinitive."""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.english import QUESTIONS
from lowres.ordering import slots_whole
from lowres.pair import NOTHING, Pair, Word, inserted
from lowres.rules import Resources
from lowres.rules.grammar import conjugated
from lowres.rules.phrases import past_subject

_ORIGIN = "rule:isl_clauses.clauses"
_ASKS = frozenset({"ASKS"})  # for `isl_nouns.cases`: the subject follows
_PERSONS = {"i": ("1", "SG"), "you": ("2", "SG"), "he": ("3", "SG"), "she": ("3", "SG"), "it": ("3", "SG"),
            "we": ("1", "PL"), "they": ("3", "PL")}  # fmt: skip
# 1, 2 and 3 singular; 1, 2 and 3 plural
_FORMS = {
    "be": "er ert er erum eruð eru", "was": "var varst var vorum voruð voru",
    "have": "hef hefur hefur höfum hafið hafa", "had": "hafði hafðir hafði höfðum höfðuð höfðu",
    "can": "get getur getur getum getið geta", "could": "gæti gætir gæti gætum gætuð gætu",
    "will": "mun munt mun munum munuð munu", "would": "myndi myndir myndi myndum mynduð myndu",
    "should": "ætti ættir ætti ættum ættuð ættu", "may": "má mátt má megum megið mega",
    "must": "verð verður verður verðum verðið verða", "become": "verð verður verður verðum verðið verða",
}  # fmt: skip
_TABLE = {tense: forms.split() for tense, forms in _FORMS.items()}
_AUXILIARY = {
    "is": "be", "are": "be", "am": "be", "'s": "be", "'re": "be", "'m": "be", "was": "was", "were": "was",
    "will": "will", "'ll": "will", "shall": "will", "would": "would", "'d": "would", "can": "can", "could": "could",
    "may": "may", "might": "could", "should": "should", "must": "must", "have": "have", "has": "have", "'ve": "have",
    "had": "had",
}  # fmt: skip
_DO = frozenset(("do", "does", "did"))
_FINITE = _AUXILIARY.keys() | _DO
_TO_AFTER = frozenset(("should", "must"))


def clauses(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Verbs agree with their subject; do falls away and the verb takes its place; is doing: er að gera; to: að."""
    words = list(pair.words)
    out: list[Word] = []
    i = 0
    while i < len(words):
        i = _clause(pair, words, i, out, resources)
    return pair.with_words(out) if slots_whole(pair, out) else pair


def _clause(pair: Pair, words: Sequence[Word], i: int, out: list[Word], resources: Resources) -> int:
    """Write the word at `i`, or the verb group that starts there; past it."""
    word, key = words[i], words[i].key
    if pair.slot(word) >= 0:
        out.append(word)
    elif key == "have" and out and out[-1].key in _PERSONS and _possesses(words, i + 1):
        out.extend([inserted(_TABLE["be"][_cell_of(_PERSONS[out[-1].key])], "AUX", _ORIGIN), _having(word)])
    elif key in _DO and (word.upos == "AUX" or _before_subject(words, i)):
        return _without_do(pair, words, i, out, resources)
    elif key in _AUXILIARY and word.origin != "paradigm:table" and not (out and out[-1].upos == "ADP"):
        return _auxiliary(words, i, out, resources)
    elif word.upos == "VERB" and not word.features & {"IMP", "NFIN", "V.MSDR"} and out and _subject_of(out) is not None:
        person = _subject_of(out)
        tense = ("PST",) if "PST" in word.features else ("PRS",)
        finite = conjugated(word, resources, "IND", *tense, *person) if person[1] == "SG" else word
        if key in ("want", "need") and _is_to(words, i + 1):
            out.append(finite)
            return i + 2 if key == "want" else i + 1
        out.append(finite)
    elif key == "to" and (word.upos == "PART" or i + 1 < len(words) and words[i + 1].upos == "VERB"):
        out.append(replace(word, form="að"))
    elif key == "when":
        asks = i + 1 < len(words) and words[i + 1].key in _FINITE
        out.append(replace(word, form="hvenær" if asks else "þegar"))
    else:
        out.append(word)
    return i + 1


def _possesses(words: Sequence[Word], i: int) -> bool:
    """Whether have is followed by a thing, not by an adverb, a negation or another verb."""
    return i == len(words) or words[i].upos not in ("VERB", "ADV", "PART")


def _is_to(words: Sequence[Word], i: int) -> bool:
    return i < len(words) and words[i].key == "to"


def _before_subject(words: Sequence[Word], i: int) -> bool:
    end = past_subject(words, i + 1)
    return i + 1 < end < len(words) and words[end].upos in ("VERB", "AUX")


def _person(subject: Sequence[Word]) -> tuple[str, str]:
    if len(subject) == 1 and subject[0].key in _PERSONS:
        return _PERSONS[subject[0].key]
    last = next((word for word in reversed(subject) if word.upos in ("NOUN", "PROPN")), None)
    return ("3", "PL" if last is not None and "PL" in last.features else "SG")


def _subject_of(out: Sequence[Word]) -> tuple[str, str] | None:
    """Person and number of the pronoun or noun just written before a finite verb."""
    k = len(out) - 1
    while k >= 0 and out[k].upos == "ADV":
        k -= 1
    if k >= 0 and out[k].key in _PERSONS:
        return _PERSONS[out[k].key]
    if k >= 0 and (out[k].upos in ("NOUN", "PROPN") or out[k].key in ("who", "what", "that", "which")):
        return _person(out[k:])
    return None


def _without_do(pair: Pair, words: Sequence[Word], i: int, out: list[Word], resources: Resources) -> int:
    """do you know: veist þú; did john send: sendi john; i do not know: ég veit ekki."""
    end = past_subject(words, i + 1)
    if end == i + 1 and out and _subject_of(out):
        return _denied(words, i, out, resources)
    verb = end
    while verb < len(words) and words[verb].upos in ("ADV", "PART"):
        verb += 1
    if verb >= len(words) or words[verb].upos not in ("VERB", "AUX") or pair.slot(words[verb]) >= 0:
        return i + 1
    person = _person(words[i + 1 : end])
    tense = "PST" if words[i].key == "did" else "PRS"
    if words[verb].key == "have" and person[0] != "3":
        having = _TABLE["be" if tense == "PRS" else "was"][_cell_of(person)]
        out.append(inserted(having, "AUX", _ORIGIN, words[i].source, _ASKS))
        out.extend([*words[i + 1 : end], _having(words[verb]), *words[end:verb]])
        return verb + 1
    finite = replace(words[verb], upos="VERB", lemma=words[verb].lemma)
    finite = conjugated(finite, resources, "IND", tense, *person) if person[1] == "SG" or tense == "PST" else finite
    finite = replace(finite, features=finite.features | _ASKS, source=words[i].source + words[verb].source)
    out.extend([finite, *words[i + 1 : end], *words[end:verb]])
    return verb + 1


def _denied(words: Sequence[Word], i: int, out: list[Word], resources: Resources) -> int:
    """i do not know: ég veit ekki."""
    verb = i + 2
    if verb >= len(words) or words[i + 1].key not in ("not", "n't") or words[verb].upos != "VERB":
        return i + 1
    person = _subject_of(out) or ("3", "SG")
    finite = conjugated(words[verb], resources, "IND", "PST" if words[i].key == "did" else "PRS", *person)
    out.extend([finite if person[1] == "SG" else words[verb], replace(words[i + 1], form="ekki")])
    return verb + 1


def _having(word: Word) -> Word:
    """i have: ég er með."""
    return replace(word, form="með", lemma="með", upos="ADP", gloss="have")


def _auxiliary(words: Sequence[Word], i: int, out: list[Word], resources: Resources) -> int:
    """The auxiliary at `i` in its person; what follows it in the form that it asks for."""
    key, source = words[i].key, words[i].source
    tense = _AUXILIARY[key]
    if tense in ("have", "had") and words[i].upos == "VERB" and not (out and _subject_of(out)):
        out.append(words[i])
        return i + 1
    before = _subject_of(out)
    there = i + 1 < len(words) and words[i + 1].key == "there"
    end = i + 2 if there else past_subject(words, i + 1)
    asks = (before is None or _asked(out)) and (end > i + 1)
    subject = words[i + 1 : end] if asks else ()
    if there:
        subject = words[end : past_subject(words, end)]
        asks = True
        person = _person(subject)
    else:
        person = _person(subject) if asks else before or ("3", "PL" if key in ("are", "were") else "SG")
    at = end if asks else i + 1
    if tense == "will" and at < len(words) and words[at].key == "be":
        tense = "become"
    if at < len(words) and words[at].key == "like" and out and out[-1].key == "what" and asks:
        out[-1] = replace(out[-1], form="hvernig", lemma="hvernig", gloss="how")
        out.extend([inserted(_TABLE[tense][_cell_of(person)], "AUX", _ORIGIN, source, _ASKS), *subject])
        return at + 1
    out.append(inserted(_TABLE[tense][_cell_of(person)], "AUX", _ORIGIN, source, _ASKS if asks else NOTHING))
    out.extend(() if there else subject)
    return _after(words, at + (tense == "become"), tense, out, resources)


def _asked(out: Sequence[Word]) -> bool:
    return any(word.key.partition(" ")[0] in QUESTIONS for word in out[-4:])


def _cell_of(person: tuple[str, str]) -> int:
    return int(person[0]) - 1 + 3 * (person[1] == "PL")


def _after(words: Sequence[Word], i: int, tense: str, out: list[Word], resources: Resources) -> int:
    """The lexical verb at `i` (adverbs before it) as supine, infinitive or infinitive with að."""
    while i < len(words) and (words[i].upos == "ADV" and words[i].form or words[i].key in ("n't", "not")):
        out.append(replace(words[i], form="ekki") if words[i].key == "not" else words[i])
        i += 1
    if i == len(words):
        return i
    word = words[i]
    if tense == "would" and word.key == "like":
        out.append(replace(word, form="vilja", lemma="vilja", upos="VERB"))
        return i + 2 if _is_to(words, i + 1) else i + 1
    if word.upos != "VERB":
        return i
    if tense in ("can", "could", "have", "had"):
        out.append(conjugated(word, resources, "SUP"))
    elif tense in _TO_AFTER or tense in ("be", "was") and word.key.endswith("ing"):
        out.extend([inserted("að", "PART", _ORIGIN), word])
    elif tense in ("be", "was") and word.key.endswith(("ed", "en")):
        out.append(conjugated(word, resources, "SUP"))
    else:
        out.append(word)
    return i + 1
