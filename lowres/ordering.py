"""Word order from the card's typology, over chunks found by part of speech; slots stay whole.

Noun phrases first, then adpositions and "of", then the clause: in a language whose verb is last, what follows the English
verb comes before it, in mirrored order (Greenberg 1963: verb-final languages are head-final nearly throughout).
"""

from collections.abc import Callable, Sequence

from lowres.language import Typology
from lowres.pair import COPY, Pair, Rejected, Word

Phrase = list[Word]

_MODIFIERS = {"ADJ", "DET", "NUM", "NOUN", "PROPN"}
_NOUNS = {"NOUN", "PROPN"}
_VERBS = {"VERB", "AUX"}
_DEMONSTRATIVES = {"this", "that", "these", "those"}
_QUESTIONS = {"what", "which", "who", "whom", "whose", "when", "where", "why", "how"}
_ASKING_IS = {"what's", "who's", "where's", "how's", "when's"}
TIMES = frozenset((
    "today tomorrow yesterday tonight now week weekend month year morning afternoon evening night noon midnight day hour minute "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december weekday time o'clock"
).split())  # fmt: skip
_BORDERS = {"CCONJ", "SCONJ", "PUNCT"}


class Chunk:
    """Words that move together; `kind` and `lemma` tell what they are."""

    __slots__ = ("kind", "lemma", "words")

    def __init__(self, kind: str, words: Phrase, lemma: str) -> None:
        self.kind, self.words, self.lemma = kind, words, lemma


def reorder(pair: Pair, typology: Typology) -> Pair:
    """`pair` with noun phrases, adpositions and the verb where `typology` has them; a step that splits a slot is left out."""
    phrases = noun_phrases(pair)
    for step in _steps(pair, typology):
        moved = step(phrases)
        phrases = moved if moved != phrases and slots_whole(pair, _flat(moved)) else phrases
    return pair.with_words(_flat(phrases))


def _steps(pair: Pair, typology: Typology) -> list[Callable[[list[Phrase]], list[Phrase]]]:
    """What is done, in order; each takes and gives phrases."""
    steps = [lambda old: [_noun_phrase(pair, phrase, typology) for phrase in old], lambda old: _adposed(pair, old, typology)]
    if typology.possessor == "before":
        steps.append(lambda old: _possessors_first(pair, old, typology))
    if typology.word_order in ("SOV", "OSV", "OVS"):
        steps.append(lambda old: _clauses(pair, old, typology))
    elif typology.word_order in ("VSO", "VOS"):
        steps.append(lambda old: _verb_first(pair, old))
    return steps


def _flat(phrases: list[Phrase]) -> Phrase:
    return [word for phrase in phrases for word in phrase]


# --- the noun phrase


def upos_of(pair: Pair, word: Word) -> str:
    """Part of speech in the source: a dictionary's choice may be of another one ("book" as a noun)."""
    source = word.source
    if not source:
        return word.upos
    first = pair.tokens[source[0]].upos
    return first if len(source) == 1 or first in _VERBS else pair.tokens[source[-1]].upos


def noun_phrases(pair: Pair) -> list[Phrase]:
    """Maximal runs of modifiers that end in a noun, every other word alone."""
    chunks: list[Phrase] = []
    run: Phrase = []
    for word in pair.words:
        if _modifies(pair, word):
            if run and _opens(pair, word, run[-1]):
                chunks.extend(_closed(pair, run))
                run = []
            run.append(word)
            continue
        if run:
            chunks.extend(_closed(pair, run))
            run = []
        chunks.append([word])
    return chunks + _closed(pair, run)


def _modifies(pair: Pair, word: Word) -> bool:
    """Whether a word may stand in a noun phrase; "my" and "that" may be tagged as pronouns."""
    return upos_of(pair, word) in _MODIFIERS or "PSS" in word.features or word.gloss.lower() in _DEMONSTRATIVES


def _opens(pair: Pair, word: Word, before: Word) -> bool:
    """Whether a new phrase opens after a noun: "a meeting | this friday", "an alarm | tomorrow"."""
    upos = upos_of(pair, word)
    if upos_of(pair, before) not in _NOUNS or "PSS" in before.features:
        return False
    timed = word.gloss.lower() in TIMES and before.gloss.lower() not in TIMES
    return timed or upos in ("ADJ", "DET") or (upos == "PRON" and "PSS" in word.features)


def _closed(pair: Pair, run: Phrase) -> list[Phrase]:
    """A run up to its last noun as one chunk, what follows as single words."""
    last = len(run)
    while last and upos_of(pair, run[last - 1]) not in _NOUNS:
        last -= 1
    return ([run[:last]] if last else []) + [[word] for word in run[last:]]


def _noun_phrase(pair: Pair, chunk: Phrase, typology: Typology) -> Phrase:
    """A noun phrase in the target's order; the units that move are slots, or words outside of slots."""
    if len(chunk) < 2:
        return chunk
    units = slot_units(pair, chunk)
    if len(units) == 1:
        units = _names_whole(pair, chunk)
    *before, head = units
    left = [unit for unit in before if not _follows(pair, unit[-1], typology)]
    right = [unit for unit in before if _follows(pair, unit[-1], typology)]
    return [word for unit in [*left, head, *reversed(right)] for word in unit]


