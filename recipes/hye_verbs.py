"""Eastern Armenian verbs: commands, participles with the copula, "can", "must", "will"; after the rules of `hye`."""

import random
from collections.abc import Callable, Sequence

from lowres.english import ABLE, OBLIGED, OPENERS
from lowres.pair import COPY, Pair, Word, changed, inserted
from lowres.rules import Resources
from lowres.rules.phrases import NOUNS

_ORIGIN = "rule:hye_verbs.verbs"
_WH = frozenset("what who whom when where why how which".split())
_OBJECTS = {"me": "ինձ", "us": "մեզ", "him": "նրան", "them": "նրանց", "you": "քեզ", "it": "այն", "her": "նրան"}
_PERSON = {"i": 0, "you": 1, "he": 2, "she": 2, "it": 2, "we": 3, "they": 5}
_AM = ("եմ", "ես", "է", "ենք", "եք", "են")
_WAS = ("էի", "էիր", "էր", "էինք", "էիք", "էին")
_HAVE = ("ունեմ", "ունես", "ունի", "ունենք", "ունեք", "ունեն")
_HAD = ("ունեի", "ունեիր", "ուներ", "ունեինք", "ունեիք", "ունեին")


# --- verbs ---

_IMPERATIVES = {
    "դնել": "դիր", "տալ": "տուր", "անել": "արա", "ասել": "ասա", "բերել": "բեր", "գալ": "արի", "լինել": "եղիր",
    "ուտել": "կեր", "տանել": "տար", "տեսնել": "տես", "գտնել": "գտիր", "մտնել": "մտիր", "իմանալ": "իմացիր",
    "մոռանալ": "մոռացիր", "գիտենալ": "իմացիր", "ունենալ": "ունեցիր", "ստանալ": "ստացիր", "դառնալ": "դարձիր",
    "միանալ": "միացիր", "պահել": "պահիր", "խոսել": "խոսիր",
}  # fmt: skip
_PLURAL_IMPERATIVES = {
    "դնել": "դրեք", "տալ": "տվեք", "անել": "արեք", "ասել": "ասեք", "գալ": "եկեք", "լինել": "եղեք", "ուտել": "կերեք",
    "տեսնել": "տեսեք", "գտնել": "գտեք", "դառնալ": "դարձեք",
}  # fmt: skip
_PERFECTIVES = {
    "դնել": "դրել", "տալ": "տվել", "գալ": "եկել", "լինել": "եղել", "ուտել": "կերել", "տեսնել": "տեսել", "գտնել": "գտել",
    "ունենալ": "ունեցել", "դառնալ": "դարձել", "սկսել": "սկսել", "մտնել": "մտել", "անել": "արել", "տանել": "տարել",
}  # fmt: skip
_ENDINGS = {"ե": ("եմ", "ես", "ի", "ենք", "եք", "են"), "ա": ("ամ", "աս", "ա", "անք", "աք", "ան")}


def _command(lemma: str, plural: bool) -> str:
    head, space, last = lemma.rpartition(" ")
    special = (_PLURAL_IMPERATIVES if plural else _IMPERATIVES).get(last)
    return head + space + (special or _regular_command(last, plural))


def _regular_command(verb: str, plural: bool) -> str:
    if verb.endswith("ցնել"):
        return verb[:-4] + ("ցրեք" if plural else "ցրու")
    if verb.endswith(("անալ", "ենալ")):
        return verb[:-3] + ("ցեք" if plural else "ցիր")
    if verb.endswith("ալ"):
        return verb[:-1] + ("ցեք" if plural else "")
    return verb[:-2] + ("եք" if plural else "իր") if verb.endswith("ել") else verb


def _participle(lemma: str, kind: str) -> str:
    """The imperfective (գրում), perfective (գրել), resultative (գրված) or future (գրելու) participle."""
    head, space, verb = lemma.rpartition(" ")
    if kind == "FUT":
        return lemma + "ու"
    if kind == "IPFV":
        return head + space + (verb[:-2] + "ալիս" if verb in ("տալ", "գալ", "լալ") else verb[:-2] + "ում")
    done = _PERFECTIVES.get(verb)
    if done is None:
        if verb.endswith("ցնել"):
            done = verb[:-3] + "րել"
        elif verb.endswith("ալ"):
            done = verb[:-3] + "ցել" if verb.endswith(("անալ", "ենալ")) else verb[:-1] + "ցել"
        else:
            done = verb
    return head + space + (done[:-2] + "ված" if kind == "RES" else done)


