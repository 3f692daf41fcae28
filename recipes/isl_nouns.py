"""Rules for Icelandic nouns: case by verb and preposition, the suffixed article, agreement, genitives and compounds.

Run after those of `isl` and `isl_clauses`.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lowres.ordering import _slots_whole as slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_NOMINAL = frozenset(("DET", "NUM", "ADJ", "NOUN", "PROPN"))
_NOUNS = frozenset(("NOUN", "PROPN"))
_MOMENTS = frozenset(("today", "tomorrow", "tonight", "yesterday", "now"))
_OWN = {"my": "minn", "your": "þinn", "his": "hans", "her": "hennar", "its": "þess", "our": "okkar", "their": "þeirra"}
_CASES = ("NOM", "ACC", "DAT", "GEN")
_PREPOSITIONS = {
    "á": "DAT", "í": "DAT", "til": "GEN", "frá": "DAT", "úr": "DAT", "af": "DAT", "að": "DAT", "hjá": "DAT", "með": "DAT", "um": "ACC",
    "við": "ACC", "fyrir": "ACC", "yfir": "ACC", "eftir": "ACC", "undir": "DAT", "án": "GEN", "á milli": "GEN", "gegn": "DAT",
    "í gegnum": "ACC", "í kringum": "ACC", "nálægt": "DAT", "varðandi": "ACC", "innan": "GEN", "samkvæmt": "DAT", "vegna": "GEN",
    "við hliðina á": "DAT", "inni í": "DAT", "í staðinn fyrir": "ACC", "fyrir framan": "ACC", "fyrir ofan": "ACC", "meðal": "GEN",
}  # fmt: skip
_DATIVE = frozenset((
    "kveikja á", "slökkva á", "snúa", "breyta", "svara", "bæta við", "eyða", "aflýsa", "gera hlé á", "loka", "leita að", "fletta upp",
    "trúa", "gleyma", "leyfa", "ná", "bjóða", "tilkynna", "deila", "fylgja", "sleppa", "þagga niður í", "bíða eftir", "lýsa", "kenna",
    "hjálpa", "mæla með", "stinga upp á", "þakka", "hafna", "tapa", "missa af", "kasta", "hala niður", "hlaða upp", "streyma",
    "fylgjast með", "ljúka", "búast við", "læsa", "stjórna", "skila", "skipta út", "fagna", "halda áfram með",
))  # fmt: skip
_TO_SOMEBODY = frozenset(("segja", "gefa", "sýna", "senda", "útskýra", "kenna", "svara", "skrifa", "lána", "hjálpa"))
_FOR_SOMEBODY = frozenset(("finna", "fá", "ná í", "spila", "bóka", "panta", "kaupa", "gera", "búa til", "sækja", "lesa", "velja", "opna"))
_MOVING = frozenset(("setja", "bæta við", "fara", "færa", "koma", "senda", "setja upp", "skrifa", "pósta", "breyta", "fara í"))
_PRONOUNS = {
    "i": "ég mig mér mín", "me": "ég mig mér mín", "you": "þú þig þér þín", "he": "hann hann honum hans", "him": "hann hann honum hans",
    "she": "hún hana henni hennar", "her": "hún hana henni hennar", "it": "það það því þess", "we": "við okkur okkur okkar",
    "us": "við okkur okkur okkar", "they": "þeir þá þeim þeirra", "them": "þeir þá þeim þeirra", "this": "þetta þetta þessu þessa",
    "that": "það það því þess", "everything": "allt allt öllu alls",
}  # fmt: skip
_FORMS = {pronoun: dict(zip(_CASES, forms.split(), strict=True)) for pronoun, forms in _PRONOUNS.items()}
# masculine, feminine, neuter; plural masculine, feminine, neuter: each in four cases
_DETERMINERS = {
    "þessi": "þessi þennan þessum þessa|þessi þessa þessari þessarar|þetta þetta þessu þessa|"
    "þessir þessa þessum þessara|þessar þessar þessum þessara|þessi þessi þessum þessara",
    "minn": "minn minn mínum míns|mín mína minni minnar|mitt mitt mínu míns|"
    "mínir mína mínum minna|mínar mínar mínum minna|mín mín mínum minna",
    "einhver": "einhver einhvern einhverjum einhvers|einhver einhverja einhverri einhverrar|eitthvert eitthvert einhverju einhvers|"
    "einhverjir einhverja einhverjum einhverra|einhverjar einhverjar einhverjum einhverra|einhver einhver einhverjum einhverra",
    "hver": "hver hvern hverjum hvers|hver hverja hverri hverrar|hvert hvert hverju hvers|"
    "hverjir hverja hverjum hverra|hverjar hverjar hverjum hverra|hver hver hverjum hverra",
    "enginn": "enginn engan engum einskis|engin enga engri engrar|ekkert ekkert engu einskis|"
    "engir enga engum engra|engar engar engum engra|engin engin engum engra",
    "einn": "einn einn einum eins|ein eina einni einnar|eitt eitt einu eins|einir eina einum einna|einar einar einum einna|ein ein einum einna",
    "tveir": "||||||tveir tvo tveimur tveggja|tvær tvær tveimur tveggja|tvö tvö tveimur tveggja",
    "þrír": "||||||þrír þrjá þremur þriggja|þrjár þrjár þremur þriggja|þrjú þrjú þremur þriggja",
    "fjórir": "||||||fjórir fjóra fjórum fjögurra|fjórar fjórar fjórum fjögurra|fjögur fjögur fjórum fjögurra",
    "margir": "margur margan mörgum margs|mörg marga margri margrar|margt margt mörgu margs|"
    "margir marga mörgum margra|margar margar mörgum margra|mörg mörg mörgum margra",
    "báðir": "||||||báðir báða báðum beggja|báðar báðar báðum beggja|bæði bæði báðum beggja",
}
_GENDERS = ("MASC", "FEM", "NEUT")
_NO_ARTICLE = frozenset((
    "mamma", "pabbi", "bróðir", "systir", "sonur", "dóttir", "amma", "afi", "frændi", "frænka", "eiginmaður", "eiginkona", "vinur",
))  # fmt: skip
_WEAK_ALWAYS = frozenset(("næstur", "síðastur", "fyrri", "nýjastur"))
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


@dataclass(frozen=True, slots=True)
class Form:
    """What a noun phrase agrees in."""

    case: str = "NOM"
    number: str = "SG"
    gender: str = "NEUT"
    definite: bool = False


def _key(word: Word) -> str:
    return word.gloss.lower()


def _nominal(word: Word) -> bool:
    return (word.upos in _NOMINAL or _key(word) in _OWN or _key(word) == "how many") and _key(word) not in _MOMENTS


def _determiner(lemma: str, form: Form) -> str:
    blocks = [block for block in _DETERMINERS[lemma].split("|")]
    if blocks[0] == "":
        blocks = [""] * 3 + [block for block in blocks if block]
    block = blocks[_GENDERS.index(form.gender) + 3 * (form.number == "PL")]
    return block.split()[_CASES.index(form.case)] if block else ""


def cases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give every noun phrase and pronoun the case that its verb or preposition governs, with article and agreement:
    the new song after play is nýja lagið, in my calendar í dagatalinu mínu, name of the song nafn lagsins."""
    words = [word for word in pair.words if word.form or _nominal(word)]
    out: list[Word] = []
    state = _State()
    definite_days = rng.random() < 0.5
    i = 0
    while i < len(words):
        end = i
        while end < len(words) and _nominal(words[end]) and (end == i or _key(words[end - 1]) not in _PRONOUNS):
            end += 1
        if end > i:
            owned = end + 1 < len(words) and _key(words[end]) == "of" and _nominal(words[end + 1])
            out.extend(_phrase(pair, words[i:end], state, resources, owned, definite_days))
            if owned and words[end].origin != COPY:
                state.case, end = "GEN", end + 1
            i = end
        else:
            out.extend(_single(words, i, state))
            i += 1
    return pair.with_words(out) if slots_whole(pair, out) else pair


