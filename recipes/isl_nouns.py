"""Rules for Icelandic nouns: case by verb and preposition, the suffixed article, agreement, genitives and compounds.

Run after those of `isl`, `isl_clauses` and `isl_words`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lowres.english import WEEKDAYS
from lowres.ordering import slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS, begins_phrase, is_nominal
from lowres.rules.rereading import lowered

_OWN = {"my": "minn", "your": "þinn", "his": "hans", "her": "hennar", "its": "þess", "our": "okkar", "their": "þeirra"}
_CASES = ("NOM", "ACC", "DAT", "GEN")
_GOVERNED = {
    "ACC": "um|við|fyrir|yfir|eftir|í gegnum|í kringum|varðandi|í staðinn fyrir|fyrir framan|fyrir ofan",
    "DAT": "á|í|frá|úr|af|að|hjá|með|undir|gegn|nálægt|samkvæmt|við hliðina á|inni í",
    "GEN": "til|án|á milli|innan|vegna|meðal",
}
_PREPOSITIONS = {form: case for case, forms in _GOVERNED.items() for form in forms.split("|")}
_DATIVE = frozenset((
    "kveikja á", "slökkva á", "snúa", "breyta", "svara", "bæta við", "eyða", "aflýsa", "gera hlé á", "loka",
    "leita að", "fletta upp", "trúa", "gleyma", "leyfa", "ná", "bjóða", "tilkynna", "deila", "fylgja", "sleppa",
    "þagga niður í", "bíða eftir", "lýsa", "kenna", "hjálpa", "mæla með", "stinga upp á", "þakka", "hafna", "tapa",
    "missa af", "kasta", "hala niður", "hlaða upp", "streyma", "fylgjast með", "ljúka", "búast við", "læsa",
    "stjórna", "skila", "skipta út", "fagna", "halda áfram með",
))  # fmt: skip
_TO_SOMEBODY = frozenset(("segja", "gefa", "sýna", "senda", "útskýra", "kenna", "svara", "skrifa", "lána", "hjálpa"))
_FOR_SOMEBODY = frozenset(
    ("finna", "fá", "ná í", "spila", "bóka", "panta", "kaupa", "gera", "búa til", "sækja", "lesa", "velja", "opna")
)
_MOVING = frozenset(("setja", "bæta við", "fara", "færa", "koma", "senda", "setja upp", "skrifa", "pósta", "breyta", "fara í"))
_ONTO = frozenset(("setja", "bæta við", "skrifa", "pósta", "birta", "senda", "skipta um", "fara", "stilla á"))
_INTO = frozenset(("breyta", "hækka", "lækka", "stilla", "auka", "minnka", "hringja í"))
_OFF = frozenset(("fjarlægja", "eyða", "taka", "hreinsa", "taka út"))
_PRONOUNS = {
    "i me": "ég mig mér mín", "you": "þú þig þér þín", "he him": "hann hann honum hans",
    "she her": "hún hana henni hennar",
    "it that": "það það því þess", "we us": "við okkur okkur okkar", "they them": "þeir þá þeim þeirra",
    "this": "þetta þetta þessu þessa", "everything": "allt allt öllu alls",
}  # fmt: skip
_FORMS = {one: dict(zip(_CASES, _PRONOUNS[key].split(), strict=True)) for key in _PRONOUNS for one in key.split()}
_DETERMINERS = frozenset((
    "þessi", "minn", "þinn", "einhver", "hver", "enginn", "einn", "tveir", "þrír", "fjórir", "margir", "báðir",
))  # fmt: skip
_PLURALS = {"er": "eru", "var": "voru", "hefur": "hafa", "verður": "verða", "getur": "geta", "mun": "munu"}
_GENDERS = ("MASC", "FEM", "NEUT")
_KIN = frozenset(("mamma", "pabbi", "bróðir", "systir", "sonur", "dóttir", "amma", "afi", "frændi", "frænka", "vinur"))
_WEAK_ALWAYS = frozenset(("næstur", "síðastur", "fyrri", "nýjastur"))
_ORDINAL = ("ti", "ði", "ndi", "fyrstur", "annar", "þriðji", "fyrsti")


@dataclass(frozen=True, slots=True)
class Form:
    """What a noun phrase agrees in."""

    case: str = "NOM"
    number: str = "SG"
    gender: str = "NEUT"
    definite: bool = False


def _in_phrase(word: Word) -> bool:
    return is_nominal(word) or word.key == "how many"


def _determiner(resources: Resources, lemma: str, form: Form) -> str:
    return resources.inflector.paradigms.form(lemma, "DET", form.gender, form.case, form.number)


def cases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give every noun phrase and pronoun the case that its verb or preposition governs, with article and agreement:
    the new song after play is nýja lagið, in my calendar í dagatalinu mínu, name of the song nafn lagsins."""
    words = [word for word in pair.words if word.form or _in_phrase(word)]
    out: list[Word] = []
    state = _State()
    definite_days = rng.random() < 0.5
    i = 0
    while i < len(words):
        end = i
        while end < len(words) and _in_phrase(words[end]) and not (end > i and begins_phrase(words[end], words[end - 1])):
            end += 1
        if end > i:
            owned = end + 1 < len(words) and words[end].key == "of" and _in_phrase(words[end + 1])
            before = state.case
            out.extend(_phrase(pair, words[i:end], state, resources, owned, definite_days))
            if before == "NOM" and i and words[i - 1].upos == "AUX" and state.subject.number == "PL":
                out[:] = [_made_plural(w, state.subject, resources) if w in words[max(0, i - 2) : i] else w for w in out]
            if owned and words[end].origin != COPY:
                state.case, end = "GEN", end + 1
            i = end
        else:
            out.extend(_single(words, i, state))
            i += 1
    return pair.with_words(lowered(pair, word) for word in out) if slots_whole(pair, out) else pair


