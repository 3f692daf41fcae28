"""Amharic verbs: subject, object, negation, "can", "must", "to" and "if" are said in the verb's own form."""

import random
from dataclasses import replace

from lowres.english import ABLE, CALLS, HELPERS, OBLIGED
from lowres.pair import COPY, NOTHING, Pair, Word, inserted
from lowres.rules import Resources

_A, _SIXTH = 3, 5  # places of the vowels a and (none) in a consonant's row of eight syllable signs
_HOMOPHONES = {ord("ሠ") + i: chr(ord("ሰ") + i) for i in range(7)}  # the paradigms write one sound both ways
_ORIGIN = "rule:amh_verbs.verbs"

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
_HAS = {"i": "ኝ", "you": "ህ", "he": "ው", "it": "ው", "she": "ት", "we": "ን", "they": "ቸው"}
_PEOPLE = {"me": "ኝ", "us": "ን", "him": "ው", "her": "ት", "them": "ቸው"}
_CLITICS = {"s": "be", "m": "be", "re": "be", "ll": "will", "d": "would"}
_WH = frozenset({"what", "who", "whom", "when", "where", "why", "how"})
# Verbs whose person is told, given or moved (-ኝ); for others something is done on a person's behalf (-ልኝ).
_TAKES_PERSON = frozenset("ነገረ ሰጠ አሳየ አስታወሰ ቀሰቀሰ አሳወቀ ጠየቀ ረዳ አስጠነቀቀ ወሰደ መራ አስተማረ አነጋገረ".split())
_CAUSATIVE = {"ነቃ": "ቀሰቀሰ", "አወቀ": "አሳወቀ"}
_NOMINAL = frozenset({"NOUN", "ADJ", "DET", "NUM", "PRON"})

