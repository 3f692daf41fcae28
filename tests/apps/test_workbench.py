"""What the workbench shows, without the pages: freshness, filters, charts, markup, and what may be said."""

import json
import re
import shutil
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowres.errors import LowresError
from lowres.interlinear import word_slots
from lowres.stages import STAGES
from lowres.utterance import Slot, Utterance
from lowres.workbench.charts import describe_scores, scores_chart
from lowres.workbench.markup import interlinear, pair_card, safe_markdown, spans
from lowres.workbench.runs import (
    changed_at,
    command_to_make,
    freshness,
    list_runs,
    read_scores,
    read_synthesis,
    report_parts,
    source_locale,
)
from lowres.workbench.talk import parse_said
from tests.apps.urdu import HOSTILE, urdu_pairs

PAIRS = urdu_pairs()


@pytest.fixture
def toy(runs, tmp_path) -> Path:
    """A copy of the toy's run, with recipe and data, that may be changed."""
    return shutil.copytree(runs.parent, tmp_path / "toy") / "runs" / "toy"


def states(folder: Path) -> dict[str, str]:
    return {stage.name: stage.state for stage in freshness(folder).stages}


# --- runs


def test_runs_are_listed_by_name(runs, tmp_path):
    assert [path.name for path in list_runs(runs)] == ["toy", "urd-toy"]
    assert list_runs(tmp_path) == list_runs(tmp_path / "nowhere") == []


def test_a_finished_run_is_fresh_until_its_data_change(toy):
    assert states(toy) == dict.fromkeys(STAGES, "fresh")
    lexicon = toy.parent.parent / "lexicon.tsv"
    lexicon.write_text(lexicon.read_text(encoding="utf-8").replace("leko", "lekko"), encoding="utf-8")
    found = freshness(toy)
    assert {stage.name: stage.why for stage in found.stages}["synthesize"] == "changed: data"
    assert "toy.yaml" in found.compared_with and set(states(toy).values()) == {"stale"}


def test_without_its_recipe_stages_are_compared_with_each_other(toy):
    (toy.parent.parent / "toy.yaml").unlink()
    assert states(toy) == dict.fromkeys(STAGES, "fresh")
    stamp = toy / "synthesize" / "stamp.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"digest": "another"}), encoding="utf-8")
    assert states(toy) == {"synthesize": "fresh", "adapt": "stale", "control": "fresh", "skyline": "fresh", "evaluate": "stale"}
    shutil.rmtree(toy / "control")
    assert states(toy)["control"] == "not made" and "no recipe toy.yaml" in freshness(toy).compared_with
    assert command_to_make(toy) == f"lowres run toy --runs {toy.parent}"


def test_a_recipe_whose_data_are_elsewhere_asks_nobody_for_them(toy, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(toy))
    monkeypatch.delenv("LOWRES_MIRROR", raising=False)
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("asked the network"))
    recipe = toy.parent.parent / "toy.yaml"
    text = recipe.read_text(encoding="utf-8").replace("lexicons:\n", "lexicons:\n    - freedict-eng-swh\n")
    recipe.write_text(text, encoding="utf-8")
    assert "freedict-eng-swh is not on this machine" in freshness(toy).compared_with


def test_a_broken_recipe_is_said_and_stages_are_still_shown(toy):
    (toy.parent.parent / "toy.yaml").write_text("nane: toy\n", encoding="utf-8")
    found = freshness(toy)
    assert "toy.yaml" in found.compared_with and len(found.stages) == len(STAGES)


def test_the_key_of_a_cache_changes_with_the_file(tmp_path):
    path = tmp_path / "pairs.jsonl"
    keys = {changed_at(path)}
    for text in ("a", "b"):
        path.write_text(text)
        path.touch()
        keys.add(changed_at(path))
    assert len(keys) == 3


def test_synthesis_and_scores_are_read_or_refused_in_one_line(toy):
    assert read_synthesis(toy).n_pairs > 0 and read_scores(toy)[0].name == "toy"
    (toy / "synthesize" / "report.json").write_text('{"n_pairs": 1}', encoding="utf-8")
    with pytest.raises(LowresError, match=r"synthesize/report\.json: no report of a synthesis"):
        read_synthesis(toy)
    shutil.rmtree(toy / "synthesize")
    shutil.rmtree(toy / "evaluate")
    assert read_synthesis(toy) is None and read_scores(toy) == []