def _wish(lemma: str, person: int) -> str:
    """The subjunctive, which պետք է 'must' and կ- 'will' take: գրեմ, կարդա."""
    head, space, verb = lemma.rpartition(" ")
    special = {"տալ": "տա", "գալ": "գա"}.get(verb)
    if special:
        return head + space + special[:-1] + _ENDINGS["ա"][person]
    return head + space + verb[:-2] + _ENDINGS.get(verb[-2:-1], _ENDINGS["ե"])[person] if len(verb) > 2 else lemma


def verbs(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Commands (միացրու, միացրեք, infinitives), participles with the copula, կարող եմ 'can', պետք է 'must', կ- 'will'.

    Subject pronouns mostly go, since the verb tells the person.
    """
    clause = _Clause(pair, rng)
    for k, word in enumerate(pair.words):
        clause.read(word, pair.words[k + 1 :])
    return pair.with_words(clause.finished())


class _Clause:
    """The verbs of an utterance, left to right: what was heard since the last verb decides the form of the next."""

    def __init__(self, pair: Pair, rng: random.Random) -> None:
        self.pair, self.rng = pair, rng
        draw = rng.random()
        self.style = "SG" if draw < 0.72 else "NFIN" if draw < 0.9 else "PL"
        self.out: list[Word] = []
        self.please: list[Word] = []
        self.helpers: dict[str, Word] = {}
        self.ordered = self.opening = False
        self.reset()

    def reset(self) -> None:
        self.helpers, self.person, self.asked = {}, -1, None
        self.infinitive = self.negative = self.there = self.plural = False
        self.place = -1  # where the copula may stand

    def read(self, word: Word, after: Sequence[Word]) -> None:
        pair, lemma, form = self.pair, self.pair.lemma(word), self.pair.form(word)
        if word.source and word.upos == "PRON" and form in ("me", "us", "him", "them") and len(word.source) == 1:
            self.out.append(changed(word, form=_OBJECTS[form], origin=_ORIGIN))
            return
        if not word.source or pair.slot(word) >= 0 and word.upos not in ("VERB", "AUX", "PART"):
            self._other(word)
            return
        token = pair.tokens[word.source[0]]
        if token.upos == "PRON" and len(word.source) > 1 and word.upos in ("VERB", "AUX"):
            self._contracted(word, lemma, after)
        elif lemma == "please" or form == "kindly":
            self.please.append(word)
        elif token.upos == "PRON" and lemma == "there":
            self.there = True
            self._short(form)
        elif (
            token.upos == "PRON"
            and lemma in _PERSON
            and form not in _OBJECTS.keys() - {"you", "it"}
            and "PSS" not in token.features
        ):
            self._subject(word, lemma, form)
        elif lemma == "to" and token.upos == "PART":
            self.infinitive = True
        elif lemma in ("not", "n't"):
            self.negative = True
        elif lemma == "there" and self.place >= 0 and "be" in self.helpers:
            self.there = True
        elif lemma == "be" or token.upos == "AUX" or lemma == "do" and self._helps(token, after):
            self._helper(word, lemma, token, after)
        elif word.upos == "VERB" and lemma == "have" and not word.form.endswith("ել"):
            self._have(word, token, after)
        elif word.upos == "VERB":
            self._verb(word, lemma, token, after)
        else:
            self._other(word)
            if lemma in _WH and word.upos in ("PRON", "ADV", "DET", "ADJ"):
                self.asked = len(self.out) - 1
                self._short(form)

    def _helps(self, token, after: Sequence[Word]) -> bool:
        """Whether "do" stands before another verb, as in "don't forget"."""
        return "NEG" in token.features or any(one.upos == "VERB" for one in after[:2])

    def _contracted(self, word: Word, lemma: str, after: Sequence[Word]) -> None:
        """A lexicon's "i have" as one entry."""
        token = self.pair.tokens[word.source[-1]]
        self.person = _PERSON.get(lemma, 2)
        if token.lemma == "have":
            self._have(word, token, after)
        else:
            self._other(word)

    def _other(self, word: Word) -> None:
        self.out.append(word)
        if word.upos == "NOUN" and word.source:
            self.plural = "PL" in self.pair.tokens[word.source[-1]].features
        if word.upos in ("SCONJ", "CCONJ"):
            self.reset()
            self.opening = word.upos == "CCONJ" and self.ordered

    def _short(self, form: str) -> None:
        """The "is" of "what's", "there's"."""
        if form.endswith(("'s", "'re", "'m")):
            self._copula(inserted("", "AUX", _ORIGIN), past=False)

    def _subject(self, word: Word, lemma: str, form: str) -> None:
        if self.out and self.out[-1].upos == "VERB" and not self.helpers and form in ("you", "it"):
            self.out.append(changed(word, form=_OBJECTS[form], origin=_ORIGIN))
            return
        self.person = _PERSON[lemma]
        keep = {"i": 0.45, "you": 0.1, "it": 0.15}.get(lemma, 0.8)
        if self.rng.random() < keep:
            self.out.append(word)
        if form.endswith(("'s", "'re", "'m")):
            self._copula(inserted("", "AUX", _ORIGIN), past=False)
        elif form.endswith("'d"):
            self.helpers["would"] = word
        elif form.endswith("'ll"):
            self.helpers["will"] = word

    def _helper(self, word: Word, lemma: str, token, after: Sequence[Word]) -> None:
        self.negative |= "NEG" in token.features
        if lemma == "be" and not self.helpers.keys() & {"will", "would", "have"}:
            self._copula(word, past="PST" in token.features)
        elif lemma == "be" and "will" in self.helpers:
            self.helpers["will be"] = word
            form = "կլինի" if self.rng.random() < 0.6 else "լինելու է"
            self.out.append(changed(word, form=form, upos="AUX", origin=_ORIGIN))
        elif lemma == "have" and not any(one.upos == "VERB" for one in after[:4]):
            self._have(word, token, after)
        else:
            self.helpers[lemma] = word
            self.place = len(self.out) if lemma == "do" and self.asked is not None else self.place

    def _copula(self, word: Word, *, past: bool) -> None:
        """Keep a place for the copula; a participle that follows will share it."""
        self.helpers["be"] = word
        self.helpers["past"] = word if past else None
        self.place = len(self.out)
        self.out.append(changed(word, form="", upos="AUX", lemma="լինել", origin=_ORIGIN))

    def _have(self, word: Word, token, after: Sequence[Word]) -> None:
        if after and self.pair.lemma(after[0]) == "to":
            self.helpers["must"] = word
            return
        past = "PST" in token.features or "did" in {self.pair.form(one) for one in self.helpers.values() if one}
        person = self.person if self.person >= 0 else 2
        form = ("չ" if self.negative else "") + (_HAD if past else _HAVE)[person]
        self.out.append(changed(word, form=form, upos="VERB", origin=_ORIGIN))
        self.reset()

    def _verb(self, word: Word, lemma: str, token, after: Sequence[Word]) -> None:
        if word.origin in (COPY, "rule:transliterate") or not word.lemma.endswith(("ել", "ալ")):
            if self.pair.slot(word) >= 0:
                self.out.append(word)
                return
            word = changed(word, lemma=f"{word.form} անել") if word.origin in (COPY, "rule:transliterate") else word
        to = self._before_infinitive(word, after)
        if lemma == "need" and to or lemma == "go" and to and "be" in self.helpers:
            self.helpers["must" if lemma == "need" else "going"] = word
            return
        formed, place = self._formed(word, lemma, token), len(self.out)
        if self.asked is not None and "do" in self.helpers and self.person < 0 and len(formed) == 2 and self.place >= 0:
            formed, place = formed[::-1] if formed[0].upos == "VERB" else formed, self.place  # ինչ է նշանակում x
        self.out[place:place] = formed
        asked = self.asked if self.helpers.get("be") is None else None
        self.reset()
        self.asked = asked

    def _before_infinitive(self, word: Word, after: Sequence[Word]) -> bool:
        """Whether "to" and a verb follow; a lexicon may have taken "go to" as one."""
        if len(word.source) > 1 and self.pair.tokens[word.source[-1]].form == "to":
            return bool(after) and after[0].upos == "VERB"
        return bool(after) and bool(after[0].source) and self.pair.tokens[after[0].source[0]].form == "to"

    def _formed(self, word: Word, lemma: str, token) -> list[Word]:
        """The words of a verb form in its clause."""

        def say(form: str) -> Word:
            return changed(word, form=form, origin=_ORIGIN)

        helpers, features = self.helpers, token.features if not word.features else word.features
        person = self.person if self.person >= 0 else 5 if self.plural and self.out else 2
        if modal := self._with_modal(say, word, lemma, person):
            return modal
        if "going" in helpers:
            return self._shared(word, frozenset({"FUT"}), person)
        if self.infinitive:
            return self._purpose(say, word)
        if "be" in helpers:
            return self._shared(word, features, person)
        if "have" in helpers or "PST" in features and not ("IMP" in features or self._opens(word, token)) or self._did():
            copula = inserted(("չ" if self.negative else "") + _AM[person], "AUX", _ORIGIN)
            return [say(_participle(word.lemma, "PFV")), copula]
        bare = not helpers and ("IMP" in features or self._opens(word, token))
        if self.person < 0 and (bare or self.negative):
            return self._ordered(word)
        if features & {"V.MSDR", "V.PTCP", "NFIN"} and self.person < 0:
            return [say(word.lemma)]
        return self._present(word, lemma, person)

    def _with_modal(self, say: Callable[[str], Word], word: Word, lemma: str, person: int) -> list[Word]:
        """What "can", "must", "will" and "would" make of a verb; [] without one."""
        heard = self.helpers.keys()
        if heard & ABLE:
            am = _AM[4] if person == 1 and self.style == "PL" else _AM[person]
            can = f"չ{am} կարող" if self.negative else f"կարող {am}"
            return [inserted(can, "AUX", _ORIGIN), say(word.lemma)]
        if heard & OBLIGED:
            return [inserted("պետք է", "AUX", _ORIGIN), say(_wish(word.lemma, person))]
        if "would" in heard and lemma in ("like", "love"):
            return [say("կցանկանայի" if person == 0 else "կցանկանայիր")]
        if heard & {"will", "would"}:
            head, space, last = _wish(word.lemma, person).rpartition(" ")
            return [say(f"{head}{space}կ{last}")]
        return []

    def _purpose(self, say: Callable[[str], Word], word: Word) -> list[Word]:
        """What one is reminded or asked to do: the infinitive, or որ 'that' with the subjunctive."""
        asked = self.out[-1] if self.out else None
        person = {"ինձ": 0, "մեզ": 3}.get(asked.form, -1) if asked is not None and self.ordered else -1
        if person < 0 or self.rng.random() < 0.5:
            return [say(word.lemma)]
        return [inserted("որ", "SCONJ", _ORIGIN), say(_wish(word.lemma, person))]

    def _opens(self, word: Word, token) -> bool:
        if self.opening:
            return True
        heard = [one for one in self.out if self.pair.lemma(one) not in OPENERS]
        return not any(one.upos in ("VERB", "AUX") or one.upos in NOUNS for one in heard) and token.form.lower() == token.lemma

    def _did(self) -> bool:
        return "do" in self.helpers and self.pair.form(self.helpers["do"]) == "did"

    def _ordered(self, word: Word) -> list[Word]:
        inside = self.pair.slot(word) >= 0
        self.ordered = True
        form = word.lemma if self.style == "NFIN" and not self.negative else _command(word.lemma, self.style == "PL")
        if inside and self.out and any(one.upos == "VERB" for one in self.out):
            form = word.lemma
        negative = [inserted("մի", "PART", _ORIGIN)] if self.negative else []
        return [*negative, changed(word, form=form, origin=_ORIGIN)]

    def _shared(self, word: Word, features: frozenset[str], person: int) -> list[Word]:
        """ "Is happening", "are going to", "was born": the copula kept before, or put after, the participle."""
        kind = "FUT" if "FUT" in features else "IPFV" if "V.MSDR" in features or "PRS" in features else "RES"
        if word.lemma in ("ծնվել", "մահանալ"):
            kind = "PFV"
        copula = self._be(person)
        spoken = changed(word, form=_participle(word.lemma, kind), origin=_ORIGIN)
        there = 0 <= self.place < len(self.out)  # words of a slot may have closed over the place
        if there and self.asked is not None:
            self.out[self.place] = changed(self.out[self.place], form=copula)
            return [spoken]
        if there:
            del self.out[self.place]
        return [spoken, inserted(copula, "AUX", _ORIGIN)]

    def _be(self, person: int) -> str:
        return ("չ" if self.negative else "") + (_WAS if self.helpers.get("past") else _AM)[person]

    def _present(self, word: Word, lemma: str, person: int) -> list[Word]:
        """A plain statement; after a question word the copula comes before the participle."""
        if lemma == "need":
            self.out = [one for one in self.out if one.upos != "PRON" or self.pair.lemma(one) != "i"]
            me = [inserted("ինձ", "PRON", _ORIGIN)] if person == 0 else []
            return [*me, inserted("պետք է", "AUX", _ORIGIN, word.source)]
        spoken = changed(word, form=_participle(word.lemma, "IPFV"), origin=_ORIGIN)
        copula = inserted(("չ" if self.negative else "") + _AM[person], "AUX", _ORIGIN)
        if self.asked is not None and self.asked == len(self.out) - 1 or self.negative:
            return [copula, spoken]
        return [spoken, copula]

    def finished(self) -> list[Word]:
        """The words, with the copulas that no participle took: կա 'there is', or է, են by what they are said of."""
        out = list(self.out)
        for k, word in enumerate(out):
            if word.upos == "AUX" and not word.form and word.lemma == "լինել":
                out[k] = changed(word, form=self._left(out, k))
        return [*self.please, *self._pronouns(out)]

    def _left(self, out: list[Word], k: int) -> str:
        """The form of a copula that stands alone; a question word before it agrees."""
        before, after = out[:k], out[k + 1 :]
        said = next((word for word in after if word.upos in NOUNS and word.source), None)
        asked = next((word for word in reversed(before) if word.upos in NOUNS and word.source), None)
        question = self.pair.lemma(before[-1]) if before else ""
        place = bool(after) and after[0].upos == "ADP"
        noun = asked if asked is not None and (place or question not in _WH) else said
        plural = noun is not None and "PL" in self.pair.tokens[noun.source[-1]].features
        plural |= self.pair.form(out[k]) in ("are", "were") and self.person != 1
        past = any("PST" in self.pair.tokens[i].features for i in out[k].source)
        if self.there or place and (question in ("what", "who") or self._asks(before)):
            return "կային" if plural and past else "կար" if past else "կան" if plural else "կա"
        if question in ("what", "how") and said is not None:
            out[k - 1] = self._agreed(out[k - 1], question, said, plural)
        person = 0 if self.person == 0 else 1 if self.person == 1 else 5 if plural else 2
        return (_WAS if past else _AM)[person]

    def _asks(self, before: list[Word]) -> bool:
        """Whether the copula stands after "what events", "how many meetings"."""
        lemmas = [self.pair.lemma(word) for word in before[-4:]]
        return any(lemma in ("what", "which", "how", "any") for lemma in lemmas)

    def _agreed(self, word: Word, question: str, said: Word, plural: bool) -> Word:
        """'Which' (որն, որոնք) where the answer is one of a known kind, ինչպիսին 'of what kind' for "how is"."""
        known = any(self.pair.tokens[i].form in ("the", "my", "your") for i in range(max(0, said.source[0] - 3), said.source[0]))
        state = self.pair.tokens[said.source[-1]].lemma in ("weather", "traffic", "forecast", "temperature")
        if question == "how" or state and self.rng.random() < 0.6:
            form = "ինչպիսին"
        elif plural and known:
            form = "որոնք"
        elif known and self.rng.random() < 0.7:
            form = "որն"
        else:
            return word
        return changed(word, form=form, origin=_ORIGIN)

    def _pronouns(self, out: list[Word]) -> list[Word]:
        """An object pronoun stands before an infinitive: կարող ես ինձ ասել."""
        for k in range(1, len(out)):
            before, word = out[k - 1], out[k]
            infinitive = before.upos == "VERB" and before.form == before.lemma and before.form.endswith("լ")
            if k > 1 and infinitive and word.upos == "PRON" and self.pair.form(word) in ("me", "us"):
                out[k - 1], out[k] = word, before
        return out