_COMMAND = frozenset({"V", "IMP", "2", "SG", "MASC"})
_POLITE = frozenset({"V", "IMP", "3", "PL"})
_LET = frozenset({"V", "IMP"})
_IPFV = frozenset({"V", "IPFV"})
_BARE = frozenset({"V", "IPFV", "NFIN"})
_PFV = frozenset({"V", "PFV"})
_NOUN = frozenset({"V.MSDR"})
_FINITE = frozenset({"3", "PST", "PASS"})


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate verbs and put what English says in words of its own inside them.

    Subject and object pronouns become endings (ንገረኝ 'tell me', አጫውትልኝ 'play for me'); auxiliaries, "to", "not" and
    "if" become the verb's form; what is left of "be" is the copula ነው, and "have" is 'there is to me' (አለኝ).
    """
    reading = _Reading(pair, resources, rng)
    words = _commands(pair, resources)
    for word, following in zip(words, [*words[1:], None], strict=False):
        reading.read(word, following)
    reading.close()
    return pair.with_words(reading.out)


def _commands(pair: Pair, resources: Resources) -> list[Word]:
    """The words, with an opening verb that was taken for a noun or a name ("cancel my …") read as a command."""
    words = list(pair.words)
    k = next((k for k, word in enumerate(words) if _lemma(pair, word) not in CALLS), len(words))
    if k + 1 < len(words) and _misread(pair, words[k], words[k + 1]):
        options, _ = resources.lexicon.ranked((_lemma(pair, words[k]),), "VERB")
        if options and options[0].upos == "VERB":
            best = options[0]
            features = frozenset({"IMP", "2"})
            words[k] = Word(best.form, best.form, "VERB", features, words[k].source, best.lexicon, words[k].gloss)
    return words


def _misread(pair: Pair, word: Word, following: Word) -> bool:
    """Whether what opens the utterance may be a verb: a name that no lexicon has, a noun before a name or "my"."""
    if len(word.source) != 1:
        return False
    if word.upos in ("NOUN", "ADJ") and word.origin != COPY:
        return following.upos in ("PROPN", "PRON", "DET") and _lemma(pair, following) not in HELPERS
    return word.upos in ("PROPN", "INTJ", "X", "ADJ") and word.origin in (COPY, "rule:transliterate")


class _Reading:
    """One utterance read left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, resources: Resources, rng: random.Random) -> None:
        self.pair, self.inflector, self.rng = pair, resources.inflector, rng
        self.command = _POLITE if rng.random() < 0.18 else _COMMAND  # one manner throughout
        self.out: list[Word] = []
        self.verb = -1  # where the last verb is in `out`
        self.told = False  # the last verb has a person as its object
        self.reset()

    def reset(self) -> None:
        self.subject = ""
        self.helpers: dict[str, frozenset[str]] = {}  # auxiliaries heard, and their features
        self.negative = self.infinitive = self.there = self.plural = self.seems = self.condition = False

    def read(self, word: Word, following: Word | None) -> None:
        """Take in one word: keep it, note what it says for a verb, or conjugate it."""
        if word.upos in ("CCONJ", "SCONJ"):
            self.close()
        if not word.source:
            self.out.append(word)
        elif len(word.source) == 1 and self.pair.slot(word) < 0 and self._noted(word, following):
            return
        elif word.upos == "VERB" and word.origin != COPY and self._has_cells(word):
            self._verb(word)
        else:
            self._kept(word)

    def _noted(self, word: Word, following: Word | None) -> bool:
        """Whether a single word was used up: pronoun, auxiliary, particle, "have", "there", "if"."""
        token = self.pair.tokens[word.source[0]]
        lemma, form = _lemma(self.pair, word), token.form.lower()
        after = _lemma(self.pair, following) if following else ""
        infinitive = after == "to" and self.pair.tokens[following.source[0]].upos == "PART"
        if token.upos == "PRON" and form in _PEOPLE:
            if "let" in self.helpers:
                return True
            return self._object(_PEOPLE[form])
        if token.upos == "PRON" and (lemma in _PERSON or lemma == "there") and "PSS" not in token.features:
            self.subject, self.there = (lemma, False) if lemma in _PERSON else ("", True)
            self._clitic(form, token.features)
        elif form in ("going", "gonna") and "be" in self.helpers and infinitive:
            self.helpers["will"] = NOTHING
            self._drop_copulas()
        elif lemma == "have" and (token.upos == "VERB" or infinitive):
            self._have(word, token.features, infinitive)
        elif lemma in HELPERS and (token.upos == "AUX" or lemma == "be" or (lemma == "do" and after in _PERSON)):
            self._helper(lemma, token.features, word)
        elif token.upos == "PART" and lemma in ("to", "not"):
            self.infinitive, self.negative = self.infinitive or lemma == "to", self.negative or lemma == "not"
        elif lemma == "let" and following is not None and self.pair.form(following) in ("me", "us"):
            self.helpers["let"] = NOTHING
            self.subject = "i" if self.pair.form(following) == "me" else "we"
        elif lemma == "'s" and self.out:
            self._apart(token.features)
        elif lemma == "like" and word.upos in ("ADP", "SCONJ") and "be" in self.helpers and not _nominal(following):
            self.seems = True
        elif lemma == "if" and word.upos == "SCONJ":
            self.condition = True
            self.out.append(replace(word, form=""))  # `order` finds the condition's clause by it
        else:
            return False
        return True

    def _kept(self, word: Word) -> None:
        token = self.pair.tokens[word.source[0]]
        if token.form.lower() == "my" and token.lemma != "my":
            word = replace(word, form="የእኔ", lemma="የእኔ", upos="DET")
        self.plural |= "PL" in word.features and word.upos == "NOUN"
        self.out.append(word)
        if word.upos in ("PRON", "ADV", "DET") and self.pair.slot(word) < 0:
            self._clitic(token.form.lower(), token.features)

    def _clitic(self, form: str, features: frozenset[str]) -> None:
        """What a pronoun or question word carries: is, will, would."""
        helper = _CLITICS.get(form.rpartition("'")[2]) if "'" in form else None
        if helper:
            self._helper(helper, features, inserted("", "AUX", _ORIGIN))

    def _apart(self, features: frozenset[str]) -> None:
        """A lone 's: "is" after a question word, else the owner's ending."""
        host = self.out[-1]
        if _lemma(self.pair, host) in _WH:
            self._helper("be", features, inserted("", "AUX", _ORIGIN))
        else:
            self.out[-1] = replace(host, features=host.features | {"PSS"})

    def _helper(self, lemma: str, features: frozenset[str], word: Word) -> None:
        self.negative |= "NEG" in features
        if lemma == "do" and not self.out:  # "don't …": a command, whatever the tagger took it for
            features |= {"IMP"}
        self.helpers[lemma] = features
        if lemma == "be":  # an empty place, filled when the clause is known
            self.out.append(replace(word, form="", lemma="ነው", upos="AUX", features=features, origin=_ORIGIN))

    def _have(self, word: Word, features: frozenset[str], infinitive: bool) -> None:
        """Possession is 'there is to me'; "have to" is an obligation, said on the verb that follows."""
        if infinitive:
            self.helpers["must"] = NOTHING
            return
        start = word.source[0] + 1
        many = self.plural or any("PL" in token.features for token in self.pair.tokens[start : start + 3])
        ending = _HAS[self.subject or "it"]
        if self.negative:
            form = f"የለ{ending}ም"
        else:
            form = ("ነበረ" if "PST" in features else "አሉ" if many else "አለ") + ending
        self._put(word, form.replace("ለት", "ላት").replace("ለቸ", "ላቸ"))
        self.reset()

    def _put(self, word: Word, form: str, helper: str = "") -> None:
        self.verb = len(self.out)
        self.out.append(replace(word, form=form, upos="VERB", origin=_ORIGIN))
        if helper:
            self.out.append(inserted(helper, "AUX", _ORIGIN))

    def _verb(self, word: Word) -> None:
        """The form of a verb: progress, request, duty, purpose, verbal noun, command, or a plain statement."""
        features, helpers = word.features, self.helpers
        if "would" in helpers and word.lemma == "ወደደ":
            word = replace(word, lemma="ፈለገ")
        able = helpers.keys() & ABLE
        if "be" in helpers and features & {"V.MSDR", "V.PTCP"} and "PST" not in features:
            self._progress(word)
        elif able and self.subject == "you":
            self._request(word)
        elif able or helpers.keys() & OBLIGED:
            self._put(word, self._form(word, _NOUN), self._modal(bool(able)))
        elif "let" in helpers:
            self._put(word, self._form(word, _LET | _PERSON[self.subject]))
        elif self.infinitive and "will" not in helpers:
            self._put(word, self._purpose(word) if self.told else self._form(word, _NOUN))
        elif "V.MSDR" in features or ("V.PTCP" in features and not self.subject and not helpers):
            self._put(word, self._form(word, _NOUN))
        elif self._commands(features):
            self._put(word, self._commanded(word))
        else:
            self._put(word, self._stated(word, features))
            self._drop_copulas()
        self.told = False
        if any(self.pair.tokens[i].form.lower() == "me" for i in word.source[1:]):  # "let me know" is one entry
            self._object("ኝ")
        self.reset()

    def _commands(self, features: frozenset[str]) -> bool:
        if "IMP" in features or "IMP" in self.helpers.get("do", NOTHING):
            return not self.subject
        return not self.subject and not self.helpers and self.verb < 0 and not features & _FINITE

    def _commanded(self, word: Word) -> str:
        if not self.negative:
            return self._form(word, self.command)
        return _negated(self._form(word, _BARE | _PERSON["you"]), _PERSON["you"])

    def _request(self, word: Word) -> None:
        """ "Can you …" is as often a plain command as 'that you do it, can you'."""
        choice = self.rng.random()
        if choice < 0.5:
            self._put(word, self._commanded(word))
        elif choice < 0.75:
            self._put(word, "ል" + self._form(word, _BARE | _PERSON["you"]), "ትችላለህ")
        else:
            self._put(word, self._form(word, _NOUN), "ትችላለህ")

    def _modal(self, able: bool) -> str:
        if able:
            return self._table("ቻለ", _IPFV | _PERSON.get(self.subject, _HE))
        return {"i": "አለብኝ", "you": "አለብህ", "we": "አለብን"}.get(self.subject, "አለበት")

    def _purpose(self, word: Word) -> str:
        """What a person is reminded or told to do: እንድ- and the first person without its እ-."""
        head, space, last = self._form(word, _BARE | _PERSON["i"]).rpartition(" ")
        return f"{head}{space}እንድ{last[1:]}" if last[:1] == "እ" else f"{head}{space}እንዳ{last[1:]}"

    def _progress(self, word: Word) -> None:
        """እየ- with the perfective, and the copula after it."""
        if word.lemma == "አጫወተ" and self.subject not in ("i", "you"):
            word = replace(word, lemma="ተጫወተ")
        head, space, last = self._form(word, _PFV | _PERSON.get(self.subject, _HE)).rpartition(" ")
        places = self._drop_copulas()
        self._put(word, f"{head}{space}{_joined('እየ', last)}")
        self.out.extend(replace(one, form="ነበር" if "PST" in one.features else "ነው") for one in places)

    def _stated(self, word: Word, features: frozenset[str]) -> str:
        person = _PERSON.get(self.subject, _PERSON["they"] if self.plural else _HE)
        past = features & {"PST", "V.PTCP"} or "PST" in self.helpers.get("do", NOTHING)
        if self.condition:
            return _joined("ከ", self._form(word, _PFV | person))
        if self.negative:
            return _negated(self._form(word, _BARE | person), person) + "ም"
        return self._form(word, (_PFV if past and "will" not in self.helpers else _IPFV) | person)

    def _form(self, word: Word, wanted: frozenset[str]) -> str:
        head, space, last = word.lemma.rpartition(" ")
        return head + space + self._table(last, wanted)

    def _table(self, lemma: str, wanted: frozenset[str]) -> str:
        """The paradigm's own form; what is guessed by endings is no use where the inside of the stem changes."""
        found = self.inflector.inflect(lemma, wanted)
        return found[0].translate(_HOMOPHONES) if found and found[1] == "table" else lemma

    def _has_cells(self, word: Word) -> bool:
        return word.lemma.rpartition(" ")[2] in self.inflector.paradigms.cells

    def _object(self, ending: str) -> bool:
        """Put a person on the last verb, right after it or later with "for"; False where there is none to take it."""
        after = self.out[self.verb + 1 :]
        near = all(_lemma(self.pair, one) in ("to", "for", "") for one in after)
        late = bool(after) and _lemma(self.pair, after[-1]) == "for" and "IMP" in self.out[self.verb].features
        if self.verb < 0 or not (near or (late and self.pair.slot(after[-1]) < 0)):
            return False
        verb = self.out[self.verb]
        if verb.lemma in _CAUSATIVE and verb.form == self._form(verb, self.command):
            verb = replace(verb, lemma=_CAUSATIVE[verb.lemma])
            verb = replace(verb, form=self._form(verb, self.command))
        self.out[self.verb] = replace(verb, form=_suffixed(verb, ending))
        if after and _lemma(self.pair, after[-1]) in ("to", "for"):
            self.out.pop()
        self.told = True
        return True

    def _drop_copulas(self) -> list[Word]:
        """Take the empty places of "be" away and return them."""
        places = [k for k, one in enumerate(self.out) if one.upos == "AUX" and not one.form]
        self.verb -= sum(k < self.verb for k in places)
        return [self.out.pop(k) for k in reversed(places)]

    def close(self) -> None:
        """The end of a clause: what is left of "be" becomes the copula, 'there is' or 'will be'."""
        for k, one in enumerate(self.out):
            if one.upos == "AUX" and not one.form:
                self.out[k] = replace(one, form=self._copula(one))
        self.reset()

    def _copula(self, place: Word) -> str:
        past = "PST" in place.features
        if self.seems:
            return "ይመስላል"
        if self.condition:
            return "ካለ" if self.there else "ከሆነ"
        if self.there:
            return "ነበር" if past else "አሉ" if self.plural else "አለ"
        if self.helpers.keys() & {"will", "would"}:
            return "ይሆናል"
        if self.negative:
            return "አልነበረም" if past else "አይደለም"
        if self.verb >= 0 and self.out[self.verb].lemma in _TAKES_PERSON:
            return "እንደሆነ"
        if past:
            return "ነበር"
        many = self.subject == "they" or (self.plural and self.rng.random() < 0.5)
        return "ነኝ" if self.subject == "i" else "ናቸው" if many else "ነው"


