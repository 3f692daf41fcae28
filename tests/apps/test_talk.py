"""Talk: whom there is to talk to, what is answered, what is like it in the pairs, and what becomes of a correction."""

import re
import shutil

import pytest

from lowres.collection.events import Reading, read_off
from lowres.collection.nearness import NearIndex
from lowres.errors import LowresError
from lowres.evaluation import Prediction
from lowres.synthesis import format_kept
from lowres.utterance import Slot, Utterance
from lowres.workbench import talk
from lowres.workbench.pairs import build_index
from lowres.workbench.sessions import list_sessions, read_session, session_path, turn_of
from lowres.workbench.talk import Choice, first_choice, list_choices, offer_of, rivals, version_before
from tests.apps.urdu import HOSTILE, urdu_pairs


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A cache to which what comes with lowres is pulled, once for all tests here."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_places(shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(shelf))
    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "collections.db"))
    monkeypatch.setattr("lowres.phonology.transcribe", lambda text, *_: f"<{text}>")  # its tables take long to be read


def released(version: str, name: str = "swh-massive", language: str = "swh") -> Choice:
    return Choice(name=name, version=version, language=language, locale="sw-KE")


RUN = Choice(name="swh-massive", language="swh", locale="sw")


# --- whom to talk to


def test_a_fresh_install_opens_with_the_swahili_adapter_that_comes_with_it(tmp_path):
    choices = list_choices(tmp_path)
    first = first_choice(choices)
    assert first.spec.startswith("swh-massive@") and {one.language for one in choices} >= {"swh", "urd", "cym", "amh"}
    assert talk.title_of(first).endswith("Swahili")


def test_runs_come_before_what_was_released(runs):
    choices = list_choices(runs)
    assert [one.spec for one in choices if not one.version] == ["toy"] and not choices[0].version
    assert first_choice(choices).spec == first_choice(choices, "toy").spec == first_choice(choices, "urd-toy").spec == "toy"


def test_a_run_whose_card_is_broken_is_passed_over(runs, tmp_path):
    folder = shutil.copytree(runs, tmp_path / "runs")
    (folder / "toy" / "language.yaml").write_text("nonsense", encoding="utf-8")
    assert all(one.version for one in list_choices(folder))


def test_what_is_pulled_is_no_longer_fetched(tmp_path):
    choice = talk.brought(first_choice(list_choices(tmp_path)))
    assert (choice.folder / "package.json").is_file()
    specs = [one.spec for one in list_choices(tmp_path)]
    assert choice in list_choices(tmp_path) and len(specs) == len(set(specs)) and talk.brought(choice) == choice


@pytest.mark.parametrize(
    ("choice", "before"),
    [
        (released("1.10.0"), "swh-massive@1.9.0"),
        (released("1.9.0"), "swh-massive@1.0.0"),
        (released("1.0.0"), None),
        (released("2.0.0", "swh-other"), None),
        (RUN, "swh-massive@1.10.0"),
        (Choice(name="swh-demo", language="swh", locale="sw"), "swh-massive@1.10.0"),
        (Choice(name="urd-demo", language="urd", locale="ur"), None),
    ],
)
def test_the_version_before_is_the_next_older_one(choice, before):
    there = [RUN, released("1.10.0"), released("1.9.0"), released("1.0.0"), released("2.0.0", "swh-other"), released("1.0.0", "cym", "cym")]
    found = version_before(choice, there)
    assert (found and found.spec) == before
    assert choice not in rivals(choice, there) and {one.language for one in rivals(choice, there)} <= {choice.language}
    if found:
        assert rivals(choice, there)[0] == found


def test_a_run_is_known_by_the_digest_of_its_adapter(runs):
    name, version = talk.provenance(next(one for one in list_choices(runs) if one.name == "toy"))
    assert name == "toy" and re.fullmatch("[0-9a-f]{12}", version)
    assert talk.provenance(released("1.0.0")) == ("swh-massive", "1.0.0")


# --- what is known of an utterance


def test_examples_are_of_people_and_none_comes_twice(tmp_path):
    choice = talk.brought(first_choice(list_choices(tmp_path)))
    reports = talk.reports_of(choice)
    texts = [one.text for one in talk.examples_of(choice, reports)]
    assert len(texts) > 50 and len(set(texts)) == len(texts) and texts[0].startswith("niamshe")
    assert 0 < talk.threshold_of(reports) < 1
    assert talk.examples_of(Choice(name="x", language="qaa", locale="qaa"), []) == []


def test_neighbours_are_the_nearest_pairs_each_text_once():
    first, second, third = urdu_pairs()
    index = build_index(format_kept(one) for one in (first, second, third, first))
    near = NearIndex(text.partition("\n")[2] for text in index.texts)
    found = talk.pick_neighbours(near, index, first.utterance.text, 3)
    assert [one.kept.utterance.id for one in found][:1] == ["1:0"] and found[0].share == 1
    assert len({one.kept.utterance.text for one in found}) == len(found)
    assert talk.pick_neighbours(near, index, "qqqq", 3) == []


