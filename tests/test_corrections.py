"""Corrections: what may be entered, where it is kept, who writes at once, and that it comes first in every recipe."""

import multiprocessing
import os
import random
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowres import corrections
from lowres.corrections import (
    COLUMNS,
    LEXICON,
    TAKEN_BACK,
    add_correction,
    digest_of,
    entries_of,
    file_to_write,
    lexicon_files,
    make_correction,
    read_corrections,
    take_back,
)
from lowres.errors import LowresError
from lowres.formats.pairs import read_table
from lowres.language import read_language
from lowres.lexicon import OWN, Entry, SourcedEntry, build_lexicon, lay_over
from lowres.pair import read_pair
from lowres.recipe import read_recipe
from lowres.rules.lookup import look_up
from lowres.rules.resources import Resources
from lowres.run import Run, do_stage, open_run, why_stale
from lowres.stages.check import check_run
from lowres.stages.data import read_lexicon
from lowres.stages.synthesize import SYNTHESIZE
from lowres.utterance import Utterance

SWAHILI, URDU = read_language("swh"), read_language("urd")
HEADER = "\t".join(COLUMNS)


def said(source="alarm", target="kengele", upos="NOUN", author="Asha", language=SWAHILI, **fields):
    return make_correction(source, target, upos, author, language, **fields)


# --- what may be entered


def test_what_is_typed_is_brought_into_normal_form():
    one = said("  wake  up ", "cafe\u0301 ", "v", " Asha\u00a0B ", day="2026-05-31")
    assert (one.source, one.target, one.upos, one.author, one.date) == ("wake up", "café", "VERB", "Asha B", "2026-05-31")
    assert len(said().date) == 10


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"source": "  "}, "the source word is empty"),
        ({"target": "\u200d\u200c"}, "the translation is empty"),
        ({"author": ""}, "the author's name is empty"),
        ({"target": "a" * 10_000}, "the translation has 10,000 characters; at most 80"),
        ({"target": "ken\u202egele"}, r"U\+202E in the translation"),
        ({"source": "al\x00arm"}, r"U\+0000 in the source word"),
        ({"author": "As\ud800ha"}, r"U\+D800 in the author's name"),
        ({"target": "ken\u200bgele"}, r"U\+200B"),
        ({"target": "ke\u200dngele"}, "an invisible joiner"),
        ({"target": "کتاب\u200c", "language": URDU}, "an invisible joiner"),
        ({"target": "کتاب"}, "'ک' in 'کتاب'; letters of Latn, the script of Swahili"),
        ({"target": "book", "language": URDU}, "letters of Arab|letters of Aran"),
        ({"target": "\u0301a"}, "a combining mark without a letter"),
        ({"target": "kengele, saa"}, "one translation"),
        ({"target": "<script>alert(1)</script>"}, "one translation"),
        ({"target": "moja mbili tatu nne tano sita"}, "one translation of at most 5 words"),
        ({"source": "<b>x</b>"}, "without brackets"),
        ({"upos": "thing"}, "the part of speech 'thing'"),
        ({"day": "yesterday"}, "the date 'yesterday'"),
    ],
)
def test_what_is_no_entry_is_refused_with_a_sentence_that_helps(fields, why):
    with pytest.raises(LowresError, match=why) as error:
        said(**fields)
    assert str(error.value).isprintable()


def test_joiners_stay_where_the_script_joins():
    assert said(target="کتاب\u200cخانه", language=URDU).target == "کتاب\u200cخانه"


@settings(max_examples=300)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=12))
def test_whatever_is_taken_is_one_clean_line(source, target, author):
    try:
        one = said(source, target, "", author)
    except LowresError:
        return
    cells = (one.source, one.target, one.author)
    assert all(cell == unicodedata.normalize("NFC", cell) == " ".join(cell.split()) for cell in cells)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(letter) for cell in cells for letter in cell}
    assert make_correction(*cells[:2], "", cells[2], SWAHILI, one.date) == one


