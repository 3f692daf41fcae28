"""Urdu forms: verbs by what `urd_clauses.order` found, and the agreement of nouns, adjectives and possessors."""

import random

from lowres.english import WHEN
from lowres.pair import COPY, Pair, Word, changed
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS

_TIMES = WHEN | frozenset("am pm a.m. p.m. daily weekly monthly".split())

_UNITS = frozenset("minute hour second".split())
_OBLIQUE = {"یہ": "اس", "وہ": "اس", "کون سا": "کس", "کوئی": "کسی", "کیا": "کس", "کون": "کس"}


# --- verb forms ---

_LIGHT_NOT = frozenset("دینا لینا آنا جانا ہونا سننا دیکھنا چاہنا لانا بتانا بھیجنا ڈھونڈنا پڑھنا".split())
_PERFECTIVE = {"کرنا": "کی", "جانا": "گئ", "دینا": "دی", "لینا": "لی", "ہونا": "ہو"}


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate: polite and familiar commands, some with دینا 'give'; can, habit, progress, past, future.

    A verb that no lexicon has is a loan with کرنا 'do'.
    """
    command = _command_of(rng)
    return pair.with_words([_spoken(word, command) for word in pair.words])


def _command_of(rng: random.Random) -> str:
    draw = rng.random()
    return "polite" if draw < 0.45 else "familiar" if draw < 0.75 else "give" if draw < 0.9 else "give familiar"


def _spoken(word: Word, command: str) -> Word:
    if word.upos == "AUX" and "COP" in word.features:
        return changed(word, form=_be(word.features), origin="rule:urd_verbs.verbs")
    if word.upos != "VERB" or not word.features & _FORMS:
        return word
    lemma = word.lemma if word.lemma.endswith("نا") and word.origin != COPY else f"{word.form} کرنا"
    if word.origin in (COPY, "rule:transliterate"):
        lemma = f"{word.form} کرنا"
    head, space, last = lemma.rpartition(" ")
    form = (
        head
        + space
        + ("نہ " if "IMP" in word.features else "نہیں ") * ("NEG" in word.features)
        + _form(last, word.features, command)
    )
    return changed(word, form=form, origin="rule:urd_verbs.verbs")


_FORMS = frozenset({"IMP", "NFIN", "ABLE", "OBLIG", "FUT", "PROG", "PRF", "PST", "SBJV", "HAB"})


def _form(lemma: str, features: frozenset[str], command: str) -> str:
    stem = lemma[:-2]
    if "IMP" in features:
        return _imperative(lemma, stem, command)
    if "NFIN" in features:
        return lemma
    if "OBLIG" in features:
        return f"{lemma} چاہیے"
    if "ABLE" in features:
        return f"{stem} {_ending('سکتا', features)} {_be(features)}"
    if "PROG" in features:
        return f"{stem} {_ending('رہا', features)} {_be(features)}"
    if features & {"PST", "PRF"}:
        done = _perfective(lemma, stem, features)
        return f"{done} {_be(features - {'PST'})}" if "PRF" in features else done
    if "HAB" in features:
        return f"{_ending(stem + 'تا', features)} {_be(features)}"
    if lemma == "ہونا" and "FUT" in features:
        return _be(features)
    wish = _subjunctive(lemma, stem, features)
    return f"{wish} {_ending('گا', features)}" if "FUT" in features else wish


def _imperative(lemma: str, stem: str, command: str) -> str:
    if command.startswith("give") and lemma not in _LIGHT_NOT:
        return f"{stem} {'دیں' if command == 'give' else 'دو'}"
    if lemma in ("دینا", "لینا"):
        return stem[0] + ("یں" if command in ("polite", "give") else "و")
    return _joined(stem, "یں" if command in ("polite", "give") else "و")


def _joined(stem: str, ending: str) -> str:
    """A vowel stem puts hamza before an ending that begins with a vowel."""
    if stem.endswith(("ا", "و")):
        return stem + {"یں": "ئیں", "و": "ؤ", "وں": "ؤں", "ے": "ئے"}[ending]
    if stem.endswith("ی") and len(stem) < 4:
        return stem[:-1] + {"یں": "ئیں", "و": "یو", "وں": "یوں", "ے": "ئے"}[ending]
    return stem + ending


def _subjunctive(lemma: str, stem: str, features: frozenset[str]) -> str:
    ending = "وں" if {"1", "SG"} <= features else "و" if "INFM" in features else "یں" if features & {"2", "PL"} else "ے"
    if lemma in ("دینا", "لینا"):
        return stem[0] + ending
    if lemma == "ہونا":
        return {"وں": "ہوں", "یں": "ہوں", "ے": "ہو", "و": "ہو"}[ending]
    return _joined(stem, ending)


def _perfective(lemma: str, stem: str, features: frozenset[str]) -> str:
    gender = "FEM" if "FEM" in features else "MASC"
    if lemma in _PERFECTIVE:
        short = _PERFECTIVE[lemma]
        if lemma == "ہونا":
            return "ہوئی" if gender == "FEM" else "ہوئے" if "PL" in features else "ہوا"
        if lemma == "جانا":
            return "گئی" if gender == "FEM" else "گئے" if "PL" in features else "گیا"
        return short if gender == "FEM" else short[0] + ("یے" if "PL" in features else "یا")
    masculine = stem + ("یا" if stem.endswith(("ا", "و")) else "ا")
    if stem.endswith(("ا", "و")):
        return stem + "ئی" if gender == "FEM" else stem + "ئے" if "PL" in features else masculine
    return _declined(masculine, gender, "PL" in features)


def _ending(form: str, features: frozenset[str]) -> str:
    return _declined(form, "FEM" if "FEM" in features else "MASC", bool(features & {"PL"}))


def _be(features: frozenset[str]) -> str:
    if "FUT" in features:
        return "ہوگی" if "FEM" in features else "ہوں گے" if "PL" in features else "ہوگا"
    if "PST" in features:
        return "تھی" if "FEM" in features else "تھے" if "PL" in features else "تھا"
    if {"1", "SG"} <= features:
        return "ہوں"
    if "INFM" in features:
        return "ہو"
    return "ہیں" if features & {"PL", "2"} else "ہے"


# --- agreement ---

_FEMININE = ("ی", "ت", "ش", "یں", "ں")
_FALSE_ALEF = frozenset("یا کیا سا".split())


def _gender(word: Word, resources: Resources) -> str:
    """From the paradigm table; else by the noun's ending."""
    for cell in resources.inflector.paradigms.cells.get(word.lemma, ()):
        if "FEM" in cell.features:
            return "FEM"
        if "MASC" in cell.features:
            return "MASC"
    return "FEM" if word.form.endswith(_FEMININE) and word.origin != COPY else "MASC"