def test_a_neighbour_opens_and_stays_text():
    html = talk.neighbour_html(talk.Neighbour(kept=urdu_pairs()[2], share=0.5), "rtl", "en-US")
    assert html.startswith('<details class="lr-pair"><summary><bdi class="lr-near" dir="rtl" lang="ur-PK">') and "50%" in html
    assert HOSTILE not in html and 'class="lr-gloss" dir="rtl"' in html


def test_pairs_are_of_the_run_else_of_its_name_or_language(runs):
    toy = next(one for one in list_choices(runs) if one.name == "toy")
    assert talk.pairs_for(toy, runs) == runs / "toy"
    assert talk.pairs_for(released("1.0.0", "other", "urd"), runs) == runs / "urd-toy"
    assert talk.pairs_for(released("1.0.0"), runs) is None


def test_a_correction_becomes_a_test_utterance_that_tells_what_was_answered():
    said = Utterance(id="said", text="niamshe saa moja", locale="sw-KE", intent="play_music")
    turn = turn_of(Prediction(utterance=said, confidence=0.25), "swh-massive@1.0.0")
    slots = (Slot(name="time", start=8, end=16),)
    right = read_off(Utterance(id="said", text=said.text, locale="sw-KE", intent="alarm_set", slots=slots))
    offered = offer_of(released("1.0.0"), turn, right, person="p", collection="c", locale="sw-KE", reasons={"short": "so it is said"})
    assert (offered.origin, offered.partition, offered.reading, offered.reasons) == ("talk", "test", right, {"short": "so it is said"})
    assert offered.extra == {
        "adapter": "swh-massive", "version": "1.0.0", "answered": {"intent": "play_music", "slots": []}, "confidence": 0.25
    }  # fmt: skip


def test_a_reader_that_is_not_there_says_what_makes_it(runs, tmp_path):
    with pytest.raises(LowresError, match="no adapter yet; make one: lowres adapt urd-toy"):
        talk.read_reader(runs / "urd-toy")


# --- the page


def html_of(test) -> str:
    return "\n".join(one.proto.body for one in test.get("html"))


def said(test) -> str:
    kinds = (test.markdown, test.caption, test.info, test.error, test.warning, test.subheader, test.code, test.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def press(test, label: str):
    return next(one for one in test.button if one.label == label).click().run()


def say(test, text: str):
    return test.text_input(key="said").set_value(text).run()


def test_talk_answers_with_the_adapter_and_without(page):
    test = say(page("talk"), "molo pasimo eleko")
    assert not test.exception and not test.error
    assert "toy \\(run\\)" in said(test) and "The base without an adapter" in said(test)
    assert html_of(test).count("% sure") == 2 and html_of(test).count('lang="qaa"') >= 5
    assert html_of(test).count('class="lr-pair"') == 5 and "Of the run toy" in said(test)


def test_talk_opens_and_answers_with_nothing_but_what_comes_with_lowres(page, tmp_path):
    test = page("talk", "none", tmp_path / "runs")
    assert not test.exception and not test.error and "appear here" in said(test)
    assert test.selectbox(key="talk to").value.startswith("swh-massive@")
    example = test.selectbox(key="picked").options[0]
    test.selectbox(key="picked").set_value(example).run()
    assert test.text_input(key="said").value == example
    assert not test.exception and not test.error and html_of(test).count("% sure") == 2
    assert "people marked it" in said(test) and "lowres run swh-massive" in said(test)


def test_another_adapter_may_be_chosen_and_stays_chosen(page, tmp_path):
    test = say(page("talk", "none", tmp_path / "runs"), "niamshe")
    wanted = next(one for one in (choice.spec for choice in list_choices(tmp_path)) if one.startswith("urd-massive@"))
    test.selectbox(key="talk to").set_value(wanted).run()
    assert test.selectbox(key="talk to").value == wanted and "Urdu" in test.text_input(key="said").label
    assert test.text_input(key="said").value == "" and "appear here" in said(test)
    say(test, "کل صبح سات بجے الارم لگاؤ")
    assert not test.exception and not test.error and test.selectbox(key="talk to").value == wanted
    assert html_of(test).count('<p class="lr-text" dir="rtl" lang="ur') == 2 and "{direction: rtl" in html_of(test)


def test_the_sounds_are_shown_or_how_to_get_them(page, tmp_path, monkeypatch):
    def absent(*_):
        raise LowresError("sound", "epitran is not installed", "pip install 'lowres[sound]'")

    assert "[&lt;molo&gt;]" in html_of(say(page("talk"), "molo"))
    monkeypatch.setattr("lowres.phonology.transcribe", absent)
    test = say(page("talk"), "molo")
    assert not test.error and "pip install 'lowres[sound]'" in said(test).replace("\\", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 10_000, "10,000 characters; at most 500"),
        ("molo \u202eoloM", "right-to-left override"),
        ("\u200d\u200c", "no word"),
        ("a\x00b", "U+0000"),
    ],
)
def test_what_nobody_can_say_is_refused_in_a_line(page, text, why):
    test = say(page("talk"), text)
    assert not test.exception and why in test.error[0].value.replace("\\", "") and not test.error[1:]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "**molo** $x$ :red[y]", "mo\u200dlo pa\u200csimo", "a\u0301\u0302" * 40])
