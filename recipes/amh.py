"""Amharic: verbs conjugated with their objects, the clock that starts at dawn, dates, noun endings, head-final order."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from lowres.clock import Clock, find_clocks, retell
from lowres.pair import COPY, NOTHING, Pair, Rejected, Word
from lowres.rules import Resources

# --- letters: a syllable is its consonant's row of eight code points plus the vowel's place ---

_U, _A, _E, _SIXTH, _O = 1, 3, 4, 5, 6
_HOMOPHONES = {ord("ሠ") + i: chr(ord("ሰ") + i) for i in range(7)}


def _vowel(letter: str) -> int:
    return (ord(letter) - 0x1200) % 8 if "\u1200" <= letter < "\u1358" else -1


def _with_vowel(form: str, vowel: int) -> str:
    """`form` with another vowel on its last syllable; unchanged where it does not end in a syllable sign."""
    if not form or _vowel(form[-1]) < 0:
        return form
    return form[:-1] + chr((ord(form[-1]) & ~7) + vowel)


def _ends_in_consonant(form: str) -> bool:
    return bool(form) and _vowel(form[-1]) == _SIXTH


# --- what English words do ---

_PERSON = {
    "i": frozenset({"1", "SG"}),
    "you": frozenset({"2", "SG", "MASC"}),
    "he": frozenset({"3", "SG", "MASC"}),
    "it": frozenset({"3", "SG", "MASC"}),
    "she": frozenset({"3", "SG", "FEM"}),
    "we": frozenset({"1", "PL"}),
    "they": frozenset({"3", "PL"}),
}
_HE = _PERSON["it"]
_HELPERS = frozenset("be do have will would can could should must may might shall".split())
_OBLIGE = frozenset({"should", "must", "shall"})
_ABLE = frozenset({"can", "could", "may", "might"})
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly".split())
_WH = frozenset({"what", "who", "whom", "when", "where", "why", "how"})
_PEOPLE = {"me": "ኝ", "us": "ን", "him": "ው", "her": "ኣት", "them": "ኣቸው"}
_TAKES_PERSON = frozenset("ነገረ ሰጠ አሳየ አስታወሰ ቀሰቀሰ አሳወቀ ጠየቀ ረዳ አስጠነቀቀ ወሰደ መራ አስተማረ አነጋገረ".split())
_CAUSATIVE = {"ነቃ": "ቀሰቀሰ", "አወቀ": "አሳወቀ", "ሳቀ": "አሳቀ"}
_TIMES = frozenset((
    "today tomorrow yesterday tonight now week weekend month year morning afternoon evening night noon midnight daily "
    "weekly monthly monday tuesday wednesday thursday friday saturday sunday currently hour minute day later here "
    "outside nearby"
).split())  # fmt: skip
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_ORDINALS = dict(zip(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth twelveth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth".split(),
    "one two three four five six seven eight nine ten eleven twelve twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty".split(),
    strict=True,
))  # fmt: skip
# Before and after the phrase; the first is the usual one.
_AROUND = {
    "in": (("በ", "ውስጥ"), ("", "ውስጥ"), ("", "ላይ"), ("በ", "")),
    "on": (("", "ላይ"), ("በ", "ላይ"), ("በ", "")),
    "at": (("", "ላይ"), ("በ", "")),
    "with": (("ከ", "ጋር"),),
    "after": (("ከ", "በኋላ"),),
    "before": (("ከ", "በፊት"),),
    "between": (("በ", "መካከል"),),
    "around": (("በ", "አካባቢ"), ("በ", "ዙሪያ")),
    "near": (("በ", "አቅራቢያ"), ("በ", "አካባቢ")),
    "by": (("በ", ""),),
    "since": (("ከ", "ጀምሮ"),),
    "under": (("ከ", "በታች"),),
    "above": (("ከ", "በላይ"),),
    "over": (("ከ", "በላይ"),),
    "during": (("በ", "ጊዜ"),),
    "within": (("በ", "ውስጥ"),),
    "inside": (("በ", "ውስጥ"),),
    "through": (("በ", "በኩል"),),
    "except": (("ከ", "በስተቀር"),),
    "of": (("የ", ""),),
    "for": (("ለ", ""),),
    "from": (("ከ", ""),),
    "to": (("ወደ", ""), ("ለ", "")),
    "about": (("ስለ", ""),),
    "off": (("ከ", ""),),
}
_ATTACHED = frozenset("በ ለ ከ የ".split())
_NOUNS = frozenset({"NOUN", "PROPN"})
_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON", "X", "SYM"})


def _lemma(pair: Pair, word: Word) -> str:
    """The source lemma that a word begins with; '' for inserted words."""
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _free(pair: Pair, word: Word) -> bool:
    """Whether a word may go without a slot losing what it covers."""
    return all(pair.slot_of[i] < 0 for i in word.source)


# --- verbs ---


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate verbs and put what English says in words of its own inside them.

    Subject and object pronouns become endings (ንገረኝ 'tell me', አጫውትልኝ 'play for me'); auxiliaries, "to" and "not"
    become the verb's form; what is left of "be" is the copula ነው, and "have" is 'there is to me' (አለኝ).
    """
    clause = _Clause(pair, resources, rng)
    words = _commands(pair, resources)
    for i, word in enumerate(words):
        clause.read(word, words[i + 1] if i + 1 < len(words) else None)
    clause.close()
    return pair.with_words(clause.out)