def _names_whole(pair: Pair, chunk: Phrase) -> list[Phrase]:
    """The words one by one, but a name that no lexicon has is one unit: "new york" is no york that is new."""
    units: list[Phrase] = []
    names = False
    for word in chunk:
        named = upos_of(pair, word) == "PROPN" and word.origin == COPY
        if named and units and names:
            units[-1].append(word)
        else:
            units.append([word])
        names = named
    return units


def slot_units(pair: Pair, chunk: Sequence[Word]) -> list[Phrase]:
    """Runs of words of one slot, and words outside of slots one by one."""
    units: list[Phrase] = []
    previous = None
    for word in chunk:
        slot = pair.slot(word)
        if units and slot >= 0 and slot == previous:
            units[-1].append(word)
        else:
            units.append([word])
        previous = slot
    return units


def _follows(pair: Pair, word: Word, typology: Typology) -> bool:
    """Whether a modifier stands after its noun."""
    if word.gloss.lower() in _DEMONSTRATIVES:
        return typology.demonstrative == "after"
    upos = upos_of(pair, word)
    if "PSS" in word.features and upos not in _NOUNS:
        return (typology.possessive or typology.possessor) == "after"
    match upos:
        case "ADJ":
            return typology.adjective == "after"
        case "NUM":
            return typology.numeral == "after"
        case "NOUN" | "PROPN":
            # where adjectives precede, so do the parts of compounds: Icelandic, German; "jack's" is a possessor
            return typology.possessor == "after" and (typology.adjective == "after" or "PSS" in word.features)
        case _:
            return False


# --- what governs a noun phrase


def _adposed(pair: Pair, phrases: list[Phrase], typology: Typology) -> list[Phrase]:
    """Each adposition and the phrase that it governs, to the end of that phrase's slot, as one phrase."""
    out, i = [], 0
    while i < len(phrases):
        alone = len(phrases[i]) == 1 and upos_of(pair, phrases[i][0]) == "ADP"
        if alone and i + 1 < len(phrases) and _nominal(pair, phrases[i + 1]):
            end = _slot_end(pair, phrases, i + 1)
            governed = _flat(phrases[i + 1 : end])
            out.append([*governed, *phrases[i]] if typology.adposition == "postposition" else [*phrases[i], *governed])
            i = end
        else:
            out.append(phrases[i])
            i += 1
    return out


def _nominal(pair: Pair, phrase: Phrase) -> bool:
    return upos_of(pair, phrase[0]) not in ("ADP", "PUNCT", "CCONJ", "SCONJ")


def _slot_end(pair: Pair, phrases: list[Phrase], i: int) -> int:
    """Past the last phrase of the slot that phrase `i` ends in; past itself where it is in none."""
    slot = pair.slot(phrases[i][-1])
    end = i + 1
    while slot >= 0 and end < len(phrases) and pair.slot(phrases[end][0]) == slot:
        end += 1
    return end


def _possessors_first(pair: Pair, phrases: list[Phrase], typology: Typology) -> list[Phrase]:
    """ "the name of the song": the song of name, or of the song name where adpositions precede."""
    out: list[Phrase] = []
    for phrase in phrases:
        of = phrase[-1 if typology.adposition == "postposition" else 0]
        if len(phrase) > 1 and of.gloss.lower() == "of" and out and upos_of(pair, out[-1][-1]) in _NOUNS:
            out[-1] = [*phrase, *out[-1]]
        else:
            out.append(phrase)
    return out


# --- the clause


def _clauses(pair: Pair, phrases: list[Phrase], typology: Typology) -> list[Phrase]:
    """Verb-final order in each stretch between conjunctions and full stops; slots are moved as blocks."""
    out: list[Phrase] = []
    run: list[Phrase] = []
    for block in _joined(pair, _blocks(pair, phrases)):
        if len(block) == 1 and upos_of(pair, block[0]) in _BORDERS and pair.slot(block[0]) < 0:
            out += [*_verb_last(pair, run, typology), block]
            run = []
        else:
            run.append(block)
    return out + _verb_last(pair, run, typology)


def _blocks(pair: Pair, phrases: list[Phrase]) -> list[Phrase]:
    """Phrases that share a slot as one, and "how" with its adjective."""
    out: list[Phrase] = []
    for phrase in phrases:
        shared = out and pair.slot(phrase[0]) >= 0 and pair.slot(out[-1][-1]) == pair.slot(phrase[0])
        described = len(phrase) == 1 and upos_of(pair, phrase[0]) in ("ADJ", "ADV")
        asked = out and described and _glossed(out[-1][-1]) in ("how", "what", "which")
        if shared or asked:
            out[-1] = [*out[-1], *phrase]
        else:
            out.append(phrase)
    return out