# --- where they lie


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout whose resources are a bundled Swahili alone; nothing of the real one is written."""
    home = tmp_path / "checkout" / "resources"
    (home / "languages" / "swh").mkdir(parents=True)
    shutil.copyfile(corrections.resources_folder() / "languages" / "swh" / "card.yaml", home / "languages" / "swh" / "card.yaml")
    (home.parent / "pyproject.toml").touch()
    monkeypatch.setattr(corrections, "resources_folder", lambda: home)
    monkeypatch.setattr("lowres.language.resources_folder", lambda: home)
    return home.parent


def test_in_a_checkout_they_lie_beside_the_bundled_card(checkout, tmp_path):
    assert file_to_write("swh", tmp_path) == checkout / "resources" / "languages" / "swh" / LEXICON


def test_of_an_installed_lowres_they_lie_beside_the_recipe_or_in_the_working_folder(checkout, tmp_path, monkeypatch):
    (checkout / "pyproject.toml").unlink()
    assert file_to_write("swh", tmp_path / "mine") == tmp_path / "mine" / "languages" / "swh" / LEXICON
    monkeypatch.chdir(tmp_path)
    installed = checkout / "recipes"
    monkeypatch.setattr(corrections, "bundled_folder", lambda name: checkout / name)
    assert file_to_write("swh", installed) == file_to_write("swh") == tmp_path / "languages" / "swh" / LEXICON


def test_where_resources_may_not_be_written_they_lie_beside_the_recipe(checkout, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert file_to_write("swh", tmp_path) == tmp_path / "languages" / "swh" / LEXICON


def test_of_a_language_of_the_users_own_they_lie_beside_its_card(toy):
    path = file_to_write("qaa", toy)
    assert path == toy / "languages" / "qaa" / LEXICON
    assert lexicon_files("qaa", toy) == []
    add_correction(path, said())
    assert lexicon_files("qaa", toy) == [path]


# --- reading and writing


def test_what_was_there_stays_and_the_new_entry_is_read(tmp_path):
    path = tmp_path / "languages" / "swh" / LEXICON
    path.parent.mkdir(parents=True)
    path.write_text("# a note\nsource\ttarget\tupos\nwater\tmaji\tNOUN\nsun\tjua\tNOUN", encoding="utf-8")
    add_correction(path, said(day="2026-05-31"))
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines == ["# a note", HEADER, "water\tmaji\tNOUN", "sun\tjua\tNOUN", "alarm\tkengele\tNOUN\tAsha\t2026-05-31", ""]
    assert [one.right for one in read_table(path)] == ["maji", "jua", "kengele"]
    assert read_corrections(SWAHILI, tmp_path) == [said(day="2026-05-31")]


def test_a_lexicon_without_parts_of_speech_gets_their_column(tmp_path):
    path = tmp_path / LEXICON
    path.write_bytes("\ufeffsource\ttarget\r\nwater\tmaji\r\n".encode())
    add_correction(path, said())
    assert [(one.left, one.upos) for one in read_table(path)] == [("water", ""), ("alarm", "NOUN")]


def test_a_broken_lexicon_is_not_touched(tmp_path):
    path = tmp_path / LEXICON
    path.write_text("source\ttarget\tnotes\nwater\tmaji\t-\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(LowresError, match="unknown column 'notes'"):
        add_correction(path, said())
    assert path.read_bytes() == before


def test_what_is_taken_back_is_kept_elsewhere(tmp_path):
    path = file_to_write_in(tmp_path)
    first, second = said(day="2026-05-30"), said(target="saa", day="2026-05-31")
    for one in (first, second):
        add_correction(path, one)
    take_back(first, "Juma", SWAHILI, tmp_path)
    assert read_corrections(SWAHILI, tmp_path) == [second]
    header, row = path.with_name(TAKEN_BACK).read_text(encoding="utf-8").splitlines()
    assert header == f"{HEADER}\tby\ton" and row.startswith("alarm\tkengele\tNOUN\tAsha\t2026-05-30\tJuma\t")
    with pytest.raises(LowresError, match="no such entry; it may have been taken back"):
        take_back(first, "Juma", SWAHILI, tmp_path)


def file_to_write_in(folder: Path) -> Path:
    return folder / "languages" / "swh" / LEXICON


def test_a_row_that_somebody_wrote_by_hand_is_checked_with_its_line(tmp_path):
    path = file_to_write_in(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEADER}\nalarm\tساعت\tNOUN\tAsha\t\n", encoding="utf-8")
    with pytest.raises(LowresError, match=r"lexicon\.tsv:2: 'س' in 'ساعت'"):
        read_corrections(SWAHILI, tmp_path)


def _write_many(path: Path, author: str, n: int) -> None:
    for i in range(n):
        add_correction(path, said(source=f"word{i}", author=author))


def test_nothing_is_lost_of_what_several_write_at_once(tmp_path):
    path = file_to_write_in(tmp_path)
    workers = [multiprocessing.get_context("fork").Process(target=_write_many, args=(path, f"p{i}", 25)) for i in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    found = read_corrections(SWAHILI, tmp_path)
    assert len(found) == 100 and {(one.author, one.source) for one in found} == {(f"p{i}", f"word{k}") for i in range(4) for k in range(25)}
    assert [one.source for one in found if one.author == "p0"] == [f"word{k}" for k in range(25)]


words = st.sampled_from(["alarm", "light", "set", "wake up"])
forms = st.sampled_from(["kengele", "saa", "taa", "weka"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(words, forms, st.sampled_from(["", "NOUN", "VERB"])), max_size=6), st.randoms())
def test_added_and_taken_back_in_any_order_the_rest_remains(tmp_path, rows, rng):
    path = file_to_write_in(tmp_path)
    shutil.rmtree(path.parent, ignore_errors=True)
    kept = [said(source, target, upos, f"a{n}") for n, (source, target, upos) in enumerate(rows)]
    for one in kept:
        add_correction(path, one)
    for one in rng.sample(kept, len(kept) // 2):
        take_back(one, "b", SWAHILI, tmp_path)
        kept.remove(one)
    assert read_corrections(SWAHILI, tmp_path) == kept


# --- coming first

BASE = build_lexicon(
    [SourcedEntry(Entry(*row), "big", trust=10.0) for row in (
        ("alarm", "saa", "NOUN", 0), ("alarm", "kamsa", "NOUN", 1), ("alarm", "shtua", "VERB", 0), ("song", "wimbo", "NOUN", 0),
        ("light", "taa", "NOUN", 0), ("light", "nuru", "NOUN", 1), ("my", "angu", "DET", 0), ("latest", "pya", "ADJ", 0))],
    {"saa": 50_000, "shtua": 9_000},
)  # fmt: skip


def drawn(lexicon, keys, upos):
    options, weights = lexicon.ranked(keys, upos)
    return [one.form for one, weight in zip(options, weights, strict=True) if weight > 1e-9]


@pytest.mark.parametrize(
    ("entries", "keys", "upos", "expected"),
    [
        ([("alarm", "kengele", "NOUN")], ("alarm",), "NOUN", ["kengele"]),
        ([("alarm", "kengele", "NOUN")], ("alarm",), "PROPN", ["kengele"]),
        ([("alarm", "kengele", "NOUN")], ("alarm",), "", ["kengele"]),
        ([("alarm", "kengele", "")], ("alarm",), "VERB", ["kengele"]),
        ([("Alarm", "kengele", "NOUN"), ("to alarm", "tisha", "VERB")], ("alarm",), "VERB", ["tisha"]),
        ([("alarm", "kengele", "NOUN"), ("alarm", "king'ora", "NOUN")], ("alarm",), "NOUN", ["kengele", "king'ora"]),
        ([("alarm", "kamsa", "NOUN")], ("alarm",), "NOUN", ["kamsa"]),
        ([("siren", "king'ora", "NOUN")], ("siren",), "VERB", ["king'ora"]),
        ([("i", "mimi", "PRON")], ("my", "i"), "DET", ["angu"]),
        ([("late", "chelewa", "ADJ")], ("latest", "late"), "ADJ", ["pya"]),
        ([], ("alarm",), "NOUN", ["saa", "kamsa"]),
    ],
)
def test_a_correction_settles_its_word_as_its_part_of_speech(entries, keys, upos, expected):
    lexicon = lay_over(BASE, [Entry(*row) for row in entries])
    found = drawn(lexicon, keys, upos)
    assert found[: len(expected)] == expected and (found == expected or not entries or expected in (["angu"], ["pya"]))


def test_another_part_of_speech_is_left_alone():
    lexicon = lay_over(BASE, [Entry("alarm", "kengele", "NOUN")])
    assert drawn(lexicon, ("alarm",), "VERB")[0] == "shtua"


def test_the_base_is_not_changed_and_the_later_entry_is_the_first():
    before = dict(BASE.translations)
    lexicon = lay_over(BASE, entries_of([said(target="kengele"), said(target="king'ora")]))
    assert BASE.translations == before and not BASE.own and lexicon.own == {"alarm"}
    assert drawn(lexicon, ("alarm",), "NOUN") == ["king'ora", "kengele"]
    assert lexicon.glosses["kengele"][0].form == "alarm" and lexicon.glosses["kengele"][0].lexicon == OWN


def test_a_phrase_is_found_as_a_whole():
    lexicon = lay_over(BASE, [Entry("alarm song", "wimbo wa kengele", "")])
    assert lexicon.longest["alarm song"] == 2
    assert texts(lexicon, "alarm song") == [("wimbo wa kengele", OWN)]


def test_a_correction_of_the_very_form_comes_before_its_lemma():
    lexicon = lay_over(BASE, [Entry("songs", "nyimbo", "NOUN")])
    assert texts(lexicon, "play songs")[-1] == ("nyimbo", OWN) and texts(lexicon, "play a song")[-1] == ("wimbo", "big")


def texts(lexicon, text, seed=0):
    pair = read_pair(Utterance(id="1", text=text, locale="en"))
    words = look_up(pair, Resources(SWAHILI, lexicon), random.Random(seed)).words
    return [(word.form, word.origin) for word in words]


@pytest.mark.parametrize("seed", range(12))
def test_the_other_words_of_a_pair_are_drawn_as_before(seed):
    lexicon = lay_over(BASE, [Entry("alarm", "kengele", "NOUN")])
    before, after = texts(BASE, "the alarm and the light", seed), texts(lexicon, "the alarm and the light", seed)
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [(before[1], ("kengele", OWN))]


# --- in a run


@pytest.fixture
def run(toy, tiny_base) -> Run:
    (toy / "tiny").symlink_to(tiny_base)
    return open_run(read_recipe(toy / "toy.yaml"), toy / "runs")


def test_a_correction_makes_the_run_stale_changes_its_pairs_and_is_told_by_check(run, toy):
    do_stage(run, SYNTHESIZE)
    pairs = run.folder / "synthesize" / "pairs.jsonl"
    assert "corrections" not in check_run(run) and '"form": "pasula"' not in pairs.read_text(encoding="utf-8")
    toy_language = read_language("qaa", toy)
    add_correction(file_to_write("qaa", toy), said("alarm", "pasula", language=toy_language))
    assert why_stale(run, SYNTHESIZE) == "changed: corrections"
    told = next(line for line in check_run(run).splitlines() if line.startswith("corrections: "))
    assert "1 by 1, above all lexicons, CC0-1.0" in told and told.endswith(str(Path("languages", "qaa", LEXICON)))
    do_stage(run, SYNTHESIZE)
    assert "pasula" in pairs.read_text(encoding="utf-8") and '"origin": "own"' in pairs.read_text(encoding="utf-8")
    assert drawn(read_lexicon(run)[0], ("alarm",), "NOUN") == ["pasula"]


def test_rows_without_an_author_are_no_corrections(run, toy):
    path = file_to_write("qaa", toy)
    path.write_text("source\ttarget\tupos\nalarm\tpasula\tNOUN\n", encoding="utf-8")
    assert read_corrections(read_language("qaa", toy), toy) == [] and not read_lexicon(run)[0].own


def test_the_digest_says_what_is_rendered_not_who_said_it():
    one = said(day="2026-05-31")
    assert digest_of([one]) == digest_of([replace(one, author="Juma", date="")]) != digest_of([one, one])
