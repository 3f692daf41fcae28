"""Aligned text: what is counted, kept and made into entries."""

import random

import pytest

from lowres import bitext
from lowres.analysis import Token
from lowres.bitext import (
    CONFIRMED,
    Rendering,
    _phrase_pairs,
    aligned_entries,
    count_renderings,
    format_renderings,
    modern,
    parse_renderings,
    read_renderings,
)
from lowres.catalog import Reference
from lowres.errors import LowresError
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.recipe import read_recipe
from lowres.run import open_run
from lowres.sources import has_partner, partner
from lowres.stages import STAGES
from lowres.stages.data import lexicon_inputs, read_lexicon

NOUNS = {"house": "mosa", "friend": "veli", "river": "tolu", "bread": "napi", "king": "suro", "light": "kena", "city": "dako"}
VERBS = {"see": "goru", "build": "pilte", "find": "hasu"}


def toy_bitext(n: int = 120) -> list[tuple[str, str]]:
    """English and a language that puts the verb last, prefixes it with "ni" for "we", and calls a holy day "zu ramo"."""
    rng = random.Random(3)
    pairs = []
    for _ in range(n):
        verb, (one, other) = rng.choice(list(VERBS)), rng.sample(list(NOUNS), 2)
        holy = rng.random() < 0.3
        english = ("Holy day, we" if holy else "We") + f" {verb} the {one} and the {other}."
        pairs.append((english, ("Zu ramo " if holy else "") + f"{NOUNS[one]} la {NOUNS[other]} ni{VERBS[verb]}."))
    return pairs


@pytest.fixture(scope="module")
def renderings() -> list[Rendering]:
    return count_renderings(toy_bitext())


def best(renderings, left: str) -> str:
    return max((one for one in renderings if one.left == left and " " not in one.right), key=lambda one: one.count).right


def test_words_render_words(renderings):
    assert {noun: best(renderings, noun) for noun in NOUNS} == NOUNS
    assert {verb: best(renderings, verb) for verb in VERBS} == {verb: f"ni{form}" for verb, form in VERBS.items()}
    assert {one.upos for one in renderings if one.left == "bread"} == {"NOUN"}


def test_a_phrase_renders_a_phrase(renderings):
    assert any(one.left == "holy day" and one.right == "zu ramo" for one in renderings)


def test_a_phrase_has_no_word_that_renders_something_outside():
    tokens = [Token(form, i, i + 1, form, "NOUN") for i, form in enumerate("abc")]
    assert _phrase_pairs(tokens, "xyz", [(0, 1), (1, 0), (1, 2)]) == {("a b", "x y z")}
    assert _phrase_pairs(tokens, "xyz", [(0, 0), (1, 1)]) == {("a b", "x y")}


def test_a_vote_is_the_share_of_all_that_renders_the_word():
    rows = [Rendering("salt", "mi", "NOUN", 6, 10, 10), Rendering("salt", "ta", "NOUN", 2, 10, 10)]
    found = entries_of(rows, lexicon_of(("salt", "mi")))["salt", "mi"]
    assert found.trust == pytest.approx(CONFIRMED * 6 / (8 + 2))


def lexicon_of(*rows: tuple[str, str]):
    return build_lexicon(SourcedEntry(Entry(left, right, "", i), "book") for i, (left, right) in enumerate(rows))


def entries_of(renderings, lexicon, stems=lambda form: ()) -> dict[tuple[str, str], SourcedEntry]:
    return {(one.entry.left, one.entry.right): one for one in aligned_entries(renderings, lexicon, "toy", stems)}


def test_what_people_wrote_comes_before_what_is_listed_first(renderings):
    rows = [SourcedEntry(Entry("bread", form, "", i), "book") for i, form in enumerate(("wrong", "napi"))]
    lexicon = build_lexicon(rows)
    assert lexicon.translations["bread"][0].form == "wrong"
    ranked = build_lexicon([*rows, *aligned_entries(renderings, lexicon, "toy")]).translations["bread"]
    assert [one.form for one in ranked] == ["napi", "wrong"] and ranked[0].lexicon == "aligned:toy"


def test_an_inflected_form_votes_for_the_dictionary_form_inside(renderings):
    lexicon = lexicon_of(("see", "goru"))
    assert ("see", "goru") not in entries_of(renderings, lexicon)
    found = entries_of(renderings, lexicon, lambda form: [form.removeprefix("ni")])
    assert ("see", "goru") in found and ("see", "nigoru") not in found