def _commands(pair: Pair, resources: Resources) -> list[Word]:
    """An opening verb that was taken for a name or an exclamation ("cancel my …") read as a command."""
    words = list(pair.words)
    for k, word in enumerate(words):
        if _lemma(pair, word) in _CALLS:
            continue
        if k + 1 < len(words) and word.upos in ("PROPN", "INTJ", "X", "ADJ") and len(word.source) == 1:
            lemma = _lemma(pair, word)
            options, _ = resources.lexicon.ranked((lemma,), "VERB")
            if options and options[0].upos == "VERB" and _is_verb(options[0].form, resources) and word.origin in (COPY, "rule:transliterate"):
                form = options[0].form
                words[k] = Word(form, form, "VERB", frozenset({"IMP", "2"}), word.source, options[0].lexicon, word.gloss)
        return words
    return words


def _is_verb(lemma: str, resources: Resources) -> bool:
    return lemma.rpartition(" ")[2] in resources.inflector.paradigms.cells


class _Clause:
    """The verbs of one utterance, left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, resources: Resources, rng: random.Random) -> None:
        self.pair, self.inflector, self.rng = pair, resources.inflector, rng
        self.polite = rng.random() < 0.25
        self.out: list[Word] = []
        self.verb = -1  # where the last verb is in `out`
        self.reset()
        self.reminded = False

    def reset(self) -> None:
        self.subject: frozenset[str] = NOTHING
        self.helpers: dict[str, Word] = {}
        self.negative = self.infinitive = self.there = self.plural = self.seems = False

    def read(self, word: Word, following: Word | None) -> None:
        pair = self.pair
        lemma = _lemma(pair, word)
        token = pair.tokens[word.source[0]] if word.source else None
        form = token.form.lower() if token else ""
        free = _free(pair, word) and len(word.source) == 1
        if word.upos in ("CCONJ", "SCONJ"):
            self.close()
        if token is None:
            self.out.append(word)
        elif free and lemma in _PERSON and token.upos == "PRON" and form not in _PEOPLE and "PSS" not in token.features:
            self.subject = _PERSON[lemma]
            if form.endswith(("'s", "'re", "'m")):
                self._helper("be", _inserted(""), token)
        elif free and form in _PEOPLE and word.upos == "PRON" and self._takes_object():
            self._object(form)
        elif free and lemma == "there" and token.upos == "PRON":
            self.there = True
            if form == "there's":
                self._helper("be", _inserted(""), token)
        elif free and lemma in _HELPERS and (token.upos == "AUX" or lemma == "be" or lemma == "do" and self._helps(following)):
            self._helper(lemma, word, token)
        elif free and token.upos == "PART" and lemma in ("to", "not"):
            self.infinitive |= lemma == "to"
            self.negative |= lemma == "not"
        elif free and lemma == "have" and token.upos == "VERB":
            self._have(word, token, following)
        elif word.upos == "VERB" and word.origin != COPY and _is_known(word, self.inflector):
            self._verb(word, token)
        elif free and lemma == "like" and word.upos in ("ADP", "SCONJ") and "be" in self.helpers and _ends(following):
            self.seems = True
        else:
            self.plural |= "PL" in word.features and word.upos == "NOUN"
            self.out.append(word)
            if form.endswith(("'s", "'re")) and word.upos in ("PRON", "ADV", "DET"):
                self._helper("be", _inserted(""), token)

    def _helps(self, following: Word | None) -> bool:
        return following is not None and bool({"i", "you"} & {_lemma(self.pair, following)} or following.upos == "VERB")

    def _helper(self, lemma: str, word: Word, token) -> None:
        if "NEG" in token.features:
            self.negative = True
        self.helpers[lemma] = word
        if lemma == "be":
            self.out.append(replace(word, form="", lemma="ነው", upos="AUX", features=token.features, origin="rule:amh.verbs"))

    def _have(self, word: Word, token, following: Word | None) -> None:
        """Possession: 'there is to me'; with "to" an obligation, said on the verb that follows."""
        if following is not None and _lemma(self.pair, following) == "to":
            self.helpers["must"] = word
            return
        start = word.source[0]
        many = any("PL" in one.features for one in self.pair.tokens[start + 1 : start + 4]) or self.plural
        stem = "ነበረ" if "PST" in token.features else "አሉ" if many else "አለ"
        ends = {"1": "ኝ", "2": "ህ"}
        person = next((p for p in ("1", "2") if p in self.subject and "SG" in self.subject), "")
        form = stem + (ends[person] if person else "ን" if {"1", "PL"} <= self.subject else "ው")
        if self.negative:
            form = "የለ" + form[-1] + "ም" if stem != "ነበረ" else "አል" + form + "ም"
        if self.subject or "IMP" not in token.features:
            self._put(word, form)
        self.reset()

    def _put(self, word: Word, form: str, ending: Sequence[Word] = ()) -> None:
        self.verb = len(self.out)
        self.out.append(replace(word, form=form, upos="VERB", origin="rule:amh.verbs"))
        self.out.extend(ending)

    def _verb(self, word: Word, token) -> None:
        """The form of a verb: command, request, purpose, verbal noun, duty, progress, or a plain statement."""
        features = token.features if word.features == NOTHING else word.features
        inside = any(self.pair.tokens[i].form.lower() in _PEOPLE for i in word.source[1:])
        helpers, lemma = self.helpers, word.lemma
        able, duty = helpers.keys() & _ABLE, helpers.keys() & _OBLIGE
        if inside and lemma in _CAUSATIVE:
            word = replace(word, lemma=_CAUSATIVE[lemma])
        if "would" in helpers and lemma == "ወደደ":
            word = replace(word, lemma="ፈለገ")
        duty_first = bool(duty)
        if "be" in helpers and features & {"V.MSDR", "V.PTCP"}:
            self._progress(word)
        elif able and "2" in self.subject:
            self._request(word)
        elif able or duty:
            self._noun_and(word, "ቻለ" if not duty_first else "")
        elif self.infinitive and self.reminded:
            self._put(word, "እንድ" + self._merged(self._form(word, _IPFV_BARE | _PERSON["i"])))
        elif self.infinitive or features & {"V.MSDR"} or ("V.PTCP" in features and not self.subject):
            self._put(word, self._form(word, _NOUN))
        elif "IMP" in features or (not self.subject and not helpers and self.verb < 0 and "3" not in features and "PST" not in features and "PASS" not in features):
            self._command(word)
        else:
            self._statement(word, features)
        if inside:
            self._object("me")
        self.reminded = False
        self.reset()

    def _command(self, word: Word) -> None:
        if self.negative:
            form = "አት" + self._form(word, _IPFV_BARE | _PERSON["you"])[1:]
        else:
            form = self._form(word, _POLITE if self.polite else _COMMAND)
        self._put(word, form)

    def _request(self, word: Word) -> None:
        """ "Can you …": as a command, or 'so that you do it, can you'."""
        choice = self.rng.random()
        if choice < 0.5:
            self._command(word)
        elif choice < 0.75:
            self._put(word, "ል" + self._form(word, _IPFV_BARE | _PERSON["you"]), [_inserted("ትችላለህ")])
        else:
            self._put(word, self._form(word, _NOUN), [_inserted("ትችላለህ")])

    def _noun_and(self, word: Word, helper: str) -> None:
        """The verbal noun and 'can' or 'must' with the subject's person."""
        if helper:
            ending = self._table(helper, _IPFV | (self.subject or _HE))
        else:
            ending = "አለብ" + ("ኝ" if "1" in self.subject else "ህ" if "2" in self.subject else "ት")
        self._put(word, self._form(word, _NOUN), [_inserted(ending)])

    def _progress(self, word: Word) -> None:
        """እየ- with the perfective, and the copula."""
        form = self._form(word, _PFV | (self.subject or _HE))
        head, space, last = form.rpartition(" ")
        past = "PST" in self.helpers["be"].features
        self._put(word, f"{head}{space}{self._joined('እየ', last)}")
        self._copulas("ነበር" if past else "ነው", to_end=True)

    def _statement(self, word: Word, features: frozenset[str]) -> None:
        person = self.subject or (_PERSON["they"] if self.plural and self.out else _HE)
        past = "PST" in features or "V.PTCP" in features or ("do" in self.helpers and "PST" in self.helpers["do"].features)
        if self.negative:
            bare = self._form(word, _IPFV_BARE | person)
            start = {"1": "አል", "2": "አት"}.get(next(iter(person & {"1", "2"}), ""), "አይ")
            form = start + bare[1:] + "ም"
        else:
            form = self._form(word, (_PFV if past else _IPFV) | person)
        self._put(word, form)
        self._copulas("", to_end=False)

    def _form(self, word: Word, wanted: frozenset[str]) -> str:
        head, space, last = word.lemma.rpartition(" ")
        return head + space + self._table(last, wanted)

    def _table(self, lemma: str, wanted: frozenset[str]) -> str:
        found = self.inflector.inflect(lemma, wanted)
        return found[0].translate(_HOMOPHONES) if found and found[1] == "table" else lemma

    def _merged(self, form: str) -> str:
        """After እንድ- the first person's እ- goes, and its አ- becomes the vowel of the prefix."""
        return form[1:] if form[:1] == "እ" else form

    def _joined(self, prefix: str, form: str) -> str:
        return "እያ" + form[1:] if prefix == "እየ" and form[:1] == "አ" else prefix + form

    def _takes_object(self) -> bool:
        if self.verb < 0 or self.verb < len(self.out) - 2:
            return False
        return all(_lemma(self.pair, one) in ("to", "for", "") for one in self.out[self.verb + 1 :])

    def _object(self, form: str) -> None:
        """The object's ending on the verb before: straight for who is told or given, else with -ል- 'for'."""
        verb = self.out[self.verb]
        after = [one for one in self.out[self.verb + 1 :] if not one.source]
        lemma = verb.lemma
        if lemma in _CAUSATIVE:
            word = replace(verb, lemma=_CAUSATIVE[lemma])
            told = self._form(word, _POLITE if self.polite else _COMMAND)
            verb = replace(word, form=told) if self._table(word.lemma, _COMMAND) != word.lemma else verb
        last = verb.lemma.rpartition(" ")[2]
        ending = _PEOPLE[form]
        if last not in _TAKES_PERSON:
            ending = {"ኣት": "ላት", "ኣቸው": "ላቸው"}.get(ending, "ል" + ending)
            self.out[self.verb] = replace(verb, form=verb.form + ending)
        else:
            stem = _with_vowel(verb.form, 0) if _ends_in_consonant(verb.form) else verb.form
            ending = {"ኣት": "ት", "ኣቸው": "ቸው"}.get(ending, ending)
            self.out[self.verb] = replace(verb, form=stem + ending)
        self.out[self.verb + 1 :] = after
        self.reminded = True

    def _copulas(self, form: str, *, to_end: bool) -> None:
        """Give the open places of "be" this form: after the verb (`to_end`), or nowhere."""
        open_ = [k for k, one in enumerate(self.out) if one.upos == "AUX" and not one.form and _free(self.pair, one)]
        for k in reversed(open_):
            place = self.out.pop(k)
            self.verb -= k < self.verb
            if to_end and form:
                self.out.append(replace(place, form=form, lemma="ነው"))
                to_end = False

    def close(self) -> None:
        """The end of a clause: what is left of "be" becomes the copula, 'there is' or 'will be'."""
        for k, one in enumerate(self.out):
            if one.upos == "AUX" and not one.form:
                self.out[k] = replace(one, form=self._copula(one))
        self.reset()

    def _copula(self, place: Word) -> str:
        embedded = 0 <= self.verb < len(self.out) and self.out[self.verb].lemma in _TAKES_PERSON
        past = "PST" in place.features
        if self.seems:
            return "ይመስላል"
        if self.there:
            return "ነበር" if past else "አሉ" if self.plural else "አለ"
        if self.helpers.keys() & {"will", "would"}:
            return "ይሆናል"
        if self.negative:
            return "አልነበረም" if past else "አይደለም"
        if embedded:
            return "እንደሆነ"
        if past:
            return "ነበር"
        if {"1", "SG"} <= self.subject:
            return "ነኝ"
        return "ናቸው" if self.subject == _PERSON["they"] else "ነው"