def test_the_report_keeps_its_tables_and_loses_what_a_page_would_read_into_it(toy):
    path = toy / "evaluate" / "report.md"
    path.write_text(
        "# A\n\n![plot](report.png)\n\n| a | b |\n|---|---:|\n| $x$ | :red[b] |\n\n```text\n|$x:y|\n```\n",
        encoding="utf-8",
    )
    parts = list(report_parts(toy))
    assert [kind for kind, _ in parts] == ["text", "picture", "text", "verbatim"]
    assert parts[0][1].startswith("### A") and parts[1][1] == "report.png" and parts[3][1] == "|$x:y|"
    assert "|---|---:|" in parts[2][1] and r"\$x\$" in parts[2][1] and r"\:red[b]" in parts[2][1]


def test_the_source_locale_is_the_recipes(runs, toy):
    assert source_locale(runs / "urd-toy") == "en-US"
    (toy / "recipe.yaml").write_text("name: toy\n", encoding="utf-8")
    assert source_locale(toy) == "en"


def test_the_chart_shows_every_system_with_its_interval(runs):
    report = read_scores(runs / "toy")[0]
    rows = scores_chart(report)["data"]["values"]
    assert len(rows) == 3 * len(report.shown)
    assert {row["system"] for row in rows} >= {"adapter", "base", "word for word", "skyline"}
    first = report.systems["adapter"].intent_accuracy
    assert (rows[0]["low"], rows[0]["value"], rows[0]["high"]) == (100 * first.low, 100 * first.value, 100 * first.high)
    assert f"adapter intent accuracy {100 * first.value:.1f}" in describe_scores(report)


# --- markup


class Tags(HTMLParser):
    """Start tags with their attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_every_target_word_has_its_direction_and_language():
    found = Tags(interlinear(PAIRS[0], "rtl", "en-US"))
    assert found.tags[0] == ("ol", {"class": "lr-gloss", "dir": "rtl"})
    assert [attrs for tag, attrs in found.tags if tag == "b"] == [{"dir": "rtl", "lang": "ur-PK"}] * 4
    assert "لگانا.IMP.V" in found.text and "paradigm:table" in found.text


def test_words_know_their_slot():
    assert [slot and slot.name for _, slot in word_slots(PAIRS[0])] == ["time", "time", None, None]
    assert [slot and slot.name for _, slot in word_slots(PAIRS[1])] == ["genre", None, None]


def test_slots_are_spans_named_and_coloured():
    found = Tags(spans(PAIRS[0].utterance, "rtl", "ur-PK"))
    assert found.tags[0] == ("p", {"class": "lr-text", "dir": "rtl", "lang": "ur-PK"})
    coloured = [attrs for _, attrs in found.tags if attrs.get("class") == "lr-slot"]
    assert len(coloured) == 1 and re.fullmatch(r"--hue: \d+", coloured[0]["style"])
    assert found.text == "کل صبح" + "time" + " الارم لگاؤ"


def test_markup_in_the_data_stays_text():
    found = Tags(pair_card(PAIRS[2], "rtl", '"><script>'))
    assert "script" not in {tag for tag, _ in found.tags} and HOSTILE in found.text


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_text_comes_through_whole_and_without_tags_of_its_own(text, name):
    try:
        said = Utterance(id="1", text=text, locale="und", slots=(Slot(name=name, start=0, end=1),))
    except LowresError:
        return
    html = spans(said, "ltr", "und")
    assert {tag for tag, _ in Tags(html).tags} == {"p", "span", "small"}
    html.encode("utf-8")


def test_markdown_loses_its_marks():
    assert safe_markdown("a_b [c](d)\n$e$ :red[f]") == r"a\_b \[c\]\(d\) \$e\$ \:red\[f\]"


# --- talk


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\x00 habari", r"U\+0000"),
        ("habari \ud800", r"U\+D800"),
        ("\u202eirabah", "right-to-left override"),
        ("\u200d\u200c", "no word"),
        ("a" * 501, "501 characters; at most 500"),
    ],
)
def test_what_nobody_can_say_is_refused_in_one_line(text, why):
    with pytest.raises(LowresError, match=why) as error:
        parse_said(text, "sw")
    assert "\n" not in str(error.value)


def test_what_is_said_is_normalised_and_keeps_its_joiners():
    assert parse_said("  cafe\u0301\n mimi ", "sw").text == "café mimi"
    assert parse_said("می\u200cخواهم", "fa").text == "می\u200cخواهم"


# --- serve


def test_looking_at_runs_needs_neither_torch_nor_streamlit():
    code = "import sys, lowres.workbench.runs, lowres.workbench.talk, lowres.workbench.markup, lowres.workbench.serve\n"
    code += "assert not {'torch', 'streamlit', 'transformers'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
