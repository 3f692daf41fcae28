"""Sessions: kept whole, named safely, and replayed: what was right and is wrong now ends a replay with 1."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.collection.events import MarkedSlot, Reading
from lowres.errors import LowresError
from lowres.text import nfc
from lowres.workbench.sessions import (
    Replayed,
    Turn,
    count_outcomes,
    find_session,
    list_sessions,
    read_session,
    replayed_record,
    session_path,
    summary,
    write_session,
)


def reading(intent: str, *slots: tuple[str, int, int], text: str = "niamshe saa moja") -> Reading:
    marked = tuple(MarkedSlot(name=name, start=start, end=end, surface=text[start:end]) for name, start, end in slots)
    return Reading(text=text, intent=intent, slots=marked)


def turn(answered: Reading, expected: Reading | None = None) -> Turn:
    return Turn(locale="sw-KE", adapter="swh@1.0.0", answered=answered, confidence=0.5, expected=expected)


ALARM, TIMED = reading("alarm_set"), reading("alarm_set", ("time", 8, 16))
MUSIC = reading("play_music")


# --- what became of a turn


@pytest.mark.parametrize(
    ("then", "expected", "now", "outcome"),
    [
        (ALARM, None, ALARM, "same"),
        (ALARM, None, MUSIC, "changed"),
        (TIMED, TIMED, TIMED, "same"),
        (TIMED, TIMED, ALARM, "broken"),
        (TIMED, TIMED, reading("alarm_set", ("time", 8, 11)), "broken"),
        (ALARM, TIMED, TIMED, "fixed"),
        (ALARM, TIMED, ALARM, "same"),
        (ALARM, TIMED, MUSIC, "changed"),
    ],
)
def test_a_turn_is_judged_by_what_was_expected(then, expected, now, outcome):
    assert Replayed(turn=turn(then, expected), now=now, confidence=1).outcome == outcome


def test_how_a_slot_came_to_be_is_no_matter_of_right_and_wrong():
    marked = MarkedSlot(name="time", start=8, end=16, surface="saa moja", method="unchanged")
    assert turn(TIMED, TIMED.model_copy(update={"slots": (marked,)})).right


def test_counts_name_every_outcome_broken_ones_first():
    rows = ((ALARM, MUSIC), (None, MUSIC), (None, ALARM))
    found = [Replayed(turn=turn(ALARM, expected), now=now, confidence=1) for expected, now in rows]
    assert list(count_outcomes(found).items()) == [("broken", 1), ("fixed", 0), ("changed", 1), ("same", 1)]
    record = json.loads(json.dumps(replayed_record(found[0])))
    assert record["outcome"] == "broken" and record["now"]["intent"] == "play_music" and record["text"] == "niamshe saa moja"


def test_a_summary_isolates_what_is_written_from_right_to_left():
    assert summary(reading("alarm_set", ("time", 0, 3), text="کل صبح")) == "alarm_set · time: \u2068کل \u2069"
    assert summary(reading("")) == "–"


def test_another_text_is_no_expectation():
    with pytest.raises(ValueError, match="another text"):
        turn(ALARM, reading("alarm_set", text="niamshe"))


# --- files

TEXTS = st.text(min_size=1, max_size=40).map(nfc).filter(lambda text: text.strip() and text.isprintable())


@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), right=st.booleans())
def test_what_is_written_is_read_again(texts, right, tmp_path_factory):
    path = tmp_path_factory.mktemp("sessions") / "one.jsonl"
    said = [reading("odd", ("s", 0, 1), text=text) for text in texts]
    turns = [turn(one, one if right else None) for one in said]
    write_session(path, turns)
    assert read_session(path) == turns
    assert path.read_text(encoding="utf-8").count("\n") == len(turns)


def test_a_session_is_not_lost_to_another_of_its_name(tmp_path):
    path = session_path(tmp_path, "alarms")
    write_session(path, [turn(ALARM)])
    with pytest.raises(LowresError, match="there is one of that name; another name"):
        write_session(path, [turn(MUSIC)])
    assert read_session(path)[0].answered == ALARM
    write_session(path, [turn(MUSIC)], replace=True)
    assert read_session(path)[0].answered == MUSIC and sorted(os.listdir(path.parent)) == ["alarms.jsonl"]


def _write(path, intent):
    try:
        write_session(path, [turn(reading(intent))] * 200)
    except LowresError:
        return False
    return True


def test_of_two_that_save_one_name_at_once_one_is_told(tmp_path):
    path = session_path(tmp_path, "alarms")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        done = pool.starmap(_write, [(path, f"intent_{n}") for n in range(8)])
    kept = read_session(path)
    assert sum(done) == 1 and len(kept) == 200 and len({one.answered.intent for one in kept}) == 1


def test_a_torn_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = session_path(tmp_path, "alarms")
    write_session(path, [turn(ALARM)])
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(LowresError, match="No space left"):
        write_session(path, [turn(MUSIC)], replace=True)
    assert read_session(path)[0].answered == ALARM


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a\\b", ".hidden", "a.jsonl", "-rf", "a\0b", "x" * 49, "a\u202eb", "a\ud800"])
def test_a_name_is_never_a_path(name, tmp_path):
    with pytest.raises(LowresError, match="name of a session"):
        session_path(tmp_path, name)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_the_name_it_stays_in_the_folder(name):
    try:
        path = session_path(Path("runs"), name)
    except LowresError:
        return
    assert path.parent == Path("runs/sessions") and len(path.name.encode()) <= 255


def test_sessions_are_listed_and_found_by_name_or_path(tmp_path):
    assert list_sessions(tmp_path) == []
    for name in ("b", "kengele za  asubuhi"):
        write_session(session_path(tmp_path, name), [turn(ALARM)])
    assert list_sessions(tmp_path) == ["b", "kengele za asubuhi"]
    assert find_session(tmp_path, "b") == find_session(tmp_path, str(tmp_path / "sessions" / "b.jsonl"))
    with pytest.raises(LowresError, match="not there; a file, or one of: b, kengele"):
        find_session(tmp_path, "c")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{}", "locale: Field required"),
        ("[", "turn: Invalid JSON"),
        ('{"locale": "sw", "adapter": "a", "confidence": 2, "answered": {"text": "a", "intent": "b"}}', "confidence"),
        ('{"locale": "sw", "adapter": "a", "confidence": 1, "answered": {"text": "a", "intent": "b"}, "more": 1}', "more"),
        (
            '{"locale": "sw", "adapter": "a", "confidence": 1, "answered": {"text": "a", "intent": "b", "slots": '
            '[{"name": "n", "start": 0, "end": 9, "surface": "a"}]}}',
            "slots in order",
        ),
    ],
)
def test_a_line_that_is_no_turn_is_named(line, said, tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text(turn(ALARM).model_dump_json() + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(LowresError, match=rf"s\.jsonl:2: .*{said}") as error:
        read_session(path)
    assert "\n" not in str(error.value)


def test_nothing_is_no_session(tmp_path):
    with pytest.raises(LowresError, match="nothing was said yet"):
        write_session(tmp_path / "s.jsonl", [])


# --- the verb


@pytest.fixture
def session(finished, tmp_path):
    """What the toy's adapter says of three utterances, said to be right, and one of which nobody said so."""
    from lowres.reading import predict
    from lowres.workbench.sessions import turn_of
    from lowres.workbench.talk import parse_said, read_reader

    said = [parse_said(text, "qaa") for text in ("molo pasimo eleko", "molo", "pasimo", "eleko molo")]
    turns = [turn_of(one, "toy", one.utterance) for one in predict(read_reader(finished / "runs" / "toy"), said)]
    turns[3] = turns[3].model_copy(update={"expected": None})
    path = tmp_path / "session.jsonl"
    write_session(path, turns)
    return path