def _suffixed(verb: Word, ending: str) -> str:
    """The verb with a person: straight for who is told or given, else with -ል- 'for'; a final consonant takes ä."""
    if verb.lemma.rpartition(" ")[2] not in _TAKES_PERSON:
        return verb.form + {"ት": "ላት", "ቸው": "ላቸው"}.get(ending, "ል" + ending)
    vowel = _A if ending in ("ት", "ቸው") else 0
    return (_with_vowel(verb.form, vowel) if _vowel(verb.form[-1]) == _SIXTH else verb.form) + ending


def _negated(form: str, person: frozenset[str]) -> str:
    """አ- before the imperfective; the first person's እ- makes way, in the singular for -ል-."""
    head, space, last = form.rpartition(" ")
    if "1" not in person:
        return f"{head}{space}አ{last}"
    return head + space + ("አ" if "PL" in person else "አላ" if last[:1] == "አ" else "አል") + last[1:]


def _joined(prefix: str, form: str) -> str:
    """A prefix in -ä takes up the a- of the verb: እየ, ከ + አለ = እያለ, ካለ."""
    return _with_vowel(prefix, _A) + form[1:] if form[:1] == "አ" else prefix + form


def _vowel(letter: str) -> int:
    """The place of a syllable sign's vowel; -1 for other letters."""
    return (ord(letter) - 0x1200) % 8 if "\u1200" <= letter < "\u1358" else -1


def _with_vowel(form: str, vowel: int) -> str:
    return form[:-1] + chr((ord(form[-1]) & ~7) + vowel) if _vowel(form[-1]) >= 0 else form


def _nominal(word: Word | None) -> bool:
    return word is not None and word.upos in _NOMINAL


def _lemma(pair: Pair, word: Word) -> str:
    """The source lemma that a word begins with, a possessive's form ("my"); '' for inserted words."""
    if not word.source:
        return ""
    token = pair.tokens[word.source[0]]
    return token.form.lower() if "PSS" in token.features and token.upos in ("PRON", "DET") else token.lemma
