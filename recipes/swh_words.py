"""Swahili: the words that the dictionary found, read once more in their place before the grammar starts."""

import random

from lowres.english import CALLS
from lowres.pair import COPY, NOTHING, Pair, Word, changed, make_word
from lowres.rules import Resources
from lowres.rules.rereading import COMPARED

_ORIGIN = "rule:swh_words.readings"
_OPENING = frozenset((
    "play set start stop turn check show list order book change update call text email message tweet post search look "
    "cancel delete mute dim run lower load clear open record schedule report repeat skip shuffle increase decrease "
    "raise find put get buy add make remind light shut pause resume switch create reserve brighten"
).split())  # fmt: skip
_NO_COMMANDS = frozenset((
    "be do have can could may might should must shall will would what which who when where how why like"
).split())  # fmt: skip
_PRONOUNS = frozenset("i you he she it we they".split())
_KU = ("kumb", "kus", "kut", "kua", "kub", "kuz", "kun", "kuw", "kuj", "kuf")


def commands(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Verbs by their stems, phrases of pronoun and verb ("i have") taken apart, and an opening verb read as a command.

    A tagger of written text takes such a verb for a noun or a name ("cancel my …", "play some …").
    """
    words = [word if word.upos != "VERB" else _stemmed(word) for word in _apart(pair, resources)]
    for k, word in enumerate(words):
        token = pair.tokens[word.source[0]] if word.source else None
        if token is None or token.lemma in CALLS or token.form.lower() == "let's":
            continue
        if word.upos not in ("VERB", "AUX", "NUM", "CCONJ") and len(word.source) == 1 and token.lemma not in _NO_COMMANDS:
            form = _opener(pair, word, resources)
            if form and k + 1 < len(words):
                words[k] = make_word(form, form, "VERB", frozenset({"IMP"}), word.source, "rule:swh_words.commands", word.gloss)
        break
    return pair.with_words(words)


def _opener(pair: Pair, word: Word, resources: Resources) -> str:
    """The verb that an opening word is; '' where it is rather what it was taken for."""
    token, following = pair.tokens[word.source[0]], pair.tokens[word.source[0] + 1 :][:1]
    options, weights = resources.lexicon.ranked((token.lemma,), "VERB")
    if not options or options[0].upos != "VERB" or token.form.lower() != token.lemma:
        return ""
    nouns, scores = resources.lexicon.ranked((token.lemma,), "NOUN")
    rival = nouns and nouns[0].upos == "NOUN" and scores[0] >= weights[0]
    opens = following and (following[0].upos in ("DET", "PRON", "PROPN") or token.lemma in _OPENING)
    return _stem(options[0].form) if opens or not rival else ""


def _stemmed(word: Word) -> Word:
    form = _stem(word.form) if word.origin != COPY else word.form
    return word if form == word.form else changed(word, form=form, lemma=form)


def _stem(verb: str) -> str:
    """The stem of a verb that a dictionary cites with ku-."""
    if verb.startswith("ku") and len(verb.partition(" ")[0]) > 4 and not verb.startswith(_KU):
        return verb[2:]
    return verb


def _apart(pair: Pair, resources: Resources) -> list[Word]:
    words: list[Word] = []
    for word in pair.words:
        first = pair.tokens[word.source[0]].lemma if len(word.source) > 1 else ""
        if first not in _PRONOUNS or pair.tokens[word.source[1]].upos not in ("VERB", "AUX"):
            words.append(word)
            continue
        for i in word.source:
            token = pair.tokens[i]
            options, _ = resources.lexicon.ranked((token.lemma,), token.upos)
            form, lexicon = (options[0].form, options[0].lexicon) if options else (token.form, COPY)
            words.append(make_word(form, form, token.upos, token.features, (i,), lexicon, token.form))
    return words


def readings(pair: Pair, resources: Resources, rng: random.Random) -> Pair:
    """Possessives, "what" and "this" by their use, names and initials as they are, degrees said, verbs among nouns."""
    words = _to_do(pair, _initials(pair, list(pair.words)))
    lower = pair.utterance.text.islower()
    for k, word in enumerate(words):
        if lower and not word.form.islower() and word.origin != COPY:
            word = words[k] = changed(word, form=word.form.lower())
        if len(word.source) != 1:
            if word.upos == "VERB" and word.source and word.origin != COPY and _modifies(pair, words, k):
                words[k] = changed(word, form="ku" + word.form, upos="NOUN", features=NOTHING)
            continue
        token = pair.tokens[word.source[0]]
        form = token.form.lower()
        if form in _OWNERS and "PSS" in token.features:
            words[k] = changed(word, form=_OWNERS[form], upos="PRON")
        elif form in _POINTERS and word.upos in ("DET", "PRON", "ADV"):
            words[k] = changed(word, form=_POINTERS[form])
        elif word.upos == "VERB" and word.origin != COPY and _modifies(pair, words, k):
            words[k] = changed(word, form="ku" + word.form, upos="NOUN", features=NOTHING)
        elif token.lemma in ("what", "which"):
            following = words[k + 1] if k + 1 < len(words) and form == token.lemma else None
            asks = following is not None and following.upos in _ASKED and pair.lemma(following) not in _DETERMINERS
            words[k] = changed(word, form="gani" if asks else "nini", upos="DET" if asks else "PRON", origin=_ORIGIN)
        elif word.origin == COPY:
            if word.upos == "PROPN" and not _among_names(pair, word.source[0]):
                words[k] = _common(word, token, resources)
        elif token.upos == "PROPN" and _beside_name(pair, words, k, resources):
            words[k] = changed(word, form=token.form, upos="PROPN", origin=COPY)
        elif token.features & COMPARED and word.upos == "ADJ":
            words[k] = changed(word, form=_degree(word, form, resources))
    return pair.with_words(words)


def _initials(pair: Pair, words: list[Word]) -> list[Word]:
    """Initials ("f. m.") and addresses ("example dot com") are one name each, kept as they are."""
    text = pair.utterance.text
    if "." not in text and " dot " not in text:
        return words
    forms = [pair.tokens[word.source[0]].form if len(word.source) == 1 else "" for word in words]
    out: list[Word] = []
    joined = False
    for k, word in enumerate(words):
        initial = len(forms[k]) == 2 and forms[k][1] == "."
        dotted = forms[k] == "dot" and 0 < k < len(words) - 1
        if (joined or dotted) and out and out[-1].source and word.source and pair.slot(out[-1]) == pair.slot(word) and forms[k]:
            before = out.pop()
            form = f"{before.gloss if dotted else before.form} {forms[k]}"
            out.append(make_word(form, form, "PROPN", NOTHING, before.source + word.source, COPY, f"{before.gloss} {forms[k]}"))
            joined = dotted or (joined and k + 1 < len(words) and len(forms[k + 1]) == 2 and forms[k + 1][1:] == ".")
            continue
        if initial:
            word = make_word(forms[k], forms[k], "PROPN", NOTHING, word.source, COPY, word.gloss)
        out.append(word)
        joined = initial and k + 1 < len(words) and len(forms[k + 1]) == 2 and forms[k + 1][1:] == "."
    return out


def _to_do(pair: Pair, words: list[Word]) -> list[Word]:
    """A list of what is "to do": orodha ya kufanya."""
    for k in range(len(words) - 2) if "to do list" in pair.utterance.text.lower() else ():
        first, second, third = words[k : k + 3]
        if (
            third.source
            and pair.lemma(third) == "list"
            and [pair.lemma(first), pair.lemma(second)] == ["to", "do"]
            and pair.slot(first) == pair.slot(second)
        ):
            source = first.source + second.source
            listed = changed(third, form="orodha", lemma="orodha", upos="NOUN", origin=_ORIGIN)
            return [
                *words[:k],
                make_word("ya kufanya", "fanya", "ADJ", NOTHING, source, _ORIGIN, "to do"),
                listed,
                *words[k + 3 :],
            ]
    return words


def _modifies(pair: Pair, words: list[Word], k: int) -> bool:
    """Whether a verb stands between a determiner and a noun, as in "my wake up alarm"."""
    if not 0 < k < len(words) - 1 or words[k + 1].upos != "NOUN" or pair.tokens[words[k].source[0]].features & {"PST", "PASS"}:
        return False
    before = words[k - 1]
    return before.upos == "DET" or "PSS" in before.features or before.form in _OWNERS.values()


def _among_names(pair: Pair, i: int) -> bool:
    return any(0 <= j < len(pair.tokens) and pair.tokens[j].upos == "PROPN" for j in (i - 1, i + 1))


def _common(word: Word, token, resources: Resources) -> Word:
    """A lone word taken for a name that the dictionary has as a common noun."""
    options, _ = resources.lexicon.ranked((token.lemma, token.form.lower()), "NOUN")
    best = next((one for one in options if one.upos == "NOUN"), None)
    return make_word(best.form, best.form, "NOUN", token.features, word.source, best.lexicon, word.gloss) if best else word


_OWNERS = {"my": "angu", "your": "ako", "his": "ake", "her": "ake", "its": "ake", "our": "etu", "their": "ao"}
_POINTERS = {"this": "hii", "that": "hiyo", "these": "hizi", "those": "hizo"}
_ASKED = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "these", "those", "my", "your", "his", "her", "our", "their"})


def _beside_name(pair: Pair, words: list[Word], k: int, resources: Resources) -> bool:
    """Whether a word that is no name in the dictionary stands beside a name, as in a person's surname."""
    options, _ = resources.lexicon.ranked((pair.tokens[words[k].source[0]].form.lower(),), "PROPN")
    if options and options[0].upos == "PROPN":
        return False
    beside = [words[j] for j in (k - 1, k + 1) if 0 <= j < len(words)]
    return any(w.origin == COPY and w.source and pair.tokens[w.source[0]].upos == "PROPN" for w in beside)


def _degree(word: Word, form: str, resources: Resources) -> str:
    """The dictionary's comparative or superlative (latest), else the adjective with zaidi 'more'."""
    options, _ = resources.lexicon.ranked((form,), "ADJ")
    return options[0].form if options and options[0].upos == "ADJ" else f"{word.form} zaidi"
