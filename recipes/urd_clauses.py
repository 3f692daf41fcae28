"""Urdu clauses: the verb last, postpositions, and what form the verb has to take. Run after the rules of `urd`."""

import random
from collections.abc import Sequence

from lowres.english import ABLE, MONTHS, OPENERS, WEEKDAYS, WHEN
from lowres.ordering import Chunk
from lowres.pair import COPY, NOTHING, Pair, Word, changed, inserted
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS

_ORIGIN = "rule:urd_clauses.order"
_TIMES = WHEN | frozenset("am pm a.m. p.m. daily weekly monthly".split())
_DAY_PARTS = frozenset("morning afternoon evening night noon midnight today tomorrow yesterday tonight am pm".split())
_PLACES_IN = frozenset("list calendar schedule playlist inbox queue agenda folder cart inventory".split())
_WH = frozenset("what who whom when where why how".split())
_SUBJECTS = frozenset("i you he she it we they there".split())
_DATIVE = {"me": "مجھے", "us": "ہمیں", "him": "اسے", "her": "اسے", "them": "انہیں", "it": "اسے", "you": "آپ کو"}
_OF_ME = {"me": "میرے", "us": "ہمارے", "him": "اس کے", "her": "اس کے", "them": "ان کے", "it": "اس کے", "you": "آپ کے"}
_BARE = {"me": "مجھ", "us": "ہم", "him": "اس", "her": "اس", "them": "ان", "it": "اس", "you": "آپ"}
_PERSON = {
    "i": frozenset({"1", "SG", "MASC"}),
    "you": frozenset({"2", "PL", "MASC"}),
    "he": frozenset({"3", "SG", "MASC"}),
    "she": frozenset({"3", "SG", "FEM"}),
    "we": frozenset({"1", "PL", "MASC"}),
    "they": frozenset({"3", "PL", "MASC"}),
}
_INTRANSITIVE = frozenset("ہونا جانا آنا ملنا سونا چلنا رہنا بیٹھنا اٹھنا پہنچنا نکلنا گرنا مرنا بولنا لانا بھولنا سکنا".split())
_OBJECTS = dict.fromkeys("کال کرنا|ای میل کرنا|جواب دینا|مدعو کرنا|دعوت دینا|پیغام بھیجنا|بلانا".split("|"), "کو")
_OBJECTS |= dict.fromkeys("ملنا|بات کرنا|رابطہ کرنا|شادی کرنا".split("|"), "سے")
_TOLD = frozenset({"rule:urd.clock", "rule:urd.dates"})
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
    """An adjective, participle or possessor in -ā: -ī with feminines, -e with plurals and obliques."""
    if not form.endswith("ا") or form in _FALSE_ALEF or len(form) < 2:
        return form
    if form == "نیا":
        return "نئی" if gender == "FEM" else "نئے" if oblique else form
    return form[:-1] + ("ی" if gender == "FEM" else "ے" if oblique else "ا")


# --- order ---


