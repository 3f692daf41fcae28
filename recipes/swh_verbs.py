"""Swahili verbs: subject, tense, negation and object are said in the verb; 'be', 'have' and relative clauses."""

import random
from collections.abc import Sequence
from functools import lru_cache

from lowres.english import ABLE, HELPERS, OBLIGED
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules import Resources
from lowres.rules.phrases import NOMINAL

_ORIGIN = "rule:swh_verbs.verbs"
_VOWELS = frozenset("aeiou")

# --- forms ---

_MONOSYLLABIC = frozenset({"la", "nywa", "ja", "fa", "wa"})
_NEGATIVE = {"ni": "si", "u": "hu", "a": "ha"}
_COMMANDS = {"ja": "njoo", "leta": "lete", "enda": "nenda", "la": "kula", "nywa": "kunywa", "wa": "kuwa", "pa": "toa"}


def _final_e(stem: str) -> str:
    return stem[:-1] + "e" if stem.endswith("a") else stem


def _joined(prefix: str, stem: str) -> str:
    return "mw" + stem if prefix == "m" and stem[0] in _VOWELS else prefix + stem


def _passive(verb: str) -> str:
    """weka -> wekwa, chagua -> chaguliwa, rekodi -> rekodiwa."""
    stem, space, rest = verb.partition(" ")
    body = stem[:-1]
    if not stem.endswith("a"):
        done = body + ("ewa" if stem.endswith("e") else "iwa")
    elif body and body[-1] in "aou":
        done = body + ("lewa" if body[-1] == "o" else "liwa")
    else:
        done = body + "wa"
    return done + space + rest


@lru_cache(maxsize=1 << 14)
def _finite(verb: str, subject: str, tense: str, obj: str = "", negative: bool = False) -> str:
    """Subject, tense (na, li, ta, me; '' for the subjunctive) and object before the stem: ni-ta-m-pigia."""
    stem, space, rest = verb.partition(" ")
    filler = "ku" if stem in _MONOSYLLABIC and not obj else ""
    if not tense:
        form = _joined(subject, ("si" if negative else "") + _joined(obj, _final_e(stem)))
    elif not negative:
        form = subject + tense + filler + _joined(obj, stem)
    else:
        start = _NEGATIVE.get(subject, "ha" + subject)
        if tense == "na":
            form = start + _joined(obj, stem[:-1] + "i" if stem.endswith("a") else stem)
        else:
            form = start + {"li": "ku", "me": "ja"}.get(tense, tense + filler) + _joined(obj, stem)
    return form + space + rest


def _infinitive(verb: str, obj: str = "") -> str:
    return ("kw" if verb.startswith("enda") and not obj else "ku") + _joined(obj, verb)


def _command(verb: str, obj: str = "", negative: bool = False) -> str:
    if negative:
        return _finite(verb, "u", "", obj, True)
    stem, space, rest = verb.partition(" ")
    return (_joined(obj, _final_e(stem)) if obj else _COMMANDS.get(stem, stem)) + space + rest


# --- clauses ---