@dataclass(slots=True)
class _State:
    """What the words so far ask of the next noun phrase."""

    case: str = "NOM"
    verb: str = ""
    after_subject: str = ""  # the object's case, once the subject of a question is past
    subject: Form = Form()


def _single(words: Sequence[Word], i: int, state: _State) -> list[Word]:
    """A word outside of noun phrases: it may govern what follows, or be a pronoun that is governed."""
    word, key = words[i], _key(words[i])
    if key in _FORMS and word.upos in ("PRON", "DET"):
        return _pronoun(word, key, state)
    if word.upos in ("VERB", "AUX"):
        asks = "ASKS" in word.features
        case = "NOM" if word.upos == "AUX" else "DAT" if word.lemma in _DATIVE else "ACC"
        state.verb = word.lemma if word.upos == "VERB" else state.verb
        state.case, state.after_subject = ("NOM", case) if asks else (case, "")
    elif word.upos in ("ADP", "PART") and word.form in _PREPOSITIONS and key not in ("to", "n't") or key == "to" and word.upos == "ADP":
        word = _preposition(word, words[i + 1] if i + 1 < len(words) else None, state)
    elif word.upos in ("SCONJ", "INTJ"):
        state.case = "NOM"
    return [word]


def _preposition(word: Word, following: Word | None, state: _State) -> Word:
    """The preposition and its case: into a list with the accusative, at it with the dative."""
    key = _key(word)
    if key == "to" and state.verb in _MOVING and state.verb not in ("fara", "senda", "koma", "fara í"):
        word = replace(word, form="í" if state.verb == "breyta" else "á", lemma="á")
    form = word.form
    state.case = _PREPOSITIONS.get(form, "DAT")
    if form in ("á", "í") and (state.verb in _MOVING or following is not None and _key(following) in _DAYS):
        state.case = "ACC"
    return word