def order(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Put verbs last, postpositions after their phrase, possessors and what else modifies before what they modify.

    A slot is arranged within itself, then moves as a whole.
    """
    return pair.with_words(_arranged(pair, _slots_closed(pair, resources, rng), resources, rng))


def _slots_closed(pair: Pair, resources: Resources, rng: random.Random) -> list[Chunk]:
    """One chunk per word outside of slots, and one per slot, already in order within."""
    chunks: list[Chunk] = []
    words, i = [_named(pair, word) for word in pair.words], 0
    while i < len(words):
        slot, end = pair.slot(words[i]), i + 1
        if slot < 0 and pair.lemma(words[i]) in ("what", "which", "that", "do"):
            words[i] = _before_noun(pair, words[i], words[i + 1 :], i and pair.lemma(words[i - 1]))
        while slot >= 0 and end < len(words) and pair.slot(words[end]) == slot:
            end += 1
        if end == i + 1:
            chunks.append(Chunk(_kind(pair, words[i]), [words[i]], pair.head_lemma(words[i])))
        else:
            chunks.append(_inner(pair, words[i:end], resources, rng))
        i = end
    return chunks


def _named(pair: Pair, word: Word) -> Word:
    """An unknown "verb" inside a slot is a name."""
    if word.upos == "VERB" and word.origin in (COPY, "rule:transliterate") and pair.slot(word) >= 0:
        return changed(word, upos="PROPN", features=NOTHING)
    return word


def _before_noun(pair: Pair, word: Word, after: Sequence[Word], lemma_before: str) -> Word:
    """ "what" and "which" before a noun, "that" after "is", and "do" that only helps another verb."""
    lemma, nominal = pair.lemma(word), bool(after) and after[0].upos in ("NOUN", "ADJ") and len(word.source) == 1
    if lemma == "do" and any(one.upos == "VERB" for one in after[:5]):
        return changed(word, upos="AUX", form="", origin=_ORIGIN)
    nominal = nominal and not any(pair.lemma(one) in ("mean", "look", "cost") for one in after[1:3])
    if lemma == "what" and not nominal and len(word.source) == 1:
        return changed(word, form="کیا", lemma="کیا", upos="PRON")
    if lemma in ("what", "which") and nominal and not pair.form(word).endswith("'s"):
        return changed(word, form="کون سا", lemma="کون سا", upos="DET", origin=_ORIGIN)
    if lemma == "that" and nominal and lemma_before == "be":
        return changed(word, form="وہ", lemma="وہ", upos="DET", origin=_ORIGIN)
    return word


def _inner(pair: Pair, words: Sequence[Word], resources: Resources, rng: random.Random) -> Chunk:
    kinds = [_kind(pair, word) for word in words]
    last = next((w for w, k in zip(reversed(words), reversed(kinds), strict=True) if k in "NM"), words[-1])
    kind = "N"
    if all(k in "NM" for k in kinds):
        inner, kind = list(words), "M" if kinds[-1] == "M" or kinds[0] == "M" else "N"
    else:
        chunks = [Chunk(k, [w], pair.head_lemma(w)) for w, k in zip(words, kinds, strict=True)]
        inner = _arranged(pair, chunks, resources, rng, infinitive=True)
        kind = "M" if "M" in kinds and "V" not in kinds else "N"
    return Chunk(kind, inner, pair.head_lemma(last))


def _kind(pair: Pair, word: Word) -> str:
    lemma, upos = pair.lemma(word), word.upos
    if not word.source or "possessors" in word.origin:
        return "N"
    token = pair.tokens[word.source[0]]
    if lemma == "be" or token.upos == "AUX" and upos in ("VERB", "AUX"):
        return "A"
    if lemma in _TIMES and upos in ("NOUN", "PROPN", "ADV", "NUM", "ADJ") or word.origin in _TOLD:
        return "M"
    if lemma in _WH and len(word.source) == 1 and upos != "DET":
        return "W"
    if lemma == "there" and token.upos == "PRON":
        return "S"
    if upos == "PRON":
        form = pair.form(word)
        if "PSS" in pair.tokens[word.source[0]].features or form in ("my", "your", "his", "its", "our", "their"):
            return "N"
        return "O" if form in ("me", "us", "him", "them") else "S" if form.partition("'")[0] in _SUBJECTS else "N"
    if upos == "PART" and lemma == "to":
        return "T"
    if upos == "ADP" or lemma in ("to", "of"):
        return "P"
    return {"VERB": "V", "AUX": "A", "CCONJ": "C", "SCONJ": "C", "INTJ": "I", "ADV": "R"}.get(upos, "N")


def _arranged(
    pair: Pair, chunks: list[Chunk], resources: Resources, rng: random.Random, *, infinitive: bool = False
) -> list[Word]:
    """All clauses of an utterance, each with its verb last."""
    out: list[Word] = []
    clause = _Clause(pair, rng)
    clause.infinitive = infinitive
    phrases = _governed(pair, _phrases(pair, chunks))
    for k, chunk in enumerate(phrases):
        following = phrases[k + 1].kind if k + 1 < len(phrases) else ""
        if chunk.kind == "C" and (following in "VASW" or chunk.words[0].upos == "SCONJ"):
            out += clause.words(resources)
            clause = _Clause(pair, rng)
            clause.front.append(chunk)
        elif chunk.kind == "W" and not out and k == 0 and chunk.words[0].form == "جب":
            clause.add(Chunk("W", [changed(chunk.words[0], form="کب", origin=_ORIGIN)], chunk.lemma))
        elif chunk.kind == "W" and clause.verbs and not clause.infinitive:
            out += clause.words(resources)
            clause = _Clause(pair, rng)
            clause.front.append(Chunk("C", [inserted("کہ", "SCONJ", _ORIGIN)], "that"))
            clause.add(chunk)
        else:
            clause.add(chunk)
    return out + clause.words(resources)


def _phrases(pair: Pair, chunks: list[Chunk]) -> list[Chunk]:
    """Runs of nominal chunks as one, cut before and after a time; "and" joins two of them."""
    out: list[Chunk] = []
    for k, chunk in enumerate(chunks):
        previous = out[-1] if out else None
        between = previous is not None and previous.kind == "N" and k + 1 < len(chunks) and chunks[k + 1].kind == "N"
        if between and chunk.kind == "C" and chunk.words[0].upos == "CCONJ":
            previous.words = [*previous.words, *chunk.words]
            continue
        if chunk.kind == "N" and previous and previous.kind == "N":
            previous.words = _owner_first(pair, previous.words, chunk.words)
            previous.lemma = chunk.lemma
        elif chunk.kind == "M" and previous and previous.kind == "N" and _only_modifiers(previous):
            out[-1] = Chunk("M", [*previous.words, *chunk.words], chunk.lemma)
        else:
            out.append(Chunk(chunk.kind, chunk.words, chunk.lemma))
    return out


def _owner_first(pair: Pair, before: list[Word], after: list[Word]) -> list[Word]:
    """ "All my lists" are my all lists."""
    swap = len(before) == len(after) == 1 and pair.lemma(before[0]) in ("all", "both") and after[0].upos == "PRON"
    return [*after, *before] if swap else [*before, *after]


def _only_modifiers(chunk: Chunk) -> bool:
    return all(word.upos in ("DET", "ADJ", "NUM") and word.form != "کون سا" for word in chunk.words)


def _governed(pair: Pair, chunks: list[Chunk]) -> list[Chunk]:
    """Adpositions after what they govern; "of", and "by" after a noun, as possession before the noun."""
    out: list[Chunk] = []
    i = 0
    while i < len(chunks):
        chunk = chunks[i]
        following = chunks[i + 1] if i + 1 < len(chunks) else None
        if chunk.kind != "P" or following is None or following.kind not in "NMOSR":
            if chunk.kind != "P" or len(chunks) == 1:
                out.append(chunk)
        else:
            _govern(pair, out, chunk, following)
            i += 1
        i += 1
    return out


def _govern(pair: Pair, out: list[Chunk], chunk: Chunk, following: Chunk) -> None:
    before = out[-1] if out and out[-1].kind in "NM" else None
    if before and (chunk.lemma == "of" or (chunk.lemma == "by" and following.kind == "N" and before.kind == "N")):
        ka = inserted("کا", "ADP", _ORIGIN, chunk.words[0].source)  # in the slot that English "of" is in
        before.words = [*following.words, ka, *before.words]
    else:
        out.append(Chunk("M" if following.kind == "M" else "Q", _postposed(pair, chunk, following, out), chunk.lemma))


def _postposed(pair: Pair, chunk: Chunk, following: Chunk, before: list[Chunk]) -> list[Word]:
    """A phrase and its postposition, in the form that pronouns take before it."""
    word = chunk.words[0]
    form = _postposition(chunk.lemma, following, word.form)
    if form == "کو" and chunk.lemma == "to" and following.kind == "N":
        form = _goal(before, form)
    if following.kind in "OS" and len(following.words) == 1:
        who = pair.form(following.words[0])
        pronoun = following.words[0]
        if form == "کو" and who in _DATIVE:
            return [changed(pronoun, form=_DATIVE[who], origin=_ORIGIN)]
        head, _, rest = form.partition(" ")
        if head in ("کے", "کی") and rest and who in _OF_ME:
            return [changed(pronoun, form=_OF_ME[who], origin=_ORIGIN), changed(word, form=rest)]
        pronoun = changed(pronoun, form=_BARE.get(who, pronoun.form), origin=_ORIGIN)
        return [pronoun, changed(word, form=form)]
    return [*following.words, changed(word, form=form, upos="ADP", origin=_ORIGIN)] if form else following.words


def _goal(before: list[Chunk], form: str) -> str:
    """ "To" after words of giving and telling is کو; a ticket to a place is for it, a way goes as far as it."""
    lemmas = [chunk.lemma for chunk in before]
    if any(chunk.kind == "V" and chunk.lemma not in _GETTING and chunk.lemma not in _GOING for chunk in before):
        return form
    return "تک" if _GOING.intersection(lemmas) else "کے لیے" if before else form


_GETTING = frozenset("get book buy find need want reserve order check purchase show be give".split())
_GOING = frozenset("go drive travel walk ride direction direct way route distance take move fly".split())


def _postposition(adposition: str, following: Chunk, form: str) -> str:
    """The postposition for an English adposition; the noun decides where English is vaguer."""
    lemma, time = following.lemma, following.kind == "M"
    match adposition:
        case "on" | "in" | "at" if lemma in _PLACES_IN:
            return "میں"
        case "on" if time:
            return "کو" if lemma in WEEKDAYS or lemma in MONTHS or following.words[-1].upos == "NUM" else ""
        case "at" if time or lemma in ("time", "moment"):
            return ""
        case "in" if time:
            return "" if lemma in _DAY_PARTS else "میں"
        case "to":
            return "میں" if lemma in _PLACES_IN else "تک" if time else "کو"
        case "in" | "into":
            return "میں"
        case "of":
            return "کا"
        case "at":
            return "پر"
        case _:
            return form


class _Clause:
    """One clause, gathered left to right."""

    def __init__(self, pair: Pair, rng: random.Random) -> None:
        self.pair, self.rng = pair, rng
        self.front: list[Chunk] = []
        self.subject: list[Chunk] = []
        self.dative: list[Chunk] = []
        self.around: list[Chunk] = []
        self.nouns: list[Chunk] = []
        self.asked: list[Chunk] = []
        self.verbs: list[Chunk] = []
        self.helpers: list[Chunk] = []
        self.embedded: list[_Clause] = []
        self.infinitive = self.question = self.begun = self.plain = self.nouns_before = False

    def add(self, chunk: Chunk) -> None:
        if self.embedded:
            self.embedded[-1].add(chunk)
            return
        match chunk.kind:
            case "I":
                self.front.insert(0, chunk) if self.pair.form(chunk.words[0]) == "please" else self.front.append(chunk)
                return
            case "A":
                self.question |= not self.begun
                self.helpers.append(chunk)
            case "V":
                self.plain |= not self.begun
                self.nouns_before = bool(self.nouns)
                self._verb(chunk)
            case "T":
                self._embed()
            case "S":
                self._pronoun(chunk)
            case "O":
                self.dative.append(_with_form(self.pair, chunk, _DATIVE))
            case "W":
                self.asked.append(chunk)
            case "M" | "Q" | "R":
                self.around.append(chunk) if self.begun else self.front.append(chunk)
                return
            case "N" if self._called(chunk):
                self.front.append(chunk)
                return
            case _:
                self.nouns.append(chunk)
        self.begun = True

    def _called(self, chunk: Chunk) -> bool:
        return not self.begun and chunk.lemma in OPENERS and len(chunk.words) == 1

    def _verb(self, chunk: Chunk) -> None:
        if self.verbs and not chunk.words[0].features & {"V.MSDR", "V.PTCP"}:
            self._embed()
            self.embedded[-1].add(chunk)
        else:
            self.verbs.append(chunk)

    def _embed(self) -> None:
        inner = _Clause(self.pair, self.rng)
        inner.infinitive = inner.begun = True
        self.embedded.append(inner)

    def _pronoun(self, chunk: Chunk) -> None:
        if self.verbs and self.pair.form(chunk.words[0]) in _DATIVE and not self.subject and not self.asked:
            self.dative.append(_with_form(self.pair, chunk, _DATIVE))
        elif self.verbs and not self.helpers:
            self._embed()
            self.embedded[-1].add(chunk)
        else:
            self.subject.append(chunk)

    def words(self, resources: Resources) -> list[Word]:
        """The clause in order, its verb marked with what `verbs` has to say."""
        self._intend()
        embedded = [word for one in self.embedded for word in one.words(resources)]
        verb = self._predicate(resources)
        around = sorted(reversed(self.around), key=lambda chunk: chunk.kind != "M" and 1 + (chunk.lemma != "from"))
        self._mark_object()
        self._mark_known()
        groups = [self.front, self.subject, self.dative, around, self.nouns, self.asked]
        out = [word for group in groups for chunk in group for word in chunk.words]
        if self.question and not self.asked and (self.verbs or self.helpers):
            out.insert(sum(len(chunk.words) for chunk in self.front), inserted("کیا", "PART", _ORIGIN))
        return [*out, *embedded, *verb]

    def _intend(self) -> None:
        """ "Is going to rain" is a future: the verb meant takes the place of "go"."""
        if len(self.embedded) != 1 or not self.verbs or self.verbs[0].lemma != "go":
            return
        if self.verbs[0].words[0].features & {"V.MSDR", "V.PTCP"} and self.embedded[0].verbs:
            inner = self.embedded.pop()
            self.verbs = inner.verbs
            self.around += inner.around
            self.nouns += inner.nouns
            self.helpers = [Chunk("A", [inserted("", "AUX", _ORIGIN)], "will")]

    def _mark_object(self) -> None:
        """Who is called, told or invited takes کو; who is met or spoken with takes سے."""
        verb = self.verbs[0].words[0].lemma if self.verbs else ""
        mark = _OBJECTS.get(verb, "")
        if mark and len(self.nouns) == 1 and not any(c.lemma == "to" for c in self.around):
            self.nouns[0].words = [*self.nouns[0].words, inserted(mark, "ADP", _ORIGIN)]

    def _mark_known(self) -> None:
        """A definite object often takes کو."""
        if not self.plain or len(self.nouns) != 1 or self.rng.random() > 0.3:
            return
        chunk = self.nouns[0]
        source = chunk.words[0].source
        known = source and (self.pair.tokens[source[0] - 1].lemma == "the" or chunk.words[0].form in ("یہ", "وہ"))
        if known and chunk.words[-1].upos in NOUNS:
            chunk.words = [*chunk.words, inserted("کو", "ADP", _ORIGIN)]

    def _head(self) -> Word | None:
        """The noun that the verb agrees with."""
        chunks = self.nouns or [chunk for chunk in self.subject if chunk.kind == "N"]
        return next((word for word in reversed(chunks[-1].words) if word.upos in NOUNS), None) if chunks else None

    def _who(self, resources: Resources) -> frozenset[str]:
        """Person, number and gender of the subject."""
        pronoun = self.subject[0].lemma if self.subject else ""
        if pronoun in _PERSON:
            familiar = self.subject[0].words[0].form == "تم"
            return _PERSON[pronoun] | {"INFM"} if familiar else _PERSON[pronoun]
        head = self._head()
        if head is None:
            return frozenset({"3", self._own_gender(resources)})
        return frozenset({"3", _gender(head, resources), "PL" if "PL" in head.features else "SG"})

    def _own_gender(self, resources: Resources) -> str:
        """The gender of the noun in a verb like بارش ہونا 'rain', which is its own subject."""
        verb = self.verbs[0].words[0] if self.verbs else None
        noun, _, light = verb.lemma.rpartition(" ") if verb else ("", "", "")
        return _gender(changed(verb, form=noun, lemma=noun), resources) if verb and noun and light == "ہونا" else "MASC"

    def _predicate(self, resources: Resources) -> list[Word]:
        helpers = {chunk.lemma: chunk.words[0] for chunk in self.helpers}
        short = self._contracted()
        if short and "be" not in helpers:
            helpers["be"] = short
        if not self.verbs:
            return self._copula(helpers, resources)
        main, rest = self.verbs[0], [word for chunk in self.verbs[1:] for word in chunk.words]
        word = main.words[0]
        if len(main.words) > 1:
            return [*main.words, *rest]
        if self.infinitive:
            return [changed(word, features=frozenset({"NFIN"})), *rest]
        special = self._special(main.lemma)
        if special and len(word.source) == 1:
            found = special(word, helpers, resources)
            if found is not None:
                return [*found, *rest]
        if main.lemma == "like" and "would" in helpers:
            word = changed(word, lemma="چاہنا")
            helpers = {}
        if self.subject and self.subject[0].lemma == "it":
            self.subject = []
        return [changed(word, features=self._finite(word, helpers, resources)), *rest]

    def _special(self, lemma: str):
        """How verbs are said that Urdu builds otherwise."""
        return {"have": self._having, "need": self._needing, "like": self._liking, "mean": self._meaning}.get(lemma)

    def _meaning(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """ "What does x mean" is what is the meaning of x: x کا کیا مطلب ہے."""
        if not self.nouns or not self.asked:
            return None
        self.nouns[-1].words = [*self.nouns[-1].words, inserted("کا", "ADP", _ORIGIN)]
        return [inserted("مطلب", "NOUN", _ORIGIN, word.source), _copula_word(word, frozenset({"3"}))]

    def _finite(self, word: Word, helpers: dict[str, Word], resources: Resources) -> frozenset[str]:
        """What kind of verb form English's helpers and endings ask for, and the subject's person."""
        old = word.features
        not_ = any("NEG" in self.pair.tokens[one.source[0]].features for one in helpers.values() if one.source)
        negative = {"NEG"} if not_ else set()
        past = {"PST"} if any("PST" in w.features for w in helpers.values()) else set()
        who = self._who(resources) | negative
        if helpers.keys() & ABLE:
            return who | {"ABLE"}
        if helpers.keys() & {"should", "must", "shall"}:
            self._dative_subject()
            return who | {"OBLIG"}
        if helpers.keys() & {"will", "would"} or "FUT" in old:
            return who | {"FUT"}
        if "be" in helpers and old & {"V.MSDR", "V.PTCP"}:
            return who | past | {"PROG" if "V.MSDR" in old or "PRS" in old else "PRF"}
        if "have" in helpers:
            return self._done(word, who, resources) | {"PRF"}
        bare = not self.subject and not helpers and self.pair.form(word) == self.pair.tokens[word.source[0]].lemma
        forbidden = negative and not self.subject and helpers.keys() == {"do"} and not self.nouns_before
        if "IMP" in old and not self.subject and not helpers or self.plain and bare or forbidden:
            self.question = False
            return frozenset({"IMP"}) | negative
        if "PST" in old or past:
            return self._done(word, who, resources) | {"PST"}
        if self.asked and "1" in who and "do" in helpers:
            return who | {"SBJV"}
        if old & {"V.MSDR"} and not self.subject:
            return frozenset({"NFIN"})
        return who | {"HAB"}

    def _done(self, word: Word, who: frozenset[str], resources: Resources) -> frozenset[str]:
        """A done deed is the subject's with نے, and its verb agrees with the object."""
        if word.lemma.rpartition(" ")[2] in _INTRANSITIVE or not self.subject:
            return who
        pronoun = self.subject[0].words[0]
        if self.pair.lemma(pronoun) in _PERSON:
            self.subject[0].words = [pronoun, inserted("نے", "PART", _ORIGIN)]
        head = self._head()
        gender = _gender(head, resources) if head and self.nouns else "MASC"
        many = {"PL"} if head and self.nouns and "PL" in head.features else set()
        return who - {"1", "2", "PL", "MASC", "FEM", "INFM"} | {"3", gender} | many

    def _dative_subject(self) -> None:
        if self.subject:
            word = self.subject[0].words[0]
            me = {"i": "me", "we": "us", "he": "him", "she": "her", "they": "them"}.get(self.pair.lemma(word), "you")
            self.dative.insert(0, Chunk("O", [changed(word, form=_DATIVE[me], origin=_ORIGIN)], me))
            self.subject = self.subject[1:]

    def _having(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """ "I have x" is میرے پاس x ہے; "I have to" an obligation."""
        if not self.subject:
            return None
        if self.embedded:
            self._dative_subject()
            return [changed(word, lemma="ہونا", upos="AUX", features=frozenset({"COP", "3", "SG"}))]
        pronoun = self.subject[0].words[0]
        me = {"i": "me", "we": "us", "he": "him", "she": "her", "they": "them"}.get(self.pair.lemma(pronoun), "you")
        own = f"{_OF_ME[me]} پاس" if self.rng.random() < 0.6 or not self._head() else _OF_ME[me][:-1] + "ا"
        owner = changed(pronoun, form=own, lemma=own, origin=_ORIGIN)
        self.subject = self.subject[1:]
        self.dative.append(Chunk("S", [owner], me))
        head = self._head()
        who = frozenset({"3", _gender(head, resources), *(head.features & {"PL"})}) if head else frozenset({"3"})
        past = {"PST"} if "PST" in word.features or any("PST" in w.features for w in helpers.values()) else set()
        return [changed(word, lemma="ہونا", upos="AUX", features=who | past | {"COP"})]

    def _liking(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """What "I like" is liked by me: مجھے x پسند ہے."""
        if not self.subject or helpers.keys() - {"do", "be"}:
            return None
        self._dative_subject()
        liked = changed(word, form="پسند", upos="ADV", features=NOTHING)
        return [liked, _copula_word(word, frozenset({"3"}))]

    def _needing(self, word: Word, helpers: dict[str, Word], resources: Resources) -> list[Word] | None:
        """ "I need x" is مجھے x چاہیے; "I need to do" مجھے کرنا ہے."""
        self._dative_subject()
        if self.embedded:
            return [changed(word, lemma="ہونا", upos="AUX", features=frozenset({"COP", "3", "SG"}))]
        if self.nouns and self.rng.random() < 0.5:
            self.nouns[-1].words = [*self.nouns[-1].words, inserted("کا", "ADP", _ORIGIN)]
            needed = inserted("ضرورت", "NOUN", _ORIGIN, word.source, frozenset({"SG"}))
            return [needed, _copula_word(word, frozenset({"3"}))]
        return [changed(word, form="چاہیے", upos="AUX", features=NOTHING, origin=_ORIGIN)]

    def _copula(self, helpers: dict[str, Word], resources: Resources) -> list[Word]:
        """A clause without a verb: "is" stays, the rest of the helpers goes."""
        if self.infinitive and not helpers:
            return []
        be = helpers.get("be")
        self.around = [chunk for chunk in self.around if chunk.lemma != "there"]
        if self.subject and self.subject[0].lemma in ("it", "there") and (self.nouns or self.asked or self.around):
            self.subject = []
        if be is None and "have" in helpers and self.subject:
            return self._having(helpers["have"], helpers, resources) or []
        if be is None:
            return [word for chunk in self.helpers for word in chunk.words]
        who = self._who(resources)
        head = self._head()
        state = head is not None and self.pair.head_lemma(head) in ("weather", "traffic", "climate")
        asked = self.asked[0].lemma if len(self.asked) == 1 and not self.subject else ""
        if asked == "how" or state and asked == "what":
            self.asked = [_with_word(self.asked[0], "کیسا", who)]
        tense = {"FUT"} if helpers.keys() & {"will", "would"} else be.features & {"PST"}
        return [_copula_word(be, who | tense)]

    def _contracted(self) -> Word | None:
        """The "is" of "what's", "i'm", "there's"."""
        for chunk in (*self.asked, *self.subject):
            if self.pair.form(chunk.words[0]).endswith(("'s", "'re", "'m")):
                return inserted("ہے", "AUX", _ORIGIN)
        return None


def _with_form(pair: Pair, chunk: Chunk, forms: dict[str, str]) -> Chunk:
    word = chunk.words[0]
    form = forms.get(pair.form(word), word.form)
    return Chunk(chunk.kind, [changed(word, form=form, lemma=form, origin=_ORIGIN)], chunk.lemma)


def _copula_word(word: Word, features: frozenset[str]) -> Word:
    return Word("ہے", "ہونا", "AUX", features | {"COP"}, word.source, _ORIGIN, word.gloss)


def _with_word(chunk: Chunk, form: str, features: frozenset[str]) -> Chunk:
    word = chunk.words[0]
    form = _declined(form, "FEM" if "FEM" in features else "MASC", bool(features & {"PL"}))
    return Chunk(chunk.kind, [changed(word, form=form, lemma=form, origin=_ORIGIN)], chunk.lemma)
