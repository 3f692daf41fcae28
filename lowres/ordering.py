"""Word order from the card's typology, over chunks found by part of speech; slots stay whole."""

from collections.abc import Sequence

from lowres.language import Typology
from lowres.pair import COPY, Pair, Rejected, Word

_MODIFIERS = {"ADJ", "DET", "NUM", "NOUN", "PROPN"}
_NOUNS = {"NOUN", "PROPN"}


def reorder(pair: Pair, typology: Typology) -> Pair:
    """`pair` with noun phrases, adpositions and the verb where `typology` has them; a step that splits a slot is left out."""
    phrases = _noun_phrases(pair.words)
    steps = [lambda old: [_noun_phrase(pair, phrase, typology) for phrase in old]]
    if typology.adposition == "postposition":
        steps.append(lambda old: _postposed(pair, old))
    if typology.word_order == "SOV":
        steps.append(_verb_last)
    for step in steps:
        moved = step(phrases)
        phrases = moved if moved != phrases and slots_whole(pair, _flat(moved)) else phrases
    return pair.with_words(_flat(phrases))


def _flat(phrases: list[list[Word]]) -> list[Word]:
    return [word for phrase in phrases for word in phrase]


def _noun_phrases(words: Sequence[Word]) -> list[list[Word]]:
    """Maximal runs of modifiers that end in a noun, every other word alone."""
    chunks: list[list[Word]] = []
    run: list[Word] = []
    for word in words:
        if word.upos in _MODIFIERS or "PSS" in word.features:  # "my" is tagged as a pronoun
            run.append(word)
            continue
        if run:
            chunks.extend(_closed(run))
            run = []
        chunks.append([word])
    return chunks + _closed(run)


def _closed(run: list[Word]) -> list[list[Word]]:
    """A run up to its last noun as one chunk, what follows as single words."""
    last = len(run)
    while last and run[last - 1].upos not in _NOUNS:
        last -= 1
    return ([run[:last]] if last else []) + [[word] for word in run[last:]]


def _noun_phrase(pair: Pair, chunk: list[Word], typology: Typology) -> list[Word]:
    """A noun phrase in the target's order; the units that move are slots, or words outside of slots."""
    if len(chunk) < 2:
        return chunk
    units = slot_units(pair, chunk)
    if len(units) == 1:
        units = _names_whole(chunk)
    *before, head = units
    left = [unit for unit in before if not _follows(unit[-1], typology)]
    right = [unit for unit in before if _follows(unit[-1], typology)]
    return [word for unit in [*left, head, *reversed(right)] for word in unit]


def _names_whole(chunk: list[Word]) -> list[list[Word]]:
    """The words one by one, but a name that no lexicon has is one unit: "new york" is no york that is new."""
    units: list[list[Word]] = []
    for word in chunk:
        named = word.upos == "PROPN" and word.origin == COPY
        if named and units and units[-1][-1].upos == "PROPN" and units[-1][-1].origin == COPY:
            units[-1].append(word)
        else:
            units.append([word])
    return units


def slot_units(pair: Pair, chunk: list[Word]) -> list[list[Word]]:
    """Runs of words of one slot, and words outside of slots one by one."""
    units: list[list[Word]] = []
    previous = None
    for word in chunk:
        slot = pair.slot(word)
        if units and slot >= 0 and slot == previous:
            units[-1].append(word)
        else:
            units.append([word])
        previous = slot
    return units


def _follows(word: Word, typology: Typology) -> bool:
    """Whether a modifier stands after its noun."""
    match word.upos:
        case "ADJ":
            return typology.adjective == "after"
        case "NUM":
            return typology.numeral == "after"
        case "NOUN" | "PROPN":
            return typology.possessor == "after"
        case "PRON":
            return False  # the card does not say where "my" stands; a language's own rule may move it
        case _:
            return "PSS" in word.features and typology.possessor == "after"


def _postposed(pair: Pair, phrases: list[list[Word]]) -> list[list[Word]]:
    """Each adposition after the phrase that it governs, and after the whole of that phrase's slot."""
    out, i = [], 0
    while i < len(phrases):
        if len(phrases[i]) == 1 and phrases[i][0].upos == "ADP" and i + 1 < len(phrases):
            end = _slot_end(pair, phrases, i + 1)
            out.extend([*phrases[i + 1 : end], phrases[i]])
            i = end
        else:
            out.append(phrases[i])
            i += 1
    return out


def _slot_end(pair: Pair, phrases: list[list[Word]], i: int) -> int:
    """Past the last phrase of the slot that phrase `i` ends in; past itself where it is in none."""
    slot = pair.slot(phrases[i][-1])
    end = i + 1
    while slot >= 0 and end < len(phrases) and pair.slot(phrases[end][0]) == slot:
        end += 1
    return end


def _verb_last(phrases: list[list[Word]]) -> list[list[Word]]:
    """The clause's verbs at its end; a conjunction, a full stop or a further verb group starts a new clause."""
    out: list[list[Word]] = []
    verbs: list[list[Word]] = []
    for phrase in phrases:
        upos = phrase[0].upos
        if upos in ("VERB", "AUX") and not verbs:
            verbs.append(phrase)
        elif upos in ("VERB", "CCONJ", "SCONJ", "PUNCT"):
            out.extend(verbs)
            verbs = [phrase] if upos == "VERB" else []
            out.extend([] if upos == "VERB" else [phrase])
        else:
            out.append(phrase)
    return out + verbs


def slots_whole(pair: Pair, words: Sequence[Word]) -> bool:
    """Whether every slot's words stand together."""
    seen: set[int] = set()
    last = -1
    for word in words:
        try:
            slot = pair.slot(word)
        except Rejected:
            return False
        if slot >= 0 and slot != last and slot in seen:
            return False
        seen.add(slot)
        last = slot
    return True
