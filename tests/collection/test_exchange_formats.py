"""What is particular to each format, and what others may do to its files."""

import csv
import dataclasses
import io
import json
import logging
from pathlib import Path

import pytest

from lowres.collection.events import Judged, MarkedSlot, Prompt, Reading
from lowres.collection.exchange import About, Missing, export_items, import_items
from lowres.collection.exchange.spreadsheet import export, guarded, unguarded
from lowres.errors import LowresError
from lowres.formats.conll import read_conll
from lowres.formats.massive import read_massive
from tests.collection.exchanged import ITEM, READING

JUDGED = Judged(item="a", at="", person="j1", intent=2, slots=1, grammar=4, spelling=2, language=1)
PLAIN = {
    "id": "0", "locale": "sw-KE", "partition": "test", "scenario": "alarm", "intent": "alarm_set", "utt": "niamshe saa tatu kesho",
    "annot_utt": "niamshe [time : saa tatu] [date : kesho]", "worker_id": "59",
    "slot_method": [{"slot": "time", "method": "translation"}, {"slot": "date", "method": "unchanged_localization"}],
    "judgments": [{"worker_id": "33", "intent_score": 1, "slots_score": 1, "grammar_score": 4, "spelling_score": 2,
                   "language_identification": "target|english", "device": "phone"}],
}  # fmt: skip


def change(**fields):
    return dataclasses.replace(ITEM, **fields)


def exported(tmp_path, format, *items, name="x"):
    export_items(items or [ITEM], tmp_path / name, format)
    return tmp_path / name


