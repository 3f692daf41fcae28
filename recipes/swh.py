"""Swahili: the clock that starts at dawn, numbers and dates, and the small words between nouns.

What the dictionary found is read again in swh_words.py; nouns and their agreement are in swh_nouns.py, verbs in
swh_objects.py and swh_verbs.py, questions in swh_questions.py.
"""

import random
from collections.abc import Sequence

from lowres.clock import Clock, retell
from lowres.pair import COPY, NOTHING, Pair, Word, make_word
from lowres.rules import Resources

# --- numbers, dates, the clock ---

_UNITS = "sifuri moja mbili tatu nne tano sita saba nane tisa kumi".split()
_TENS = "ishirini thelathini arobaini hamsini sitini sabini themanini tisini".split()
_ENGLISH = {word: value for value, word in enumerate((
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split())} | dict(zip(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True
))  # fmt: skip
_ORDINAL = {word: value for value, word in enumerate((
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split(), 1)} | {"twelveth": 12, "thirtieth": 30}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000}
_MONTHS = frozenset("january february march april may june july august september october november december".split())


def _say(value: int) -> str:
    if value <= 10:
        return _UNITS[value]
    for size, name in ((1000, "elfu"), (100, "mia")):
        if value >= size:
            return f"{name} {_say(value // size)}" + (f" na {_say(value % size)}" if value % size else "")
    ten = "kumi" if value < 20 else _TENS[value // 10 - 2]
    return ten + (f" na {_UNITS[value % 10]}" if value % 10 else "")


def _read_number(forms: Sequence[str], i: int, stop: int) -> tuple[int, int, bool]:
    """(past the last token, value, whether an ordinal ends it) of the number at token `i`; (i, 0, False) for none."""
    total, current, room, end = 0, 0, 1000, i  # room: what may come next is smaller
    while end < stop:
        form = forms[end]
        value = _ENGLISH.get(form, 0) or _ORDINAL.get(form, 0)
        if form in _SCALES and (end == i or room < _SCALES[form]) and not total:
            current, room = max(current, 1) * _SCALES[form], _SCALES[form]
            if form == "thousand":
                total, current = current, 0
        elif value and value < room:
            current, room = current + value, 10 if value >= 20 else 0
            if form in _ORDINAL:
                return end + 1, total + current, True
        elif form != "and" or room < 100 or end == i or end + 1 == stop or forms[end + 1] not in _ENGLISH:
            break
        end += 1
    return end, total + current, False


_TIMED = frozenset({"noon", "midday", "midnight", "half", "quarter", *list(_ENGLISH)[1:13]})


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Hours count from six in the morning: seven am is saa moja asubuhi; halves and quarters are added or taken off.

    Times that are written in figures keep the international dial.
    """
    if not any(token.lemma in _TIMED or not token.lemma.isalpha() for token in pair.tokens):
        return pair
    if any(letter.isdigit() for letter in pair.utterance.text):
        return retell(pair, lambda time: _dial(time, rng), "rule:swh.clock")
    return retell(pair, lambda time: _dawn(time, rng), "rule:swh.clock")


def _part(time: Clock, rng: random.Random) -> str:
    if time.period == "midnight":
        return " usiku"
    if time.hour24 == 19 and time.part and rng.random() < 0.5:
        return " jioni"
    return {"morning": " asubuhi", "afternoon": " mchana", "evening": " jioni", "night": " usiku", "": ""}[time.part]


def _dial(time: Clock, rng: random.Random) -> str:
    return f"saa {time.hour}" + (f":{time.minute:02}" if time.minute else "") + _part(time, rng)


def _dawn(time: Clock, rng: random.Random) -> str:
    hour, minute = time.hour24 - 6, time.minute
    after = minute in (0, 15, 30) or minute < 30 or (minute != 45 and rng.random() < 0.5)
    name = _say((hour + (not after)) % 12 or 12)
    if after:
        added = {0: "", 15: " na robo", 30: " na nusu"}.get(minute, f" na dakika {_say(minute)}")
    else:
        added = " kasorobo" if minute == 45 else f" kasoro dakika {_say(60 - minute)}"
    return f"saa {name}{added}{_part(time, rng)}"


def numbers(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Numbers of several words (ishirini na tano), ordinals by -a (ya tatu), days of the month by tarehe."""
    forms = [token.key for token in pair.tokens]
    words, i = list(pair.words), 0
    while i < len(forms):
        stop = i + 1
        if forms[i] not in _ENGLISH and forms[i] not in _ORDINAL and forms[i] not in _SCALES:
            i += 1
            continue
        while stop < len(forms) and pair.slot_of[stop] == pair.slot_of[i]:
            stop += 1
        end, value, ordinal = _read_number(forms, i, stop)
        if end > i:
            words = _numbered(pair, words, i, end, value, ordinal, forms)
        i = max(end, i + 1)
    return pair.with_words(words)


def _numbered(
    pair: Pair, words: list[Word], i: int, end: int, value: int, ordinal: bool, forms: Sequence[str]
) -> list[Word]:
    span = set(range(i, end))
    inside = [k for k, word in enumerate(words) if word.source and span.issuperset(word.source)]
    if sum(len(words[k].source) for k in inside) != len(span):
        return words  # the clock or a longer phrase has it
    form, upos = _say(value), "NUM"
    if not ordinal and i and forms[i - 1] in _MONTHS and value <= 31:
        form, upos = f"tarehe {form}", "NOUN"
    if ordinal:
        before = next((form for form in reversed(forms[:i]) if form not in ("the", "a")), "")
        follows = pair.tokens[end].upos in ("NOUN", "PROPN", "ADJ") if end < len(forms) else False
        if (
            before in _MONTHS
            or (end < len(forms) and forms[end] in ("of", *_MONTHS))
            or (i > 0 and forms[i - 1] == "the" and not follows)
        ):
            form, upos = f"tarehe {'mosi' if value == 1 else form}", "NOUN"
        elif value == 1 and not follows:
            return words
        else:
            form, upos = "ya " + {1: "kwanza", 2: "pili"}.get(value, form), "ADJ"
    gloss = " ".join(pair.tokens[k].form for k in range(i, end))
    said = make_word(form, form, upos, NOTHING, tuple(range(i, end)), "rule:swh.numbers", gloss)
    return [said if k == inside[0] else word for k, word in enumerate(words) if k == inside[0] or k not in inside]


# --- names ---

_CITIES = tuple((
    "nairobi mombasa kisumu nakuru eldoret thika malindi kitale garissa kakamega nyeri meru machakos naivasha lamu "
    "embu nanyuki kericho voi kisii dodoma arusha mwanza zanzibar tanga morogoro moshi mbeya kampala kigali"
).split()) + ("dar es salaam", "kenya", "tanzania", "uganda", "homa bay", "athi river")  # fmt: skip
_PEOPLE = tuple((
    "juma asha amina hassan fatuma omar ali zainabu halima rashidi mwangi wanjiku kamau njeri otieno achieng "
    "odhiambo akinyi kiprop chebet mutua mwende baraka neema zawadi rehema bakari salim khadija abdi wambui onyango "
    "musa maria kioni tatu pendo imani furaha faraja daudi yusufu petro"
).split())  # fmt: skip
_SINGERS = (
    "sauti sol", "diamond platnumz", "nyashinski", "otile brown", "ali kiba", "nameless", "harmonize", "bahati",
    "khaligraph jones", "rayvanny", "zuchu", "mbosso", "akothee", "prezzo", "jua cali", "redsan", "kidum",
    "suzanna owiyo", "lady jaydee", "professor jay", "king kaka", "willy paul", "nadia mukami", "eric wainaina",
)  # fmt: skip
_FIRST_NAMES = frozenset((
    "john mary james robert michael david william richard joseph thomas charles daniel matthew mark paul steven "
    "andrew kevin brian george edward jason jeff ryan gary eric stephen larry justin scott frank jack peter tom tim "
    "bob bill joe mike jim dave dan sam ben alex adam chris nick tony steve patricia jennifer linda elizabeth "
    "barbara susan jessica sarah sara karen lisa nancy betty sandra ashley kim emily donna michelle carol amanda "
    "melissa laura anna ann jane julie emma alice rachel kate katy amy angela helen maria diana rose sally lucy "
    "claire jessie harry henry jake luke martin allen joanne irene cindy debbie janet judy rebecca sharon stephanie "
    "cynthia kathy tiffany brenda pam terry"
).split())  # fmt: skip
_LOCATING = frozenset({"in", "near", "from"})


def localise(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Some of the names that no dictionary has give way to names from East Africa, where speakers live.

    What follows "in", "from" and their like is a place, what follows "by" a singer, what is called John a person.
    """
    words, out, k = pair.words, [], 0
    while k < len(words):
        end = k
        while end < len(words) and _is_name(pair, words[end], words[k]):
            end += 1
        names = _names_for(pair, words, k, end) if end > k else ()
        if names and rng.random() < 0.4:
            source = tuple(i for word in words[k:end] for i in word.source)
            said, gloss = rng.choice(names), " ".join(word.gloss for word in words[k:end])
            said = said if gloss.islower() else said.title()
            features = frozenset({"BANTU9"}) if names is _CITIES else frozenset({"BANTU1"})
            out.append(make_word(said, said, "PROPN", features, source, "rule:swh.localise", gloss))
            k = end
        else:
            out.extend(words[k : max(end, k + 1)])
            k = max(end, k + 1)
    return pair.with_words(out)


def _is_name(pair: Pair, word: Word, first: Word) -> bool:
    if word.upos != "PROPN" or not word.source or any(pair.tokens[i].form.endswith(".") for i in word.source):
        return False
    return pair.slot(word) == pair.slot(first) and (word.origin == COPY or " " in word.form)


def _names_for(pair: Pair, words: Sequence[Word], k: int, end: int) -> tuple[str, ...]:
    before = pair.tokens[words[k].source[0] - 1].form.lower() if words[k].source[0] else ""
    if end < len(words) and words[end].upos == "NOUN" and pair.slot(words[end]) == pair.slot(words[k]):
        return ()  # the name of a thing: Centenary Bank
    if any(word.gloss.lower().removesuffix("'s") in _FIRST_NAMES for word in words[k:end]):
        return _SINGERS if before == "by" else _PEOPLE
    return _CITIES if before in _LOCATING else _SINGERS if before == "by" else ()


# --- relations ---

_LINK = dict(zip(
    (f"BANTU{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16)),
    "wa wa wa ya la ya cha vya ya za wa kwa pa".split(),
    strict=True,
))  # fmt: skip
_DAYS = frozenset("jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili".split())
_PARTS = frozenset("asubuhi mchana jioni usiku alasiri".split())
_MONTH_NAMES = frozenset("januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba".split())
_TELLING = frozenset("tuma tumia andika jibu piga pigia ambia chapisha sema onyesha pa toa soma".split())


def relations(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Adpositions: -a in the class of the noun before, nothing before times, siku ya, katika, kutoka."""
    out: list[Word] = []
    link, verb, sent = "", "", False
    words = pair.words
    for k, word in enumerate(words):
        if word.upos == "VERB":
            link, verb = "", word.lemma.partition(" ")[0]
        for feature in word.features if word.upos == "NOUN" else ():
            link = _LINK.get(feature, link)
        person = _PERSONAL.get((out[-1].form if out else "", word.form))
        if person and word.upos == "PRON" and word.source and pair.slot(out[-1]) == pair.slot(word):
            out[-1] = make_word(
                person, person, "PRON", NOTHING, (*out[-1].source, *word.source), "rule:swh.relations", word.gloss
            )
            continue
        lemma = pair.tokens[word.source[0]].lemma if len(word.source) == 1 else ""
        if lemma not in _RELATIONS or word.upos not in ("ADP", "PART", "SCONJ", "ADV") or k + 1 == len(words):
            out.append(word)
            continue
        said = _relation(pair, lemma, words[k + 1], link if k and words[k - 1].upos != "VERB" else "", verb, sent, rng)
        sent |= lemma == "from"
        same = pair.slot_of[word.source[0]] >= 0
        if said is None:
            out.append(word)
        elif said or same:
            out.append(make_word(said, word.lemma, "ADP", NOTHING, word.source, "rule:swh.relations", word.gloss))
    return pair.with_words(out)


_PERSONAL = {
    (start, who): start + end
    for start, ends in (("kwa", "ngu ko ke ke tu o"), ("na", "mi we ye ye si o"))
    for who, end in zip(("mimi", "wewe", "yeye", "hiyo", "sisi", "wao"), ends.split(), strict=True)
} | {("kwa", "sisi"): "kwetu", ("kwa", "wao"): "kwao", ("na", "hiyo"): "nayo"}
_RELATIONS = frozenset({"of", "for", "at", "on", "in", "to", "from", "by"})


def _relation(
    pair: Pair, lemma: str, following: Word, link: str, verb: str, sent: bool, rng: random.Random
) -> str | None:
    """What an adposition is in Swahili; '' for nothing, None to leave it as the dictionary has it."""
    head = following.form.partition(" ")[0]
    timed = head in _DAYS or head in _PARTS or head in ("saa", "tarehe", "leo", "kesho", "kila")
    name = following.upos == "PROPN" or following.origin == COPY
    draw = rng.random()
    match lemma:
        case "of":
            return link or "ya"
        case "by":
            return (link if draw < 0.5 else "na") if link else None
        case "for":
            if link:
                return link if draw < 0.65 or timed else "kwa"
            return "" if timed and draw < 0.5 else "kwa"
        case "at" | "on" | "in":
            if head in _DAYS:
                return "siku ya" if draw < 0.5 else ""
            if head in _MONTH_NAMES:
                return "mwezi wa" if draw < 0.5 else ""
            if (
                timed
                and not (lemma == "in" and head == "saa")
                or following.form.endswith("ni")
                and following.origin != COPY
                and following.upos == "NOUN"
            ):
                return ""
            if lemma == "in" and head in ("saa", "dakika", "siku", "wiki", "mwezi"):
                return "baada ya"
            if name and lemma != "on":
                return "huko" if draw < 0.35 else "" if draw < 0.6 else "katika"
            return "kwenye" if draw < 0.45 else "kwa" if draw < 0.7 else "katika"
        case "to":
            if following.upos == "VERB":
                return None
            if verb in _TELLING and not sent:
                return "kwa"
            if sent:
                return "hadi" if draw < 0.8 else "kwenda"
            if name:
                return f"{link} kwenda" if link and draw < 0.5 else "hadi" if draw < 0.6 else "kwa"
            return "kwenye" if draw < 0.5 else "kwa"
        case "from":
            person = name and "BANTU1" in following.features
            return (
                "kutoka"
                if name and not person or draw < 0.3
                else "kutoka kwa"
                if person or draw < 0.7
                else "kutoka kwenye"
            )
    return None
