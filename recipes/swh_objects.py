"""Swahili objects: who is told, shown or helped stands in the verb itself (nikumbushe, nitafutie, ifute)."""

import random
from functools import lru_cache

from lowres.pair import COPY, Pair, Word, changed
from lowres.rules import Resources

_ORIGIN = "rule:swh_objects.objects"
_VOWELS = frozenset("aeiou")
_OBJECTS = {"me": "ni", "us": "tu", "him": "m", "her": "m", "them": "wa", "it": "i", "you": "ku"}
_SUBJECTS = {"me": "ni", "us": "tu", "him": "a", "her": "a", "them": "wa", "it": "i", "you": "u"}
_WANTING = frozenset({"taka", "hitaji", "penda", "omba"})
_CAUSATIVE = {
    "amka": "amsha",
    "cheka": "chekesha",
    "rudi": "rudisha",
    "jua": "julisha",
    "lala": "laza",
    "anza": "anzisha",
}
# Who is told, shown or woken is the verb's own object; for other verbs a person is whom it is done for (-ia, -ea).
_DIRECT = frozenset((
    "ambia onyesha pa kumbusha amsha saidia uliza julisha arifu jibu ita fundisha pigia peleka chukua sikia sikiliza "
    "subiri penda ona jua elekeza elezea tumia ongoza chekesha furahisha changamsha ruhusu acha fuata alika karibisha "
    "shukuru tahadharisha onya shauri taka hitaji sumbua tembelea patia hudumia weza elewa kosa takia"
).split())  # fmt: skip


@lru_cache(maxsize=1 << 12)
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


