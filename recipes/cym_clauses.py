"""Rules for Welsh clauses: the verb first, then subject, yn and verbal noun. Run after those of `cym`."""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.english import QUESTIONS
from lowres.ordering import slots_whole
from lowres.pair import NOTHING, Pair, Word, inserted
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS, is_nominal, past_subject
from lowres.rules.rereading import unclipped

_ORIGIN = "rule:cym_clauses.clauses"
_LENITES = frozenset({"LENITES"})  # for `cym_nouns.mutations`: the next word takes the soft mutation
_PREDICATE = frozenset({"PREDICATE"})  # yn before an adjective or a noun, not before a verbal noun
_SOFTENED = {"b": "f", "d": "dd", "g": "", "m": "f"}
_PERSONS = {"i": 0, "you": 1, "he": 3, "she": 4, "it": 4, "we": 5, "they": 6}
_TENSES = {  # statements by person: i, you (polite), you (familiar), he, she, we, they, a noun
    "be": "dwi|rydych chi|rwyt ti|mae e|mae hi|rydyn ni|maen nhw|mae",
    "was": "roeddwn i|roeddech chi|roeddet ti|roedd e|roedd hi|roedden ni|roedden nhw|roedd",
    "will": "bydda i|byddwch chi|byddi di|bydd e|bydd hi|byddwn ni|byddan nhw|bydd",
    "would": "byddwn i|byddech chi|byddet ti|byddai e|byddai hi|bydden ni|bydden nhw|byddai",
    "did": "wnes i|wnaethoch chi|wnest ti|wnaeth e|wnaeth hi|wnaethon ni|wnaethon nhw|wnaeth",
    "can": "galla i|gallwch chi|medri di|gall e|gall hi|gallwn ni|gallan nhw|gall",
    "could": "gallwn i|gallech chi|gallet ti|gallai e|gallai hi|gallen ni|gallen nhw|gallai",
    "should": "dylwn i|dylech chi|dylet ti|dylai e|dylai hi|dylen ni|dylen nhw|dylai",
}
_FORMS = {tense: forms.split("|") for tense, forms in _TENSES.items()}
_ASKED = "ydw i|ydych chi|wyt ti|ydy e|ydy hi|ydyn ni|ydyn nhw|ydy".split("|")
_AFTER_WHERE = "ydw i|ydych chi|wyt ti|mae e|mae hi|rydyn ni|maen nhw|mae".split("|")
_HAVE = "gen i|gennych chi|gen ti|ganddo fe|ganddi hi|gennym ni|ganddyn nhw|gan".split("|")
_HELPERS = {
    "be": "is are am 's 're 'm do does have has 've", "was": "was were had", "will": "will 'll shall", "did": "did",
    "would": "would 'd", "can": "can may", "could": "could might", "should": "should",
}  # fmt: skip
_AUXILIARY = {form: tense for tense, forms in _HELPERS.items() for form in forms.split()}
_DO = frozenset(("do", "does", "did"))
_HAVING = frozenset(("have", "has", "had", "'ve"))
_BEING = frozenset(("is", "are", "am", "'s", "'re", "'m", "was", "were"))
_IDENTITY = {"be": "yw", "was": "oedd", "will": "fydd"}
_RELATIVE = {"be": "sydd", "was": "oedd", "will": "fydd"}
_BARE = frozenset(("eisiau", "angen"))  # predicates without yn
_WITHOUT_I = frozenset(("eisiau", "angen", "hoffi", "gallu", "gorfod", "trio", "ceisio", "dechrau", "cofio", "anghofio"))


def _softened(form: str) -> str:
    return _SOFTENED.get(form[0], form[0]) + form[1:]