def _made_plural(word: Word, subject: Form, resources: Resources) -> Word:
    """er: eru, and hver: hverjir, before a subject in the plural."""
    if word.upos == "AUX":
        return replace(word, form=_PLURALS.get(word.form, word.form))
    return replace(word, form=(_determiner(resources, "hver", subject) or word.form)) if word.form == "hver" else word


@dataclass(slots=True)
class _State:
    """What the words so far ask of the next noun phrase."""

    case: str = "NOM"
    verb: str = ""
    after_subject: str = ""  # the object's case, once the subject of a question is past
    subject: Form = Form()


def _single(words: Sequence[Word], i: int, state: _State) -> list[Word]:
    """A word outside of noun phrases: it may govern what follows, or be a pronoun that is governed."""
    word, key = words[i], words[i].key
    if key in _FORMS and word.upos in ("PRON", "DET"):
        return _pronoun(word, key, state)
    if word.upos in ("VERB", "AUX"):
        asks = "ASKS" in word.features
        case = "NOM" if word.upos == "AUX" else "DAT" if word.lemma in _DATIVE else "ACC"
        state.verb = word.lemma if word.upos == "VERB" else state.verb
        state.case, state.after_subject = ("NOM", case) if asks else (case, "")
    elif key in ("remind", "have") and word.form in ("á", "með"):
        state.case = "ACC"
    elif (
        word.upos in ("ADP", "PART")
        and word.form in _PREPOSITIONS
        and key not in ("to", "n't")
        or key == "to"
        and word.upos == "ADP"
    ):
        word = _preposition(word, words[i + 1] if i + 1 < len(words) else None, state)
    elif word.upos in ("SCONJ", "INTJ"):
        state.case = "NOM"
    return [word]


def _preposition(word: Word, following: Word | None, state: _State) -> Word:
    """The preposition and its case: into a list with the accusative, at it with the dative."""
    key = word.key
    if key == "to" and state.verb in _ONTO:
        word = replace(word, form="á", lemma="á")
    elif key == "to" and state.verb in _INTO:
        word = replace(word, form="í", lemma="í")
    elif key == "from" and state.verb in _OFF:
        word = replace(word, form="af", lemma="af")
    form = word.form
    state.case = _PREPOSITIONS.get(form, "DAT")
    if form in ("á", "í") and (state.verb in _MOVING or following is not None and following.key in WEEKDAYS):
        state.case = "ACC"
    return word


def _pronoun(word: Word, key: str, state: _State) -> list[Word]:
    case = "NOM" if key in ("i", "he", "she", "we", "they") else state.case
    if key in ("me", "us", "him", "them", "her") and state.verb in _TO_SOMEBODY and case in ("ACC", "DAT"):
        state.case = "DAT" if state.verb in _DATIVE else "ACC"
        return [replace(word, form=_FORMS[key]["DAT"], origin="rule:isl_nouns.cases")]
    if key in ("me", "us") and state.verb in _FOR_SOMEBODY and case == "ACC":
        return [
            Word("fyrir", "fyrir", "ADP", NOTHING, (), "rule:isl_nouns.cases"),
            replace(word, form=_FORMS[key]["ACC"]),
        ]
    state.case, state.after_subject = state.after_subject or ("NOM" if case == "NOM" else state.case), ""
    return [replace(word, form=_FORMS[key][case], origin="rule:isl_nouns.cases")]


