"""Items of all shapes for the tests of exports and imports, drawn by hypothesis, and one to begin with."""

import regex
from hypothesis import strategies as st

from lowres.collection.events import Judged, MarkedSlot, Prompt, Reading
from lowres.collection.exchange import Collected
from lowres.text import graphemes, nfc

READING = Reading(
    text="niamshe saa tatu", intent="alarm_set",
    slots=(MarkedSlot(name="time", start=8, end=16, surface="saa tatu", method="translation"),),
)
ITEM = Collected(id="a", reading=READING, locale="sw-KE", language="swh", partition="test", licence="CC-BY-4.0", contributor="c1")

_FORBIDDEN = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]")
_SCRAPS = st.sampled_from(
    ["saa", " ", "  ", "\t", "=", "+1", "-", "@x", "'", "'=", '"', ",", ";", "[", "]", "[a : b]", ":", "#", "_", "O"]
    + ["B-x", "\\", "\u00a0"]
    + ["\u200c", "\u200d", "\u0646\u200c\u0647", "میں", "سلام", "عِ", "\u0915\u094d\u0937", "ጤና፡ይስጥልኝ", "፡"]
    + ["你好", "ภาษา", "e\u0301\u0323", "ẹ́", "\ufeff"]
    + ["👩‍👩‍👧", "🇰🇪", "🏽", "한", "\u1100", "\u1161", "\u200f", "\u200e", "null", "<b>"]
)
_LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
TEXTS = (
    st.lists(st.one_of(_SCRAPS, _LETTERS, st.text(_LETTERS, max_size=4)), min_size=1, max_size=12)
    .map(lambda pieces: nfc("".join(pieces)))
    .filter(lambda text: text.strip() and not _FORBIDDEN.search(text.replace("\t", "")))
)
LINES = TEXTS.map(lambda text: nfc(text.replace("\t", " "))[:60])
_ODD_NAMES = st.sampled_from(["time", "date", "a b", "x:y", "[q]", " lead", "B-", "=1"])
NAMES = st.one_of(_ODD_NAMES, LINES.map(lambda name: name[:40])).filter(str.strip)
METHODS = st.sampled_from([None, "translation", "localization", "unchanged"])


@st.composite
def readings(draw):
    """A text and slots of whole letters."""
    text = draw(TEXTS)
    places = [0]
    for letter in graphemes(text):
        places.append(places[-1] + len(letter))
    cuts = sorted(draw(st.sets(st.sampled_from(places), max_size=6)))
    spans = [(start, end) for start, end in zip(cuts, cuts[1:], strict=False) if draw(st.booleans())]
    slots = tuple(
        MarkedSlot(name=draw(NAMES), start=start, end=end, surface=text[start:end], method=draw(METHODS)) for start, end in spans
    )
    return Reading(text=text, intent=draw(st.one_of(st.just(""), st.just("alarm_set"), LINES)), slots=slots)


_STRINGS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(allow_nan=False, allow_infinity=False), _STRINGS, LINES),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_STRINGS, inner, max_size=3)),
    max_leaves=4,
)
_KEYS = st.one_of(
    st.sampled_from(
        "scenario judgments annot_utt utt slot_method worker_id id text slots slot extra_fields contributor methods Source Gloss".split()
        + "Analyzed_Word Comment Translated_Text LGR_Conformance Meta_Language_ID ID Item_ID".split()
        + ["Speaker age", "", "="]
    ),
    _STRINGS,
)


@st.composite
def judgments(draw, item):
    """One judge's opinion on an item."""
    scores = {key: draw(st.integers(0, 2)) for key in ("intent", "slots", "spelling", "language")} | {"grammar": draw(st.integers(0, 4))}
    corrected = draw(st.one_of(st.none(), readings()))
    at, person = draw(st.sampled_from(["", "2026-01-02T03:04:05.678+00:00"])), draw(LINES)
    more = {"note": draw(_STRINGS), "collection": draw(st.sampled_from(["", "c"])), "attempt": draw(st.integers(0, 2))}
    return Judged(item=item, at=at, person=person, corrected=corrected, **more, **scores)


@st.composite
def items(draw, name):
    """An item of that id."""
    prompts = st.builds(Prompt, id=_STRINGS, text=_STRINGS, locale=st.sampled_from(["en-US", "", "x"]), intent=_STRINGS)
    return Collected(
        id=name,
        reading=draw(readings()),
        locale=draw(st.one_of(st.sampled_from(["sw-KE", "am-ET", "ur-PK"]), LINES.filter(lambda one: len(one) > 1))),
        language=draw(st.sampled_from(["swh", "amh", "urd", "zzz"])),
        orthography=draw(st.one_of(st.just(""), LINES)),
        partition=draw(st.sampled_from(["train", "dev", "test"])),
        prompt=draw(st.one_of(st.none(), prompts)),
        origin=draw(st.sampled_from(["collected", "talk", "imported"])),
        contributor=draw(st.one_of(st.just(""), LINES)),
        licence=draw(st.one_of(st.just(""), st.just("CC-BY-4.0"), LINES)),
        judgments=tuple(draw(st.lists(judgments(name), max_size=2))),
        status=draw(st.sampled_from(["open", "disputed", "accepted", "corrected", "rejected"])),
        extra=draw(st.dictionaries(_KEYS, _VALUES, max_size=4)),
    )


@st.composite
def collections(draw):
    """Some items with ids that differ."""
    names = draw(st.lists(st.one_of(st.sampled_from(["a", "item-1", "=1", "0"]), LINES), min_size=1, max_size=3, unique=True))
    return [draw(items(name)) for name in names]
