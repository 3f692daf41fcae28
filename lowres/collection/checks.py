"""What is wrong, or only unusual, with an utterance that somebody offers: errors block it, warnings pass with a reason.

Nothing here asks a database or draws anything: what is known of other texts comes in as an index or a set. `MESSAGES` has
every sentence, for translators.
"""

import unicodedata
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from lowres.collection.events import MarkedSlot, Method, Reading
from lowres.collection.nearness import NearIndex, same_key
from lowres.collection.tidying import ERRORS, MAX_CHARACTERS, NOTES, Finding, Severity, character_errors, named, showable
from lowres.language import Language
from lowres.text import fold, foreign_letters, graphemes, split_syllables
from lowres.utterance import Utterance

SLOT_ERRORS = {
    "slot_place": "The slot {slot} says '{surface}', but that is not at its place. Mark it again.",
    "slot_blank": "The slot {slot} holds no word. Mark its words, or take it away.",
    "slot_letter": "The slot {slot} begins or ends inside of a letter. Mark it again, with whole letters.",
    "slot_overlap": "The slots {slot} and {other} overlap. Each word belongs to one slot; shorten one of them.",
    "slot_name": "There is no slot named {slot}. Choose one of the list.",
    "duplicate": "You have given this very sentence before. Say it in another way, or skip this prompt.",
}
WARNINGS = {
    "known": "Somebody has given this sentence already. Another wording is worth more, if people say it.",
    "near": "This is very close to a sentence of the training data ({share} % alike): '{text}'. Another wording tests more.",
    "untranslated": "This is the prompt as it was. Say it in {language}, if people do not say it just so.",
    "script": "{share} % of the letters are Latin. Names may be; write the rest in {language}'s own script.",
    "other_script": "These letters belong to another script: {letters}. They may only look like yours; type them again.",
    "unusual_letters": "{language} is not usually written with {letters}. Is this the letter that you meant?",
    "repeated": "'{text}' is repeated here. Keep it if people say it so.",
    "short": "This is much shorter than the prompt. Does it say all of it?",
    "long": "This is much longer than the prompt. Does it say more than was asked?",
    "slot_missing": "The prompt has a slot {slot} ('{surface}'), and no words are marked for it. Mark them, if you said it.",
    "not_unchanged": "The slot {slot} is said to be unchanged, but '{surface}' is not in the prompt. Is it translated, or of the place?",
    "not_changed": "The slot {slot} has the prompt's own words, '{surface}'. Is it unchanged?",
}  # fmt: skip
MESSAGES = NOTES | ERRORS | SLOT_ERRORS | WARNINGS

