"""Swahili verbs: subject, tense, negation and object are said in the verb; 'be' and 'have'; where question words stand."""

import random
from collections import Counter
from dataclasses import replace

from lowres.pair import COPY, NOTHING, Pair, Word
from lowres.rules import Resources

_ORIGIN = "rule:swh_verbs.verbs"
_VOWELS = frozenset("aeiou")
# --- forms ---

_MONOSYLLABIC = frozenset({"la", "nywa", "ja", "fa", "wa"})
_NEGATIVE = {"ni": "si", "u": "hu", "a": "ha"}
_COMMANDS = {"ja": "njoo", "leta": "lete", "enda": "nenda", "la": "kula", "nywa": "kunywa", "wa": "kuwa", "pa": "toa"}
_CAUSATIVE = {"amka": "amsha", "cheka": "chekesha", "rudi": "rudisha", "jua": "julisha", "lala": "laza", "anza": "anzisha"}
# Who is told, shown or woken is the verb's own object; for other verbs a person is whom it is done for (-ia, -ea).
_DIRECT = frozenset((
    "ambia onyesha pa kumbusha amsha saidia uliza julisha arifu jibu ita fundisha pigia peleka chukua sikia sikiliza "
    "subiri penda ona jua elekeza elezea tumia ongoza chekesha furahisha changamsha ruhusu acha fuata alika karibisha "
    "shukuru tahadharisha onya shauri taka hitaji sumbua tembelea patia hudumia weza elewa kosa takia"
).split())  # fmt: skip
_KU = ("kumb", "kus", "kut", "kua", "kub", "kuz", "kuz", "kun", "kuw")


def _stem(verb: str) -> str:
    """The stem of a verb that a dictionary cites with ku-."""
    if verb.startswith("ku") and len(verb.partition(" ")[0]) > 4 and not verb.startswith(_KU):
        return verb[2:]
    return verb


def _final_e(stem: str) -> str:
    return stem[:-1] + "e" if stem.endswith("a") else stem


def _joined(prefix: str, stem: str) -> str:
    return "mw" + stem if prefix == "m" and stem[0] in _VOWELS else prefix + stem


def _applied(stem: str) -> str:
    """The verb done for somebody: tafuta -> tafutia, soma -> somea, chagua -> chagulia."""
    first, space, rest = stem.partition(" ")
    body = first[:-1]
    if not first.endswith("a"):
        done = body + ("ea" if first.endswith("e") else "ia")
    elif body and body[-1] in _VOWELS:
        done = body + ("lea" if body[-1] in "eo" else "lia")
    else:
        vowel = next((letter for letter in reversed(body) if letter in _VOWELS), "a")
        done = body + ("ea" if vowel in "eo" else "ia")
    return done + space + rest


def _passive(stem: str) -> str:
    """weka -> wekwa, chagua -> chaguliwa, rekodi -> rekodiwa."""
    first, space, rest = stem.partition(" ")
    body = first[:-1]
    if not first.endswith("a"):
        done = body + ("ewa" if first.endswith("e") else "iwa")
    elif body and body[-1] in "aou":
        done = body + ("lewa" if body[-1] == "o" else "liwa")
    else:
        done = body + "wa"
    return done + space + rest


def _finite(verb: str, subject: str, tense: str, *, obj: str = "", negative: bool = False) -> str:
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


def _command(verb: str, obj: str = "", *, negative: bool = False) -> str:
    if negative:
        return _finite(verb, "u", "", obj=obj, negative=True)
    stem, space, rest = verb.partition(" ")
    return (_joined(obj, _final_e(stem)) if obj else _COMMANDS.get(stem, stem)) + space + rest


# --- clauses ---

