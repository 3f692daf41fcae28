"""Rules for Welsh noun phrases and mutations: head first, possessor after, the article, pronouns merged with their
preposition, and initial mutation. Run after those of `cym`: noun_phrases, then mutations.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from lowres.english import MOMENTS, MONTHS, POSSESSIVES
from lowres.ordering import slot_units as units_of
from lowres.ordering import slots_whole
from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS, begins_phrase, is_nominal
from lowres.rules.rereading import lowered

_DEFINITE = frozenset(("the", "this", "that", "next", "last", "today", "tomorrow", "yesterday"))
_ASKING = frozenset(("who", "where", "when", "how", "why"))


_ORDINAL = ("fed", "cyntaf", "ail", "trydydd", "ar ddeg", "ar hugain", "ar bymtheg")
_BEFORE_NOUN = frozenset((
    "hen", "hoff", "prif", "unig", "holl", "ail", "pob", "sawl", "unrhyw", "pa", "rhai", "dim", "ychydig o",
    "llawer o", "rhywfaint o", "digon o", "cwpl o", "gwahanol",
))  # fmt: skip
_POINTING = {
    "this": "hwn hon hyn yma",
    "that": "hwnnw honno hynny yna",
    "these": "hwn hon hyn yma",
    "those": "hwnnw honno hynny yna",
}


def noun_phrases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Head first: no indefinite article, noun before its modifiers and adjectives, possessor after (rhif ffôn john),
    the noun in the singular after a number, this and that around the noun (y gân hon)."""
    out: list[Word] = []
    run: list[Word] = []
    near = rng.random() < 0.5
    for word in (*_prepared(pair, pair.words), None):
        nominal = word is not None and is_nominal(word, moments=True) and word.key not in _ASKING
        if nominal and not (run and begins_phrase(word, run[-1])):
            run.append(word)
            continue
        out.extend(_phrase(pair, run, resources, near))
        run = [word] if nominal else []
        if word is not None and not nominal:
            out.append(word)
    return pair.with_words(_genitives(pair, out))


def _prepared(pair: Pair, words: Sequence[Word]) -> list[Word]:
    """very hot: poeth iawn; in a: mewn; june tenth: mehefin y degfed."""
    out = list(words)
    for i in range(len(out) - 1):
        if out[i].key == "in" and (out[i + 1].key in ("a", "an", "another") or out[i + 1].upos == "NUM"):
            out[i] = replace(out[i], form="mewn", lemma="mewn")
        if out[i].key in _POINTING and is_nominal(out[i + 1], moments=True):
            out[i] = replace(out[i], upos="DET")
        if out[i].key == "very" and out[i + 1].upos == "ADJ":
            out[i], out[i + 1] = out[i + 1], replace(out[i], form="iawn", lemma="iawn")
    months = [i for i, word in enumerate(out[:-1]) if word.key in MONTHS and out[i + 1].form.endswith(_ORDINAL)]
    for i in reversed(months):
        if pair.slot(out[i]) == pair.slot(out[i + 1]):
            out.insert(i + 1, Word("y", "y", "PART", NOTHING, out[i + 1].source, "rule:cym_nouns.noun_phrases"))
    return out


def _phrase(pair: Pair, run: list[Word], resources: Resources, near: bool) -> list[Word]:
    """A run of nominal words in Welsh order, where no slot falls apart by it."""
    last = max((i for i, word in enumerate(run) if word.upos in NOUNS and word.key not in MOMENTS), default=-1)
    ordered = _arranged(pair, run[: last + 1], resources, near) if last >= 0 else []
    plain = ordered if slots_whole(pair, ordered) else run[: last + 1]
    return [word for word in (*plain, *run[last + 1 :]) if word.form and word.key not in ("a", "an")]


def _arranged(pair: Pair, run: list[Word], resources: Resources, near: bool) -> list[Word]:
    """Determiners, numbers and a few adjectives, the head, nouns that tell its kind, adjectives, this or that."""
    owner = next((i for i, word in enumerate(run[:-1]) if "PSS" in word.features and word.upos in NOUNS), None)
    if owner is not None:
        owned, by = run[owner + 1 :], run[: owner + 1]
        return _arranged(pair, owned, resources, near) + _arranged(pair, by, resources, near)
    units = units_of(pair, run)
    units = _names_whole(run) if len(units) == 1 else [_arranged(pair, unit, resources, near) for unit in units]
    places: list[list[list[Word]]] = [[], [], [], []]
    for unit in units[:-1]:
        places[_place(unit[-1])].append(unit)
    before, nouns, adjectives, pointing = places
    article = [[replace(unit[-1], form="y", lemma="y", gloss="the", upos="DET")] for unit in pointing]
    before = article + before
    named = _is_name(units[-1][-1]) and bool(nouns) and nouns[-1][-1].upos == "NOUN"  # the word x: y gair x
    name, last = ([units[-1]], nouns.pop()) if named else ([], units[-1])
    head = _headed(last, before, resources)
    ordered = [word for unit in (*before, head, *name, *reversed(nouns), *adjectives) for word in unit]
    return ordered + [_pointing(unit[-1], head[0], resources, near) for unit in pointing]