# --- noun phrases ------------------------------------------------------------------------------------------------


def _phrase(pair: Pair, run: list[Word], state: _State, resources: Resources, owned: bool, definite_days: bool) -> list[Word]:
    """A run of nominal words in its case; what it leaves for the next phrase goes into `state`."""
    last = max((k for k, word in enumerate(run) if word.upos in NOUNS), default=-1)
    case = state.case
    if last < 0:
        return [made for word in run for made in _headless(word, case, state, resources)]
    state.case, state.after_subject = state.after_subject or state.case, ""
    owner = next((k for k, word in enumerate(run[:last]) if "PSS" in word.features and word.upos in NOUNS), None)
    if owner is not None:
        return _possessed(pair, run, owner, last, case, resources)
    if last and run[last].origin == COPY and run[last - 1].upos == "NOUN" and run[last - 1].origin != COPY:
        last -= 1  # the word x: orðið x
    words, form = _declined(pair, run[: last + 1], case, resources, owned, definite_days)
    if case == "NOM":
        state.subject = form
    rest = [made for word in run[last + 1 :] for made in _headless(word, case, state, resources)]
    return [word for word in (*words, *rest) if word.form]


def _headless(word: Word, case: str, state: _State, resources: Resources) -> list[Word]:
    """An adjective after its noun agrees with the subject; the rest only takes its case."""
    if word.key in ("a", "an", "the"):
        return []
    if word.upos == "ADJ" and word.lemma.endswith(_ORDINAL):
        return [_adjective(word, Form(case="ACC", gender="MASC", definite=True), resources)]
    if word.upos == "ADJ" and word.origin != COPY:
        form = replace(state.subject, case=case, definite=False)
        return [_adjective(word, form, resources)]
    if word.lemma in _DETERMINERS:
        form = Form(case=case, number="SG" if word.lemma == "einn" else "PL")
        return [replace(word, form=_determiner(resources, word.lemma, form) or word.form)]
    return [word] if word.form else []


def _possessed(pair: Pair, run: list[Word], owner: int, last: int, case: str, resources: Resources) -> list[Word]:
    """john's number: númer johns."""
    thing, _ = _declined(pair, run[owner + 1 : last + 1], case, resources, True, False)
    by, _ = _declined(pair, run[: owner + 1], "GEN", resources, False, False)
    by[-1] = replace(by[-1], form=_of_name(by[-1].form)) if by[-1].origin == COPY else by[-1]
    ordered = [*thing, *by]
    plain = ordered if slots_whole(pair, ordered) else [*by, *thing]
    return [word for word in (*plain, *run[last + 1 :]) if word.form]


def _of_name(form: str) -> str:
    host = form.removesuffix("'s").removesuffix("'")
    return host if host.endswith("s") else host + "s"


def _declined(pair: Pair, run: list[Word], case: str, resources: Resources, owned: bool, days: bool) -> tuple[list[Word], Form]:
    """Determiners, adjectives and noun in one form; the possessive after the noun."""
    head = run[-1]
    lemma = head.lemma
    own = next((word for word in run if word.key in _OWN), None)
    the = any(word.key == "the" for word in run[:-1])
    pointing = any((word.lemma in _DETERMINERS or word.lemma in ("hvaða", "annar")) and word.key not in _OWN for word in run[:-1])
    weak = any(word.lemma in _WEAK_ALWAYS for word in run[:-1])
    number = "PL" if "PL" in head.features or any(_plural(word) for word in run[:-1]) else "SG"
    number = number if _has(resources, lemma, number) else "PL" if _has(resources, lemma, "PL") else number
    definite = (the and not owned and not weak or own is not None and lemma not in _KIN) and not pointing
    definite = definite or days and head.key in WEEKDAYS and case == "ACC" and len(run) == 1
    form = Form(case=case, number=number, gender=_gender(resources, lemma), definite=definite)
    strong = not (the or own is not None or weak or any(word.lemma == "þessi" for word in run))
    words: list[Word] = []
    for word in run[:-1]:
        words.extend(_modifier(word, form, strong, resources))
    words.append(_noun(head, form, resources))
    words = _compounded(pair, words)
    if own is not None:
        words.append(_owning(own, form, resources))
    return (words if slots_whole(pair, words) else [w for w in words if w is not own]), form