def written(tmp_path, text, name="x"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / name


# --- MASSIVE


def test_massives_own_fields_say_the_same(tmp_path):
    path = exported(tmp_path, "massive", change(judgments=(JUDGED,)))
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["annot_utt"] == "niamshe [time : saa tatu]"
    assert record["slot_method"] == [{"slot": "time", "method": "translation"}]
    assert record["worker_id"] == "c1"
    scores = {"intent_score": 2, "slots_score": 1, "grammar_score": 4, "spelling_score": 2}
    assert record["judgments"] == [{"worker_id": "j1", **scores, "language_identification": "target|other"}]
    assert next(read_massive(path)).text == READING.text


def test_a_text_with_brackets_is_exact_beside_an_annotation_with_round_ones(tmp_path):
    reading = Reading(text="play [live] x]", intent="p", slots=(MarkedSlot(name="a:[b]", start=5, end=11, surface="[live]"),))
    path = exported(tmp_path, "massive", change(reading=reading))
    assert json.loads(path.read_text(encoding="utf-8"))["annot_utt"] == "play [a__b_ : (live)] x)"
    assert import_items(path, "massive")[0].reading == reading
    assert next(read_massive(path)).text == "play (live) x)"


def test_a_plain_file_of_massive_is_read_and_its_fields_are_written_back(tmp_path):
    item = import_items(written(tmp_path, json.dumps(PLAIN)), "massive")[0]
    slots = [(one.name, one.surface, one.method) for one in item.reading.slots]
    assert slots == [("time", "saa tatu", "translation"), ("date", "kesho", None)]
    assert (item.language, item.contributor, item.origin, item.status) == ("swh", "59", "imported", "open")
    assert (item.judgments[0].person, item.judgments[0].language, item.judgments[0].item) == ("33", 1, "0")
    record = json.loads(exported(tmp_path, "massive", item).read_text(encoding="utf-8"))
    assert {key: record[key] for key in PLAIN} == PLAIN
    assert import_items(tmp_path / "x", "massive") == [item]


def test_what_was_published_gives_way_once_it_is_no_longer_true(tmp_path):
    item = import_items(written(tmp_path, json.dumps(PLAIN)), "massive")[0]
    item = dataclasses.replace(item, reading=READING, status="corrected", judgments=(*item.judgments, JUDGED))
    record = json.loads(exported(tmp_path, "massive", item).read_text(encoding="utf-8"))
    assert (record["utt"], record["annot_utt"]) == (READING.text, "niamshe [time : saa tatu]")
    assert len(record["judgments"]) == 2
    assert record["extra_fields"]["judgments"] == PLAIN["judgments"]
    assert import_items(tmp_path / "x", "massive") == [item]


def test_an_annotation_that_was_edited_alone_is_refused(tmp_path):
    path = exported(tmp_path, "massive")
    path.write_text(path.read_text(encoding="utf-8").replace("[time : saa tatu]", "saa [time : tatu]"), encoding="utf-8")
    with pytest.raises(LowresError, match=r"x:1: annot_utt: not what 'text' and 'slots' say"):
        import_items(path, "massive")


@pytest.mark.parametrize("name", ["1.1/data/sw-KE.jsonl", "compact/ja-JP.jsonl.gz", "compact/ur-PK.jsonl.gz"])
def test_published_files_come_back_as_they_were(tmp_path, mirror, name):
    import gzip
    from itertools import islice

    path = mirror / "massive" / name
    if not path.is_file():
        pytest.skip(f"no {name} in the mirror")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8") as file:
        lines = list(islice(file, 500))
    items = import_items(written(tmp_path, "".join(lines)), "massive", Missing(licence="CC-BY-4.0"))
    assert [one.reading.utterance("", "").slots for one in items] == [one.slots for one in read_massive(tmp_path / "x")]
    again = exported(tmp_path, "massive", *items, name="again")
    assert import_items(again, "massive") == items
    for line, ours in zip(lines, again.read_text(encoding="utf-8").splitlines(), strict=True):
        published, record = json.loads(line), json.loads(ours)
        kept = record | record.get("extra_fields", {})
        assert {key: kept[key] for key in published} == published


# --- CoNLL


def test_conll_is_read_as_utterances_too(tmp_path):
    one = next(read_conll(exported(tmp_path, "conll", change(extra={"scenario": "alarm"}))))
    assert (one.id, one.text, one.intent, one.locale, one.partition) == ("a", READING.text, "alarm_set", "sw-KE", "test")
    assert one.extra["scenario"] == "alarm"


def test_a_slot_that_was_edited_in_conll_counts(tmp_path):
    path = exported(tmp_path, "conll")
    path.write_text(path.read_text(encoding="utf-8").replace("saa\tB-time", "saa\tO").replace("I-time", "B-date"), encoding="utf-8")
    slot = MarkedSlot(name="date", start=12, end=16, surface="tatu", method="translation")
    assert import_items(path, "conll")[0].reading.slots == (slot,)
    path.write_text(path.read_text(encoding="utf-8").replace("B-date", "O"), encoding="utf-8")
    with pytest.raises(LowresError, match="x:1: methods: 1 for 0 slots"):
        import_items(path, "conll")


# --- CSV


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "'=1", "''=1", "＝1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula_and_all_come_back(cell):
    assert guarded(cell)[0] == "'"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["a=1", "'a", "''", "", "x'=1"])
def test_other_cells_stand_as_they_are(cell):
    assert guarded(cell) == unguarded(cell) == cell


def test_csv_is_rfc_4180_in_utf_8_that_spreadsheets_know(tmp_path):
    path = exported(tmp_path, "csv", change(reading=Reading(text='=saa "tatu", leo', intent="x")))
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,text,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    assert next(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))["text"] == "'=saa \"tatu\", leo"
    export([ITEM], path, About(), bom=False)
    assert path.read_bytes().startswith(b"id,text,")
    assert import_items(path, "csv") == [ITEM]


def test_columns_beyond_ours_stay_columns(tmp_path):
    path = written(tmp_path, "id,text,intent,Speaker age\n1,saa,x,=7\n2,leo,y,\n")
    items = import_items(path, "csv", Missing(locale="sw-KE", partition="test", licence="CC0-1.0"))
    assert [one.extra for one in items] == [{"Speaker age": "=7"}, {"Speaker age": ""}]
    row = next(csv.DictReader(io.StringIO(exported(tmp_path, "csv", *items).read_text(encoding="utf-8-sig"))))
    assert row["Speaker age"] == "'=7"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_table_as_spreadsheets_save_it_elsewhere(tmp_path, mark):
    path = written(tmp_path, "id,text,intent,locale,partition\na,saa,x,sw-KE,dev\n".replace(",", mark))
    assert import_items(path, "csv")[0].partition == "dev"