def test_new_words_come_behind_those_of_a_dictionary(renderings):
    alone, beside = (entries_of(renderings, lexicon)["king", "suro"] for lexicon in (lexicon_of(), lexicon_of(("king", "mar"))))
    assert beside.trust < 0.2 * alone.trust and alone.lexicon == "aligned:toy"


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        (Rendering("salt", "mi", "NOUN", 8, 10, 10), True),
        (Rendering("salt", "mi", "NOUN", 1, 1, 1), False),  # once is chance
        (Rendering("salt", "mi", "NOUN", 8, 10, 90), False),  # the word says other things
        (Rendering("salt", "mi", "NOUN", 8, 400, 10), False),  # the source is said otherwise
        (Rendering("salt sea", "mi ta", "", 6, 8, 8), True),
        (Rendering("salt sea", "mi ta", "", 6, 30, 8), False),
    ],
)
def test_only_what_both_directions_are_sure_of_is_new(row, taken):
    assert bool(entries_of([row], lexicon_of())) == taken


def test_renderings_are_read_back(renderings):
    assert parse_renderings(format_renderings(renderings)) == renderings


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("And he saith unto thee, He that cometh", "And he says to you, He that comes"),
        ("his teeth in the twentieth of Nazareth", "his teeth in the twentieth of Nazareth"),
    ],
)
def test_old_english_is_read_as_modern(old, new):
    assert modern(old) == new


# --- files


def table(folder, text: str) -> Reference:
    (folder / "both.tsv").write_text(text, encoding="utf-8")
    return Reference(path="both.tsv", format="bitext", licence="CC0-1.0")


def test_a_table_is_aligned_once_and_again_when_it_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    rows = ["eng\tqaa", *("\t".join(pair) for pair in toy_bitext(40))]
    reference = table(tmp_path, "\n".join(rows))
    calls, real = [], bitext.align
    monkeypatch.setattr(bitext, "align", lambda pairs: calls.append(1) or real(pairs))
    first = read_renderings(reference, tmp_path, source="eng")
    assert first and read_renderings(reference, tmp_path, source="eng") == first and len(calls) == 1
    table(tmp_path, "\n".join(rows[:-1]))
    assert read_renderings(reference, tmp_path, source="eng") != first and len(calls) == 2
    read_renderings(reference, tmp_path, source="deu")  # the side that is the source's may be the other one
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eng\tqaa\nbread\tnapi\tking\n", "both.tsv:2"), ("eng\tqaa\tx\na\tb\tc\n", "3 columns"), ("eng\tqaa\n", "no pair"),
    ],
)
def test_a_bad_table_is_an_error_of_one_line(tmp_path, monkeypatch, text, found):
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    with pytest.raises(LowresError) as raised:
        read_renderings(table(tmp_path, text), tmp_path, source="eng")
    assert found in str(raised.value) and "\n" not in str(raised.value)


def recipe_with(toy, bitexts: str):
    path = toy / "toy.yaml"
    text = path.read_text(encoding="utf-8").replace("synthesize:", f"  bitexts: [{bitexts}]\nsynthesize:", 1)
    path.write_text(text, encoding="utf-8")
    return read_recipe(path)


def test_a_recipe_reads_what_its_bitext_teaches(whole_toy, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(whole_toy / "cache"))
    table(whole_toy, "\n".join(["eng\tqaa", *("\t".join(pair) for pair in toy_bitext())]))
    file = recipe_with(whole_toy, "{path: both.tsv, format: bitext, licence: CC0-1.0}")
    lexicon, _ = read_lexicon(open_run(file, whole_toy / "runs"))
    learnt = next(one for one in lexicon.translations["king"] if one.form == "suro")
    assert learnt.lexicon.startswith("aligned:") and lexicon.glosses["suro"][0].form == "king"


def test_what_a_bitext_says_is_in_the_stamp_of_all_that_reads_the_lexicon(whole_toy):
    table(whole_toy, "eng\tqaa\nbread\tnapi\n")
    run = open_run(recipe_with(whole_toy, "{path: both.tsv, format: bitext, licence: CC0-1.0}"), whole_toy / "runs")
    before = lexicon_inputs(run)
    inputs = {name: STAGES[name].inputs(run) for name in ("synthesize", "skyline")}
    table(whole_toy, "eng\tqaa\nbread\tsuro\n")
    assert before != lexicon_inputs(run) and "tagger" in before
    assert all(STAGES[name].inputs(run) != old for name, old in inputs.items())


def test_a_recipe_whose_bitext_has_no_other_side_is_refused(whole_toy):
    with pytest.raises(LowresError, match=r"toy.yaml:\d+.*without a side in eng"):
        recipe_with(whole_toy, "udhr-swh")


def test_verses_are_aligned_with_those_of_the_same_publisher():
    assert partner(Reference(dataset="bible-swh"), "eng") == Reference(dataset="bible-eng")
    assert partner(Reference(dataset="lafand-eng-swh"), "eng") is None
    assert not has_partner(Reference(dataset="ud-text-isl"), "eng") and not has_partner(Reference(dataset="udhr-swh"), "eng")
    with pytest.raises(LowresError, match="without a side in eng"):
        partner(Reference(dataset="udhr-swh"), "eng")