def _joined(pair: Pair, blocks: list[Phrase]) -> list[Phrase]:
    """Nouns on both sides of "and" as one block; one that joins clauses stays alone."""
    out: list[Phrase] = []
    i = 0
    while i < len(blocks):
        joins = len(blocks[i]) == 1 and upos_of(pair, blocks[i][0]) == "CCONJ" and out and i + 1 < len(blocks)
        if joins and not any(_kind(pair, one) in _VERBS for one in (out[-1], *blocks[i + 1 :])):
            out[-1] = [*out[-1], *blocks[i], *blocks[i + 1]]
            i += 1
        else:
            out.append(blocks[i])
        i += 1
    return out


def _glossed(word: Word) -> str:
    return word.gloss.lower().split(" ")[0]


def _kind(pair: Pair, block: Phrase) -> str:
    """VERB or AUX for a verb by itself, PRON, WH for what asks, else ''."""
    first = block[0]
    inside = {pair.tokens[i].upos for i in first.source} if len(block) == 1 else set()
    if "VERB" in inside:
        return "VERB"
    if "AUX" in inside or _glossed(first) in _ASKING_IS:
        return "AUX"
    if _glossed(first) in _QUESTIONS:
        return "WH"
    return "PRON" if "PRON" in inside else ""


def _verb_last(pair: Pair, blocks: list[Phrase], typology: Typology) -> list[Phrase]:
    """One stretch: subject, "me", obliques, object, question word, what the verb is followed by, the verb, its auxiliary."""
    kinds = [_kind(pair, block) for block in blocks]
    verb = next((i for wanted in ("VERB", "AUX") for i, kind in enumerate(kinds) if kind == wanted), None)
    if verb is None:
        return _mirrored(pair, blocks, typology) if any(_governs(pair, block) for block in blocks) else blocks
    after = blocks[verb + 1 :]
    nested = next((i for i in range(len(after)) if kinds[verb + 1 + i] == "VERB"), len(after))
    inner = after[nested:]
    if inner and nested and upos_of(pair, after[nested - 1][-1]) == "PART":  # "to" stays with its verb
        nested, inner = nested - 1, after[nested - 1 :]
    auxiliaries = [block for block, kind in zip(blocks[:verb], kinds, strict=False) if kind == "AUX"]
    before = [block for block, kind in zip(blocks[:verb], kinds, strict=False) if kind != "AUX"]
    middle = _mirrored(pair, after[:nested], typology)
    asked = [block for block in before if _kind(pair, block) == "WH"] if typology.question != "first" else []
    before = [block for block in before if block not in asked]
    final = [blocks[verb], *auxiliaries]
    if inner and not _depends(pair, blocks, verb, inner):
        return [*before, *middle, *asked, *final, *_verb_last(pair, inner, typology)]
    return [*before, *middle, *asked, *_verb_last(pair, inner, typology), *final]


def _mirrored(pair: Pair, blocks: list[Phrase], typology: Typology) -> list[Phrase]:
    """What follows the verb in English: pronouns first, then the rest from its end, the object nearest to the verb."""
    pronouns = [block for block in blocks if _stays_first(pair, block)]
    others = [block for block in blocks if not _stays_first(pair, block)]
    return [*pronouns, *(others if typology.oblique == "after object" else reversed(others))]


def _stays_first(pair: Pair, block: Phrase) -> bool:
    return _kind(pair, block) in ("PRON", "WH") or (len(block) == 1 and upos_of(pair, block[0]) == "INTJ")


def _governs(pair: Pair, block: Phrase) -> bool:
    """Whether an adposition and its phrase."""
    return len(block) > 1 and "ADP" in (upos_of(pair, block[0]), upos_of(pair, block[-1]))


def _depends(pair: Pair, blocks: list[Phrase], verb: int, inner: list[Phrase]) -> bool:
    """Whether what follows is the verb's own complement: "remind me to call", "start reading"."""
    first = next(block for block in inner if _kind(pair, block) == "VERB")[0]
    if not first.source:
        return False
    place = first.source[0]
    to = place > 0 and pair.tokens[place - 1].lemma == "to"
    return to or not pair.tokens[place].features.isdisjoint({"V.MSDR", "NFIN"}) or _kind(pair, blocks[verb]) == "AUX"


def _verb_first(pair: Pair, phrases: list[Phrase]) -> list[Phrase]:
    """The first verb or auxiliary of the utterance before its subject; what asks stays first."""
    kinds = [_kind(pair, phrase) for phrase in phrases]
    verb = next((i for i, kind in enumerate(kinds) if kind in ("VERB", "AUX")), None)
    if not verb:
        return phrases
    subject = verb - 1
    is_subject = kinds[subject] == "PRON" or upos_of(pair, phrases[subject][-1]) in _NOUNS and not kinds[subject]
    if not is_subject or _governs(pair, phrases[subject]):
        return phrases
    return [*phrases[:subject], phrases[verb], phrases[subject], *phrases[verb + 1 :]]


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