_COMMAND = frozenset({"V", "IMP", "2", "SG", "MASC"})
_POLITE = frozenset({"V", "IMP", "3", "PL"})
_IPFV = frozenset({"V", "IPFV"})
_IPFV_BARE = frozenset({"V", "IPFV", "NFIN"})
_PFV = frozenset({"V", "PFV"})
_NOUN = frozenset({"V.MSDR"})


def _ends(following: Word | None) -> bool:
    return following is None or following.upos not in _PHRASE or following.upos == "PROPN"


def _is_known(word: Word, inflector) -> bool:
    return word.lemma.rpartition(" ")[2] in inflector.paradigms.cells


def _inserted(form: str, source: tuple[int, ...] = (), upos: str = "AUX", origin: str = "rule:amh.verbs") -> Word:
    return Word(form, form, upos, NOTHING, source, origin, "")


# --- numbers, the clock, dates ---

_NUMBERS = ("", *"አንድ ሁለት ሶስት አራት አምስት ስድስት ሰባት ስምንት ዘጠኝ".split())
_TENS = ("", "አስራ", "ሃያ", "ሰላሳ", "አርባ", "ሃምሳ")


def _number(value: int) -> str:
    if value in (0, 10):
        return "አስር" if value else "ዜሮ"
    return f"{_TENS[value // 10]} {_NUMBERS[value % 10]}".strip()