def _place(word: Word) -> int:
    """Where a modifier goes: 0 before the noun, 1 right after it, 2 after that, 3 around it (this, that)."""
    if word.key in _POINTING and word.upos in ("DET", "PRON"):
        return 3
    early = word.upos in ("DET", "NUM") or word.key in POSSESSIVES or word.form in _BEFORE_NOUN
    if early or (word.upos == "ADJ" and word.form.endswith("fed")):
        return 0
    return 2 if word.upos == "ADJ" else 1


def _is_name(word: Word) -> bool:
    return word.origin == COPY and word.upos in NOUNS


def _names_whole(run: Sequence[Word]) -> list[list[Word]]:
    """Single words, but neighbouring names as one."""
    units: list[list[Word]] = []
    for word in run:
        if units and word.upos == "PROPN" and units[-1][-1].upos == "PROPN":
            units[-1].append(word)
        else:
            units.append([word])
    return units


def _pointing(word: Word, head: Word, resources: Resources, near: bool) -> Word:
    """After the noun yma and yna, or hwn, hon and hyn by its number and gender."""
    forms = _POINTING[word.key].split()
    form = forms[3] if near else forms[2] if "PL" in head.features else forms[1 if _feminine(head, resources) else 0]
    return replace(word, form=form, lemma=form, upos="ADV", gloss="", origin="rule:cym_nouns.noun_phrases")


def _headed(head: list[Word], before: list[list[Word]], resources: Resources) -> list[Word]:
    """The head in its number: plural by the table, but singular after a number."""
    return [_numbered(word, bool(before) and before[-1][-1].upos == "NUM", resources) for word in head]


def _numbered(word: Word, counted: bool, resources: Resources) -> Word:
    if "PL" not in word.features or word.upos != "NOUN" or word.origin == COPY:
        return word
    if counted:
        return replace(word, form=word.lemma, features=word.features - {"PL"} | {"SG"})
    found = resources.inflector.inflect(word.lemma, frozenset({"N", "PL"}))
    return replace(word, form=found[0], origin=f"paradigm:{found[1]}") if found else word


def _feminine(word: Word, resources: Resources) -> bool:
    """Whether a word is a feminine noun in the singular; of a phrase the first word counts."""
    if word.upos != "NOUN" or "PL" in word.features or word.origin == COPY:
        return False
    cells = resources.inflector.paradigms.cells
    found = cells.get(word.lemma.casefold()) or cells.get(word.lemma.partition(" ")[0].casefold(), ())
    return any("FEM" in cell.features for cell in found)


def _genitives(pair: Pair, words: list[Word]) -> list[Word]:
    """name of the song: enw'r gân, without "of" and with the possessor's article alone; of things: o bethau."""
    out = list(words)
    for i in range(len(out) - 2, 0, -1):
        if out[i].key != "of" or out[i].origin == COPY or out[i - 1].upos not in NOUNS:
            continue
        following = out[i + 1]
        if following.upos == "PROPN" or following.key in POSSESSIVES or following.key.partition(" ")[0] in _DEFINITE:
            start = i - 1
            while start > 0 and is_nominal(out[start], moments=True) and out[start].key != "the":
                start -= 1
            article = [start] if out[start].key == "the" and pair.slot(out[start]) < 0 else []
            out = [word for k, word in enumerate(out) if k != i and k not in article]
    return out


# --- prepositions, the article and mutations ---------------------------------------------------------------------