def clauses(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Verb, subject, yn and verbal noun: "do you know" is ydych chi'n gwybod, "what is on" beth sydd ar, "i have"
    mae gen i, "is there" oes, "can i" alla i with the soft mutation."""
    words = unclipped(pair.words, _ORIGIN, {"ca": "can"})
    out: list[Word] = []
    i = 0
    while i < len(words):
        step = _clause(pair, words, i, out)
        if step is None:
            if not (words[i].key == "to" and out and out[-1].form in _WITHOUT_I):
                out.append(words[i])
            i += 1
        else:
            i = step
    return pair.with_words(out) if slots_whole(pair, out) else pair


def _clause(pair: Pair, words: Sequence[Word], i: int, out: list[Word]) -> int | None:
    """Write the clause whose auxiliary, or whose pronoun subject, stands at `i`; past it, or None without one."""
    key = words[i].key
    if key in _PERSONS and words[i].upos == "PRON":
        return _pronoun_first(pair, words, i, out)
    if pair.slot(words[i]) >= 0 or words[i].upos == "PROPN":
        return None
    if key not in _AUXILIARY:
        return _plain_verb(words, i, out)
    if key in _HAVING | _DO and words[i].upos == "VERB" and not _asks(words, i):
        return None
    if (
        i > 1
        and out
        and out[-1].key in ("that", "which", "who")
        and words[i - 1].key == out[-1].key
        and words[i - 2].upos in NOUNS
    ):
        out.pop()
        return _relative(words, i, out)
    asking = _question_word(words, i)
    following = words[i + 1] if i + 1 < len(words) else None
    if following is not None and following.key == "there" and key in _BEING:
        out.append(inserted(_there(key, asking), "AUX", _ORIGIN, words[i].source, _LENITES))
        return i + 2
    end = past_subject(words, i + 1)
    if asking and end == i + 1:
        return _relative(words, i, out)
    if not (asking or i == 0 or key not in _BEING and words[i - 1].key not in _PERSONS and not is_nominal(words[i - 1])):
        return _noun_first(words, i, out)
    return _inverted(words, i, end, asking, out)


def _plain_verb(words: Sequence[Word], i: int, out: list[Word]) -> int | None:
    """the shop opens: mae'r siop yn agor; who sings: pwy sy'n canu."""
    verb = words[i]
    if verb.upos != "VERB" or not verb.features & {"3", "PST"} or verb.features & {"IMP", "V.PTCP"} or not out:
        return None
    tense = "did" if "PST" in verb.features else "be"
    start = len(out)
    while start > 0 and is_nominal(out[start - 1]):
        start -= 1
    if out[-1].key in ("who", "what", "which", "that"):
        out.append(inserted("wnaeth" if tense == "did" else "sydd", "AUX", _ORIGIN))
    elif len(out) - start > 0 and (start == 0 or out[start - 1].upos in ("SCONJ", "CCONJ")):
        out.insert(start, inserted(_FORMS[tense][7], "AUX", _ORIGIN))
    else:
        return None
    return _predicate(words, i, tense, out)


def _question_word(words: Sequence[Word], i: int) -> str:
    """The question word whose clause the auxiliary at `i` opens, only nouns between."""
    j = i - 1
    while j >= 0 and is_nominal(words[j]) and words[j].key not in QUESTIONS:
        j -= 1
    first = words[j].key.partition(" ")[0] if j >= 0 else ""
    return first if first in QUESTIONS else ""


def _asks(words: Sequence[Word], i: int) -> bool:
    """Whether do or have at `i` is an auxiliary before its subject, not a verb with its object."""
    if i + 1 < len(words) and (words[i + 1].key in _PERSONS or _question_word(words, i)):
        return True
    end = past_subject(words, i + 1)
    return i == 0 and i + 1 < end < len(words) and words[end].upos in ("VERB", "AUX")


def _there(key: str, asking: str) -> str:
    if key in ("was", "were"):
        return "oedd"
    return "sydd" if asking in ("how", "what", "which") else "oes"


def _relative(words: Sequence[Word], i: int, out: list[Word]) -> int:
    """what is on ...: beth sydd ar; what is happening: beth sy'n digwydd."""
    tense = _AUXILIARY[words[i].key]
    out.append(inserted(_RELATIVE.get(tense, _finite(tense, 7, "")), "AUX", _ORIGIN, words[i].source))
    return _predicate(words, i + 1, "wedi" if words[i].key in _HAVING else tense, out)


def _inverted(words: Sequence[Word], i: int, end: int, asking: str, out: list[Word]) -> int:
    """An auxiliary before its subject asks."""
    tense, key, source = _AUXILIARY[words[i].key], words[i].key, words[i].source
    subject = words[i + 1 : end]
    person = _person(subject)
    then = words[end] if end < len(words) else None
    if then is not None and then.key == "have" and key in _DO:
        out.append(
            inserted(("oedd " if key == "did" else "oes ") + _HAVE[person], "AUX", _ORIGIN, (*source, *then.source), _LENITES)
        )
        out.extend(subject if person == 7 else ())
        return end + 1
    like = then is not None and then.key == "like"
    if _identifies(words, i, asking, person) and key in _BEING and (like or not _verbal(then)):
        if like:
            out[-1] = replace(out[-1], form="sut", origin=_ORIGIN)
            out.append(inserted("mae" if tense == "be" else "oedd", "AUX", _ORIGIN, source))
            out.extend(replace(w, form="hi") if w.key == "it" else w for w in subject)
            return end + 1
        out.append(inserted(_IDENTITY[tense], "AUX", _ORIGIN, source))
        out.extend(replace(w, form="hi") if w.key == "it" else w for w in subject)
        return end
    if tense == "will" and person in (1, 2) and _verbal(then):
        form = "wnewch chi" if person == 1 else "wnei di"
        out.append(inserted(form, "AUX", _ORIGIN, source + subject[0].source, _LENITES))
        return end
    form = _finite(tense, person, asking)
    out.append(inserted(form, "AUX", _ORIGIN, source + (subject[0].source if person < 7 else ())))
    out.extend(subject if person == 7 else ())
    return _predicate(words, end, "wedi" if key in _HAVING else tense, out)


def _identifies(words: Sequence[Word], i: int, asking: str, person: int) -> bool:
    """Whether the copula says what its subject is: beth yw, faint yw, faint o'r gloch yw hi, but pryd mae."""
    asked = words[i - 1].key if i else ""
    return asked in ("what", "who", "which") or asked.startswith("how ") or asking in ("what", "how") and person == 4


def _finite(tense: str, person: int, asking: str) -> str:
    if tense == "be":
        return (_AFTER_WHERE if asking else _ASKED)[person]
    form = _FORMS[tense][person]
    return form[1:] if form.startswith("roe") else _softened(form)


def _person(subject: Sequence[Word]) -> int:
    if len(subject) != 1 or subject[0].key not in _PERSONS:
        return 7
    person = _PERSONS[subject[0].key]
    return 2 if person == 1 and subject[0].form == "ti" else person


def _affirmed(words: Sequence[Word], i: int) -> Word | None:
    """The word at `i` or, where that is a negation, the next."""
    i += i < len(words) and words[i].key in ("not", "n't")
    return words[i] if i < len(words) else None


def _verbal(word: Word | None) -> bool:
    return word is not None and word.upos == "VERB"


def _predicate(words: Sequence[Word], i: int, tense: str, out: list[Word]) -> int:
    """What links the predicate at `i` to the clause: ddim, yn, wedi, or only the soft mutation."""
    while i < len(words) and (words[i].key in ("n't", "not", "be", "been") or words[i].upos == "ADV"):
        if words[i].key == "very":
            break
        if words[i].key in ("n't", "not"):
            out.append(inserted("ddim", "PART", _ORIGIN, words[i].source))
        elif words[i].upos == "ADV":
            out.append(words[i])
        i += 1
    if i == len(words):
        return i
    word = words[min(i + (words[i].key == "very"), len(words) - 1)]
    if word.upos not in ("VERB", "ADJ") or word.form in _BARE:
        return i
    if tense in ("did", "can", "could", "should") and out:
        out[-1] = replace(out[-1], features=out[-1].features | _LENITES)
    elif tense == "wedi":
        out.append(inserted("wedi", "PART", _ORIGIN))
    elif word.upos == "VERB" or not word.form.startswith(("ar ", "yn ")):
        out.append(inserted("yn", "PART", _ORIGIN, features=NOTHING if word.upos == "VERB" else _PREDICATE))
    return i


def _noun_first(words: Sequence[Word], i: int, out: list[Word]) -> int:
    """A statement about a noun: mae goes before the noun phrase just written."""
    start = len(out)
    while start > 0 and is_nominal(out[start - 1]):
        start -= 1
    tense = _AUXILIARY[words[i].key]
    form = _FORMS[tense][7] if start < len(out) else _RELATIVE.get(tense, _FORMS[tense][7])
    out.insert(start, inserted(form, "AUX", _ORIGIN, words[i].source))
    return _predicate(words, i + 1, "wedi" if words[i].key in _HAVING else tense, out)


def _pronoun_first(pair: Pair, words: Sequence[Word], i: int, out: list[Word]) -> int | None:
    """A statement or a clause after a conjunction: dw i eisiau, mae gen i, hoffwn i, galla i."""
    person, source = _person(words[i : i + 1]), words[i].source
    if i + 1 == len(words) or pair.slot(words[i]) >= 0 or pair.slot(words[i + 1]) >= 0:
        return None
    key, following = words[i + 1].key, words[i + 1]
    after = words[i + 2] if i + 2 < len(words) else None
    if key in ("would", "'d") and after is not None and after.key == "like":
        form = ("hoffwn i", "hoffech chi", "hoffet ti", "hoffai fe", "hoffai hi", "hoffen ni", "hoffen nhw")[person]
        out.append(inserted(form, "AUX", _ORIGIN, (*source, *after.source), _LENITES))
        return i + 4 if i + 3 < len(words) and words[i + 3].key == "to" else i + 3
    if key in _HAVING and not _verbal(_affirmed(words, i + 2)):
        asked = any(word.key.partition(" ")[0] in ("what", "which", "how") for word in out[-3:])
        form = ("sydd " if asked else "oedd " if key == "had" else "mae ") + _HAVE[person]
        out.append(inserted(form, "AUX", _ORIGIN, (*source, *following.source), _LENITES))
        return i + 2
    if key in _AUXILIARY:
        tense = "wedi" if key in _HAVING else _AUXILIARY[key]
        out.append(inserted(_FORMS[_AUXILIARY[key]][person], "AUX", _ORIGIN, (*source, *following.source)))
        return _predicate(words, i + 2, tense, out)
    if following.upos != "VERB":
        return None
    tense = "did" if "PST" in following.features else "be"
    out.append(inserted(_FORMS[tense][person], "AUX", _ORIGIN, source))
    return _predicate(words, i + 1, tense, out)
