"""import(export(x)) = x in every format, and what else holds of all of them."""

import dataclasses
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from lowres.collection.events import MarkedSlot, Reading
from lowres.collection.exchange import EXPORTS, IMPORTS, SUFFIXES, Missing, export_items, import_items, utterances
from lowres.errors import LowresError
from tests.collection.exchanged import ITEM, READING, collections

FORMATS = list(EXPORTS)
PARTS = ("train", "dev", "test")


def there_and_back(items, format, folder):
    path = folder / f"x{SUFFIXES[format]}"
    export_items(items, path, format)
    return import_items(path, format)


def in_order(items, format):
    """As the format has them: parts are files of their own on the hub."""
    return sorted(items, key=lambda one: PARTS.index(one.partition)) if format == "huggingface" else items


def test_the_formats_are_the_same_in_all_tables():
    assert set(EXPORTS) == set(IMPORTS) == set(SUFFIXES)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(items=collections())
def test_what_is_imported_is_what_was_exported(format, items):
    with tempfile.TemporaryDirectory() as folder:
        assert there_and_back(items, format, Path(folder)) == in_order(items, format)


def test_nothing_is_not_exported(tmp_path):
    with pytest.raises(LowresError, match="no items"):
        export_items([], tmp_path / "x", "csv")


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_foreign_file_says_beyond_ours_is_written_back(tmp_path, format):
    first = there_and_back([dataclasses.replace(ITEM, extra={"scenario": "alarm", "age": 7})], format, tmp_path)
    assert first[0].extra == {"scenario": "alarm", "age": 7}


@pytest.mark.parametrize("format", FORMATS)
def test_an_earlier_export_is_replaced_and_nothing_is_left_beside_it(tmp_path, format):
    for licence in ("A", "B"):
        assert there_and_back([dataclasses.replace(ITEM, licence=licence)], format, tmp_path)[0].licence == licence
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("format", ["cldf", "huggingface"])
def test_a_folder_with_other_files_is_left_alone(tmp_path, format):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "thesis.tex").write_text("years of work")
    with pytest.raises(LowresError, match=r"there already, with thesis\.tex"):
        export_items([ITEM], tmp_path / "x", format)
    assert [one.name for one in tmp_path.rglob("*")] == ["x", "thesis.tex"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_disk_without_room_leaves_what_was_there(tmp_path, format, monkeypatch):
    there_and_back([ITEM], format, tmp_path)
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(LowresError, match="cannot be written"):
        there_and_back([dataclasses.replace(ITEM, licence="B")], format, tmp_path)
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


@pytest.mark.parametrize("format", FORMATS)
def test_one_id_twice_is_not_exported(tmp_path, format):
    with pytest.raises(LowresError, match="item a: there twice; each id once"):
        export_items([ITEM, ITEM], tmp_path / "x", format)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reading": Reading(text="a\u202eb", intent="x")}, "text: U\\+202E, which turns the direction of the text around it"),
        ({"reading": Reading(text="a\nb", intent="x")}, "text: U\\+000A, a control character; one line of text"),
        ({"licence": "\ud800"}, "licence: U\\+D800, half of a surrogate pair"),
        ({"extra": {"a": "\ud800"}}, "half of a surrogate pair"),
        ({"extra": {"a": "\0"}}, "NUL"),
        ({"extra": {"a": (1,)}}, "extra fields that JSON would change"),
        ({"extra": {"a": float("nan")}}, "extra fields that JSON cannot hold"),
        ({"language": "Swahili"}, "language: "),
        (
            {"reading": Reading(text="க்ஷ a", intent="", slots=(MarkedSlot(name="t", start=0, end=1, surface="க"),))},
            "slots: 'க' \\(t\\) begins or ends inside of the letter",
        ),
    ],
)
def test_what_could_not_come_back_is_not_exported(tmp_path, change, message):
    with pytest.raises(LowresError, match=message) as error:
        export_items([dataclasses.replace(ITEM, **change)], tmp_path / "x", "csv")
    assert str(error.value).startswith("item a: ")


def test_items_are_utterances(tmp_path):
    one = utterances([dataclasses.replace(ITEM, extra={"id": "mine"})])[0]
    assert (one.id, one.text, one.intent, one.locale, one.partition) == ("a", READING.text, "alarm_set", "sw-KE", "test")
    assert [(slot.name, one.slot_text(slot)) for slot in one.slots] == [("time", "saa tatu")]
    assert one.extra == {"id": "mine"}


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_that_is_not_there(tmp_path, format):
    with pytest.raises(LowresError, match=f"did you mean '{format}'"):
        import_items(tmp_path, f"{format}x")


@pytest.mark.parametrize("format", FORMATS)
def test_any_damage_is_read_or_refused_in_one_line_that_names_the_file(tmp_path, format):
    there_and_back([dataclasses.replace(ITEM, extra={"scenario": "alarm"}), dataclasses.replace(ITEM, id="b")], format, tmp_path)
    path = tmp_path / f"x{SUFFIXES[format]}"
    files = [path] if path.is_file() else [one for one in sorted(path.rglob("*")) if one.is_file()]
    draw = random.Random(7)
    for _ in range(150):
        file = draw.choice(files)
        whole = file.read_bytes()
        data = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(data))
            scrap = draw.choice([b"", b"\xff", b'"', b"\t", b"}", b"\n", b"\\ud800", b"\\u202e", b"9", b"null", b"[]", b"http://a.b/"])
            data[place : place + draw.choice([0, 1, 20])] = scrap
        file.write_bytes(bytes(data))
        try:
            import_items(path, format, Missing(locale="sw-KE", partition="test"))
        except LowresError as error:
            assert len(str(error).splitlines()) == 1
            assert str(tmp_path) in str(error)
        file.write_bytes(whole)