def objects(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Object pronouns become prefixes of the verb before them; a person it is done for makes it applicative.

    The verb carries its object as a feature ("OBJni"), and its subject where another verb gives it one ("SUBni":
    "want me to"), for `swh_verbs.verbs` to say.
    """
    reader = _Reader(pair, resources, rng)
    skipped = False
    for k, word in enumerate(pair.words):
        following = pair.words[k + 1] if k + 1 < len(pair.words) else None
        skipped = not skipped and reader.read(word, following)
    return pair.with_words(reader.out)


class _Reader:
    """The words so far, and what the last verb asks of the next one."""

    def __init__(self, pair: Pair, resources: Resources, rng: random.Random) -> None:
        self.pair, self.lexicon, self.rng = pair, resources.lexicon, rng
        self.out: list[Word] = []
        self.verb = -1  # where the last verb is
        self.subject = self.let = ""

    def read(self, word: Word, following: Word | None) -> bool:
        """Take in a word; True when the following one went with it."""
        if not word.source or word.upos in ("NOUN", "ADJ", "NUM"):
            self.out.append(word)
            return False
        form = self.pair.tokens[word.source[0]].form.lower()
        if word.upos == "VERB" and word.origin != COPY and form not in ("let's", "lets"):
            self._verb(word, following)
        elif form in ("let's", "lets") and following is not None and following.upos == "VERB":
            self._let_us(word)
        elif form in ("for", "to") and following is not None and following.source and self._benefits(word, following):
            return True
        elif not (form in _OBJECTS and word.upos == "PRON" and len(word.source) == 1 and self._object(word, form, following)):
            self.out.append(word)
        return False

    def _verb(self, word: Word, following: Word | None) -> None:
        lemma = self.pair.tokens[word.source[0]].lemma
        features = word.features
        if self.let:
            found, _ = self.lexicon.ranked((f"let {lemma}",), "VERB")
            if found:
                word = changed(
                    word,
                    form=found[0].form,
                    features=frozenset({"IMP", "OBJ" + self.let}),
                    gloss=f"let me {word.gloss}",
                )
                self.out.pop()
            else:
                self.out[-1] = changed(self.out[-1], form="wacha", upos="PART", origin=_ORIGIN)
                self.subject = {"m": "a"}.get(self.let, self.let)
            self.let = ""
        if self.subject:
            word, self.subject = changed(word, features=word.features | {"SUB" + self.subject}), ""
        elif word.form == "ambia" and features is word.features:
            word = self._told(word, following)
        self.verb = len(self.out)
        self.out.append(word)

    def _told(self, word: Word, following: Word | None) -> Word:
        """Who is told is marked on the verb, too: mwambie mama; with nobody named it is the speaker: niambie."""
        token = self.pair.tokens[word.source[-1] + 1 :][:1]
        if token and token[0].form.lower() in _OBJECTS:
            return word
        if following is not None and (following.upos == "PROPN" or "BANTU1" in following.features):
            return changed(word, features=word.features | {"OBJm"})
        if self.rng.random() < 0.6:
            return changed(word, features=word.features | {"OBJni"})
        return changed(word, form="sema", origin=_ORIGIN)

    def _let_us(self, word: Word) -> None:
        """ "Let's" is the subjunctive of 'we', often after wacha 'leave'."""
        self.subject = "tu"
        if self.rng.random() < 0.5 or not self.pair.may_go(word):
            self.out.append(changed(word, form="wacha", upos="PART", origin=_ORIGIN))

    def _takes(self, distance: int) -> Word | None:
        """The last verb, where it is near and has no object yet."""
        if self.verb < 0 or len(self.out) - self.verb > distance:
            return None
        verb = self.out[self.verb]
        return None if any(f.startswith("OBJ") for f in verb.features) else verb

    def _object(self, word: Word, form: str, following: Word | None) -> bool:
        verb = self._takes(1)
        if verb is None or "PSS" in word.features or not self.pair.may_go(word):
            return False
        i = word.source[0]
        to_follows = (
            i + 1 < len(self.pair.tokens) and self.pair.tokens[i + 1].lemma == "to" and self.pair.tokens[i + 1].upos == "PART"
        )
        if to_follows and verb.form in _WANTING:
            self.subject = _SUBJECTS[form]
            return True
        verb_follows = following is not None and following.upos in ("VERB", "AUX")
        if verb_follows and self.pair.tokens[verb.source[0]].lemma == "let":
            self.let = _OBJECTS[form]
            return True
        if form in ("it", "you") and verb_follows or self.pair.tokens[verb.source[0]].lemma in ("have", "be"):
            return False
        self._mark(verb, form, word)
        return True

    def _benefits(self, word: Word, following: Word) -> bool:
        """ "Make … for me": for whom it is done is said in the verb (nitengenezee)."""
        person = self.pair.tokens[following.source[0]].form.lower()
        verb = self._takes(4)
        if verb is None or person not in ("me", "us") or self.pair.slot(word) >= 0 or self.pair.slot(following) >= 0:
            return False
        if not self.pair.tokens[verb.source[0]].features & {"IMP", "NFIN"} and self.pair.tokens[verb.source[0]].features:
            return False
        self._mark(verb, person, None)
        return True

    def _mark(self, verb: Word, form: str, word: Word | None) -> None:
        """The verb with its object; `word` is the pronoun where it stands in the verb's own place."""
        thing = form == "it" or form == "them" and verb.form.partition(" ")[0] not in _DIRECT
        stem = _CAUSATIVE.get(verb.form, verb.form)
        if self.pair.tokens[verb.source[0]].lemma == "give" and not thing:
            stem = "pa" if self.rng.random() < 0.7 else "patia"
        elif not thing and stem.partition(" ")[0] not in _DIRECT:
            stem = _applied(stem)
        prefix = "zi" if thing and form == "them" else _OBJECTS[form]
        source, gloss = verb.source, verb.gloss
        if word is not None:
            gloss = f"{gloss} {word.gloss}"
            if self.pair.slot(word) == self.pair.slot(verb):
                source += word.source
        features = verb.features | {"OBJ" + prefix}
        self.out[self.verb] = changed(verb, form=stem, features=features, source=source, gloss=gloss, origin=_ORIGIN)