def _pronoun(word: Word, key: str, state: _State) -> list[Word]:
    case = state.case
    if key in ("me", "us", "him", "them", "her") and state.verb in _TO_SOMEBODY and case in ("ACC", "DAT"):
        state.case = "DAT" if state.verb in _DATIVE else "ACC"
        return [replace(word, form=_FORMS[key]["DAT"], origin="rule:isl_nouns.cases")]
    if key in ("me", "us") and state.verb in _FOR_SOMEBODY and case == "ACC":
        return [Word("fyrir", "fyrir", "ADP", NOTHING, (), "rule:isl_nouns.cases"), replace(word, form=_FORMS[key]["ACC"])]
    state.case, state.after_subject = state.after_subject or ("NOM" if case == "NOM" else state.case), ""
    return [replace(word, form=_FORMS[key][case], origin="rule:isl_nouns.cases")]


# --- noun phrases ------------------------------------------------------------------------------------------------


def _phrase(pair: Pair, run: list[Word], state: _State, resources: Resources, owned: bool, definite_days: bool) -> list[Word]:
    """A run of nominal words in its case; what it leaves for the next phrase goes into `state`."""
    last = max((k for k, word in enumerate(run) if word.upos in _NOUNS), default=-1)
    case = state.case
    if last < 0:
        return [made for word in run for made in _headless(word, case, state, resources)]
    state.case, state.after_subject = state.after_subject or state.case, ""
    owner = next((k for k, word in enumerate(run[:last]) if "PSS" in word.features and word.upos in _NOUNS), None)
    if owner is not None:
        return _possessed(pair, run, owner, last, case, resources)
    words, form = _declined(pair, run[: last + 1], case, resources, owned, definite_days)
    if case == "NOM":
        state.subject = form
    return [word for word in (*words, *run[last + 1 :]) if word.form]


def _headless(word: Word, case: str, state: _State, resources: Resources) -> list[Word]:
    """An adjective after its noun agrees with the subject; the rest only takes its case."""
    if _key(word) in ("a", "an", "the"):
        return []
    if word.upos == "ADJ" and word.origin != COPY:
        form = replace(state.subject, case=case, definite=False)
        return [_adjective(word, form, resources)]
    if word.lemma in _DETERMINERS:
        return [replace(word, form=_determiner(word.lemma, Form(case=case, number="PL" if word.lemma != "einn" else "SG")) or word.form)]
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
    own = next((word for word in run if _key(word) in _OWN), None)
    the = any(_key(word) == "the" for word in run[:-1])
    pointing = any(word.lemma in _DETERMINERS or word.lemma in ("hvaða", "annar") for word in run[:-1])
    weak = any(word.lemma in _WEAK_ALWAYS for word in run[:-1])
    number = "PL" if "PL" in head.features or any(_plural(word) for word in run[:-1]) else "SG"
    number = number if _has(resources, lemma, number) else "PL" if _has(resources, lemma, "PL") else number
    definite = (the and not owned and not weak or own is not None and lemma not in _NO_ARTICLE) and not pointing
    definite = definite or days and _key(head) in _DAYS and case == "ACC" and len(run) == 1
    form = Form(case=case, number=number, gender=_gender(resources, lemma), definite=definite)
    strong = not (the or own is not None or weak or any(word.lemma == "þessi" for word in run))
    words: list[Word] = []
    for word in run[:-1]:
        words.extend(_modifier(word, form, strong, resources))
    words.append(_noun(head, form, resources))
    words = _compounded(pair, words)
    if own is not None:
        words.append(_owning(own, form))
    return (words if slots_whole(pair, words) else [w for w in words if w is not own]), form


