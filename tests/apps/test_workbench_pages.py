"""Every page by itself, on a finished run, on one that has pairs alone, and on none."""

import re
import shutil

import pytest

from tests.apps.urdu import HOSTILE


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def said(test) -> str:
    kinds = (test.markdown, test.caption, test.info, test.error, test.warning, test.subheader, test.code)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


@pytest.mark.parametrize("name", ["runs", "pairs"])
def test_an_empty_folder_says_what_makes_a_run(page, tmp_path, name):
    test = page(name, folder=tmp_path / "runs")
    assert not test.exception and test.code[0].value == f"lowres run swh-demo --runs {tmp_path / 'runs'}"
    test.button[0].click().run(timeout=120)
    assert not test.exception and not test.error
    assert (tmp_path / "runs" / "swh-demo" / "synthesize" / "pairs.jsonl").is_file()


def test_runs_shows_stages_and_report(page, runs):
    test = page("runs")
    assert not test.exception and not test.error
    assert said(test).count("-badge[fresh]") == 5 and r"toy\.yaml" in said(test)
    assert "### Evaluation" in said(test) and len(test.get("image")) == 1


def test_runs_of_pairs_alone_says_what_is_missing(page):
    test = page("runs", "urd-toy")
    assert not test.exception and not test.error
    assert said(test).count("-badge[not made]") == 5 and "lowres run urd-toy" in said(test)
    assert "No report yet" in said(test)


def test_pairs_are_filtered_by_every_widget(page):
    test = page("pairs", "urd-toy")
    assert not test.exception and "**3** of 3 pairs" in said(test)
    for n, (chosen, ids) in enumerate({"play_music": ["2:0"], "time": ["1:0"], "copy": ["2:0", "3:0"]}.items()):
        test.multiselect[n].set_value([chosen]).run()
        assert shown(test) == ids
        test.multiselect[n].set_value([]).run()
    test.slider[0].set_value((50, 70)).run()
    assert shown(test) == ["2:0"]
    test.text_input[0].set_value("nothing like it").run()
    assert shown(test) == [] and "**0** of 3" in said(test) and not test.exception


def shown(test) -> list[str]:
    return re.findall(r"<span>(\d:\d)</span>", html_of(test))


def test_pairs_read_from_right_to_left_and_stay_text(page):
    html = html_of(page("pairs", "urd-toy"))
    assert '<p class="lr-text" dir="rtl" lang="ur-PK">' in html and '<ol class="lr-gloss" dir="rtl">' in html
    assert HOSTILE not in html and "&lt;script&gt;" in html


def test_pairs_are_read_again_when_the_file_changes(page, runs, tmp_path):
    folder = shutil.copytree(runs, tmp_path / "runs")
    assert "of 3 pairs" in said(page("pairs", "urd-toy", folder))
    path = folder / "urd-toy" / "synthesize" / "pairs.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "of 1 pairs" in said(page("pairs", "urd-toy", folder))
    path.write_text("{}\n", encoding="utf-8")
    test = page("pairs", "urd-toy", folder)
    assert not test.exception and r"pairs\.jsonl\:1\: no pair" in test.error[0].value


def test_pages_of_pairs_turn_and_never_end_beyond_the_last(page):
    test = page("pairs")
    test.number_input[0].set_value(2).run()
    first = html_of(test)
    test.number_input[0].set_value(1).run()
    assert html_of(test) != first
    test.number_input[0].set_value(test.number_input[0].max).run()
    test.multiselect[0].set_value([test.multiselect[0].options[-1].rpartition(" (")[0]]).run()
    assert not test.exception and test.number_input[0].value == test.number_input[0].max


def test_another_run_may_be_chosen_again_and_again(page):
    test = page("pairs", "urd-toy")
    for run in ("toy", "urd-toy", "toy"):
        test.selectbox[0].set_value(run).run()
        assert test.session_state["chosen run"] == run and ("ur-PK" in html_of(test)) == (run == "urd-toy")


def test_a_choice_that_is_gone_falls_back_to_the_first_run(page):
    assert page("pairs", "deleted").selectbox[0].value == "toy"
