"""Pairs: the index and its filter, a pair made again, what a correction changes, and the page on which all of it is done."""

import json
import random
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.corrections import LEXICON, TAKEN_BACK, Correction, add_correction, make_correction, read_corrections
from lowres.errors import LowresError
from lowres.language import read_language
from lowres.synthesis import Kept, format_kept
from lowres.workbench.fixes import (
    Choice,
    choices_of,
    count_changed,
    count_having,
    dropped,
    open_bench,
    remade,
    resources_with,
    sounds_of,
    steps_of,
)
from lowres.workbench.fixes_markup import choices_list, own_table, steps_list
from lowres.workbench.markup import interlinear
from lowres.workbench.pairs import KINDS, Wanted, build_index, read_index, select
from tests.apps.urdu import HOSTILE, urdu_pairs

PAIRS = [
    replace(one, rules=rules)
    for one, rules in zip(urdu_pairs(), [("look_up", "order"), ("look_up",), ()], strict=True)
]


def index_of(pairs: list[Kept]):
    return build_index(map(format_kept, pairs))


INDEX = index_of(PAIRS)


@pytest.fixture
def toy(runs, tmp_path) -> Path:
    """A copy of the toy's run, with recipe and data, that may be changed."""
    return shutil.copytree(runs.parent, tmp_path / "toy") / "runs" / "toy"


# --- the index


def test_facets_count_pairs_most_frequent_first():
    assert INDEX.counts("intents") == {"alarm_set": 1, "odd": 1, "play_music": 1}
    assert INDEX.counts("slots") == {HOSTILE: 1, "genre": 1, "time": 1}
    assert list(INDEX.counts("origins")) == ["copy", "words", "paradigm:table"]
    assert INDEX.counts("rules") == {"look_up": 2, "order": 1}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ["1:0", "2:0", "3:0"]),
        ({"intents": {"odd", "play_music"}}, ["2:0", "3:0"]),
        ({"slots": {"genre", "time"}}, ["1:0", "2:0"]),
        ({"origins": {"paradigm:table"}}, ["1:0"]),
        ({"rules": {"look_up"}}, ["1:0", "2:0"]),
        ({"rules": {"order", "unknown"}}, ["1:0"]),
        ({"low": 0.5, "high": 0.9}, ["2:0"]),
        ({"text": "JAZZ"}, ["2:0"]),
        ({"text": "صبح"}, ["1:0"]),
        ({"text": "music\nموسیقی"}, []),
        ({"intents": {"alarm_set"}, "slots": {"genre"}}, []),
    ],
)
def test_the_filter_asks_for_all_at_once(wanted, ids):
    sets = {key: frozenset(value) if isinstance(value, set) else value for key, value in wanted.items()}
    assert [INDEX.pair(position).utterance.id for position in select(INDEX, Wanted(**sets))] == ids