_SUBJECTS = {"i": "ni", "you": "u", "he": "a", "she": "a", "it": "i", "we": "tu", "they": "wa"}
_OBJECTS = {"me": "ni", "us": "tu", "him": "m", "her": "m", "them": "wa", "it": "i", "you": "ku"}
_CLASS_SUBJECT = dict(zip(
    (f"BANTU{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16)),
    ("a ye", "wa o", "u o", "i yo", "li lo", "ya yo", "ki cho", "vi vyo", "i yo", "zi zo", "u o", "ku ko", "pa po"),
    strict=True,
))  # fmt: skip
_CLITICS = {"'m": "be", "'re": "be", "'s": "be", "'ll": "will", "'d": "would", "'ve": "have"}
_ABLE = frozenset({"can", "could", "may", "might"})
_DUTY = frozenset({"should", "must", "shall"})
_HELPERS = _ABLE | _DUTY | {"be", "do", "will", "would", "have"}
_ASKING = {
    "what": "nini", "which": "ipi", "who": "nani", "whom": "nani", "when": "lini", "where": "wapi", "how": "vipi",
    "why": "kwa nini",
}  # fmt: skip
_CALLS = frozenset("please hey hi hello ok okay olly alexa siri google now kindly".split())
_OPENING = frozenset((
    "play set start stop turn check show list order book change update call text email message tweet post search look "
    "cancel delete mute dim run lower load clear open record schedule report repeat skip shuffle increase decrease raise "
    "find put get buy add make remind light shut pause resume switch create reserve brighten"
).split())  # fmt: skip
_AFTER_VERB = frozenset({"nini", "lini", "wapi", "nani"})
_PEOPLE_VERBS = frozenset({"taka", "hitaji", "penda", "ambia", "omba", "uliza"})
_FALLS = {"nyesha": "mvua"}  # it rains: the rain falls



def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Conjugate verbs and put what English says in words of its own inside them.

    Subject and object pronouns become prefixes (nikumbushe 'remind me'), auxiliaries and "to" the verb's form; what is
    left of "be" is ni, -ko 'is at' or kuna 'there is', "have" is 'be with'; question words stand behind what is asked of.
    """
    clause = _Clause(pair, resources, rng)
    words = pair.words
    for i, word in enumerate(words):
        clause.read(word, list(words[i + 1 :]))
    clause.close()
    return pair.with_words(clause.asked())


def _lemma(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].lemma if word.source else ""


def _form(pair: Pair, word: Word) -> str:
    return pair.tokens[word.source[0]].form.lower() if word.source else ""


def commands(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """An opening verb that was taken for a noun or a name ("cancel my …", "play some …") read as a command."""
    words = list(pair.words)
    for k, word in enumerate(words):
        if _lemma(pair, word) in _CALLS or _form(pair, word) == "let's":
            continue
        if word.upos in ("PROPN", "NOUN", "INTJ", "ADJ", "X", "DET", "ADP", "PRON", "ADV") and len(word.source) == 1 and k + 1 < len(words):
            lemma, following = _lemma(pair, word), pair.tokens[word.source[0] + 1 :][:1]
            options, weights = resources.lexicon.ranked((lemma,), "VERB")
            nouns, scores = resources.lexicon.ranked((lemma,), "NOUN")
            verb = options and options[0].upos == "VERB"
            rival = nouns and nouns[0].upos == "NOUN" and scores[0] >= weights[0] if verb else True
            opens = following and (following[0].upos in ("DET", "PRON", "PROPN") or lemma in _OPENING)
            if verb and (opens or not rival) and _form(pair, word) == lemma and lemma not in _HELPERS and lemma not in _ASKING and lemma != "like":
                words[k] = Word(options[0].form, options[0].form, "VERB", frozenset({"IMP"}), word.source, options[0].lexicon, word.gloss)
        break
    return pair.with_words(words)


class _Clause:
    """One utterance, left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, resources: Resources, rng: random.Random) -> None:
        self.pair, self.lexicon, self.rng = pair, resources.lexicon, rng
        self.left = Counter(pair.slot_of[w.source[0]] for w in pair.words if w.source)
        self.out: list[Word] = []
        self.question: Word | None = None
        self.last_verb = -1
        self.modal = ""  # the subject of what the last verb wants done
        self.causer = self.prefix = ""
        self.said = ("", "")
        self.alike = self.second = False
        self.skipped: Word | None = None
        self.commanding = True
        self.reset()

    def reset(self) -> None:
        """Forget what belonged to the verb that was just said."""
        self.subject = ""
        self.helpers: dict[str, Word] = {}
        self.negative = self.infinitive = self.there = False
        self.be = -1
        self.related = ""  # subject prefix and reference of the noun that a relative clause is about
        self.gloss: list[str] = []

    # --- reading ---

    def read(self, word: Word, rest: list[Word]) -> None:
        pair = self.pair
        if not word.source:
            self.out.append(word)
            return
        token = pair.tokens[word.source[0]]
        form, lemma = token.form.lower().replace("’", "'"), token.lemma
        host, clitic = _clitic(form)
        if form in ("let's", "lets") and rest and rest[0].upos == "VERB" and self._drop(word):
            self.modal = "tu"
            if self.rng.random() < 0.5:
                self.out.append(_inserted("wacha"))
            return
        if len(word.source) > 1 and lemma in ("what", "how") and word.upos == "ADV":
            self.question, self.commanding = word, False
            self.out.append(word)
            return
        if len(word.source) == 1:
            if lemma == "that" and self._relates(word, rest):
                return
            if lemma in _ASKING and word.upos in ("PRON", "ADV", "SCONJ") and self._ask(word, clitic, lemma, rest):
                return
            if lemma == "like" and self.alike and token.upos in ("ADP", "VERB", "SCONJ") and self._drop(word):
                return
            if lemma in ("for", "to") and rest and _form(pair, rest[0]) in ("me", "us") and self._benefit(word, rest[0]):
                return
            if self.skipped and word == self.skipped:
                self.skipped = None
                return
            if host in _SUBJECTS and token.upos == "PRON" and word.upos == "PRON" and self._pronoun(word, host, clitic, rest):
                return
            if form in _OBJECTS and token.upos == "PRON" and "PSS" not in word.features and self._object(word, form, rest):
                return
            if lemma == "there" and self._exists(word, clitic, rest):
                return
            if token.upos == "AUX" or lemma in ("be", "do") and self._helps(lemma, rest) or lemma == "have" and self._helps(lemma, rest):
                if self._helper(word, host, clitic, lemma, token):
                    return
            if lemma in ("to", "not") and token.upos == "PART" and self._drop(word):
                self.infinitive |= lemma == "to"
                self.negative |= lemma == "not"
                return
            if lemma == "have" and token.upos in ("VERB", "AUX"):
                self._have(word, token, rest)
                return
        if word.upos == "VERB" and (word.origin != COPY or token.upos == "VERB"):
            self._verb(word, token, rest)
            return
        if word.upos in ("CCONJ", "SCONJ"):
            self.second = lemma == "and" and self.last_verb >= 0 and "IMP" in self.out[self.last_verb].features
            self._resolve()
            self.reset()
        self.out.append(word)

    def _drop(self, word: Word) -> bool:
        """Whether the word may go: a slot keeps its last one."""
        slot = self.pair.slot_of[word.source[0]]
        if slot >= 0 and self.left[slot] < 2:
            return False
        self.left[slot] -= 1
        self.gloss.append(word.gloss)
        return True

    def _ask(self, word: Word, clitic: str, lemma: str, rest: list[Word]) -> bool:
        """A question word; "how to" and "when" before a clause are none."""
        following = self.pair.tokens[word.source[0] + 1 :]
        helped = bool(clitic) or bool(following) and (following[0].upos == "AUX" or following[0].lemma in _HELPERS)
        form = _ASKING[lemma]
        if lemma == "what" and helped and self._is_alike(following):
            form, self.alike = "vipi", True
        elif lemma == "how" and following and following[0].lemma == "to" or lemma == "how" and not helped and self.out:
            form = "jinsi ya" if following and following[0].lemma == "to" else "jinsi"
        elif lemma == "how" and following and following[0].upos == "ADJ":
            form = "kiasi gani"
        elif lemma == "when" and not helped:
            form = "wakati"
        self.out.append(replace(word, form=form, upos="PRON" if lemma in ("what", "who") else "ADV", origin=_ORIGIN))
        if form not in ("jinsi ya", "jinsi", "wakati"):
            self.question = self.out[-1]
            self.commanding = False
        if clitic in ("'s", "'re"):
            self._place_be(word, NOTHING)
        return True

    def _is_alike(self, following) -> bool:
        """Whether "what is X like", "what does X look like" is asked."""
        for i, token in enumerate(following):
            if token.lemma == "like" and i > 1:
                return i + 1 == len(following) or following[i + 1].upos not in ("DET", "PRON") and following[i - 1].lemma != "would"
        return False

    def _relates(self, word: Word, rest: list[Word]) -> bool:
        """"That" between a noun and its clause goes into the verb: wimbo unaocheza."""
        if not self.out or self.out[-1].upos != "NOUN" or not rest or not self._topic():
            return False
        verb_next = rest[0].upos in ("VERB", "AUX") or rest[0].upos == "PRON" and len(rest) > 1 and rest[1].upos in ("VERB", "AUX")
        if not verb_next or not self._drop(word):
            return False
        self.related = self._topic()
        return True

    def _benefit(self, word: Word, person: Word) -> bool:
        """"Make … for me": done for whom is said in the verb (nitengenezee)."""
        if self.last_verb < 0 or self.pair.slot_of[word.source[0]] >= 0 or self.pair.slot_of[person.source[0]] >= 0:
            return False
        verb = self.out[self.last_verb]
        if "OBJ" in verb.features or not verb.features & {"IMP", "NFIN"} or self.last_verb < len(self.out) - 4:
            return False
        lemma = verb.lemma if _first(verb.lemma) in _DIRECT else _applied(verb.lemma)
        self._said(verb, lemma, _OBJECTS[_form(self.pair, person)], verb.source, verb.gloss)
        self.skipped = person
        return True

    def _place_be(self, word: Word, features: frozenset[str]) -> None:
        """A place for "be", said when the clause is known; '' so far."""
        self.be = len(self.out)
        self.out.append(Word("", "be", "AUX", features, (), _ORIGIN, "be"))

    def _pronoun(self, word: Word, host: str, clitic: str, rest: list[Word]) -> bool:
        """A subject pronoun goes into the verb; "it" and "you" after a verb are its object."""
        after_verb = 0 <= self.last_verb == len(self.out) - 1
        to_follows = rest and _lemma(self.pair, rest[0]) == "to" and self.pair.tokens[rest[0].source[0]].upos == "PART"
        verb_follows = bool(rest) and rest[0].upos in ("VERB", "AUX")
        if after_verb and host in _OBJECTS and not verb_follows and not clitic and not (to_follows and host == "you"):
            return self._object(word, host, rest)
        if not self._drop(word):
            return False
        noun = self.out[-1] if self.out else None
        if noun is not None and noun.upos == "NOUN" and verb_follows and not clitic and self.last_verb >= 0 and not self.related:
            self.related = self._topic()
        self.subject = _SUBJECTS[host]
        self.commanding = False
        if after_verb and to_follows:
            self.modal = self.subject
        if clitic in _CLITICS:
            helper = _CLITICS[clitic]
            self.helpers[helper] = word
            if helper == "be":
                self._place_be(word, NOTHING)
        return True

    def _object(self, word: Word, form: str, rest: list[Word]) -> bool:
        """The object prefix on the verb just said; a person that the verb does not take is whom it is done for."""
        if self.last_verb < 0 or any(one.source for one in self.out[self.last_verb + 1 :]):
            return False
        verb = self.out[self.last_verb]
        if "OBJ" in verb.features or not verb.features & {"IMP", "NFIN", "SBJV", "FIN"}:
            return False
        same = self.pair.slot_of[word.source[0]] == self.pair.slot_of[verb.source[0]]
        if not same and not self._drop(word):
            return False
        obj = _OBJECTS[form]
        if form == "them" and verb.lemma not in _DIRECT:
            obj = "zi"
        if form == "me" and rest and rest[0].upos == "VERB" and verb.lemma in ("acha", "ruhusu"):
            self._let(verb, word, same, rest[0])
            return True
        lemma = _CAUSATIVE.get(verb.lemma, verb.lemma)
        if form not in ("it", "them") and _first(lemma) not in _DIRECT:
            lemma = _applied(lemma)
        if (verb.gloss == "give" or verb.gloss.endswith(" give")) and form not in ("it", "them"):
            lemma = "pa" if self.rng.random() < 0.7 else "patia"
        self._said(verb, lemma, obj, (*verb.source, *word.source) if same else verb.source, f"{verb.gloss} {word.gloss}")
        return True

    def _said(self, verb: Word, lemma: str, obj: str, source: tuple[int, ...], gloss: str) -> None:
        """The last verb once more, now with its object."""
        features = verb.features | {"OBJ"}
        subject, tense = self.said
        if "IMP" in features:
            form = _command(lemma, obj, negative="NEG" in features)
        elif "NFIN" in features:
            form = _infinitive(lemma, obj)
        else:
            form = _finite(lemma, subject, tense, obj=obj, negative="NEG" in features)
        self.out[self.last_verb] = replace(verb, form=self.prefix + form, lemma=lemma, features=features, source=source, gloss=gloss)

    def _let(self, verb: Word, word: Word, same: bool, following: Word) -> None:
        """"Let me go": leave, that I go; "let me know" and its like are one verb."""
        options, _ = self.lexicon.ranked((f"let {_lemma(self.pair, following)}",), "VERB")
        self.out.pop(self.last_verb)
        self.last_verb = -1
        if options:
            self.causer = options[0].form
            self.left[self.pair.slot_of[verb.source[0]]] += 0
            self.gloss += [verb.gloss, word.gloss]
        else:
            self.out.append(replace(verb, form="wacha", origin=_ORIGIN))
            self.modal = "ni"

    def _exists(self, word: Word, clitic: str, rest: list[Word]) -> bool:
        be_before = self.be >= 0
        be_after = bool(rest) and _lemma(self.pair, rest[0]) == "be" or clitic
        modal = "will" in self.helpers or "would" in self.helpers
        if not (be_before or be_after or modal) or not self._drop(word):
            return False
        self.there = True
        self.commanding = False
        if clitic:
            self._place_be(word, NOTHING)
        return True

    def _helps(self, lemma: str, rest: list[Word]) -> bool:
        if not rest or lemma == "be":
            return lemma == "be"
        following = rest[0]
        if lemma == "have":
            return bool("V.PTCP" in following.features and following.upos == "VERB")
        if _lemma(self.pair, following) in ("not", "i", "you", "we", "they", "he", "she", "it"):
            return any(one.upos == "VERB" or _lemma(self.pair, one) == "have" for one in rest[:4])
        return following.upos == "VERB" or (self.question is not None and any(one.upos == "VERB" for one in rest[:6]))

    def _helper(self, word: Word, host: str, clitic: str, lemma: str, token) -> bool:
        if lemma not in _HELPERS or not self._drop(word):
            return False
        if lemma == "do" and self.commanding and "NEG" in token.features:
            self.negative = True
            return True
        self.negative |= "NEG" in token.features
        self.helpers[lemma] = replace(word, features=token.features)
        self.commanding = self.commanding and not self.out and False
        if lemma == "be":
            self._place_be(word, token.features)
        return True

    # --- saying ---

    def _topic(self, end: int | None = None) -> str:
        """The subject prefix and reference of the noun phrase before; '' where there is none since the last verb."""
        for one in reversed(self.out[self.last_verb + 1 : end]):
            if one.upos in ("CCONJ", "SCONJ"):
                break
            for feature in one.features:
                if feature in _CLASS_SUBJECT:
                    return _CLASS_SUBJECT[feature]
        return ""

    def _have(self, word: Word, token, rest: list[Word]) -> None:
        """Possession is being with; "have to" is a duty."""
        if rest and _lemma(self.pair, rest[0]) == "to":
            self.helpers["must"] = word
            self.gloss.append(word.gloss)
            self._drop(word)
            return
        topic = self._topic().partition(" ")[0]
        subject = self.subject or topic
        if self.infinitive or not subject:
            self._put(word, "wa na", "kuwa na" if self.infinitive or not self.commanding else "pata", NOTHING)
            return
        past = "PST" in token.features or "PST" in self._features("do")
        if self.related and not past and not self.negative:
            reference = self.related.split(" ")[1]
            form = f"{subject}li{reference}na{reference}"
        elif past:
            form = f"{subject}likuwa na"
        elif self.helpers.keys() & {"will", "would"}:
            form = f"{subject}takuwa na"
        else:
            form = (_NEGATIVE.get(subject, "ha" + subject) if self.negative else subject) + "na"
        self._put(word, "wa na", form, frozenset({"FIN", "PRO", "OBJ"}) if self.subject else NOTHING)

    def _features(self, helper: str) -> frozenset[str]:
        return self.helpers[helper].features if helper in self.helpers else NOTHING

    def _put(self, word: Word, lemma: str, form: str, features: frozenset[str], said: tuple[str, str] = ("", ""), prefix: str = "") -> None:
        gloss = " ".join([*self.gloss, word.gloss])
        if self.be >= 0:
            self.out.pop(self.be)
        self.last_verb, self.said, self.prefix = len(self.out), said, prefix
        self.out.append(replace(word, form=prefix + form, lemma=lemma, upos="VERB", features=features, origin=_ORIGIN, gloss=gloss))
        self.reset()

    def _verb(self, word: Word, token, rest: list[Word]) -> None:
        """The form of a verb: command, request, purpose, duty, relative, or a statement in its tense."""
        lemma = _stem(word.form) if word.origin != COPY else word.form
        features, helpers, topic = token.features, self.helpers, self._topic()
        subject = self.subject or topic.partition(" ")[0]
        if self.causer:
            lemma, self.causer = self.causer, ""
            self.infinitive = False
            self._put(word, lemma, _command(lemma, "ni"), frozenset({"IMP", "OBJ"}))
            return
        if word.origin == COPY:
            self.out.append(word)
            self.last_verb = -1
            self.reset()
            return
        if "would" in helpers and lemma == "penda":
            self._put(word, lemma, (subject or "ni") + "ngependa", frozenset({"FIN"}))
        elif self.modal and (self.infinitive or not subject or self.modal == self.subject):
            subject, self.modal = self.modal, ""
            self._put(word, lemma, _finite(lemma, subject, "", negative=self.negative), frozenset({"SBJV"}), (subject, ""))
        elif helpers.keys() & _ABLE:
            self._able(word, lemma, subject)
        elif helpers.keys() & _DUTY:
            self._duty(word, lemma, subject)
        elif self.infinitive:
            self._put(word, lemma, _infinitive(lemma), frozenset({"NFIN"}))
        elif "have" in helpers:
            self._state(word, lemma, subject or "a", "me")
        elif "be" in helpers and not token.form.endswith("ing") and token.lemma != "be":
            self._state(word, _passive(lemma), subject or "i", "li" if "PST" in self._features("be") else "me")
        elif token.lemma == "go" and token.form == "going" and "be" in helpers and self._goes_to(rest) and self._drop(word):
            helpers["will"] = word
        elif "be" in helpers or (self.be >= 0 and token.form.endswith("ing")):
            self._progress(word, lemma, subject)
        elif token.form.endswith("ing"):
            self._gerund(word, lemma, topic)
        elif topic and not self.subject and not helpers and ("V.PTCP" in features or "PST" in features and self.last_verb >= 0):
            prefix, reference = topic.split(" ")
            self._put(word, lemma, f"{prefix}li{reference}{_passive(lemma)}", NOTHING)
        elif self._is_command(features, helpers):
            if self.second and not self.negative and self.rng.random() < 0.5:
                self._put(word, lemma, _finite(lemma, "u", ""), frozenset({"SBJV"}), ("u", ""))
            else:
                self._put(word, lemma, _command(lemma, negative=self.negative), frozenset({"IMP"} | ({"NEG"} if self.negative else set())))
        else:
            past = "PST" in features or "PST" in self._features("do")
            future = helpers.keys() & {"will", "would"}
            self._state(word, lemma, subject or self._asked_subject(), "ta" if future else "li" if past else "na")

    def _is_command(self, features: frozenset[str], helpers) -> bool:
        if self.subject or helpers or "PST" in features:
            return False
        if self.last_verb < 0 and self.question is None and not self._topic():
            return True
        if "3" in features:
            return False
        return "IMP" in features or self.last_verb < 0 and self.question is None or self._topic() == "" and self.question is None

    def _asked_subject(self) -> str:
        return {"nani": "a", "nini": "ki"}.get(self.question.form, "i") if self.question is not None else "i"

    def _state(self, word: Word, lemma: str, subject: str, tense: str) -> None:
        if self.related and tense in ("na", "li") and not self.negative:
            prefix, reference = self.related.split(" ")
            subject = subject or prefix
            self._put(word, lemma, f"{subject}{tense}{reference}{'ku' if _first(lemma) in _MONOSYLLABIC else ''}{lemma}", NOTHING)
            return
        falls = "" if not word.lemma in _FALLS or self._topic() else _FALLS[word.lemma] + " "
        form = _finite(lemma, "i" if falls else subject, tense, negative=self.negative)
        if tense == "na" and subject == "ni" and not self.negative and self.rng.random() < 0.5:
            form = form[2:]  # ninataka is as often nataka
        features = frozenset({"FIN", "NEG"} if self.negative else {"FIN"}) | ({"PRO"} if self.subject else NOTHING)
        self._put(word, lemma, form, features, (subject, tense), falls)

    def _progress(self, word: Word, lemma: str, subject: str) -> None:
        past = "PST" in self._features("be")
        self._state(word, lemma, subject or self._asked_subject(), "li" if past else "na")

    def _goes_to(self, rest: list[Word]) -> bool:
        return len(rest) > 1 and _lemma(self.pair, rest[0]) == "to" and rest[1].upos == "VERB" and self._drop_next(rest[0])

    def _drop_next(self, word: Word) -> bool:
        if self.pair.slot_of[word.source[0]] >= 0:
            return False
        self.skipped = word
        return True

    def _gerund(self, word: Word, lemma: str, topic: str) -> None:
        """After its noun a relative (wimbo unaocheza), else the verb as a noun (kucheza)."""
        if topic and self.last_verb < len(self.out) - 1 and self.out and self.out[-1].upos in ("NOUN", "PROPN"):
            prefix, reference = topic.split(" ")
            self._put(word, lemma, f"{prefix}na{reference}{lemma}", NOTHING)
        else:
            self._put(word, lemma, _infinitive(lemma), frozenset({"NFIN"}))

    def _able(self, word: Word, lemma: str, subject: str) -> None:
        """"Can you" is unaweza with or without ku-, or a plain command."""
        draw = self.rng.random()
        if subject == "u" and draw < 0.3 and not self.question and not self.negative:
            self._put(word, lemma, _command(lemma), frozenset({"IMP"}))
            return
        can = _finite("weza", subject or "u", "na", negative=self.negative)
        can = can[2:] if can.startswith("nina") and self.rng.random() < 0.6 else can
        if draw < 0.75:
            self._put(word, lemma, _infinitive(lemma), frozenset({"NFIN"}), prefix=can + " ")
        else:
            self._put(word, lemma, _command(lemma) if lemma in _COMMANDS else lemma, frozenset({"IMP"}), prefix=can + " ")

    def _duty(self, word: Word, lemma: str, subject: str) -> None:
        subject = subject or "ni"
        if self.rng.random() < 0.5:
            self._put(word, lemma, _infinitive(lemma), frozenset({"NFIN"}), prefix=f"{subject}napaswa ")
        else:
            self._put(word, lemma, _finite(lemma, subject, "", negative=self.negative), frozenset({"SBJV"}), (subject, ""))

    # --- "be" and questions ---

    def _resolve(self) -> None:
        """Say what is left of "be"."""
        if self.be < 0:
            if self.there:
                self.out.append(_inserted("kuna"))
                self.there = False
            return
        place = self.out[self.be]
        self.out[self.be] = replace(place, form=self._copula(place), upos="AUX")
        self.be = -1

    def _copula(self, place: Word) -> str:
        past, future = "PST" in place.features, bool(self.helpers.keys() & {"will", "would"})
        after = next((one for one in self.out[self.be + 1 :] if one.form), None)
        subject = self.subject or (self._topic(self.be) or self._topic()).partition(" ")[0] or "i"
        if self.there:
            return "hakuna" if self.negative else "kulikuwa na" if past else "kutakuwa na" if future else "kuna"
        if self.question is not None and self.question.form == "vipi" and not future:
            return f"{subject}likuwa" if past else ""
        if future:
            return f"{subject}takuwa"
        if past:
            return f"{subject}likuwa"
        if self.negative:
            return "si"
        placed = after is not None and (after.upos == "ADP" or after.form in ("hapa", "huko", "wapi", "nyumbani"))
        if placed and self.question is None or self.question is not None and self.question.form == "wapi":
            return {"a": "yu", "wa": "wa"}.get(subject, subject) + "ko"
        return "ni"

    def close(self) -> None:
        """The end of the utterance."""
        self._resolve()

    def asked(self) -> list[Word]:
        """The words with the question word where Swahili has it: behind the verb, or behind what "is" it."""
        out = self._opened([one for one in self.out if one.form or one.source])
        out = self._counted(self._told(out))
        question = self.question
        if question is None or question not in out or question.form not in _MOVED:
            return out
        at = out.index(question)
        if question.form in ("nini", "vipi"):
            found = self._will_be(out, at)
            if found is not None:
                return found
        if question.form in _AFTER_VERB and self.pair.slot(question) < 0:
            found = self._after_verb(out, at)
            if found is not None:
                return found
        after = out[at + 1] if at + 1 < len(out) else None
        if after is None or self.pair.slot(question) >= 0:
            return out
        if after.form == "ni" or after.form.endswith("ko") and after.upos == "AUX" or question.form == "vipi" and after.upos != "VERB":
            return self._behind_noun(out, at)
        if after.upos == "VERB" and question.form == "vipi" and "FIN" in after.features:
            return [*out[:at], after, replace(question, form="aje" if self.rng.random() < 0.5 else "vipi"), *out[at + 2 :]]
        if after.upos == "VERB" and question.form in _AFTER_VERB and "FIN" in after.features and not after.form.startswith("ki"):
            return [*out[:at], after, question, *out[at + 2 :]]
        return out

    def _opened(self, out: list[Word]) -> list[Word]:
        """A yes-or-no question may open with je."""
        first = next((k for k, word in enumerate(self.pair.words) if _lemma(self.pair, word) not in _CALLS), 0)
        opener = self.pair.words[first] if first < len(self.pair.words) else None
        if opener is None or not opener.source or self.rng.random() > 0.4:
            return out
        tokens = self.pair.tokens[opener.source[0] :]
        if tokens[0].lemma == "any" and not any(one.upos == "VERB" for one in out):
            return [*out[:first], _inserted("kuna"), *out[first:]]
        if tokens[0].lemma not in _HELPERS or len(tokens) < 3 or tokens[0].lemma in _ABLE and tokens[1].lemma == "you":
            return out
        at = next((k for k, word in enumerate(out) if not word.source or word.source[0] >= opener.source[0]), 0)
        if "IMP" in out[at].features or self.pair.slot(out[at]) >= 0 and at and self.pair.slot(out[at]) == self.pair.slot(out[at - 1]):
            return out
        return [*out[:at], _inserted("je"), *out[at:]]

    def _told(self, out: list[Word]) -> list[Word]:
        """Who is told is marked on the verb, too: mwambie mama; with nobody named it is the speaker: niambie."""
        for k, word in enumerate(out):
            if word.lemma == "ambia" and "IMP" in word.features and not word.features & {"OBJ", "NEG"}:
                following = out[k + 1] if k + 1 < len(out) else None
                person = following is not None and (following.upos == "PROPN" or "BANTU1" in following.features)
                form = "mwambie" if person else "niambie" if self.rng.random() < 0.6 else "sema"
                out[k] = replace(word, form=self.prefix + form if word.form.startswith(self.prefix) else form)
        return out

    def _counted(self, out: list[Word]) -> list[Word]:
        """What is asked for with "how many" or "what" stands behind a verb with its own subject: nina mikutano mingapi."""
        k = next((k for k, one in enumerate(out) if one.upos == "DET" and one.lemma in ("gani", "ngapi", "nini")), -1)
        if k < 1 or k + 1 >= len(out) or "PRO" not in out[k + 1].features or "OBJ" in out[k + 1].features and out[k + 1].lemma != "wa na":
            return out
        start = k
        while start > 0 and out[start - 1].upos in ("NOUN", "PROPN", "ADJ", "PRON", "NUM", "DET"):
            start -= 1
        if start and self.pair.slot(out[start]) == self.pair.slot(out[start - 1]) >= 0 or self.pair.slot(out[k + 1]) >= 0:
            return out
        return [*out[:start], out[k + 1], *out[start : k + 1], *out[k + 2 :]]

    def _after_verb(self, out: list[Word], at: int) -> list[Word] | None:
        """"What does X mean" is X inamaanisha nini."""
        k = _phrase_end(self.pair, out, at + 1)
        if k >= len(out) or k == at + 1 or out[k].upos != "VERB" or "FIN" not in out[k].features:
            return None
        if k + 1 < len(out) and self.pair.slot(out[k]) >= 0 and self.pair.slot(out[k]) == self.pair.slot(out[k + 1]):
            return None
        return [*out[:at], *out[at + 1 : k + 1], out[at], *out[k + 1 :]]

    def _will_be(self, out: list[Word], at: int) -> list[Word] | None:
        """"What will X be" is X itakuwaje."""
        k = next((k for k in range(at + 1, len(out)) if out[k].upos == "AUX" and out[k].form.endswith("kuwa")), -1)
        if k < 0 or any(one.upos == "VERB" for one in out[at:k]):
            return None
        start = k + 1
        end = _phrase_end(self.pair, out, start) if k == at + 1 else start
        tense = out[k].form[-6:]
        subject = next((_CLASS_SUBJECT[f].partition(" ")[0] for one in out[start:end] for f in one.features if f in _CLASS_SUBJECT), "")
        form = (subject + tense if subject else out[k].form) + "je"
        return [*out[:at], *out[at + 1 : k], *out[start:end], replace(out[k], form=form), *out[end:]]

    def _behind_noun(self, out: list[Word], at: int) -> list[Word]:
        """X ni nini, X iko wapi, X ikoje; as often ni nini X."""
        question, copula = out[at], out[at + 1] if out[at + 1].upos == "AUX" else None
        start = at + 1 + (copula is not None)
        end = _phrase_end(self.pair, out, start)
        if end == start:
            return [*out[:at], *([copula] if copula else []), question, *out[start:]]
        subject = next((_CLASS_SUBJECT[f].partition(" ")[0] for one in out[start:end] for f in one.features if f in _CLASS_SUBJECT), "i")
        if subject == "a":
            subject = "yu" if out[start].upos == "NOUN" else "i"
        if question.form == "vipi" and not copula:
            said = [replace(question, form=subject + "koje", origin=_ORIGIN)]
        elif question.form == "wapi":
            said = [replace(copula or question, form=subject + "ko"), question] if copula else [question]
        elif copula and question.form in ("umri gani", "urefu gani", "uzito gani"):
            said = [replace(copula, form=("a" if subject in ("i", "yu") else subject) + "na"), question]
        elif copula and self.rng.random() < 0.45:
            return [*out[:at], copula, question, *out[start:]]
        else:
            said = [copula, self._which(question, subject)] if copula else [question]
        return [*out[:at], *out[start:end], *said, *out[end:]]


    def _which(self, question: Word, subject: str) -> Word:
        """ "What is X" may ask which: X ni gani, X ni ipi."""
        draw = self.rng.random()
        if question.form != "nini" or draw < 0.55:
            return question
        return replace(question, form="gani" if draw < 0.8 else subject + "pi")


