"""The rules of sound and of names learnt: shares, origins, guesses."""

import dataclasses
import random
import sys
from importlib.util import find_spec

import pytest

from lowres.errors import LowresError
from lowres.formats.massive import parse_annotation
from lowres.language import read_language
from lowres.lexicon import Entry, SourcedEntry, build_lexicon
from lowres.pair import COPY, Pair, read_pair, render
from lowres.rules import Resources, look_up
from lowres.rules.script import transliterate
from lowres.rules.sound import _may_be_kin, cognates, sound_alike
from lowres.utterance import Utterance

needs_epitran = pytest.mark.skipif(find_spec("epitran") is None, reason="epitran is not installed: pip install 'lowres[sound]'")
SWAHILI = read_language("swh")


def lexicon(name: str, *rows: tuple[str, str, str]):
    return build_lexicon(SourcedEntry(Entry(source, target, upos), name) for source, target, upos in rows)


def pair_of(annotated: str) -> Pair:
    text, slots = parse_annotation(annotated, "here")
    return read_pair(Utterance(id="1", text=text, locale="en", slots=slots))


OURS = lexicon("ours", ("alarm", "kengele", "NOUN"), ("morning", "asubuhi", "NOUN"), ("light", "taa", "NOUN"))


def misheard(share: float, seed: int = 1) -> Pair:
    resources = Resources(SWAHILI, OURS, misheard_share=share)
    pair = look_up(pair_of("alarm in the [date : morning] for bastia"), resources, random.Random(1))
    return sound_alike(pair, resources, random.Random(seed))


@needs_epitran
def test_a_share_of_the_words_is_respelt_and_slots_stay():
    pair = misheard(1.0)
    words = {word.gloss: word for word in pair.words}
    assert words["morning"].form != "asubuhi" and words["morning"].lemma == "asubuhi"
    assert words["morning"].origin == "rule:sound_alike"
    made = render(pair, id="1", locale="sw")
    assert [made.slot_text(slot) for slot in made.slots] == [words["morning"].form]


@needs_epitran
def test_what_is_copied_stays_a_copy():
    pairs = [misheard(1.0, seed) for seed in range(5)]
    heard = [word for pair in pairs for word in pair.words if word.gloss == "bastia"]
    assert {word.origin for word in heard} == {COPY} and "bastia" not in {word.form for word in heard}


@needs_epitran
def test_the_share_counts():
    plain = misheard(0.0).words
    changed = [a != b for seed in range(200) for a, b in zip(misheard(0.1, seed).words, plain, strict=True)]
    assert 0.05 < sum(changed) / len(changed) < 0.12


def test_without_a_share_nothing_is_loaded_or_changed(monkeypatch):
    monkeypatch.setitem(sys.modules, "epitran", None)
    assert "taa" in [word.form for word in look_up(pair_of("light"), Resources(SWAHILI, OURS), random.Random(1)).words]
    assert [word.origin for word in misheard(0.0).words].count("rule:sound_alike") == 0


def test_without_the_extra_one_line_says_how_to_get_it(monkeypatch):
    from lowres import phonology

    monkeypatch.setitem(sys.modules, "epitran", None)
    phonology._epitran_maps.cache_clear()
    phonology._tables.cache_clear()
    with pytest.raises(LowresError, match=r"epitran is not installed.*lowres\[sound\]"):
        misheard(1.0)


SPOKEN = "hand kada road sadaka sea dama sun nada moon mada rain dana tree saka door kanda book manda hill dasa".split()
KIN = [(gloss, form, "NOUN") for gloss, form in zip(SPOKEN[::2], SPOKEN[1::2], strict=True)]
OUR_KIN = [(gloss, form.replace("d", "t"), upos) for gloss, form, upos in KIN]


def borrowed(text: str, related) -> dict[str, tuple[str, str]]:
    resources = Resources(SWAHILI, lexicon("ours", *OUR_KIN[:9]), related=related)
    pair = cognates(look_up(pair_of(text), resources, random.Random(1)), resources, random.Random(1))
    return {word.gloss: (word.form, word.origin) for word in pair.words}


def test_an_uncovered_word_is_borrowed_by_the_letters_that_correspond():
    related = lexicon("kin", *KIN, ("wind", "madaka", "NOUN"))
    found = borrowed("the hand of the wind and the hill at the station", related)
    assert found["wind"] == ("mataka", "guess:kin") and found["hill"] == ("tasa", "guess:kin")
    assert found["hand"] == ("kata", "ours") and found["station"] == ("station", COPY)