_WITH_PRONOUN = {  # me, you (polite), you (familiar), him, her and it, us, them
    "i": "i mi|i chi|i ti|iddo fe|iddi hi|i ni|iddyn nhw",
    "ar gyfer": "i mi|i chi|i ti|iddo fe|iddi hi|i ni|iddyn nhw",
    "o": "ohonof i|ohonoch chi|ohonot ti|ohono fe|ohoni hi|ohonon ni|ohonyn nhw",
    "ar": "arna i|arnoch chi|arnat ti|arno fe|arni hi|arnon ni|arnyn nhw",
    "am": "amdana i|amdanoch chi|amdanat ti|amdano fe|amdani hi|amdanon ni|amdanyn nhw",
    "at": "ata i|atoch chi|atat ti|ato fe|ati hi|aton ni|atyn nhw",
    "wrth": "wrtha i|wrthoch chi|wrthot ti|wrtho fe|wrthi hi|wrthon ni|wrthyn nhw",
    "gan": "gen i|gennych chi|gen ti|ganddo fe|ganddi hi|gennym ni|ganddyn nhw",
    "gyda": "gyda fi|gyda chi|gyda ti|gyda fe|gyda hi|gyda ni|gyda nhw",
}
_MERGED = {preposition: forms.split("|") for preposition, forms in _WITH_PRONOUN.items()}
_OBJECTS = {"me": 0, "you": 1, "him": 3, "her": 4, "it": 4, "us": 5, "them": 6}
_OBJECT_FORMS = ("fi", "chi", "ti", "fe", "hi", "ni", "nhw")
_HEARERS = {
    "wrth": "dweud", "at": "anfon ysgrifennu",
    "i": "esbonio rhoi dangos chwarae darllen canfod cael archebu gwneud prynu gadael creu nôl canu dod",
}  # fmt: skip
_TO_SOMEBODY = {verb: preposition for preposition, verbs in _HEARERS.items() for verb in verbs.split()}
_ARTICLE = frozenset({"ARTICLE"})  # a word that 'r was joined to
_SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "ll": "l", "m": "f", "rh": "r"}
_NASAL = {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"}
_ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
_FIRM = ("ch", "ph", "th", "dd", "ff", "ng", "ts", "gêm", "gem", "garej", "golff", "google", "gmail", "bbc")
_SOFTENING = frozenset(
    "am ar at dan dros trwy heb hyd i o wrth gan neu dau dwy dy pa rhy mor unrhyw holl hen hoff prif ail pan".split()
)
_ASPIRATING = frozenset("a â gyda tua na chwe tri".split())
_VOWELS = frozenset("aeiouwyâêîôûŵŷáéíóúïëöòàù")
_PREPOSITIONS = {"on": "ar", "about": "am", "at": ""}
_BEFORE_COUNTED = {"pump": "pum", "chwech": "chwe", "cant": "can"}
_FEMININE = {"dau": "dwy", "tri": "tair", "pedwar": "pedair", "trydydd": "trydedd", "pedwerydd": "pedwaredd"}


def mutations(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Merge pronouns with prepositions (wrtha i), give numbers the noun's gender (dwy awr), write the article (y, yr,
    'r) and mutate the beginnings of words after what asks for it (i gaerdydd, fy nghalendr, gwybodaeth a chymorth)."""
    words = [word for word in _merged(pair, list(pair.words), rng.random() < 0.4) if word.form]
    out: list[Word] = []
    for word, following in zip(words, [*words[1:], None], strict=False):  # there may be no word left
        word = _fitted(word, following, resources)
        if out and _joins(pair, out[-1], word):
            out[-1] = _joined(out[-1], word)
            continue
        if out:
            word = _mutated(word, out[-1], resources)
            if out[-1].form == "yn" and out[-1].key == "in" and word.form.startswith(("m", "ng")):
                out[-1] = replace(out[-1], form="ym" if word.form[0] == "m" else "yng")
        out.append(lowered(pair, word))
    return pair.with_words(out)


def _merged(pair: Pair, words: list[Word], polite: bool) -> list[Word]:
    """Prepositions with their pronoun, and verbs with the preposition that their hearer takes."""
    out: list[Word] = []
    for word in words:
        person = _OBJECTS.get(word.key, -1) if word.upos == "PRON" else -1
        person = 2 if person == 1 and word.form == "ti" else person
        before = out[-1] if out else None
        if person >= 0 and before is not None and before.upos == "ADP" and before.form in _MERGED and pair.slot(before) < 0:
            out[-1] = replace(before, form=_MERGED[before.form][person], source=(*before.source, *word.source), lemma="")
        elif person >= 0 and before is not None and before.upos == "VERB" and before.lemma in _TO_SOMEBODY:
            form = _MERGED[_TO_SOMEBODY[before.lemma]][person]
            form = "wrthyf" if form == "wrtha i" and polite else form
            out.append(replace(word, form=form, features=frozenset({"LENITES"})))
        elif person >= 0:
            out.append(replace(word, form=_OBJECT_FORMS[person]))
        elif before is not None and before.key == "tell" and (word.key in POSSESSIVES or word.upos == "PROPN"):
            out.extend([Word("wrth", "wrth", "ADP", NOTHING, (), "rule:cym_nouns.mutations"), word])
        else:
            out.append(word)
    return out


def _fitted(word: Word, following: Word | None, resources: Resources) -> Word:
    """A number by the noun that it counts; "in" as mewn before what is indefinite; yr before a vowel."""
    if following is None:
        return word
    nominal = is_nominal(following, moments=True) or following.upos == "PRON"
    if nominal and word.key in _PREPOSITIONS:
        form = "am" if word.key == "at" and following.upos == "NUM" else _PREPOSITIONS[word.key]
        word = word if word.upos == "ADP" and word.key == "about" else replace(word, form=form or word.form, upos="ADP")
    if word.key in ("what", "which") and word.form in ("beth", "pa"):
        return replace(word, form="pa" if nominal and following.upos != "PRON" and following.key != "the" else "beth", upos="DET")
    if word.upos == "NUM" and following.upos == "NOUN":
        form = _FEMININE.get(word.form, word.form) if _feminine(following, resources) else word.form
        return replace(word, form=_BEFORE_COUNTED.get(form, form))
    if word.form == "y":
        return replace(word, form="yr") if _vocalic(following.form) else word
    if word.form.endswith(" â") and word.upos == "ADP" and _links(following.form):
        return replace(word, form=word.form[:-1] + "ag")
    return replace(word, form="ac") if word.form == "a" and word.upos == "CCONJ" and _links(following.form) else word


def _vocalic(form: str, also: str = "h") -> bool:
    """Whether a word begins with a vowel (or h, before the article); w is one except before a, e, i, o."""
    low = form[:2].casefold()
    return bool(low) and (low[0] in _VOWELS or low[0] in also) and not (low[0] == "w" and low[1:] in ("a", "e", "i", "o"))


def _links(form: str) -> bool:
    """Whether "and" is ac before a word: before vowels, but not before the article, which joins it (a'r)."""
    return form not in ("y", "yr") and _vocalic(form, "")


def _joins(pair: Pair, before: Word, word: Word) -> bool:
    """Whether the article or yn leans on the word before it: one that ends in a vowel, or sydd."""
    if word.form not in ("y", "yr", "yn") or word.key == "in":
        return False
    leans = before.form[-1] in _VOWELS and before.origin != COPY and before.upos not in ("PROPN", "INTJ")
    leans = leans or before.form == "sydd" and word.form == "yn"
    return leans and (not word.source or pair.slot(word) in (-1, pair.slot(before)))


def _joined(before: Word, word: Word) -> Word:
    if word.form != "yn":
        return replace(before, form=before.form + "'r", features=before.features - {"LENITES"} | _ARTICLE)
    form = "sy'n" if before.form == "sydd" else before.form + "'n"
    return replace(before, form=form, features=before.features - {"LENITES"} | word.features)


def _mutated(word: Word, before: Word, resources: Resources) -> Word:
    """The word as it begins after `before`."""
    if word.form in ("y", "yr") or word.origin == COPY or word.upos in ("AUX", "PRON"):
        return word
    last = before.form.rpartition(" ")[2].rpartition("'")[2]
    form = word.form
    if before.form in ("y", "yr") or "ARTICLE" in before.features:
        form = _changed(form, _SOFT, but=("ll", "rh")) if _feminine(word, resources) or form in ("dau", "dwy") else form
    elif "PREDICATE" in before.features:
        form = _changed(form, _SOFT, but=("ll", "rh"))
    elif last == "fy" or before.form == "yn" and before.key == "in":
        form = _changed(form, _NASAL)
    elif last == "ei":
        form = _changed(form, _ASPIRATE if before.key == "her" else _SOFT)
    elif last in _ASPIRATING and before.upos in ("CCONJ", "ADP", "NUM", "SCONJ", "DET"):
        form = _changed(form, _ASPIRATE)
    elif _softens(before, last, word, resources):
        form = _changed(form, _SOFT)
    return replace(word, form=form) if form != word.form else word


def _softens(before: Word, last: str, word: Word, resources: Resources) -> bool:
    """Whether a word that ends in `last` gives the next the soft mutation: by itself, as a verb, as a feminine noun."""
    if (last in _SOFTENING or before.lemma in _SOFTENING) and (before.upos != "PRON" or last == "dy"):
        return True
    marked = "LENITES" in before.features and word.upos in ("NOUN", "ADJ", "VERB")
    return marked or word.upos in ("ADJ", "NOUN") and _feminine(before, resources)


def _changed(form: str, changes: dict[str, str], but: tuple[str, ...] = ()) -> str:
    """`form` with its first consonant mutated."""
    low = form.casefold()
    if low.startswith(_FIRM) or low.startswith(but or "\0"):
        return form
    for size in (2, 1):
        if low[:size] in changes:
            return changes[low[:size]] + form[size:]
        if size == 2 and low[:2] in ("ll", "rh"):
            return form
    return form