# --- CLDF


def test_cldf_is_valid_by_its_own_validator_and_says_what_the_language_is(tmp_path, caplog):
    from pycldf import Dataset

    items = [change(id=name, prompt=Prompt(id="0", text="wake me at nine", locale="en-US"), judgments=(JUDGED,)) for name in ("a", "=b")]
    sources = "@misc{massive, title = {MASSIVE}, year = {2022}}"
    export_items(items, tmp_path / "x", "cldf", About(title="Swahili", sources=sources))
    data = Dataset.from_metadata(tmp_path / "x" / "Generic-metadata.json")
    assert data.validate(log=logging.getLogger("cldf"))
    assert not caplog.records
    assert data.properties["dc:license"] == "CC-BY-4.0"
    assert [one.id for one in data.sources] == ["massive"]
    codes = {row["ID"]: (row["ISO639P3code"], row["Glottocode"]) for row in data["LanguageTable"]}
    assert codes == {"swh": ("swh", "swah1253"), "eng": ("eng", "stan1293")}
    example = next(iter(data.objects("ExampleTable")))
    assert (example.cldf.primaryText, example.cldf.translatedText) == (READING.text, "wake me at nine")
    assert example.cldf.analyzedWord == ["niamshe", "saa", "tatu"]


def test_a_foreign_data_set_is_read_and_its_glosses_are_kept(tmp_path):
    from pycldf import Generic

    data = Generic.in_dir(tmp_path / "foreign")
    data.add_component("LanguageTable")
    data.add_component("ExampleTable", "Speaker", {"name": "Year", "datatype": "integer"})
    example = {"ID": "1", "Language_ID": "L1", "Primary_Text": "ni-li-soma", "Analyzed_Word": ["ni-li-soma"], "Gloss": ["1SG-PST-read"]}
    example |= {"Translated_Text": "I read", "Speaker": "A", "Year": 1999}
    data.write(LanguageTable=[{"ID": "L1", "ISO639P3code": "swh"}], ExampleTable=[example])
    item = import_items(tmp_path / "foreign", "cldf", Missing(partition="test"))[0]
    assert (item.id, item.language, item.locale, item.reading.text) == ("1", "swh", "swh", "ni-li-soma")
    assert item.extra == {"Gloss": ["1SG-PST-read"], "Translated_Text": "I read", "Speaker": "A", "Year": 1999}
    again = exported(tmp_path, "cldf", item)
    assert import_items(again, "cldf") == [item]
    assert "1SG-PST-read" in (again / "examples.csv").read_text(encoding="utf-8").split("\n")[1].split(",")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"url": "examples.csv"', '"url": "http://127.0.0.1:9/examples.csv"'),
        ('"url": "examples.csv"', '"url": "../examples.csv"'),
        ('"dc:title"', '"dc:source": "/etc/passwd", "dc:title"'),
        ('"@language": "en"', '"@base": "http://127.0.0.1:9/"'),
        ('"tableSchema": {', '"tableSchema": "http://127.0.0.1:9/s.json", "x": {'),
    ],
)
def test_no_address_in_a_data_set_is_followed(tmp_path, old, new, monkeypatch):
    path = exported(tmp_path, "cldf") / "Generic-metadata.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a request"))
    with pytest.raises(LowresError, match="outside of its folder"):
        import_items(path, "cldf")


# --- Hugging Face