def test_titles_are_not_borrowed():
    related = lexicon("kin", *KIN, ("gift", "madaka", "NOUN"), ("the", "sa", "DET"))
    assert borrowed("show me [movie : The Big Gift]", related)["Gift"] == ("Gift", COPY)
    assert borrowed("show me [movie : the gift]", related)["gift"][1] == "guess:kin"


def test_names_are_not_borrowed():
    related = lexicon("kin", *KIN, ("peter", "madaka", "PROPN"))
    assert borrowed("call Peter", related)["Peter"] == ("Peter", COPY)


def test_only_words_that_may_be_kin_teach_how_they_are_spelt():
    assert _may_be_kin("kada", "kata") and _may_be_kin("kada", "када") and not _may_be_kin("kada", "sumo")


def test_my_is_not_borrowed_as_i():
    found = borrowed("my wind", lexicon("kin", *KIN, ("i", "nama", "PRON"), ("my", "sana", "PRON")))
    assert found["my"][1] == "guess:kin" and found["my"][0] == borrowed("my", lexicon("kin", *KIN, ("my", "sana", "")))["my"][0]


def test_without_related_lexicons_nothing_is_borrowed():
    assert borrowed("the wind", lexicon("kin"))["wind"] == ("wind", COPY)


def test_names_are_learnt_where_nobody_wrote_letters_and_stay_in_latin_script():
    kazakh = Resources(dataclasses.replace(SWAHILI, iso639_3="kaz", bcp47="kk", script="Cyrl"))
    said = [word.form for word in transliterate(pair_of("call martina"), kazakh, random.Random(1)).words]
    assert said[1] == "мартина"
    assert transliterate(pair_of("call martina"), Resources(SWAHILI), random.Random(1)) == pair_of("call martina")


# --- by a recipe


def sounded(toy, *changes: tuple[str, str]):
    """The run of the toy's recipe with words misheard, and a map of the toy language's sounds."""
    from lowres.recipe import read_recipe
    from lowres.run import open_run

    (toy / "tiny").mkdir(exist_ok=True)
    letters = "".join(f"{a},{b}\n" for a, b in zip("abdefghijklmnoprstuvwyz", "abdefɡhijklmnoprstuvwjz", strict=True))
    (toy / "languages" / "qaa" / "ipa.csv").write_text(f"Orth,Phon\n{letters}", encoding="utf-8")
    text = (toy / "toy.yaml").read_text(encoding="utf-8")
    for old, new in (("transliterate]", "transliterate, sound_alike]\n  misheard_share: 1.0"), *changes):
        text = text.replace(old, new)
    (toy / "toy.yaml").write_text(text, encoding="utf-8")
    return open_run(read_recipe(toy / "toy.yaml"), toy / "runs")


@needs_epitran
def test_a_recipe_mishears_by_the_users_own_map_and_notices_when_it_changes(toy):
    from lowres.run import do_stage, why_stale
    from lowres.stages import STAGES
    from lowres.stages.data import read_kept

    run = sounded(toy)
    do_stage(run, STAGES["synthesize"])
    kept = read_kept(run.folder / "synthesize")
    assert "rule:sound_alike" in {word.origin for one in kept for word in one.words}
    assert why_stale(run, STAGES["synthesize"]) == ""
    with (toy / "languages" / "qaa" / "ipa.csv").open("a", encoding="utf-8") as file:
        file.write("x,ks\n")
    assert why_stale(run, STAGES["synthesize"]) == "changed: card"


def test_related_lexicons_reach_the_rules(toy):
    from lowres.stages.data import read_resources

    (toy / "kin.tsv").write_text("source\ttarget\nwind\tmadaka\n", encoding="utf-8")
    related = "  related:\n    - {path: kin.tsv, format: table, licence: CC0-1.0}\n  paradigms:"
    run = sounded(toy, ("  paradigms:", related))
    resources = read_resources(run)
    assert resources.related.translations["wind"][0].form == "madaka" and "wind" not in resources.lexicon.translations
    assert resources.misheard_share == 1.0 and resources.folder == toy


@pytest.mark.parametrize(("old", "new", "error"), [
    ("misheard_share: 1.0", "misheard_share: 2", r"toy\.yaml:\d+: synthesize\.misheard_share"),
    ("  paradigms:", "  related: [unimorph-isl]\n  paradigms:", "'unimorph-isl' holds paradigms"),
])  # fmt: skip
def test_a_wrong_value_is_one_line(toy, old, new, error):
    with pytest.raises(LowresError, match=error):
        sounded(toy, (old, new))