def _declined(form: str, gender: str, oblique: bool) -> str:
    """An adjective, participle or possessor in -ā: -ī with feminines, -e with masculine plurals and obliques."""
    if not form.endswith("ا") or form in _FALSE_ALEF or len(form) < 2:
        return form
    if form == "نیا":
        return "نئی" if gender == "FEM" else "نئے" if oblique else form
    return form[:-1] + ("ی" if gender == "FEM" else "ے" if oblique else "ا")


def agree(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Nouns in the plural and before postpositions; adjectives, کا and میرا agree with the noun that follows them."""
    words = list(pair.words)
    gender, many, oblique, after = "MASC", False, False, None
    for k in range(len(words) - 1, -1, -1):
        word = words[k]
        governed = after is not None and after.upos == "ADP"
        if word.upos in NOUNS:
            if after is None or after.upos not in NOUNS:
                time = bool(word.source) and pair.lemma(word) in _TIMES
                gender, many, oblique = _gender(word, resources), "PL" in word.features, governed or time
                counted = time and k > 0 and words[k - 1].upos == "NUM" and pair.lemma(word) in _UNITS
                words[k] = _noun(word, gender, many, oblique and not counted, resources)
        elif word.upos == "VERB" and governed and word.form.endswith("نا"):
            words[k] = changed(word, form=word.form[:-1] + "ے")
        elif word.upos in ("ADJ", "DET", "PRON", "ADP", "NUM") and word.origin != COPY:
            if governed and word.upos in ("DET", "PRON") or oblique and word.form in _OBLIQUE:
                words[k] = changed(word, form=_OBLIQUE.get(word.form, word.form))
            elif word.form.endswith("ا"):
                words[k] = changed(word, form=_declined(word.form, gender, many or oblique))
        elif word.upos in ("ADV", "SCONJ", "CCONJ"):
            gender, many, oblique = "MASC", False, False
        after = words[k]
    return pair.with_words(words)


def _noun(word: Word, gender: str, many: bool, oblique: bool, resources: Resources) -> Word:
    if word.origin == COPY or not (many or oblique):
        return word
    case, number = "ACC" if oblique else "NOM", "PL" if many else "SG"
    form = resources.inflector.paradigms.form(word.lemma, "N", case, number)
    return changed(word, form=form, origin="paradigm:table") if form else word