def test_the_folder_is_as_the_hub_wants_it(tmp_path):
    from ruamel.yaml import YAML

    parts = [change(id=part, partition=part) for part in ("train", "dev", "test")]
    path = exported(tmp_path, "huggingface", *parts)
    names = sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
    assert names == ["README.md", "data/test.jsonl", "data/train.jsonl", "data/validation.jsonl"]
    card = YAML(typ="safe").load((path / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert (card["license"], card["language"]) == ("cc-by-4.0", ["swh"])
    files = card["configs"][0]["data_files"]
    assert [(one["split"], one["path"]) for one in files] == [(part, f"data/{part}.jsonl") for part in ("train", "validation", "test")]
    row = json.loads((path / "data" / "test.jsonl").read_text(encoding="utf-8"))
    assert [one["name"] for one in card["dataset_info"][0]["features"]] == list(row)


def test_datasets_reads_it_and_writes_it_back(tmp_path):
    datasets = pytest.importorskip("datasets", reason="the library `datasets` is not installed")
    items = [change(judgments=(JUDGED,)), change(id="b", extra={"n": 1}, prompt=Prompt(id="0", text="x", locale="en-US"))]
    path = exported(tmp_path, "huggingface", *items)
    loaded = datasets.load_dataset(str(path), cache_dir=str(tmp_path / "cache"))
    (tmp_path / "again" / "data").mkdir(parents=True)
    loaded["test"].to_json(tmp_path / "again" / "data" / "test.jsonl", force_ascii=False)
    assert import_items(tmp_path / "again", "huggingface") == items


def test_an_item_in_the_file_of_another_part_is_refused(tmp_path):
    path = exported(tmp_path, "huggingface")
    (path / "data" / "test.jsonl").rename(path / "data" / "train.jsonl")
    with pytest.raises(LowresError, match=r"train.jsonl:1: partition: test; train, the part of its file"):
        import_items(path, "huggingface")


# --- what is wrong with a file is said with its line and column

GOOD = "id,text,intent,locale,partition,slots"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id,txt,intent\n1,a,x\n", "x:1: a column 'txt'; did you mean 'text'?"),
        ("id,intent\n1,x\n", "x:1: no column 'text'; columns id, text, intent at least"),
        ("id,text,text,intent\n1,a,b,x\n", "x:1: the column 'text' twice"),
        ("id,text,intent,Partition\n1,a,x,dev\n", "x:1: a column 'Partition'; did you mean 'partition'?"),
        (f"{GOOD}\n1,a,x,sw-KE,dev\n", "x:2: 5 columns; 6: id, text"),
        (f'{GOOD}\n1,a,x,sw-KE,dev,"[\n', "x:2: a cell that cannot be read"),
        (f"{GOOD}\n1,a,x,sw-KE,,\n", "x:2: no partition; a column 'partition', or say which one all of the file has"),
        (f"{GOOD}\n1,a,x,,dev,\n", "x:2: no locale"),
        (f"{GOOD}\n1,a,x,sw-KE,validation,\n", "x:2: partition: Input should be 'train', 'dev' or 'test'"),
        (f"{GOOD}\n1,a,x,sw-XXXX,dev,\n", "x:2: locale: language sw-XXXX: no such language code"),
        (f"{GOOD}\n1,,x,sw-KE,dev,\n", "x:2: text: nothing; what was said"),
        (f"{GOOD}\n1,{'a' * 10_000},x,sw-KE,dev,\n", "x:2: text: 10000 characters; 500 at most: one utterance"),
        (f"{GOOD}\n1,a\u202eb,x,sw-KE,dev,\n", "x:2: text: U+202E, which turns the direction of the text around it"),
        (f"{GOOD}\n1,a\u2066b,x,sw-KE,dev,\n", "x:2: text: U+2066, which turns"),
        (f'{GOOD}\n1,"a\nb",x,sw-KE,dev,\n', "x:2: text: U+000A, a control character; one line of text"),
        (f"{GOOD}\n1,a,x,sw-KE,dev,\n1,b,x,sw-KE,dev,\n", "x:3: id: '1' again, first at"),
        (f"{GOOD}\n1,a,x,sw-KE,dev,5\n", "x:2: slots: JSON of another kind; a list"),
        (f"{GOOD}\n1,a,x,sw-KE,dev,{{\n", "x:2: slots: not JSON"),
        (f'{GOOD}\n1,a,x,sw-KE,dev,"[{{""name"": ""\\ud800""}}]"\n', "x:2: slots: half of a surrogate pair"),
    ],
)
def test_mistakes_are_named_with_line_and_column(tmp_path, table, message):
    with pytest.raises(LowresError) as error:
        import_items(written(tmp_path, table), "csv")
    assert str(error.value).replace(f"{tmp_path}/", "").startswith(message)