_MOVED = frozenset({"nini", "nani", "lini", "wapi", "vipi", "saa ngapi", "kiasi gani", "umri gani", "ngapi", "gani", "ipi"})


def _phrase_end(pair: Pair, out: list[Word], start: int) -> int:
    """Past the noun phrase at `start`, with what -a joins to it, never inside a slot."""
    end, between = start, False
    while end < len(out):
        word = out[end]
        between |= word.gloss == "between"
        joins = end > start and (word.gloss in ("of", "between", "for") or between and word.gloss in ("and", "to"))
        if word.upos in ("NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON") or joins or "PSS" in word.features or word.origin == COPY and word.upos != "VERB":
            end += 1
        else:
            break
    while 0 < end < len(out) and pair.slot(out[end]) >= 0 and pair.slot(out[end]) == pair.slot(out[end - 1]):
        end += 1
    return end


def _first(lemma: str) -> str:
    return lemma.partition(" ")[0]


def _clitic(form: str) -> tuple[str, str]:
    for clitic in _CLITICS:
        if form.endswith(clitic) and len(form) > len(clitic):
            return form[: -len(clitic)], clitic
    return form, ""


def _inserted(form: str) -> Word:
    return Word(form, form, "AUX", NOTHING, (), _ORIGIN, "")
