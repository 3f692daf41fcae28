"""A collection as a recipe's data set: what is in it, when it changes, and that its test part is never trained on."""

import json

import pytest

from lowres.catalog import Reference
from lowres.collection import acts
from lowres.collection.book import Book
from lowres.collection.events import Adjudicated, Granted, Judged, MarkedSlot, Offered, Prompt, Reading, new_id
from lowres.collection.journal import Journal
from lowres.collection.snapshot import collected, snapshot
from lowres.errors import LowresError
from lowres.recipe import read_recipe
from lowres.run import open_run
from lowres.sources import digest, file_of, licence_of, prompt_text, read_utterances
from lowres.stages.check import check_run
from lowres.stages.data import read_human
from lowres.stages.data import test_texts as texts_of_tests
from tests.collection.conftest import opened

JUDGES = (("ben", "cat"), (), ("ben", "cat"), ("ben",))
HOME = Reference(path="collection:home", locale="sw-KE", partition="test")
PROMPTS = [f"say thing number {i}" for i in range(40)]


@pytest.fixture
def database(url, book, monkeypatch, tmp_path):
    monkeypatch.setenv("LOWRES_DATABASE", url)
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    return book


def offer(book, i: int, judges=("ben", "cat"), who="ann", text="") -> str:
    text = text or f"sema kitu [{i}] namba"
    item, asked = new_id("item"), Prompt(id=str(i), text=PROMPTS[i], locale="en-US", intent="say")
    slots = (MarkedSlot(name="thing", start=0, end=4, surface=text[:4], method="translation"),)
    reading = Reading(text=text, intent="say", slots=slots)
    acts.offer(book, Offered(person=who, collection="home", item=item, reading=reading, locale="sw-KE",
                             partition="test", prompt=asked))  # fmt: skip
    for judge in judges:
        acts.judge(book, Judged(person=judge, collection="home", item=item, intent=2, slots=2, grammar=4, spelling=2, language=2))
    return item


def of_part(part: str, opened) -> list[int]:
    return [i for i in range(40) if acts.part_of(str(i), "home", opened) == part]


@pytest.fixture
def parts(database):
    with database.reading() as state:
        opened = state.collections["home"]
    return {part: of_part(part, opened) for part in ("train", "test")}


def test_what_was_accepted_is_read_as_any_data_set(database, parts, tmp_path):
    first, second = parts["test"][:2]
    item = offer(database, first)
    offer(database, second, judges=("ben",))
    (found,) = read_utterances(HOME, tmp_path)
    assert (found.id, found.text, found.intent, found.locale, found.partition) == (
        item,
        f"sema kitu [{first}] namba",
        "say",
        "sw-KE",
        "test",
    )
    assert [found.slot_text(slot) for slot in found.slots] == ["sema"] and prompt_text(found) == PROMPTS[first]
    assert licence_of(HOME) == "CC-BY-4.0"


def test_nothing_accepted_yet_is_said(database, tmp_path):
    with pytest.raises(LowresError, match="no item was accepted yet"):
        read_utterances(HOME, tmp_path)


def test_a_run_is_stale_when_its_items_change_and_not_with_each_judgment(database, parts, tmp_path):
    item = offer(database, parts["test"][0])
    before = digest(HOME, tmp_path)
    acts.judge(database, Judged(person="dan", collection="home", item=item, intent=2, slots=2, grammar=1, spelling=2, language=2))
    assert digest(HOME, tmp_path) == before
    final = Reading(text="sema vitu", intent="say")
    acts.adjudicate(database, Adjudicated(person="dan", collection="home", item=item, decision="corrected", final=final))
    assert digest(HOME, tmp_path) != before
    assert read_utterances(HOME, tmp_path)[0].text == "sema vitu"


def test_withdrawn_rejected_and_replaced_items_are_in_no_export(database, parts, tmp_path):
    kept, rejected, replaced, withdrawn = _four(database, parts)
    with database.reading() as state:
        assert [one.id for one in collected(state, "home")] == [kept]
        assert {one.id for one in collected(state, "home", ("rejected",))} == {rejected}
    assert kept in file_of(HOME, tmp_path).read_text() and withdrawn not in file_of(HOME, tmp_path).read_text()
    assert replaced not in file_of(HOME, tmp_path).read_text()


def _four(book, parts):
    kept, rejected, replaced = (offer(book, i) for i in parts["test"][:3])
    acts.adjudicate(book, Adjudicated(person="dan", collection="home", item=rejected, decision="rejected"))
    reading = Reading(text="sema tena", intent="say")
    acts.offer(
        book,
        Offered(person="ann", collection="home", item=new_id("item"), reading=reading, locale="sw-KE", partition="test", replaces=replaced),
    )
    withdrawn = offer(book, parts["test"][3], who="ben", judges=("ann", "cat"))
    acts.withdraw(book, "ben")
    return kept, rejected, replaced, withdrawn


def test_unknown_collections_are_named(database):
    with pytest.raises(LowresError, match="did you mean 'home'"):
        snapshot("collection:hom")


