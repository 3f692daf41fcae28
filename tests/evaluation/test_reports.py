"""Report: built from answers, there and back through JSON, and its twins for people."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lowres
from lowres.errors import LowresError
from lowres.evaluation import (
    SCORES,
    Answer,
    Interval,
    SystemScores,
    build_report,
    flips,
    format_report,
    is_clear,
    parse_report,
    read_reports,
    reject,
    render_reports,
    score_difference,
    signature,
    write_reports,
)
from lowres.evaluation.scores import count
from tests.evaluation.answering import answer, any_answers, random_answers

NAMED = {"name": "swh-massive", "version": "1.2.0", "language": "swh", "dataset": "massive", "locale": "sw-KE"}
SYSTEMS = {
    "word_for_word": random_answers(80, seed=1, accuracy=0.5),
    "other_adapter": random_answers(80, seed=2, accuracy=0.6),
    "base": random_answers(80, seed=3, accuracy=0.2),
    "adapter": random_answers(80, seed=4, accuracy=0.8),
}
SOURCE = {"base": random_answers(50, seed=5, accuracy=0.9), "adapter": random_answers(50, seed=6, accuracy=0.9)}


def built(**changes):
    fields = {
        "systems": SYSTEMS,
        "missing": {"gloss": "no lexicon of this language"},
        "source": SOURCE,
        "source_locale": "en-US",
        "rejection": reject([0.9, 0.7], [0.1, 0.5], 0.6),
        "core_minutes": {"synthesize": 0.5, "adapt": 20.25},
        "unknown_words": [("zuchu", 7), ("ሰላም", 3)],
        "provenance": {"base": "lowres-mini@0a1b2c3d", "pairs": "4e5f6a7b"},
    }
    return build_report(partition="test", **NAMED, **fields | changes)


REPORT = built()


def test_systems_stand_in_order_and_differences_are_paired():
    assert list(REPORT.systems) == ["adapter", "base", "word_for_word", "other_adapter"]
    assert list(REPORT.differences) == ["base", "word_for_word", "other_adapter"]
    expected = score_difference(count(SYSTEMS["base"]), count(SYSTEMS["adapter"]))
    assert REPORT.differences["base"] == expected
    assert REPORT.source == flips(SOURCE["base"], SOURCE["adapter"])
    assert list(REPORT.source_scores) == ["adapter", "base"]


def test_the_way_to_the_skyline_starts_at_the_best_control():
    report = built(skyline=[Answer(gold=a.gold, predicted=a.gold, confidence=1.0) for a in SYSTEMS["adapter"]])
    assert report.best_control == max(("base", "word_for_word", "other_adapter"), key=lambda n: report.systems[n].exact_match.value)
    start, here = (report.systems[name].exact_match.value for name in (report.best_control, "adapter"))
    assert report.skyline.exact_match.value == 1 and report.closed == pytest.approx((here - start) / (1 - start))
    assert list(report.shown)[-1] == "skyline" and "of the way from" in render_reports([report])
    assert REPORT.skyline is REPORT.closed is None and "of the way from" not in render_reports([REPORT])


def test_systems_in_another_order_give_the_same_report():
    turned = {name: listed[::-1] for name, listed in SYSTEMS.items() if name != "adapter"}
    assert built(systems=turned | {"adapter": SYSTEMS["adapter"]}) == REPORT


def test_every_first_cost_has_its_example():
    for cost in REPORT.costs[:20]:
        assert REPORT.examples[cost.example].gold.id == cost.example


def test_without_the_adapter_or_on_other_utterances_there_is_no_report():
    with pytest.raises(LowresError, match="no answers of adapter"):
        built(systems={"base": SYSTEMS["base"]})
    with pytest.raises(LowresError, match=r"systems\.base: 79 utterances missing"):
        built(systems={"adapter": SYSTEMS["adapter"], "base": SYSTEMS["base"][:1]})
    with pytest.raises(LowresError, match="no answers of base"):
        built(source={"adapter": SOURCE["adapter"]})


def test_the_signature_is_one_line_of_all_that_decides():
    expected = "massive/sw-KE/test|n:80|f1:seqeval-strict-iob2|bootstrap:1000|seed:13"
    expected += f"|base:lowres-mini@0a1b2c3d|pairs:4e5f6a7b|version:{lowres.__version__}"
    assert REPORT.signature == expected
    odd = signature(dataset="my|data\n2", locale="sw-KE", partition="test", n=1, n_resamples=10, seed=1)
    assert odd.startswith("my/data 2/sw-KE/test|n:1|") and "bootstrap:10|seed:1|" in odd


@settings(max_examples=30, deadline=None)
@given(any_answers(), st.booleans())
def test_a_report_survives_a_round_trip(answered, with_source):
    report = built(
        systems={"adapter": answered, "gloss": answered},
        source={"adapter": answered, "base": answered} if with_source else None,
        rejection=None,
        n_resamples=20,
    )
    assert parse_report(json.loads(json.dumps(format_report(report)))) == report


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"surplus": 1}, "surplus: unexpected keyword"),
        ({"n": "80"}, "n: input should be a valid integer"),
        ({"systems": {"adapter": {}}}, r"systems\.adapter\.intent_accuracy: field required"),
        ({"examples": {"1": None}}, r"examples\.1"),
        ({"calibration": {"error": 0.1, "brier": 0.1, "bins": [{"n": 1, "y": 2}]}}, r"bins\.0"),
    ],
)
def test_a_record_that_is_no_report_is_refused_by_its_key(change, why):
    with pytest.raises(LowresError, match=f"report: .*{why}"):
        parse_report(format_report(REPORT) | change)


@pytest.mark.parametrize("record", [None, [], "x", {}, {"n": float("nan")}, {"n": {1, 2}}])
def test_anything_else_is_refused(record):
    with pytest.raises(LowresError):
        parse_report(record)


@given(st.binary(max_size=100))
def test_any_bytes_are_no_report(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "report.json"
    path.write_bytes(data)
    with pytest.raises(LowresError):
        read_reports(path)


def test_the_folder_holds_both_twins_and_the_plot(tmp_path):
    hostile = dataclasses.replace(REPORT, dataset="$\\frac$ ሰላም صبح", locale="ur-PK")
    write_reports(tmp_path, [REPORT, hostile])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md", "report.png"]
    assert read_reports(tmp_path / "report.json") == [REPORT, hostile]
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["version"] == lowres.__version__
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == render_reports([REPORT, hostile], plot="report.png")


def test_the_plot_needs_no_font_that_is_missing(tmp_path, recwarn):
    write_reports(tmp_path, [dataclasses.replace(REPORT, dataset="ሰላም", systems={"ሰላም": REPORT.systems["base"]})])
    assert [str(warning.message) for warning in recwarn if "lyph" in str(warning.message)] == []


def test_the_same_reports_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_reports(tmp_path / name, [REPORT])
    for file in ("report.json", "report.md", "report.png"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def lines_with(text, *parts):
    return [line for line in text.splitlines() if all(part in line for part in parts)]


def test_the_page_names_every_system_and_why_one_is_missing():
    page = render_reports([REPORT])
    for system, scores in REPORT.systems.items():
        assert lines_with(page, f"| {system} |", f"{100 * scores.exact_match.value:.1f} (")
    assert lines_with(page, "| gloss |", "not run: no lexicon of this language")


def test_the_page_says_whether_a_difference_exceeds_its_interval():
    figures = [Interval(value=x, low=x - 0.01, high=x + 0.01) for x in (0.02, 0.005, -0.03)]
    assert [is_clear(figure) for figure in figures] == [True, False, True]
    difference = SystemScores(**dict(zip(SCORES, figures, strict=True)))
    page = render_reports([dataclasses.replace(REPORT, differences={"base": difference})])
    row = "| base | +2.0 (+1.0 to +3.0) clear | +0.5 (-0.5 to +1.5) unclear | -3.0 (-4.0 to -2.0) clear |"
    assert row in page


def test_the_page_has_every_part():
    page = render_reports([REPORT])
    assert page.startswith("# Evaluation: swh-massive 1.2.0 (swh)\n")
    for part in ("zuchu (7), ሰላም (3)", "| together | 20.8 |", REPORT.signature, "Below confidence 0.600", "en-US"):
        assert part in page
    for row in (*REPORT.intents, *REPORT.slots):
        assert lines_with(page, f"| {row.name} | {row.support} | {row.n_predicted} |")
    first = REPORT.examples[REPORT.costs[0].example]
    assert lines_with(page, f"| {REPORT.costs[0].name} |", first.gold.text, "Meant:", "Read:")
    assert f"calibration error {100 * REPORT.calibration.error:.1f}" in page


def test_the_page_of_a_perfect_adapter_has_nothing_to_improve():
    right = [answer("[date : leo]", "[date : leo]")]
    page = render_reports([built(systems={"adapter": right}, source=None, rejection=None)])
    assert "Nothing: every utterance is exactly right." in page
    assert "confused" not in page and "controls" not in page and "Rejection" not in page


def test_text_cannot_break_the_page_and_right_to_left_is_isolated():
    odd = [answer("a|b [date : <i>] صبح", "a|b <i> صبح")]
    page = render_reports([built(systems={"adapter": odd}, source=None)])
    assert lines_with(page, "\u2068a\\|b \\<i\\> صبح\u2069 (1)", "date: \\<i\\>")