def clock(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Tell the time: hours count from six in the morning and the part of the day goes first (ከጠዋቱ አንድ ሰዓት 'seven am').

    Times that were heard in English are as often repeated by the foreign dial (ሰባት ኤ. ኤም.), so some are told so.
    """
    return retell(pair, lambda time: _dawn(time, rng) if rng.random() < 0.4 else _dial(time, rng), "rule:amh.clock")


def _dawn(time: Clock, rng: random.Random) -> str:
    hour = (time.hour24 - 6) % 12 or 12
    return f"{_part(time, rng)}{_number(hour)} ሰዓት{_minutes(time.minute)}"


def _part(time: Clock, rng: random.Random) -> str:
    if not time.period:
        return ""
    hour = time.hour24
    part = next(name for end, name in _PARTS if hour < end)
    return f"{part} " if rng.random() < 0.4 else f"{_OF_PART[part]} "


_PARTS = ((4, "ሌሊት"), (6, "ንጋት"), (12, "ጠዋት"), (18, "ከሰዓት"), (20, "ምሽት"), (25, "ማታ"))
_OF_PART = {"ሌሊት": "ከሌሊቱ", "ንጋት": "ከንጋቱ", "ጠዋት": "ከጠዋቱ", "ከሰዓት": "ከሰዓት", "ምሽት": "ከምሽቱ", "ማታ": "ከምሽቱ"}


def _minutes(minute: int) -> str:
    return {0: "", 30: " ተኩል", 15: " ከሩብ"}.get(minute) if minute in (0, 15, 30) else f" ከ{_number(minute)}"


def _dial(time: Clock, rng: random.Random) -> str:
    if time.period in ("noon", "midnight"):
        return {"noon": "እኩለ ቀን", "midnight": "እኩለ ሌሊት"}[time.period]
    minutes = {0: "", 30: " ተኩል" if rng.random() < 0.3 else " ከሰላሳ"}.get(time.minute, f" ከ{_number(time.minute)}")
    told = f"{_number(time.hour % 12 or 12)}{minutes}"
    half = {"am": " ኤ. ኤም.", "pm": " ፒ. ኤም."}.get(time.period, "")
    if time.period and not half:
        return f"{_part(time, rng)}{told} ሰዓት"
    return told + (" ሰዓት" if rng.random() < 0.3 else "") + half


def dates(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """The month before the day, and the day a plain number: መጋቢት አምስት 'the fifth of March'."""
    words = list(pair.words)
    for k, word in enumerate(words):
        if word.source and _lemma(pair, word) in _MONTHS and word.upos == "PROPN":
            start, end = _day(pair, words, k)
            if start < end:
                day = [_cardinal(pair, one, resources) for one in words[start:end] if one.upos in ("NUM", "ADJ")]
                low, high = min(start, k), max(end, k + 1)
                words[low:high] = [word, *day]
    return pair.with_words(words)


def _day(pair: Pair, words: Sequence[Word], k: int) -> tuple[int, int]:
    """The number words beside the month at `k`, in the month's slot: after it, or before it with "of" between."""
    same = lambda one: bool(one.source) and pair.slot(one) == pair.slot(words[k])  # noqa: E731
    number = lambda one: one.upos == "NUM" or _lemma(pair, one) in _ORDINALS  # noqa: E731
    end = k + 1
    while end < len(words) and end < k + 3 and same(words[end]) and number(words[end]):
        end += 1
    if end > k + 1:
        return k + 1, end
    start = stop = k - 1 if k and _lemma(pair, words[k - 1]) == "of" and same(words[k - 1]) else k
    while start and stop - start < 2 and same(words[start - 1]) and number(words[start - 1]):
        start -= 1
    return (start, k) if start < stop else (k, k)


def _cardinal(pair: Pair, word: Word, resources: Resources) -> Word:
    number = _ORDINALS.get(_lemma(pair, word))
    options = resources.lexicon.ranked((number,), "NUM")[0] if number else ()
    return replace(word, form=options[0].form, upos="NUM", origin="rule:amh.dates") if options else word


# --- nouns ---


def nouns(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Plurals in -ኦች, "the" as an ending with the object's -ን in commands, "my" before the noun or as its ending."""
    words: list[Word] = []
    command = False
    definite = owned = False
    for k, word in enumerate(pair.words):
        lemma, following = _lemma(pair, word), pair.words[k + 1] if k + 1 < len(pair.words) else None
        command |= word.upos == "VERB" and "IMP" in word.features
        if lemma == "the" and _free(pair, word):
            definite = not (words and words[-1].upos == "ADP")
            continue
        if lemma == "my" and _free(pair, word) and following is not None and following.upos == "NOUN" and rng.random() < 0.3:
            owned = True
            continue
        if word.upos == "NOUN" and word.origin != COPY:
            head = following is None or following.upos not in _NOUNS or _lemma(pair, following) in _TIMES
            word = _ended(pair, word, definite and command and head and lemma not in _TIMES, owned and head)
            definite, owned = definite and not head, owned and not head
        if word.upos not in ("ADJ", "DET", "NUM") and word.upos not in _NOUNS:
            definite = owned = False
        words.append(word)
    return pair.with_words(words)


def _ended(pair: Pair, word: Word, definite: bool, owned: bool) -> Word:
    form = word.form
    token = pair.tokens[word.source[-1]] if word.source else None
    if token and "PL" in token.features and token.form.lower() != token.lemma and not form.endswith(("ች", "ት", "ዜና", "ን")):
        form = _with_vowel(form, _O) + "ች" if _ends_in_consonant(form) else form + "ዎች"
    if owned:
        form = _with_vowel(form, _E) if _ends_in_consonant(form) else form + "ዬ"
    elif definite:
        form = (_with_vowel(form, _U) if _ends_in_consonant(form) else form + "ው") + "ን"
    return replace(word, form=form, origin="rule:amh.nouns") if form != word.form else word


# --- order and prefixes ---


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Head-final order: greeting, time and place, objects, question word, then the verbs with the first one last.

    "of" turns its two phrases round under the prefix የ-; the other prefixes are written on the phrase or, before a
    slot, as often apart from it.
    """
    words = [word for clause in _clauses(pair) for word in _arranged(pair, clause, rng)]
    return pair.with_words(words) if _whole(pair, words) else pair


def _clauses(pair: Pair) -> Iterable[list[Word]]:
    """Runs of words up to a conjunction that begins another clause."""
    clause: list[Word] = []
    for k, word in enumerate(pair.words):
        joins = word.upos in ("CCONJ", "SCONJ") and _free(pair, word)
        if joins and any(one.upos in ("VERB", "AUX") for one in clause) and any(one.upos in ("VERB", "AUX") for one in pair.words[k + 1 :]):
            yield clause
            clause = []
        clause.append(word)
    yield clause


def _arranged(pair: Pair, clause: list[Word], rng: random.Random) -> list[Word]:
    first: list[Word] = []
    places: list[Word] = []
    things: list[Word] = []
    asked: list[Word] = []
    verbs: list[list[Word]] = []
    phrases = _phrases(pair, clause)
    for k, phrase in enumerate(phrases):
        head = phrase[-1]
        lemma = _lemma(pair, phrase[0])
        if phrase[0].upos == "ADP" and len(phrase) > 1:
            said = _adposition(pair, phrase, rng)
            if lemma == "of" and things:
                things = [*things[: -len(last)], *said, *last]
                last = [*said, *last]
            else:
                places += said
        elif head.upos in ("VERB",) and len(phrase) == 1:
            verbs.append(phrase)
        elif head.upos == "AUX":
            (verbs[-1] if verbs and not head.source else verbs.insert(0, []) or verbs[0]).append(head)
        elif head.upos in ("INTJ", "CCONJ", "SCONJ") and not things and not places:
            first += phrase
        elif len(phrase) == 1 and lemma in _WH and head.upos in ("PRON", "ADV", "DET", "SCONJ"):
            asked += phrase
        elif lemma == "please" and len(phrase) == 1:
            first += phrase
        elif _lemma(pair, head) in _TIMES and "PSS" not in head.features:
            places += phrase
        else:
            last = _linked(pair, phrase, rng)
            things += last
    ends = [word for group in reversed(verbs) for word in group]
    if asked and ends and asked[-1].form == "ምን" and ends[0].form in ("ነው", "ናቸው", "ነበር", "እንደሆነ"):
        asked[-1] = replace(asked[-1], form="ምንድን")
    return [*first, *places, *things, *asked, *ends]


def _phrases(pair: Pair, clause: Sequence[Word]) -> list[list[Word]]:
    """Slots and runs of modifiers up to their noun, with an adposition before them; all other words alone."""
    phrases: list[list[Word]] = []
    for k, word in enumerate(clause):
        before = clause[k - 1] if k else None
        slot = pair.slot(word)
        joined = before is not None and (
            (slot >= 0 and slot == pair.slot(before))
            or (before.upos == "ADP" and (word.upos in _PHRASE or slot >= 0) and pair.slot(before) < 0)
            or (_modifies(pair, before, word))
        )
        if joined:
            phrases[-1].append(word)
        else:
            phrases.append([word])
    return phrases


def _modifies(pair: Pair, before: Word, word: Word) -> bool:
    if before.upos not in _PHRASE or word.upos not in _PHRASE or word.upos in ("DET", "PRON"):
        return False
    if _lemma(pair, before) in _WH and before.upos == "PRON" and word.upos not in _NOUNS:
        return False
    timely = _lemma(pair, word) in _TIMES and _lemma(pair, before) not in _TIMES and before.upos in _NOUNS
    return not timely and (before.upos != "PRON" or _lemma(pair, before) in ("what", "my"))


def _linked(pair: Pair, phrase: list[Word], rng: random.Random) -> list[Word]:
    """Owners in -'s and, more often than not, nouns before nouns take the prefix የ-."""
    out: list[Word] = []
    for word, following in pairwise([*phrase, None]):
        owner = "PSS" in word.features and word.upos in _NOUNS
        if owner or (
            following is not None and word.upos == "NOUN" and following.upos == "NOUN"
            and pair.slot(word) != pair.slot(following) and not word.form.startswith("የ") and rng.random() < 0.4
        ):
            out += _prefixed(pair, "የ", [word], rng)
        else:
            out.append(word)
    return out


def _adposition(pair: Pair, phrase: list[Word], rng: random.Random) -> list[Word]:
    """A phrase with what stands before and after it in place of the English preposition."""
    adposition, *rest = phrase
    lemma = _lemma(pair, adposition)
    choices = _AROUND.get(lemma)
    if choices is None:
        return [adposition, *rest]
    before, after = choices[0] if rng.random() < 0.5 else choices[int(rng.random() * len(choices))]
    if lemma == "to" and pair.tokens[rest[-1].source[0] if rest[-1].source else 0].upos == "PROPN":
        before = "ለ" if rng.random() < 0.3 else before
    if lemma in ("on", "at", "in", "for") and _lemma(pair, rest[-1]) in _TIMES | _MONTHS and not adposition.source == ():
        before, after = ("", "") if rng.random() < 0.5 else ("በ", "")
    source = () if pair.slot(adposition) < 0 else adposition.source
    rest = _linked(pair, rest, rng) if len(rest) > 1 else rest
    said = _prefixed(pair, before, rest, rng, source) if before else list(rest)
    return [*said, Word(after, after, "ADP", NOTHING, source, "rule:amh.order", adposition.gloss)] if after else said


def _prefixed(pair: Pair, prefix: str, phrase: list[Word], rng: random.Random, source: tuple[int, ...] = ()) -> list[Word]:
    """`phrase` with a prefix: on its first word, or as a word of its own (always so for the longer ones)."""
    first, *rest = phrase
    apart = prefix not in _ATTACHED or (pair.slot(first) >= 0 and not source and rng.random() < 0.5)
    if apart:
        return [Word(prefix, prefix, "ADP", NOTHING, source, "rule:amh.order", ""), *phrase]
    form = first.form
    if form[:1] == "ይ" and form[:2] == "ይህ" or form[:2] == "ይሄ":
        form = "ዚህ" + ("" if len(form) <= 3 else form[3:])
    elif form in ("ያ", "ያን", "ያንን"):
        form = "ዚያ"
    return [replace(first, form=_once(prefix, form), source=(*source, *first.source), origin="rule:amh.order"), *rest]


def _once(prefix: str, form: str) -> str:
    """A prefix on a form; a genitive keeps its የ- only where no other prefix comes before it."""
    if form[:1] == "የ" and len(form) > 1 and form not in ("የካቲት", "የን", "የት"):
        return form if prefix == "የ" else prefix + form[1:]
    return prefix + form


def _whole(pair: Pair, words: Sequence[Word]) -> bool:
    """Whether every slot's words stand together."""
    try:
        slots = [pair.slot(word) for word in words if word.form]
    except Rejected:
        return False
    runs = [slot for k, slot in enumerate(slots) if slot >= 0 and (k == 0 or slots[k - 1] != slot)]
    return len(runs) == len(set(runs))
