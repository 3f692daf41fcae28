"""Local names: what a file may hold, what it is told when it does not, and that the bundled ones are sound."""

from collections import Counter
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.entities import LONGEST, SLOTS, Entity, format_entities, read_entities, read_local_names, slots_of
from lowres.errors import LowresError
from lowres.language import read_language
from lowres.resources import resources_folder
from lowres.text import nfc

HEADER = "# from memory\nkind\tname\tgloss\tfeatures\n"
CODES = ["swh", "cym", "isl", "hye", "urd", "amh"]


def written(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "entities.tsv"
    path.write_text(header + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize("code", CODES)
def test_the_bundled_names_are_many_and_said_to_be_ours(code):
    path = resources_folder() / "languages" / code / "entities.tsv"
    found = Counter(one.kind for one in read_entities(path, read_language(code).script))
    assert all(found[kind] >= 25 for kind in ("person", "place", "food", "artist", "business")) and found["holiday"] >= 20
    assert found.total() >= 200 and found["radio"] >= 15
    assert "none is taken from a test set" in path.read_text(encoding="utf-8").partition("kind\t")[0]


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ("persom\tJuma\t\t", "3: kind 'persom', which fills no slot; did you mean 'person'?"),
        ("person\tJuma\t\t\nperson\tJuma\t\t", "4: the person 'Juma' again; each once; line 3 has it"),
        ("person\t \t\t", "3: an empty name"),
        ("person\tՋումա\t\t", "3: 'Ջ' in 'Ջումա'; letters of Latn, the card's script"),
        ("person\t\u0301a\t\t", "a combining mark without a letter"),
        ("person\tJuma \u0301\t\t", "a combining mark without a letter"),
        ("person\t" + "a" * 10_000 + "\t\t", f"3: a name of 10000 characters; at most {LONGEST}"),
        ("person\t...\t\t", "3: a name without a letter or digit, '...'"),
        ("person\tJuma\t\tSG;MASCULINE", "3: no feature 'MASCULINE' in UniMorph's schema; did you mean"),
        ("person\tJuma", "3: 2 columns; 4: kind, name, gloss, features"),
        ("", "no name"),
    ],
)
def test_what_is_no_name_is_one_line(tmp_path, rows, part):
    with pytest.raises(LowresError) as caught:
        read_entities(written(tmp_path, rows), "Latn")
    assert part in str(caught.value) and str(caught.value).startswith(str(tmp_path)) and "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400 + len(str(tmp_path))


def test_an_unknown_column_is_told(tmp_path):
    with pytest.raises(LowresError, match=r"entities\.tsv:1: unknown column 'slot'"):
        read_entities(written(tmp_path, "person\tJuma\n", "kind\tname\tslot\n"), "Latn")


def test_names_are_found_by_slot_without_regard_to_case(tmp_path):
    folder = tmp_path / "languages" / "qaa"
    folder.mkdir(parents=True)
    card = Path(__file__).parent / "fixtures" / "qaa" / "languages" / "qaa" / "card.yaml"
    (folder / "card.yaml").write_bytes(card.read_bytes())
    language = read_language("qaa", tmp_path)
    assert read_local_names(language, tmp_path) == {}
    written(folder, "place\tKandu\ta town\tFEM\nsnack\tpopo\t\t\n")
    with pytest.raises(LowresError, match=r"entities\.tsv:4: kind 'snack'"):
        read_local_names(language, tmp_path)
    found = read_local_names(language, tmp_path, {"snack": ["Snack_Type"], "place": ["airport"]})
    kandu = Entity("place", "Kandu", "a town", frozenset({"FEM"}))
    assert found["place_name"] == found["city_or_province"] == found["airport"] == (kandu,)
    assert [one.name for one in found["snack_type"]] == ["popo"] and "food_type" not in found


def test_a_slot_belongs_to_one_kind():
    slots = [slot for names in SLOTS.values() for slot in names]
    assert len(slots) == len(set(slots)) and slots == [slot.casefold() for slot in slots]
    assert slots_of({"place": ("x",)})["place"] == (*SLOTS["place"], "x") and slots_of({})["food"] == SLOTS["food"]


NAMES = st.text(st.sampled_from("abcčéłñ'-.& 0129ʼ"), min_size=1, max_size=30).map(lambda text: nfc(" ".join(text.split()))).filter(
    lambda text: any(map(str.isalnum, text)) and not text.startswith("#")
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(SLOTS)), NAMES, NAMES), min_size=1, unique_by=lambda row: row[:2]), NAMES)
def test_what_is_written_reads_back(tmp_path_factory, rows, comment):
    path = tmp_path_factory.mktemp("names") / "entities.tsv"
    entities = [Entity(kind, name, gloss, frozenset({"FEM", "SG"})) for kind, name, gloss in rows]
    path.write_text(format_entities(entities, comment), encoding="utf-8")
    assert read_entities(path, "Latn") == entities


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_file(tmp_path_factory, text):
    """Any name is read, in the card's script and beginning with a letter or sign, or it is one line."""
    path = written(tmp_path_factory.mktemp("names"), f"person\t{text}\t\t\n")
    try:
        names = [one.name for one in read_entities(path, "Ethi")]
    except LowresError as error:
        assert "\n" not in str(error)
    else:
        assert not regex.search(r"(^|\s)\p{M}|[\p{L}--\p{Script=Ethi}--\p{Script=Zyyy}--\p{Script=Zinh}]", " ".join(names), regex.V1)