def test_whatever_can_be_said_is_shown_as_text(page, text):
    test = say(page("talk"), text)
    assert not test.exception and not test.error and "<script>" not in html_of(test)
    assert html_of(test).count("% sure") == 2


def test_right_and_wrong_are_remembered_saved_and_replayed(page, runs, tmp_path):
    folder = shutil.copytree(runs.parent, tmp_path / "toy") / "runs"
    test = say(page("talk", folder=folder), "molo molo eleko")
    press(test, "Right")
    assert "Right, as you said." in said(test)
    press(say(test, "molo"), "Wrong")
    other = next(one for one in test.selectbox(key="corrected intent").options if one != test.selectbox(key="corrected intent").value)
    test.selectbox(key="corrected intent").set_value(other).run()
    press(test, "Keep it in this session")
    assert "Wrong, as you said." in said(test) and html_of(test).count("<tr>") == 3
    next(one for one in test.text_input if one.label == "Name of the session").set_value("kwanza")
    press(test, "Save")
    assert list_sessions(folder) == ["kwanza"] and "lowres replay" in said(test) and not test.error
    turns = read_session(session_path(folder, "kwanza"))
    assert [(one.text, one.right) for one in turns] == [("molo molo eleko", True), ("molo", False)] and turns[1].expected.intent == other
    press(test, "Replay")
    assert {one.label: one.value for one in test.metric} == {"broken": "0", "fixed": "0", "changed": "0", "same": "2"}
    next(one for one in test.text_input if one.label == "Name of the session").set_value("../up")
    press(test, "Save")
    assert "name of a session" in test.error[0].value and not test.exception


def test_what_was_wrong_becomes_a_test_utterance_once_its_author_agreed(page, tmp_path):
    from lowres.workbench.room import book

    test = press(say(page("talk", "none", tmp_path / "runs"), "niamshe saa moja usiku"), "Wrong")
    test.selectbox(key="corrected intent").set_value("alarm_remove").run()
    press(test, "Open a collection")
    keep = next(one for one in test.button if one.label == "Keep it as a test utterance")
    assert keep.disabled and "withdraw at any time" in html_of(test)
    next(one for one in test.checkbox if one.label == "I agree").check().run()
    press(test, "Keep it as a test utterance")
    assert not test.exception and not test.error and "Others will judge it" in said(test)
    with book().reading() as state:
        (item,) = state.items.values()
    assert item.offered.reading.intent == "alarm_remove" and item.offered.reading.text == "niamshe saa moja usiku"
    assert (item.offered.origin, item.offered.partition, item.offered.extra["adapter"]) == ("talk", "test", "swh-massive")
    assert state.consented(item.offered.collection, item.offered.person)
    press(say(test, "niamshe saa mbili usiku"), "Wrong")
    assert "withdraw at any time" not in html_of(test)  # asked once


def test_what_people_marked_for_the_test_is_no_candidate_again(page, tmp_path):
    test = page("talk", "none", tmp_path / "runs")
    test.selectbox(key="picked").set_value(test.selectbox(key="picked").options[0]).run()
    press(test, "Wrong")
    assert "in the test set already" in said(test) and "Open a collection" not in [one.label for one in test.button]


def test_talk_of_a_run_without_an_adapter_says_what_makes_one(page):
    test = page("talk", "urd-toy")
    assert not test.exception and "no adapter yet" in said(test) and "lowres run urd-toy" in said(test)


def test_talk_with_a_broken_adapter_is_one_line(page, runs, tmp_path):
    broken = shutil.copytree(runs.parent, tmp_path / "toy") / "runs"
    (broken / "toy" / "adapt" / "adapter" / "adapter_model.safetensors").write_bytes(b"no weights")
    test = say(page("talk", folder=broken), "molo")
    assert not test.exception and "a broken adapter" in test.error[0].value


def test_a_model_is_read_once_for_all_who_look(page, monkeypatch):
    from lowres.workbench import loaded

    say(page("talk"), "molo")
    monkeypatch.setattr(loaded, "read_reader", lambda folder: pytest.fail("read again"))
    monkeypatch.setattr(loaded, "read_base_reader", lambda *_: pytest.fail("read again"))
    assert not say(page("talk"), "pasimo").exception


def test_the_reading_of_an_answer_is_what_events_take():
    said = Utterance(id="said", text="x" * talk.LONGEST, locale="sw", intent="a")
    assert isinstance(turn_of(Prediction(utterance=said, confidence=1.0), "a").answered, Reading)