_SUBJECTS = {"i": "ni", "you": "u", "he": "a", "she": "a", "it": "i", "we": "tu", "they": "wa"}
_CLASS_SUBJECT = dict(zip(
    (f"BANTU{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16)),
    ("a ye", "wa o", "u o", "i yo", "li lo", "ya yo", "ki cho", "vi vyo", "i yo", "zi zo", "u o", "ku ko", "pa po"),
    strict=True,
))  # fmt: skip
_CLITICS = {"'m": "be", "'re": "be", "'s": "be", "'ll": "will", "'d": "would", "'ve": "have"}
_WILL = frozenset({"will", "would"})
_ASKING = {
    "what": "nini", "which": "ipi", "who": "nani", "whom": "nani", "when": "lini", "where": "wapi", "how": "vipi",
    "why": "kwa nini",
}  # fmt: skip
_FALLS = {"nyesha": "mvua"}  # it rains: the rain falls
_PLACES = frozenset({"hapa", "huko", "wapi", "nyumbani"})
_FINITE, _IMPERATIVE, _INFINITE = frozenset({"FIN"}), frozenset({"IMP"}), frozenset({"NFIN"})


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate verbs and put what English says in words of its own inside them.

    Subject pronouns become prefixes, auxiliaries and "to" the verb's form; what is left of "be" is ni, -ko 'is at' or
    kuna 'there is', "have" is 'be with'; "that" before a clause is the verb's relative (unaocheza 'that plays').
    """
    clause = _Clause(pair, rng)
    for k, word in enumerate(pair.words):
        if not word.source or word.upos in NOMINAL:
            clause.out.append(word)
        else:
            clause.read(word, pair.words[k + 1 : k + 7])
    clause.resolve()
    return pair.with_words([word for word in clause.out if word.form or word.source])


@lru_cache(maxsize=1 << 12)
def _clitic(form: str) -> tuple[str, str]:
    for clitic in _CLITICS:
        if form.endswith(clitic) and len(form) > len(clitic):
            return form[: -len(clitic)], clitic
    return form, ""


def _marked(word: Word, mark: str) -> str:
    """The prefix that `swh_objects` gave to a verb."""
    return next((feature[3:] for feature in word.features if feature.startswith(mark)), "")


class _Clause:
    """One utterance, left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, rng: random.Random) -> None:
        self.pair, self.rng = pair, rng
        self.out: list[Word] = []
        self.question = ""
        self.last_verb = -1
        self.alike = self.second = False
        self.reset()

    def reset(self) -> None:
        """Forget what belonged to the verb that was just said."""
        self.subject = self.related = ""  # a prefix; prefix and reference of the noun that a relative clause is about
        self.helpers: dict[str, frozenset[str]] = {}
        self.negative = self.infinitive = self.there = False
        self.be = -1  # where a place for "be" waits
        self.gloss: list[str] = []

    # --- reading ---

    def read(self, word: Word, rest: Sequence[Word]) -> None:
        """Take in a word: into the clause's state, or out as it is or as a verb."""
        token = self.pair.tokens[word.source[0]]
        form, lemma = token.form.lower(), token.lemma
        host, clitic = _clitic(form.replace("’", "'"))
        if word.upos in ("PRON", "ADV", "SCONJ", "ADP") and lemma in _ASKING:
            self._ask(word, clitic, lemma)
        elif len(word.source) == 1 and self._is_taken(word, token, host, clitic, rest):
            self.gloss.append(word.gloss)
        elif lemma == "have" and token.upos in ("VERB", "AUX") and len(word.source) == 1:
            self._have(word, token.features)
        elif word.upos == "VERB":
            self._verb(word, token, rest)
        else:
            if word.upos in ("CCONJ", "SCONJ"):
                self.second = lemma == "and" and self.last_verb >= 0 and "IMP" in self.out[self.last_verb].features
                self.resolve()
                self.reset()
            self.out.append(word)

    def _is_taken(self, word: Word, token, host: str, clitic: str, rest: Sequence[Word]) -> bool:
        """Whether the clause takes the word in: a pronoun, an auxiliary, "to", "not", "there", "that", "like"."""
        lemma = token.lemma
        if not self.pair.may_go(word):
            return False
        if host in _SUBJECTS and token.upos == "PRON" and word.upos == "PRON" and token.form.lower() not in ("me", "him", "us"):
            return self._pronoun(host, clitic, rest)
        if lemma in HELPERS and (token.upos == "AUX" or self._helps(lemma, rest)) and not self._is_duty(lemma, word):
            return self._helper(lemma, token.features, rest)
        if token.upos == "PART" and lemma in ("to", "not"):
            self.infinitive |= lemma == "to"
            self.negative |= lemma == "not"
            return True
        if lemma == "there":
            return self._exists(clitic, rest)
        if lemma == "that":
            return self._relates(rest)
        return lemma == "like" and self.alike and token.upos in ("ADP", "VERB", "SCONJ")

    def _ask(self, word: Word, clitic: str, lemma: str) -> None:
        """A question word; "how to" and "when" before a clause are none."""
        following = self.pair.tokens[word.source[-1] + 1 :]
        helped = bool(clitic) or bool(following) and (following[0].upos == "AUX" or following[0].lemma in HELPERS)
        form = _ASKING[lemma] if len(word.source) == 1 else word.form
        if lemma == "what" and helped and _is_alike(following):
            form, self.alike = "vipi", True
        elif form == "vipi" and following and following[0].lemma == "to":
            form = "jinsi ya"
        elif form == "vipi" and not helped and self.out:
            form = "jinsi"
        elif form == "vipi" and following and following[0].upos == "ADJ":
            form = "kiasi gani"
        elif form == "lini" and not helped:
            form = "wakati"
        upos = "PRON" if form in ("nini", "nani") else "ADV"
        self.out.append(changed(word, form=form, lemma=form, upos=upos, origin=_ORIGIN))
        self.question = "" if form in ("jinsi ya", "jinsi", "wakati") else form
        if clitic in ("'s", "'re"):
            self._place_be(NOTHING)

    def _relates(self, rest: Sequence[Word]) -> bool:
        """ "That" between a noun and its clause goes into the verb: wimbo unaocheza."""
        if not self.out or self.out[-1].upos not in ("NOUN", "ADJ", "PRON") or not rest or not self._topic():
            return False
        first, second = rest[0].upos, rest[1].upos if len(rest) > 1 else ""
        if first not in ("VERB", "AUX") and not (first == "PRON" and second in ("VERB", "AUX")):
            return False
        self.related = self._topic()
        return True

    def _pronoun(self, host: str, clitic: str, rest: Sequence[Word]) -> bool:
        """A subject pronoun goes into the verb; right behind a noun it opens a relative clause."""
        noun = self.out[-1] if self.out else None
        if noun is not None and noun.upos == "NOUN" and self.last_verb >= 0 and not clitic and not self.related:
            self.related = self._topic() if rest and rest[0].upos in ("VERB", "AUX") else ""
        self.subject = _SUBJECTS[host]
        if clitic in _CLITICS:
            self.helpers[_CLITICS[clitic]] = NOTHING
            if _CLITICS[clitic] == "be":
                self._place_be(NOTHING)
        return True

    def _place_be(self, features: frozenset[str]) -> None:
        """A place for "be", said when the clause is known; '' so far."""
        self.be = len(self.out)
        self.out.append(make_word("", "be", "AUX", features, (), _ORIGIN, ""))

    def _exists(self, clitic: str, rest: Sequence[Word]) -> bool:
        if clitic:
            self._place_be(NOTHING)
        self.there = self.be >= 0 or bool(self.helpers) or any(self.pair.lemma(one) == "be" for one in rest[:1])
        return self.there

    def _is_duty(self, lemma: str, word: Word) -> bool:
        return lemma == "have" and self._is_to(word.source[0] + 1)

    def _is_to(self, i: int) -> bool:
        """Whether token `i` is the "to" of an infinitive."""
        return 0 <= i < len(self.pair.tokens) and self.pair.tokens[i].lemma == "to" and self.pair.tokens[i].upos == "PART"

    def _helps(self, lemma: str, rest: Sequence[Word]) -> bool:
        """Whether a form of be, do or have that is tagged as a verb is an auxiliary."""
        if lemma == "be" or not rest:
            return lemma == "be"
        following = rest[0]
        if lemma == "have":
            return "V.PTCP" in following.features and following.upos == "VERB"
        if self.pair.lemma(following) == "not" or self.pair.lemma(following) in _SUBJECTS:
            return any(one.upos == "VERB" for one in rest[:4])
        return lemma == "do" and (following.upos == "VERB" or bool(self.question) and any(w.upos == "VERB" for w in rest))

    def _helper(self, lemma: str, features: frozenset[str], rest: Sequence[Word]) -> bool:
        if lemma == "have" and not any(one.upos == "VERB" for one in rest[:3]):
            return False
        self.negative |= "NEG" in features
        if lemma == "do" and self._opens() and "NEG" in features:
            return True
        self.helpers[lemma] = features
        if lemma == "be":
            self._place_be(features)
        return True

    def _opens(self) -> bool:
        """Whether no subject, auxiliary or question has been heard, so that a command can follow."""
        return not (self.subject or self.helpers or self.question)

    def _topic(self, end: int | None = None) -> str:
        """Subject prefix and reference of the noun phrase before; '' where there is none since the last verb."""
        for one in reversed(self.out[self.last_verb + 1 : end]):
            if one.upos in ("CCONJ", "SCONJ"):
                break
            for feature in one.features:
                if feature in _CLASS_SUBJECT:
                    return _CLASS_SUBJECT[feature]
        return ""

    # --- saying ---

    def _put(self, word: Word, form: str, features: frozenset[str], lemma: str = "") -> None:
        gloss = " ".join([*self.gloss, word.gloss]) if self.gloss else word.gloss
        if self.be >= 0:
            self.out.pop(self.be)
        self.last_verb = len(self.out)
        if self.subject:
            features |= {"PRO"}
        self.out.append(make_word(form, lemma or word.form, "VERB", features, word.source, _ORIGIN, gloss))
        self.reset()

    def _have(self, word: Word, features: frozenset[str]) -> None:
        """Possession is being with; "have to" is a duty."""
        if self._is_duty("have", word) and self.pair.may_go(word):
            self.helpers["must"] = features
            self.gloss.append(word.gloss)
            return
        subject = self.subject or self._topic().partition(" ")[0]
        past = "PST" in features or "PST" in self.helpers.get("do", NOTHING)
        if self.infinitive or self._is_to(word.source[0] - 1):
            form = "kuwa na"
        elif not subject:
            form = "pata" if self._opens() else "kuwa na"
        elif past or self.helpers.keys() & _WILL:
            form = f"{subject}{'likuwa' if past else 'takuwa'} na"
        elif self.related and not self.negative:
            reference = self.related.partition(" ")[2]
            form = f"{subject}li{reference}na{reference}"
        else:
            form = (_NEGATIVE.get(subject, "ha" + subject) if self.negative else subject) + "na"
        self._put(word, form, _FINITE if subject else NOTHING, "wa na")

    def _verb(self, word: Word, token, rest: Sequence[Word]) -> None:
        """The form of a verb: command, request, purpose, duty, relative, or a statement in its tense."""
        if word.origin == COPY:
            self.out.append(word)
            self.last_verb = -1
            self.reset()
            return
        verb, obj, given = word.form, _marked(word, "OBJ"), _marked(word, "SUB")
        features, helpers, topic = token.features, self.helpers, self._topic()
        subject = self.subject or topic.partition(" ")[0]
        if token.form == "going" and "be" in helpers and self._goes_to(word, rest):
            helpers["will"] = NOTHING
            self.gloss.append(word.gloss)
        elif given:
            self._put(word, _finite(verb, given, "", obj, self.negative), frozenset({"SBJV"}))
        elif "would" in helpers and verb == "penda":
            self._put(word, (subject or "ni") + "ngependa", _FINITE)
        elif helpers.keys() & ABLE:
            self._able(word, subject, obj)
        elif helpers.keys() & OBLIGED:
            self._duty(word, subject or "ni", obj)
        elif (self.infinitive or self._is_to(word.source[0] - 1)) and "will" not in helpers:
            self._put(word, _infinitive(verb, obj), _INFINITE)
        elif helpers:
            self._helped(word, subject, obj, token)
        elif token.form.endswith("ing"):
            self._gerund(word, topic, obj)
        elif topic and not self.subject and ("V.PTCP" in features or "PST" in features and self.last_verb >= 0):
            prefix, _, reference = topic.partition(" ")
            self._put(word, f"{prefix}li{reference}{_passive(verb)}", NOTHING)
        elif self._is_command(word.features | features):
            self._order(word, obj)
        else:
            self._state(word, subject or self._asked(), "li" if "PST" in features else "na", obj)

    def _goes_to(self, word: Word, rest: Sequence[Word]) -> bool:
        """Whether "going to" is a future: a verb follows."""
        last = word.source[-1]
        if not self.pair.may_go(word) or not rest or not (self._is_to(last) or self._is_to(last + 1)):
            return False
        return rest[0].upos == "VERB" or not self._is_to(last) and len(rest) > 1 and rest[1].upos == "VERB"

    def _is_command(self, features: frozenset[str]) -> bool:
        if self.subject or "PST" in features or self.question:
            return False
        return "IMP" in features or not self._topic() and (self.last_verb < 0 or "3" not in features)

    def _order(self, word: Word, obj: str) -> None:
        """A command; one after another is as often a wish: zima taa na ucheze muziki."""
        if self.second and not self.negative and self.rng.random() < 0.5:
            self._put(word, _finite(word.form, "u", "", obj), frozenset({"SBJV"}))
        else:
            self._put(word, _command(word.form, obj, self.negative), _IMPERATIVE)

    def _helped(self, word: Word, subject: str, obj: str, token) -> None:
        """A verb after be (progress or passive), have (perfect), do or will."""
        helpers = self.helpers
        if "have" in helpers:
            self._state(word, subject or "a", "me", obj)
        elif "be" in helpers and not token.form.endswith("ing") and "will" not in helpers:
            passive = changed(word, form=_passive(word.form))
            self._state(passive, subject or "i", "li" if "PST" in helpers["be"] else "me", obj)
        else:
            past = any("PST" in helpers.get(one, NOTHING) for one in ("be", "do"))
            future = helpers.keys() & _WILL
            self._state(word, subject or self._asked(), "ta" if future else "li" if past else "na", obj)

    def _asked(self) -> str:
        """The subject that a question word stands for."""
        return {"nani": "a", "nini": "ki"}.get(self.question, "i")

    def _state(self, word: Word, subject: str, tense: str, obj: str) -> None:
        if self.related and tense in ("na", "li") and not self.negative:
            reference = self.related.partition(" ")[2]
            filler = "ku" if word.form.partition(" ")[0] in _MONOSYLLABIC and not obj else ""
            self._put(word, f"{subject}{tense}{reference}{filler}{_joined(obj, word.form)}", NOTHING)
            return
        falls = "" if word.form not in _FALLS or self._topic() else _FALLS[word.form] + " "
        form = _finite(word.form, "i" if falls else subject, tense, obj, self.negative)
        if form.startswith("nina") and subject == "ni" and self.rng.random() < 0.5:
            form = form[2:]  # ninataka is as often nataka
        self._put(word, falls + form, _FINITE)

    def _gerund(self, word: Word, topic: str, obj: str) -> None:
        """After its noun a relative (wimbo unaocheza), else the verb as a noun (kucheza)."""
        if topic and self.out[-1].upos in ("NOUN", "PROPN"):
            prefix, _, reference = topic.partition(" ")
            self._put(word, f"{prefix}na{reference}{_joined(obj, word.form)}", NOTHING)
        else:
            self._put(word, _infinitive(word.form, obj), _INFINITE)

    def _able(self, word: Word, subject: str, obj: str) -> None:
        """ "Can you" is unaweza with or without ku-, or a plain command."""
        draw = self.rng.random()
        if subject in ("u", "") and draw < 0.3 and not self.question and not self.negative:
            self._put(word, _command(word.form, obj), _IMPERATIVE)
            return
        can = _finite("weza", subject or "u", "na", "", self.negative)
        can = can[2:] if can.startswith("nina") and self.rng.random() < 0.6 else can
        bare = draw >= 0.75 and word.form.partition(" ")[0] not in _COMMANDS
        what = _command(word.form, obj) if bare else _infinitive(word.form, obj)
        self._put(word, f"{can} {what}", _FINITE)

    def _duty(self, word: Word, subject: str, obj: str) -> None:
        if self.rng.random() < 0.5:
            self._put(word, f"{subject}napaswa {_infinitive(word.form, obj)}", _FINITE)
        else:
            self._put(word, _finite(word.form, subject, "", obj, self.negative), frozenset({"SBJV"}))

    def resolve(self) -> None:
        """Say what is left of "be"."""
        if self.be >= 0:
            place = self.out[self.be]
            self.out[self.be] = changed(place, form=self._copula(place))
            self.be = -1
        elif self.there:
            self.out.append(make_word("kuna", "kuna", "AUX", NOTHING, (), _ORIGIN, ""))
        self.there = False

    def _copula(self, place: Word) -> str:
        past, future = "PST" in place.features, bool(self.helpers.keys() & _WILL)
        after = next((one for one in self.out[self.be + 1 :] if one.form), None)
        subject = self.subject or (self._topic(self.be) or self._topic()).partition(" ")[0] or "i"
        if self.there:
            return "hakuna" if self.negative else "kulikuwa na" if past else "kutakuwa na" if future else "kuna"
        if future or past:
            return subject + ("takuwa" if future else "likuwa")
        if self.question == "vipi":
            return ""
        if self.negative:
            return "si"
        placed = after is not None and (after.upos == "ADP" or after.form in _PLACES)
        if placed and not self.question or self.question == "wapi":
            return {"a": "yu"}.get(subject, subject) + "ko"
        return "ni"


def _is_alike(following) -> bool:
    """Whether "what is X like", "what does X look like" is asked."""
    for i, token in enumerate(following):
        if token.lemma == "like" and i > 1:
            after = following[i + 1].upos if i + 1 < len(following) else ""
            return after not in ("DET", "PRON") and following[i - 1].lemma != "would"
    return False
