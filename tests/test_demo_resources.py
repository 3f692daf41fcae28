"""The demo's own data: enough of it, well formed, and within its scheme. It never opens the frozen test set."""

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from lowres.text import nfc, word_spans

DEMO = Path(__file__).parents[1] / "resources" / "demo"
SLOTS = {
    "alarm_set": "time date timeofday",
    "alarm_cancel": "time date timeofday",
    "timer_set": "duration",
    "reminder_add": "task date time person",
    "calendar_query": "date event",
    "weather_query": "place date weather",
    "play_music": "artist genre song",
    "volume_up": "device",
    "volume_down": "device",
    "light_on": "room color",
    "light_off": "room",
    "call_contact": "person relation",
    "message_send": "person relation",
    "news_query": "topic place",
    "shopping_add": "item",
    "food_order": "food place",
    "time_query": "place",
    "transport_book": "transport place date time",
    "joke_tell": "topic",
    "greet": "",
}
UPOS = {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "SCONJ", "VERB"}
SLOT = re.compile(r"\[([a-z]+) : ([^\[\]]+)\]")


def rows(name: str) -> list[list[str]]:
    """The tab-separated rows of a file of the demo."""
    return [line.split("\t") for line in (DEMO / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def utterances() -> list[dict[str, str]]:
    return [json.loads(line) for line in (DEMO / "en-US.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def lexicon() -> list[list[str]]:
    header, *entries = rows("lexicon.tsv")
    assert header == ["source", "target", "upos"]
    return entries


@pytest.fixture(scope="module")
def paradigms() -> list[list[str]]:
    return rows("paradigms.tsv")


def test_utterances_are_enough_and_distinct(utterances):
    assert len(utterances) >= 480
    intents = Counter(one["intent"] for one in utterances)
    assert set(intents) == set(SLOTS) and min(intents.values()) >= 20
    assert len({one["id"] for one in utterances}) == len({one["utt"] for one in utterances}) == len(utterances)


def test_partitions_are_train_and_dev_for_every_intent(utterances):
    partitions = Counter((one["intent"], one["partition"]) for one in utterances)
    assert {partition for _, partition in partitions} == {"train", "dev"}
    assert all(
        0.1 <= partitions[intent, "dev"] / (partitions[intent, "dev"] + partitions[intent, "train"]) <= 0.2
        for intent in SLOTS
    )


def test_annotation_without_brackets_is_the_utterance(utterances):
    for one in utterances:
        assert SLOT.sub(r"\2", one["annot_utt"]) == one["utt"], one["id"]
        assert not re.search(r"[\[\]:.,?!\d]|  ", one["utt"]) and one["utt"] == nfc(one["utt"].lower()), one["id"]


def test_slots_are_allowed_and_every_allowed_slot_occurs(utterances):
    used = {(one["intent"], slot) for one in utterances for slot, _ in SLOT.findall(one["annot_utt"])}
    assert used == {(intent, slot) for intent, slots in SLOTS.items() for slot in slots.split()}


def test_slots_hold_content_without_article_or_preposition(utterances):
    # "the" and "a" may open a whole phrase (a task, a date, "an hour and a half"), never a bare thing.
    things = {"room", "device", "color", "item", "food", "transport", "relation", "person"}
    for one in utterances:
        for slot, value in SLOT.findall(one["annot_utt"]):
            opening = value.split()[0]
            assert opening not in {"at", "on", "to", "for", "from"}, one["id"]
            assert slot not in things or opening not in {"the", "my"}, one["id"]


def test_the_reader_agrees_with_the_annotation(utterances):
    massive = pytest.importorskip("lowres.formats.massive", reason="the reader of MASSIVE is not there yet")
    read = list(massive.read_massive(DEMO / "en-US.jsonl"))
    assert [one.text for one in read] == [one["utt"] for one in utterances]
    assert [[(s.name, one.slot_text(s)) for s in one.slots] for one in read] == [
        SLOT.findall(one["annot_utt"]) for one in utterances
    ]


def test_lexicon_is_enough_without_duplicates(lexicon):
    assert len(lexicon) >= 800 and all(len(row) == 3 for row in lexicon)
    assert len({tuple(row) for row in lexicon}) == len(lexicon)


def test_lexicon_is_tagged_and_plain(lexicon):
    assert {upos for _, _, upos in lexicon} <= UPOS
    for source, target, _ in lexicon:
        for text in (source, target):
            assert text == " ".join(text.split()) == nfc(text) and len(word_spans(text)) <= 5 and text, (source, target)
            assert re.fullmatch(r"[a-z' -]+", text), (source, target)


def test_lexicon_keeps_translations_of_a_word_together(lexicon):
    """Rank is the place in the file, so a word's entries must be one block per part of speech."""
    blocks = [key for key, _ in groupby((source, upos) for source, _, upos in lexicon)]
    assert len(blocks) == len(set(blocks))


@pytest.mark.parametrize(
    "entry",
    [("turn on", "washa"), ("wake up", "amsha"), ("remind", "kumbusha"), ("living room", "sebule"), ("egypt", "misri")],
)
def test_lexicon_has_everyday_phrases(lexicon, entry):
    assert next(target for source, target, _ in lexicon if source == entry[0]) == entry[1]


def test_lexicon_has_numbers_days_and_months(lexicon):
    sources = {source for source, _, _ in lexicon}
    assert {"one", "two", "twelve", "twenty", "thirty", "forty", "fifty", "hundred"} <= sources
    assert {"monday", "sunday", "january", "december"} <= sources


def test_paradigm_rows_are_whole_and_distinct(paradigms):
    assert all(len(row) == 3 and all(cell and cell == cell.strip() for cell in row) for row in paradigms)
    assert len({tuple(row) for row in paradigms}) == len(paradigms)
    for _, _, bundle in paradigms:
        features = bundle.split(";")
        assert features[0] in {"V", "N", "ADJ"} and len(features) > 1 and all(features), bundle
        assert len(set(features)) == len(features), bundle


def test_paradigms_cover_enough_lemmas(paradigms):
    lemmas = {upos: {row[0] for row in paradigms if row[2].split(";")[0] == upos} for upos in ("V", "N", "ADJ")}
    assert len(lemmas["V"]) >= 70 and len(lemmas["N"]) >= 150 and len(lemmas["ADJ"]) >= 15
    for lemma in lemmas["N"]:
        assert {row[2] for row in paradigms if row[0] == lemma and row[2].startswith("N")} == {"N;SG", "N;PL"}, lemma


def test_verbs_of_the_table_meet_the_lexicon(paradigms, lexicon):
    stems = {target for _, target, upos in lexicon if upos == "VERB"}
    lemmas = {lemma for lemma, _, bundle in paradigms if bundle == "V;NFIN"}
    assert len(lemmas & stems) >= 0.95 * len(lemmas)


@pytest.mark.parametrize(
    ("lemma", "bundle", "form"),
    [
        ("ja", "V;IMP;2;SG", "njoo"),
        ("enda", "V;IMP;2;SG", "nenda"),
        ("enda", "V;NFIN", "kwenda"),
        ("leta", "V;IMP;2;SG", "lete"),
        ("la", "V;FIN;IND;PRES;1;SG", "ninakula"),
        ("la", "V;FIN;SUBJ;PRES;1;SG", "nile"),
        ("nywa", "V;IMP;2;PL", "kunyweni"),
        ("jibu", "V;FIN;SUBJ;PRES;1;PL", "tujibu"),
        ("washa", "V;FIN;SUBJ;PRES;2;SG", "uwashe"),
        ("andika", "V;FIN;SUBJ;PRES;2;PL", "mwandike"),
        ("wa na", "V;FIN;IND;PRES;1;SG", "nina"),
        ("jicho", "N;PL", "macho"),
        ("ukuta", "N;PL", "kuta"),
        ("refu", "ADJ;SG;LGSPEC4", "ndefu"),
        ("pya", "ADJ;SG;LGSPEC7", "jipya"),
        ("ingine", "ADJ;PL;LGSPEC1", "wengine"),
    ],
)
def test_irregular_forms(paradigms, lemma, bundle, form):
    assert [row[1] for row in paradigms if row[0] == lemma and row[2] == bundle] == [form]


def test_readme_states_the_true_counts(utterances, lexicon, paradigms):
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    headwords = len({source for source, _, _ in lexicon})
    assert f"{len(lexicon)} entries for {headwords} English" in readme
    assert f"{len(paradigms)} forms" in readme and f"| {len(utterances)}: " in readme
    assert f"{sum(one['partition'] == 'dev' for one in utterances)} `dev`" in readme