@pytest.mark.parametrize("format", ["csv", "cldf"])
def test_reading_leaves_the_limit_on_cells_as_it_was(tmp_path, format):
    before = csv.field_size_limit()
    path = exported(tmp_path, format, ITEM)
    assert import_items(path, format) == [ITEM]
    with pytest.raises(LowresError):
        import_items(tmp_path / "absent", format)
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("text", "slot", "message"),
    [
        ("saa tatu", {"start": 1, "end": 4, "surface": "saa "}, "slots: 'saa ' (time) is not at 1:4 of the text, 'aa ' is"),
        ("saa tatu", {"start": 0, "end": 30, "surface": "saa"}, "slots: 'saa' (time) is not at 0:30 of the text"),
        ("saa", {"start": -3, "end": 3, "surface": "saa"}, "slots: 'saa' (time) is not at -3:3 of the text"),
        ("saa", {"start": 0, "end": 3}, "slots: "),
        ("saa", {"start": "0", "end": 3, "surface": "saa"}, "slots: not a list of slots"),
        ("saa", {"start": 0, "end": 3, "surface": "saa", "method": "guess"}, "slots.0.method: Input should be 'translation'"),
        ("\u0915\u094d\u0937", {"start": 0, "end": 1, "surface": "\u0915"}, "slots: 'क' (time) begins or ends inside of the letter"),
        ("👩\u200d👧", {"start": 0, "end": 1, "surface": "👩"}, "slots: '👩' (time) begins or ends inside of the letter"),
    ],
)
def test_a_slot_that_is_not_there_is_refused(tmp_path, text, slot, message):
    record = {"id": "a", "text": text, "intent": "x", "locale": "sw-KE", "partition": "test", "slots": [{"name": "time"} | slot]}
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "test.jsonl").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(LowresError) as error:
        import_items(tmp_path, "huggingface")
    assert str(error.value).startswith(f"{tmp_path}/data/test.jsonl:1: {message}")


def test_text_that_is_not_composed_is_composed_and_its_slots_are_checked_after(tmp_path):
    record = {"id": "a", "text": "e\u0301 x", "intent": "i", "locale": "sw-KE", "partition": "test"}
    record["slots"] = [{"name": "t", "start": 2, "end": 3, "surface": "x"}]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "test.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert import_items(tmp_path, "huggingface")[0].reading.text == "é x"


@pytest.mark.parametrize("format", ["massive", "conll", "csv"])
def test_another_encoding_is_refused_with_its_line(tmp_path, format):
    path = exported(tmp_path, format)
    path.write_bytes(path.read_bytes() + "\nпривет".encode("cp1251"))
    with pytest.raises(LowresError, match=r"x:\d+: byte \d+ is not utf-8; utf-8 text"):
        import_items(path, format)


def test_a_column_that_is_gone_from_cldf_is_named(tmp_path):
    path = exported(tmp_path, "cldf") / "examples.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",Slots,", ",Slotz,"), encoding="utf-8")
    with pytest.raises(LowresError, match=r"examples.csv:1: no column 'Slots'; all columns that the metadata name"):
        import_items(path.parent, "cldf")


@pytest.mark.parametrize("format", ["cldf", "huggingface"])
def test_a_folder_without_a_data_set(tmp_path, format):
    with pytest.raises(LowresError, match=str(tmp_path)):
        import_items(Path(tmp_path), format)