RECIPE = """name: home
language: swh
source: {path: en.tsv, format: table, licence: CC0-1.0, locale: en-US, partition: train}
resources: {lexicons: [{path: lexicon.tsv, format: table, licence: CC0-1.0}]}
synthesize: {rules: [look_up], variants: 1, min_coverage: 0.0}
adapt: {base: lowres-mini, human: {path: "collection:home", locale: sw-KE, partition: PART}}
evaluate: [{path: "collection:home", locale: sw-KE, partition: test}]
"""


@pytest.fixture
def run(database, parts, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "home.yaml").write_text(RECIPE.replace("PART", "train"), encoding="utf-8")
    (folder / "lexicon.tsv").write_text("source\ttarget\nsay\tsema\n", encoding="utf-8")
    (folder / "en.tsv").write_text("annotated\tintent\tpartition\n" + "".join(f"{one}\tsay\ttrain\n" for one in PROMPTS), encoding="utf-8")
    for i in (*parts["train"][:3], *parts["test"][:2]):
        offer(database, i)
    return open_run(read_recipe(folder / "home.yaml"), folder / "runs")


def test_the_train_part_is_mixed_in_and_the_test_part_never(run, parts):
    human, test = read_human(run), read_utterances(HOME, run.file.folder)
    assert len(human) == 3 and all(one.id.endswith(":human") for one in human)
    assert {one.id.removesuffix(":human") for one in human}.isdisjoint(one.id for one in test)
    asked = {PROMPTS[i] for i in parts["test"][:2]}
    assert asked <= texts_of_tests(run)  # nor is a prompt that somebody rendered for the test
    assert "adapt.human: collection:home train: 3 utterances, no id in a test; 0 left out" in check_run(run)


def test_a_text_on_both_sides_is_left_out_of_training(database, run, parts):
    offer(database, parts["train"][5], text=read_utterances(HOME, run.file.folder)[0].text)
    assert len(read_human(run)) == 3
    assert "1 left out" in check_run(run)


def test_a_part_that_is_not_train_is_refused(run):
    path = run.file.path
    path.write_text(RECIPE.replace("PART", "test"), encoding="utf-8")
    with pytest.raises(LowresError, match=r"home\.yaml:6: adapt\.human: partition test; partition: train"):
        read_recipe(path)


def test_an_id_on_both_sides_is_an_error(run, monkeypatch):
    """Were a part ever moved, `check` would stop: the same id trained and tested on."""
    from lowres.stages import data

    both = read_utterances(HOME, run.file.folder)
    monkeypatch.setattr(data, "read_utterances", lambda reference, *rest: both)
    with pytest.raises(LowresError, match="both trained and tested on"):
        read_human(run)


@pytest.mark.parametrize("format", ["massive", "conll", "csv", "cldf", "huggingface"])
def test_another_database_has_what_the_file_of_this_one_had(database, url, parts, tmp_path, format):
    from lowres.stages.collections import STATUSES, export_collection, import_collection

    accepted, corrected, rejected, opened_only = (offer(database, i, judges) for i, judges in zip(parts["test"], JUDGES, strict=False))
    final = Reading(text="sema vitu", intent="say")
    acts.adjudicate(database, Adjudicated(person="dan", collection="home", item=corrected, decision="corrected", final=final))
    acts.adjudicate(database, Adjudicated(person="dan", collection="home", item=rejected, decision="rejected"))
    export_collection("home", tmp_path / "home", format, url, STATUSES)
    other = Book(Journal(str(tmp_path / "other.db")))
    with other.deciding() as turn:
        turn.append(Granted(person="root", whom="root", role="admin", language="*"))
    acts.open_collection(other, opened())
    import_collection("home", tmp_path / "home", format, str(tmp_path / "other.db"))
    with database.reading() as state, other.reading() as read:
        before, after = collected(state, "home", STATUSES), collected(read, "home", STATUSES)
    assert [(one.id, one.status, one.reading, one.partition, one.prompt) for one in after] == [
        (one.id, one.status, one.reading, one.partition, one.prompt) for one in before
    ]
    assert {one.id: one.status for one in after} == {accepted: "accepted", corrected: "corrected", rejected: "rejected", opened_only: "open"}


def test_an_export_of_the_command_line_comes_back(database, url, parts, tmp_path):
    from lowres.stages.collections import collection_lines, export_collection, import_collection

    offer(database, parts["test"][0])
    assert "1 items (1 accepted)" in next(collection_lines(url))
    assert export_collection("home", tmp_path / "home.jsonl", "massive", url) == 1
    with pytest.raises(LowresError, match="in the database already"):
        import_collection("home", tmp_path / "home.jsonl", "massive", url)
    record = json.loads((tmp_path / "home.jsonl").read_text())
    (tmp_path / "home.jsonl").write_text(json.dumps(record | {"id": "item-other"}) + "\n")
    assert import_collection("home", tmp_path / "home.jsonl", "massive", url) == 1
    with database.reading() as state:
        assert [(one.id, one.status) for one in collected(state, "home")][1] == ("item-other", "accepted")
    with pytest.raises(LowresError, match="--status"):
        export_collection("home", tmp_path / "x", "massive", url, ("fine",))
    with pytest.raises(LowresError, match="--format"):
        export_collection("home", tmp_path / "x", "excel", url)
