"""Rules of the noun: case, definiteness and possession by its place in the sentence, and what agrees with it."""

import random
from collections.abc import Sequence

from lowres.bundles import AGREE, ATOMS, Grammar
from lowres.features import dimension
from lowres.ordering import TIMES, noun_phrases, upos_of
from lowres.pair import COPY, NOTHING, Pair, Word, changed
from lowres.rules.resources import Resources
from lowres.text import fold

_NOUNS = frozenset({"NOUN", "PROPN"})
_OWNERS = {
    "my": ("PSS1S",), "your": ("PSS2S", "PSS2SM"), "his": ("PSS3SM", "PSS3S"), "her": ("PSS3SF", "PSS3S"),
    "its": ("PSS3S", "PSS3SM"), "our": ("PSS1P",), "their": ("PSS3P",),
}  # fmt: skip
_OBJECTS = {"me": "1S", "us": "1P", "him": "3S", "her": "3S", "it": "3S", "them": "3P"}


def cases(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Give nouns the case, definiteness and possession of their place; what a form then says is left out as a word.

    Objects, possessors and what prepositions govern, by the card's `features`, else by what the table has. A
    preposition or "my" goes only where the noun has a form for it. For rules that run before `order`.
    """
    if "N" not in resources.grammar.inventory:
        return _object_agreement(pair, resources)
    out: list[Word] = []
    state = _State()
    for phrase in noun_phrases(pair):
        out.extend(_placed(pair, phrase, out, state, resources))
    return _object_agreement(pair.with_words(out), resources)


class _State:
    """Whether a verb waits for its object."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting = False


def _placed(pair: Pair, phrase: list[Word], out: list[Word], state: _State, resources: Resources) -> list[Word]:
    """A phrase with its features; takes a preposition that its form replaces from the end of `out`."""
    head = phrase[-1]
    upos = upos_of(pair, head)
    if upos not in _NOUNS or head.upos not in _NOUNS:
        if upos in ("VERB", "PUNCT", "CCONJ", "SCONJ"):
            state.waiting = upos == "VERB"
        return phrase
    if _time(pair, head):
        return phrase
    adposition = out[-1] if out and upos_of(pair, out[-1]) == "ADP" else None
    definite = _definiteness(pair, phrase)
    grammar = resources.grammar
    if adposition is not None:
        done = _governed(pair, phrase, adposition, definite, resources)
        if done is not None:
            out.pop()
            return done
        return _marked(pair, phrase, frozenset(filter(None, (grammar.governed(), definite))), resources)
    case = grammar.object(definite == "DEF" or head.upos == "PROPN") if state.waiting else ""
    state.waiting = False
    return _marked(pair, phrase, frozenset(filter(None, (case, definite))), resources)


def _time(pair: Pair, head: Word) -> bool:
    """Whether a phrase says when: such phrases are no objects, and each language has its own way with them."""
    return bool(head.source) and pair.tokens[head.source[-1]].lemma in TIMES


def _governed(pair: Pair, phrase: list[Word], adposition: Word, definite: str, resources: Resources) -> list[Word] | None:
    """The phrase in the case that stands for a preposition; None where the preposition stays beside it."""
    grammar = resources.grammar
    preposition = (adposition.gloss or adposition.form).lower()
    case = grammar.case_of(preposition)
    if not case or preposition in grammar.card.keep or not pair.may_go(adposition):
        return None
    done = _marked(pair, phrase, frozenset(filter(None, (case, definite))), resources)
    return done if formed(done[-1], resources, case) else None


def _marked(pair: Pair, phrase: list[Word], added: frozenset[str], resources: Resources) -> list[Word]:
    """The head with `added` features and its owner's; possessors in the phrase in their own case."""
    grammar = resources.grammar
    *before, head = phrase
    if grammar.card.counted and any(word.upos == "NUM" for word in before):
        head = changed(head, features=_replaced(head.features, frozenset({grammar.card.counted})))
    head = changed(head, features=_replaced(head.features, added))
    owner, owned = _owned(pair, before, head, resources)
    kept = [word for word in before if word is not owner]
    return [*(_possessor(word, grammar) for word in kept), owned]


def _owned(pair: Pair, before: Sequence[Word], head: Word, resources: Resources) -> tuple[Word | None, Word]:
    """("my", the head with PSS1S) where the head has such a form; else (None, head)."""
    grammar = resources.grammar
    for word in before if grammar.card.possessive != "word" else ():
        options = _OWNERS.get(word.gloss.lower(), ())
        feature = next((one for one in options if grammar.has("N", one)), "")
        if feature and pair.may_go(word):
            owned = changed(head, features=head.features | {feature})
            if formed(owned, resources, feature):
                return word, owned
    return None, head


def _possessor(word: Word, grammar: Grammar) -> Word:
    if word.upos in _NOUNS and "PSS" in word.features and grammar.possessor():
        return changed(word, features=_replaced(word.features, frozenset({grammar.possessor()})))
    return word


def _replaced(features: frozenset[str], added: frozenset[str]) -> frozenset[str]:
    settled = {dimension(feature) for feature in added}
    return frozenset(feature for feature in features if dimension(feature) not in settled) | added


def _definiteness(pair: Pair, phrase: Sequence[Word]) -> str:
    """DEF or INDF by the source's article before or in the phrase; "" where there is none, or an owner."""
    places = [index for word in phrase for index in word.source]
    if not places or any(word.gloss.lower() in _OWNERS for word in phrase):
        return ""
    around = pair.tokens[max(0, min(places) - 1) : max(places) + 1]
    articles = [token.lemma for token in around if token.lemma in ("the", "a", "an")]
    return "INDF" if not articles or articles[0] != "the" else "DEF"


def formed(word: Word, resources: Resources, feature: str = "") -> tuple[str, str] | None:
    """(form, 'table' or 'learnt') of the cell that answers to the word's features, and that has `feature` among them."""
    atom = ATOMS.get(word.upos)
    if atom is None or word.origin == COPY:
        return None
    grammar = resources.grammar
    wanted = grammar.verb(word.features) if atom == "V" else word.features
    for bundle in grammar.bundles(atom, wanted):
        fits = not feature or grammar.served(atom, feature) in bundle
        if fits and (found := resources.inflector.inflect(word.lemma, bundle)):
            return found
    return None


def _object_agreement(pair: Pair, resources: Resources) -> Pair:
    """Verbs that mark a pronoun as their object ("tell me") have it as ARGAC1S in place of the word."""
    words: list[Word] = []
    for word in pair.words:
        found = _OBJECTS.get(word.gloss.lower()) if words and words[-1].upos == "VERB" else None
        options = [f"{start}{found}" for start in _ARGUMENTS] if found else []
        feature = next((one for one in options if resources.grammar.has("V", one)), "")
        if feature and pair.may_go(word):
            verb = changed(words[-1], features=words[-1].features | {feature})
            if formed(verb, resources, feature):
                words[-1] = verb
                continue
        words.append(word)
    return pair.with_words(words)


_ARGUMENTS = ("ARGAC", "ARGACC", "ARGAB", "ARGABS", "ARGDA", "ARGDAT")


def agree(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Adjectives, determiners and numerals take number, case, gender and definiteness of their noun (the card's `agree`)."""
    chosen = resources.language.features.agree
    dimensions = AGREE if chosen is None else chosen
    out = []
    for phrase in noun_phrases(pair):
        head = phrase[-1]
        taken = head.features | gender(head, resources) if head.upos in _NOUNS and len(phrase) > 1 else NOTHING
        for word in phrase:
            if word is not head and taken and word.upos in dimensions:
                mine = frozenset(one for one in taken if dimension(one) in dimensions[word.upos])
                word = changed(word, features=_replaced(word.features, mine))
            out.append(word)
    return pair.with_words(out)


def gender(noun: Word, resources: Resources) -> frozenset[str]:
    """Gender or noun class of a noun in its number, by its table."""
    number = "PL" if "PL" in noun.features else "SG"
    for cell in resources.inflector.paradigms.cells.get(fold(noun.lemma), ()):
        found = sorted(feature for feature in cell.features if dimension(feature) == "gender")
        if found and ("N" in cell.features) and (number in cell.features or "PL" not in cell.features):
            return frozenset(found[:1])
    return NOTHING