def _plural(word: Word) -> bool:
    return word.upos == "NUM" and word.lemma not in ("einn", "núll") or word.key in ("how many", "these", "those", "many", "all")


def _owning(own: Word, form: Form, resources: Resources) -> Word:
    """minn and þinn agree, the others (hans, okkar) do not."""
    lemma = _OWN[own.key]
    return replace(own, form=_determiner(resources, lemma, form) or lemma, origin="rule:isl_nouns.cases")


def _modifier(word: Word, form: Form, strong: bool, resources: Resources) -> list[Word]:
    key = word.key
    if key in ("the", "a", "an") or key in _OWN:
        return []
    if key == "how many":
        return [replace(word, form="hversu " + _determiner(resources, "margir", replace(form, number="PL")))]
    if word.lemma in _DETERMINERS:
        made = _determiner(resources, word.lemma, form)
        return [replace(word, form=made, origin="rule:isl_nouns.cases")] if made else [word]
    if word.upos in ("ADJ", "DET") and word.origin != COPY:
        return [_adjective(word, replace(form, definite=not strong), resources)]
    if word.upos == "NOUN" and word.origin != COPY:
        return [_genitive(word, resources)]
    return [word] if word.form else []


def _adjective(word: Word, form: Form, resources: Resources) -> Word:
    table = resources.inflector.paradigms
    wanted = ("ADJ", form.gender, form.case, form.number, "DEF" if form.definite else "INDF")
    found = table.form(word.lemma, *wanted) or table.form(word.lemma, *wanted[:-1], "INDF")
    return replace(word, form=found, origin="paradigm:table") if found else word


def _genitive(word: Word, resources: Resources) -> Word:
    """The first part of a compound."""
    if not _has(resources, word.lemma, "PL") and _gender(resources, word.lemma) == "NEUT":
        return replace(word, features=word.features | {"COMPOUND"})  # stuff stands in its stem: rokktónlist
    number = "PL" if "PL" in word.features or not _has(resources, word.lemma, "SG") else "SG"
    found = resources.inflector.paradigms.form(word.lemma, "N", "GEN", number, "INDF")
    return replace(word, form=found or word.form, features=word.features | {"COMPOUND"})


def _compounded(pair: Pair, words: list[Word]) -> list[Word]:
    """Parts of a compound as one word, but a part with a slot of its own stands alone."""
    out: list[Word] = []
    for word in words:
        before = out[-1] if out else None
        if (
            before is not None
            and "COMPOUND" in before.features
            and pair.slot(before) == pair.slot(word)
            and word.origin != COPY
            and word.upos == "NOUN"
        ):
            out[-1] = replace(
                word,
                form=before.form + word.form,
                source=(*before.source, *word.source),
                gloss=f"{before.gloss} {word.gloss}",
            )
        else:
            out.append(word)
    return out


def _noun(word: Word, form: Form, resources: Resources) -> Word:
    if word.origin == COPY or word.upos == "PROPN" and not _has(resources, word.lemma, "SG"):
        return word
    table, wanted = resources.inflector.paradigms, ("N", form.case, form.number)
    found = table.form(word.lemma, *wanted, "DEF") if form.definite else ""
    found = found or table.form(word.lemma, *wanted, "INDF")
    if found:
        return replace(word, form=found, origin="paradigm:table")
    learnt = resources.inflector.inflect(word.lemma, frozenset((*wanted, "DEF" if form.definite else "INDF")))
    return replace(word, form=learnt[0], origin=f"paradigm:{learnt[1]}") if learnt and word.upos == "NOUN" else word


def _has(resources: Resources, lemma: str, number: str) -> bool:
    return bool(resources.inflector.paradigms.form(lemma, "N", number))


def _gender(resources: Resources, lemma: str) -> str:
    """The gender that the table has, or that the definite form or the ending shows."""
    for gender in _GENDERS:
        if resources.inflector.paradigms.form(lemma, "N", gender):
            return gender
    return _guessed(resources.inflector.paradigms.form(lemma, "N", "NOM", "SG", "DEF") or lemma)


@lru_cache(maxsize=4096)
def _guessed(form: str) -> str:
    if form.endswith(("ið", "ð")):
        return "NEUT"
    if form.endswith(("inn", "ur", "i", "ll", "nn")):
        return "MASC"
    return "FEM" if form.endswith(("a", "in", "ing", "un", "an")) else "NEUT"