NEAR_JACCARD = 0.8  # of trigrams: one in ten of MASSIVE's test utterances is as near to one of its training part
NEAR_CONTAINED = (0.95, 0.6)  # nearly all of it in a longer sentence, and that (Jaccard) not much longer
LATIN_SHARE = 0.3  # of letters; names in Latin letters are below it in 99 of 100 utterances of MASSIVE in other scripts
LENGTH_RATIO, LENGTH_DIFFERENCE = (0.4, 2.5), 12  # fewer than 1 in 100 of MASSIVE's translations are out of both
_CROWDED = regex.compile(r"([^\p{N}\s])\1{3,}|\b(\p{L}[\p{L}\p{M}]*)(?:\s+\2\b){2,}", regex.IGNORECASE)
_LATIN = regex.compile(r"\p{Script=Latin}")
_LETTER_OR_MARK = regex.compile(r"[\p{L}\p{M}]")
_LOOK_ALIKE = frozenset({"Cyrl", "Grek"})  # scripts some of whose letters look just like Latin ones
_MIXED = regex.compile(r"\w*(?:\p{Latin}[\p{Cyrl}\p{Grek}]|[\p{Cyrl}\p{Grek}]\p{Latin})\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSlot:
    """A slot as the page sends it: nothing is sure."""

    name: str
    start: int
    end: int
    surface: str
    method: Method | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a speaker wrote and marked, before it is a `Reading`; slots in any order."""

    text: str
    intent: str = ""
    slots: tuple[DraftSlot, ...] = ()


def reading_of(draft: Draft) -> Reading:
    """The reading of a draft without errors: slots in order, without the spaces at their ends."""
    slots = []
    for one in sorted(draft.slots, key=lambda one: one.start):
        start = one.start + len(one.surface) - len(one.surface.lstrip())
        surface = one.surface.strip()
        slots.append(MarkedSlot(name=one.name, start=start, end=start + len(surface), surface=surface, method=one.method))
    return Reading(text=draft.text, intent=draft.intent, slots=tuple(slots))


def check_offer(
    offer: Draft | Reading,
    *,
    language: Language,
    prompt: Utterance | None = None,
    expected_slots: Collection[str] = (),
    training_texts: NearIndex | None = None,
    own_texts: Container[str] = (),
    known_texts: Container[str] = (),
    alphabet: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What is wrong with an offer, errors first. The text is expected tidied (`tidy`); any text is answered, none raises.

    `expected_slots` are the names there are (any where empty), `own_texts` what this person gave in this collection,
    without the item that this one corrects; `known_texts` has the `same_key` of what others gave; `alphabet` is of
    `letters.alphabet_of`.
    """
    text = offer.text[:MAX_CHARACTERS]  # what is beyond is an error already
    errors = [*character_errors(offer.text), *_slot_errors(offer, expected_slots)]
    if offer.text in own_texts:
        errors.append(_finding("duplicate"))
    warnings = [*_script(text, language), *_unusual(text, language, alphabet), *_repeated(text)]
    warnings += [*_known(text, known_texts), *_near(text, training_texts)]
    if prompt is not None:
        warnings += [*_beside_prompt(text, prompt, language), *_methods(offer, prompt, language)]
    return (*errors, *warnings)


def blocks(findings: Collection[Finding]) -> bool:
    """Whether one of them is an error."""
    return any(one.severity == "error" for one in findings)


def unanswered(findings: Collection[Finding], reasons: dict[str, str]) -> tuple[Finding, ...]:
    """The warnings that no reason is given for; `reasons` by code."""
    return tuple(one for one in findings if one.severity == "warning" and not reasons.get(one.code, "").strip())


def _finding(code: str, where: tuple[int, int] | None = None, **values: object) -> Finding:
    severity: Severity = "warning" if code in WARNINGS else "error"
    shown = {name: showable(value) if isinstance(value, str) else value for name, value in values.items()}
    return Finding(code=code, severity=severity, message=MESSAGES[code], values=shown, where=where)


# --- slots


def _slot_errors(offer: Draft | Reading, names: Collection[str]) -> Iterator[Finding]:
    edges = _edges(offer.text)
    placed = []
    for slot in offer.slots:
        if names and slot.name not in names:
            yield _finding("slot_name", slot=slot.name)
        if not _is_placed(slot, offer.text):
            yield _finding("slot_place", slot=slot.name, surface=slot.surface)
        elif not slot.surface.strip():
            yield _finding("slot_blank", (slot.start, slot.end), slot=slot.name)
        else:
            placed.append(slot)
            if not {slot.start, slot.end} <= edges:
                yield _finding("slot_letter", (slot.start, slot.end), slot=slot.name)
    placed.sort(key=lambda slot: (slot.start, slot.end))
    for one, other in pairwise(placed):
        if other.start < one.end:
            yield _finding("slot_overlap", (other.start, min(one.end, other.end)), slot=one.name, other=other.name)


def _is_placed(slot: DraftSlot | MarkedSlot, text: str) -> bool:
    return 0 <= slot.start <= slot.end <= len(text) and text[slot.start : slot.end] == slot.surface


def _edges(text: str) -> set[int]:
    """Where grapheme clusters begin, and the end."""
    edges, place = {0}, 0
    for cluster in graphemes(text):
        place += len(cluster)
        edges.add(place)
    return edges


def _methods(offer: Draft | Reading, prompt: Utterance, language: Language) -> Iterator[Finding]:
    """Slots of the prompt that are not marked, and methods that the words contradict."""
    marked = [slot.name for slot in offer.slots]
    for slot in prompt.slots:
        if slot.name in marked:
            marked.remove(slot.name)
        else:
            yield _finding("slot_missing", slot=slot.name, surface=prompt.slot_text(slot))
    for slot in (one for one in offer.slots if _is_placed(one, offer.text)):
        sources = {fold(prompt.slot_text(one)) for one in prompt.slots if one.name == slot.name}
        same, where = fold(slot.surface) in sources, (slot.start, slot.end)
        # a name that is only written in the language's script is unchanged all the same
        written_anew = any(foreign_letters(one, language.script) for one in sources)
        if slot.method == "unchanged" and sources and not same and not written_anew:
            yield _finding("not_unchanged", where, slot=slot.name, surface=slot.surface)
        elif slot.method in ("translation", "localization") and same:
            yield _finding("not_changed", where, slot=slot.name, surface=slot.surface)


# --- the text by itself


def _script(text: str, language: Language) -> Iterator[Finding]:
    foreign = set(foreign_letters(text, language.script))
    latin = {one for one in foreign if _LATIN.match(one)}
    places = [place for place, letter in enumerate(text) if letter in latin]
    share = len(places) / max(_length("".join(filter(str.isalpha, text))), 1)
    if share > LATIN_SHARE:
        yield _finding("script", (places[0], places[-1] + 1), share=round(100 * share), language=language.name)
    if others := foreign - latin:
        yield _letters("other_script", text, others)
    elif language.script in _LOOK_ALIKE and (mixed := _MIXED.search(text)):
        yield _finding("other_script", mixed.span(), letters=_listed(set(foreign_letters(mixed[0], language.script))))


def _unusual(text: str, language: Language, alphabet: Collection[str]) -> Iterator[Finding]:
    """Letters of the script that the language does not write with; a to z are in every language's names."""
    odd = {one for one in _LETTER_OR_MARK.findall(text) if one not in alphabet and not one.isascii()} if alphabet else set()
    odd -= set(foreign_letters(text, language.script))
    if odd:
        yield _letters("unusual_letters", text, odd, language=language.name)


def _letters(code: str, text: str, letters: set[str], **values: object) -> Finding:
    first = next(place for place, letter in enumerate(text) if letter in letters)
    return _finding(code, (first, first + 1), letters=_listed(letters), **values)


def _listed(letters: set[str], limit: int = 5) -> str:
    """Letters with their names: they may not be told apart by eye."""
    few = sorted(letters)[:limit]
    shown = (f"{'◌' if unicodedata.category(one) == 'Mn' else ''}{one} ({named(one)})" for one in few)
    return ", ".join(shown) + (" …" if len(letters) > limit else "")


def _repeated(text: str) -> Iterator[Finding]:
    if found := _CROWDED.search(text):
        yield _finding("repeated", found.span(), text=found[0][:40])


# --- the text beside others


def _known(text: str, known: Container[str]) -> Iterator[Finding]:
    if same_key(text) in known:
        yield _finding("known")


def _near(text: str, training: NearIndex | None) -> Iterator[Finding]:
    for near in training.nearest(text) if training else ():
        contained, alike = NEAR_CONTAINED
        if near.jaccard >= NEAR_JACCARD or (near.containment >= contained and near.jaccard >= alike):
            yield _finding("near", share=round(100 * near.jaccard), text=near.text)


def _beside_prompt(text: str, prompt: Utterance, language: Language) -> Iterator[Finding]:
    if same_key(text) == same_key(prompt.text):
        yield _finding("untranslated", language=language.name)
    length, expected = _length(text), _length(prompt.text)
    low, high = LENGTH_RATIO
    if length - expected > LENGTH_DIFFERENCE and length > high * expected:
        yield _finding("long")
    elif expected - length > LENGTH_DIFFERENCE and length < low * expected:
        yield _finding("short")


def _length(text: str) -> int:
    """Characters as alphabets have them: an Ethiopic, Korean or Japanese syllable is two, a Chinese character three."""
    more = len(regex.findall(r"[\p{Hangul}\p{Katakana}\p{Hiragana}]", text)) + 2 * len(regex.findall(r"\p{Han}", text))
    return len(split_syllables(text)) + more