def test_pairs_come_back_as_they_were(runs):
    index = read_index(runs / "toy" / "synthesize")
    lines = (runs / "toy" / "synthesize" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(index) == len(lines) and [format_kept(index.pair(i)) for i in range(len(lines))] == lines
    assert all("look_up" in index.pair(i).rules for i in index.facets["rules"]["look_up"])
    assert {"look_up", "order"} <= set(index.counts("rules"))


CHOSEN = st.fixed_dictionaries({kind: st.frozensets(st.sampled_from([*INDEX.counts(kind), "none"])) for kind in KINDS})


@given(CHOSEN, st.sampled_from(["", "jazz", "الارم"]), st.floats(0, 1), st.floats(0, 1))
def test_the_filter_does_what_its_sentence_says(chosen, text, low, high):
    def has(pair: Kept) -> bool:
        there = {
            "intents": {pair.utterance.intent}, "slots": {one.name for one in pair.utterance.slots},
            "origins": {one.origin for one in pair.words}, "rules": set(pair.rules),
        }  # fmt: skip
        named = all(not names or names & there[kind] for kind, names in chosen.items())
        return named and low <= pair.coverage <= high and (text in pair.source or text in pair.utterance.text)

    found = [PAIRS[i] for i in select(INDEX, Wanted(**chosen, text=text, low=low, high=high))]
    assert found == [pair for pair in PAIRS if has(pair)]


@pytest.mark.parametrize("line", ["{}", "[]", "no json", '{"id": "1"}'])
def test_a_line_that_is_no_pair_is_named(line):
    with pytest.raises(LowresError, match=r"pairs\.jsonl:2: no pair"):
        build_index([format_kept(PAIRS[0]), line])


def test_a_pair_that_is_broken_inside_is_named_when_it_is_shown():
    record = json.loads(format_kept(PAIRS[0]))
    record["words"][0] = {"origin": "copy"}
    with pytest.raises(LowresError, match=r"pairs\.jsonl:1: no pair"):
        build_index([json.dumps(record)]).pair(0)


# --- a pair made again


def entry(source, target, upos, folder) -> Correction:
    return make_correction(source, target, upos, "Asha", read_language("qaa", folder))


def test_pairs_are_made_again_as_the_run_made_them_with_every_rule(toy):
    bench, index = open_bench(toy), read_index(toy / "synthesize")
    for position in range(0, len(index), 7):
        kept = index.pair(position)
        made = remade(bench, kept.utterance.id, bench.resources)
        assert made.kept.utterance == kept.utterance and made.kept.rules == kept.rules
        assert [rule for rule, *_ in steps_of(bench, made, bench.resources)] == list(kept.rules)


def test_alternatives_are_those_of_the_lexicon_and_sum_to_one(toy):
    bench = open_bench(toy)
    made = remade(bench, next(id for id in read_index(toy / "synthesize").positions), bench.resources)
    choices = choices_of(bench, made, bench.resources)
    assert sum(len(one.text.split()) for one in choices) == len(made.source.split())
    for one in choices:
        assert not one.translations or sum(share for _, share, _ in one.translations) == pytest.approx(1)


def test_a_correction_is_tried_on_a_pair_and_counted_on_all(toy):
    bench, index = open_bench(toy), read_index(toy / "synthesize")
    one = entry("alarm", "pasula", "NOUN", toy.parent.parent)
    after = resources_with(bench, [one])
    id = next(id for id, i in index.positions.items() if "turn off the alarm" in index.pair(i).source)
    made = remade(bench, id, after)
    assert any(word.origin == "own" or word.lemma == "pasula" for word in made.kept.words)
    change = count_changed(bench, index, bench.resources, after, "alarm", seconds=60)
    texts = [(index.pair(i), remade(bench, id, after)) for id, i in index.positions.items()]
    truly = sum(new.kept is None or new.kept.utterance.text != old.utterance.text for old, new in texts)
    assert (change.n, change.of, change.estimated) == (truly, len(index), False) and 0 < change.n <= change.having


def test_a_lemma_is_found_in_its_forms(toy):
    bench, index = open_bench(toy), read_index(toy / "synthesize")
    after = resources_with(bench, [entry("be", "pasula", "AUX", toy.parent.parent)])
    change = count_changed(bench, index, bench.resources, after, "be", seconds=60)
    sources = [index.pair(i).source for i in range(len(index))]
    assert change.having >= sum(" is " in f" {text} " for text in sources) > 0


def test_what_takes_too_long_is_estimated_and_says_so(toy, monkeypatch):
    monkeypatch.setattr("lowres.workbench.fixes._LEAST", 3)
    bench, index = open_bench(toy), read_index(toy / "synthesize")
    after = resources_with(bench, [entry("alarm", "pasula", "NOUN", toy.parent.parent)])
    change = count_changed(bench, index, bench.resources, after, "alarm", seconds=0)
    assert change.tried == 3 and change.estimated and 0 <= change.n <= change.having


def test_trying_changes_nothing_of_what_others_share(toy):
    bench = open_bench(toy)
    translations, id = dict(bench.resources.lexicon.translations), next(iter(read_index(toy / "synthesize").positions))
    before = remade(bench, id, bench.resources).kept
    resources_with(bench, [entry(word, "pasula", "", toy.parent.parent) for word in ("play", "the", "music", "song")])
    assert bench.resources.lexicon.translations == translations and remade(bench, id, bench.resources).kept == before


def test_without_recipe_or_data_it_is_said_why(toy):
    recipe = toy.parent.parent / "toy.yaml"
    recipe.rename(recipe.with_name("other.yaml"))
    with pytest.raises(LowresError, match=r"no recipe toy\.yaml was found"):
        open_bench(toy)


def test_where_pairs_cannot_be_made_again_those_with_the_word_are_counted():
    assert count_having(INDEX, "Alarm").n == 1 and count_having(INDEX, "alar").n == 0 and count_having(INDEX, "an alarm").n == 1


def test_words_left_out_are_those_whose_source_nothing_renders():
    first, second, third, _ = PAIRS[0].words
    assert dropped(PAIRS[0].words, [first, replace(second, source=(1, 2))]) == []
    assert dropped([third], []) == [third.form]


def test_sounds_are_there_or_it_is_said_why_not():
    urdu = read_language("urd")
    pytest.importorskip("epitran", reason="no epitran: pip install 'lowres[sound]'")
    forms = [word.form for word in PAIRS[0].words]
    ipa, why = sounds_of(forms, urdu, None)
    assert len(ipa) == 4 and all(ipa) and not why
    assert sounds_of(forms, replace(urdu, iso639_3="qaa"), None)[0] == []


# --- markup


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_ipa_stands_below_its_word_from_left_to_right():
    found = Tags(interlinear(PAIRS[0], "rtl", "en-US", ["a", "b", "c", "<d>"]))
    heard = [attrs for _, attrs in found.tags if attrs.get("class") == "lr-ipa"]
    assert heard == [{"class": "lr-ipa", "dir": "ltr", "lang": "ur-PK-fonipa"}] * 4 and "<d>" in found.text


def test_steps_mark_what_is_new_and_read_in_the_languages_direction():
    words = PAIRS[0].words
    found = Tags(steps_list([("order", words, [words[1]], [HOSTILE])], read_language("urd"), "en-US"))
    assert ("p", {"dir": "rtl", "lang": "ur"}) in found.tags and [tag for tag, _ in found.tags].count("mark") == 1
    assert "script" not in dict(found.tags) and HOSTILE in found.text


def test_every_text_of_choices_and_entries_is_escaped():
    urdu = read_language("urd")
    choice = Choice(text=HOSTILE, key=HOSTILE, upos=HOSTILE, translations=((HOSTILE, 1.0, HOSTILE),), left_out=True)
    one = Correction(source=HOSTILE, target=HOSTILE, upos="", author=HOSTILE, date=HOSTILE)
    for html in (choices_list([choice], urdu, HOSTILE), own_table([one], urdu, HOSTILE)):
        assert "script" not in dict(Tags(html).tags) and Tags(html).text.count(HOSTILE) >= 4


# --- the page


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def said(test) -> str:
    kinds = (test.markdown, test.caption, test.info, test.error, test.warning, test.success, test.code)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def button(test, label: str):
    return next(one for one in test.button if one.label == label)


def field(widgets, label: str):
    return next(one for one in widgets if one.label.startswith(label))


def test_a_word_is_tried_saved_and_taken_back(page, toy):
    test = page("pairs", folder=toy.parent)
    field(test.text_input, "Text").set_value("turn off the alarm").run()
    button(test, "Look closer, correct").click().run()
    assert not test.exception and "Correct a word" in said(test) and 'class="lr-steps"' in html_of(test)
    words = field(test.selectbox, "Word of this pair")
    words.set_value(next(i for i, name in enumerate(words.options) if name.endswith(" alarm"))).run()
    assert field(test.text_input, "Source word").value == "alarm" and field(test.selectbox, "Part of speech").value == "NOUN"

    field(test.text_input, "Translation").set_value("pasula")
    field(test.text_input, "Your name").set_value("Asha")
    button(test, "Try it").click().run()
    assert not test.exception and not test.error and "not saved yet" in said(test) and "pasula" in html_of(test)
    assert re.search(r"Would change \d+ of \d+ pairs", said(test))
    path = toy.parent.parent / "languages" / "qaa" / LEXICON
    assert not path.exists()

    button(test, "Save").click().run()
    assert not test.exception and "As it is made now" in said(test) and f"Saved in {path}" in said(test)
    assert [(one.source, one.target, one.author) for one in read_corrections(read_language("qaa", path.parents[2]), path.parents[2])] == [
        ("alarm", "pasula", "Asha")
    ]
    assert field(test.text_input, "Translation").value == "" and "pasula" in html_of(test)
    assert any(one.label == "Own entries of Toy: 1" for one in test.expander)

    button(test, "Take back").click().run()
    assert not test.exception and not test.error and any(one.label == "Own entries of Toy: 0" for one in test.expander)
    assert "pasula" in path.with_name(TAKEN_BACK).read_text(encoding="utf-8")


def test_what_is_no_entry_is_refused_in_a_line_and_not_written(page, toy):
    test = page("pairs", folder=toy.parent)
    button(test, "Look closer, correct").click().run()
    field(test.text_input, "Your name").set_value("Asha")
    for wrong, why in {"": "the translation is empty", "a\u202eb": "U+202E", "<b>x</b>": "one translation"}.items():
        field(test.text_input, "Translation").set_value(wrong)
        button(test, "Save").click().run()
        assert not test.exception and why in test.error[0].value.replace("\\", "")
    assert not (toy.parent.parent / "languages" / "qaa" / LEXICON).exists()


def test_another_word_or_pair_begins_with_empty_fields(page, toy):
    test = page("pairs", folder=toy.parent)
    button(test, "Look closer, correct").click().run()
    field(test.text_input, "Translation").set_value("pasula")
    button(test, "Try it").click().run()
    field(test.selectbox, "Word of this pair").set_value(1).run()
    assert field(test.text_input, "Translation").value == "" and "not saved yet" not in said(test)
    button(test, "Look closer, correct").click().run()
    assert not test.exception and field(test.selectbox, "Word of this pair").value == 0
    button(test, "Close").click().run()
    assert not test.exception and "Correct a word" not in said(test)


def test_a_pair_whose_recipe_is_not_here_is_read_and_says_so(page):
    sounds_of(["a"], read_language("urd"), None)  # read before: else the page would not wait for them
    test = page("pairs", "urd-toy")
    button(test, "Look closer, correct").click().run()
    assert not test.exception and "no recipe urd-toy.yaml was found" in said(test)
    assert '<span class="lr-ipa"' in html_of(test) or "No IPA" in said(test)


def test_without_a_role_nothing_is_offered_to_be_changed(page, toy, monkeypatch):
    folder = toy.parent.parent
    add_correction(folder / "languages" / "qaa" / LEXICON, entry("alarm", "pasula", "NOUN", folder))
    monkeypatch.setattr("lowres.workbench.access.may", lambda role, language: False)
    monkeypatch.setattr("lowres.workbench.desk.may", lambda role, language: False)
    test = page("pairs", folder=toy.parent)
    button(test, "Look closer, correct").click().run()
    labels = {one.label for one in test.button}
    assert not test.exception and not labels & {"Save", "Take back", "Try it"} and "ask an admin" in said(test)


def test_pairs_made_before_rules_were_noted_say_so(page):
    test = page("pairs", "urd-toy")
    rules = field(test.multiselect, "Changed by the rule")
    assert rules.disabled and "synthesize again" in rules.help


def test_fifty_thousand_pairs_are_filtered_in_a_moment():
    import time

    rng, lines = random.Random(13), [format_kept(one) for one in PAIRS]
    records = [json.loads(rng.choice(lines)) | {"id": f"{n}:0"} for n in range(50_000)]
    index = build_index(json.dumps(one, ensure_ascii=False) for one in records)
    begun = time.process_time()
    for text in ("jazz", "صبح", ""):
        select(index, Wanted(text=text, origins=frozenset({"copy"}), low=0.1))
    assert time.process_time() - begun < 1