def test_replay_of_what_still_holds_is_0(session, finished, lowres):
    done = lowres("replay", session, "--adapter", "runs/toy", cwd=finished)
    assert (done.rc, done.out, done.err) == (0, "broken\t0\tfixed\t0\tchanged\t0\tsame\t4\n", "")


def test_replay_is_1_where_something_right_broke(session, finished, lowres):
    turns = read_session(session)
    was = reading("once_right", text=turns[0].text)
    turns[0] = turns[0].model_copy(update={"answered": was, "expected": was})
    turns[1] = turns[1].model_copy(update={"answered": reading("once_wrong", text=turns[1].text)})
    write_session(session, turns, replace=True)
    done = lowres("replay", session, "--adapter", "runs/toy", "--json", cwd=finished)
    assert done.rc == 1 and done.err == (
        "lowres: session: 1 of 4 utterances, right when they were said, are wrong now; "
        "an adapter that still reads them, or a corrected session\n"
    )
    record = json.loads(done.out)
    assert record["counts"] == {"broken": 1, "fixed": 1, "changed": 0, "same": 2}
    assert [one["outcome"] for one in record["turns"]] == ["broken", "fixed", "same", "same"]
    assert record["turns"][0]["expected"]["intent"] == "once_right"
    done = lowres("replay", session, "--adapter", "runs/toy", cwd=finished)
    assert done.rc == 1 and done.out.startswith("broken: molo pasimo eleko\n  expected  once_right\n  then      once_right\n  now       ")


def test_replay_of_a_session_that_is_not_there_is_one_line(finished, lowres):
    done = lowres("replay", "nowhere", "--adapter", "runs/toy", cwd=finished)
    assert done.rc == 1 and done.err == "lowres: session 'nowhere': not there; a file, or one of: none yet\n"