def _plural(word: Word) -> bool:
    return word.upos == "NUM" and word.lemma not in ("einn", "núll") or _key(word) in ("how many", "these", "those", "many", "all")


def _owning(own: Word, form: Form) -> Word:
    lemma = _OWN[_key(own)]
    if lemma in ("minn", "þinn"):
        made = _determiner("minn", form)
        return replace(own, form=made if lemma == "minn" else "þ" + made[1:], origin="rule:isl_nouns.cases")
    return replace(own, form=lemma, origin="rule:isl_nouns.cases")


def _modifier(word: Word, form: Form, strong: bool, resources: Resources) -> list[Word]:
    key = _key(word)
    if key in ("the", "a", "an") or key in _OWN:
        return []
    if key == "how many":
        return [replace(word, form="hversu " + _determiner("margir", replace(form, number="PL")))]
    if word.lemma in _DETERMINERS:
        made = _determiner(word.lemma, form)
        return [replace(word, form=made, origin="rule:isl_nouns.cases")] if made else [word]
    if word.upos in ("ADJ", "DET") and word.origin != COPY:
        return [_adjective(word, replace(form, definite=not strong), resources)]
    if word.upos == "NOUN" and word.origin != COPY:
        return [_genitive(word, resources)]
    return [word] if word.form else []


def _adjective(word: Word, form: Form, resources: Resources) -> Word:
    wanted = ("ADJ", form.gender, form.case, form.number, "DEF" if form.definite else "INDF")
    found = _cell(resources, word.lemma, wanted) or _cell(resources, word.lemma, (*wanted[:-1], "INDF"))
    return replace(word, form=found, origin="paradigm:table") if found else word


def _genitive(word: Word, resources: Resources) -> Word:
    """The first part of a compound."""
    number = "PL" if "PL" in word.features or not _has(resources, word.lemma, "SG") else "SG"
    found = _cell(resources, word.lemma, ("N", "GEN", number, "INDF"))
    return replace(word, form=found or word.form, features=word.features | {"COMPOUND"})


def _compounded(pair: Pair, words: list[Word]) -> list[Word]:
    """Parts of a compound as one word, but a part with a slot of its own stands alone."""
    out: list[Word] = []
    for word in words:
        before = out[-1] if out else None
        if before is not None and "COMPOUND" in before.features and pair.slot(before) == pair.slot(word) and word.origin != COPY and word.upos == "NOUN":
            out[-1] = replace(word, form=before.form + word.form, source=(*before.source, *word.source), gloss=f"{before.gloss} {word.gloss}")
        else:
            out.append(word)
    return out


def _noun(word: Word, form: Form, resources: Resources) -> Word:
    if word.origin == COPY or word.upos == "PROPN" and not _has(resources, word.lemma, "SG"):
        return word
    wanted = ("N", form.case, form.number)
    found = _cell(resources, word.lemma, (*wanted, "DEF")) if form.definite else ""
    found = found or _cell(resources, word.lemma, (*wanted, "INDF"))
    if found:
        return replace(word, form=found, origin="paradigm:table")
    learnt = resources.inflector.inflect(word.lemma, frozenset((*wanted, "DEF" if form.definite else "INDF")))
    return replace(word, form=learnt[0], origin=f"paradigm:{learnt[1]}") if learnt and word.upos == "NOUN" else word


def _cell(resources: Resources, lemma: str, wanted: tuple[str, ...]) -> str:
    """The table's first form of `lemma` with the wanted features; ''."""
    for cell in resources.inflector.paradigms.cells.get(lemma.casefold(), ()):
        if cell.features.issuperset(wanted):
            return cell.form
    return ""


def _has(resources: Resources, lemma: str, number: str) -> bool:
    return bool(_cell(resources, lemma, ("N", number)))


def _gender(resources: Resources, lemma: str) -> str:
    """The gender that the table has, or that the definite form or the ending shows."""
    for gender in _GENDERS:
        if _cell(resources, lemma, ("N", gender)):
            return gender
    return _guessed(_cell(resources, lemma, ("N", "NOM", "SG", "DEF")) or lemma)


@lru_cache(maxsize=4096)
def _guessed(form: str) -> str:
    if form.endswith(("ið", "ð")):
        return "NEUT"
    if form.endswith(("inn", "ur", "i", "ll", "nn")):
        return "MASC"
    return "FEM" if form.endswith(("a", "in", "ing", "un", "an")) else "NEUT"
