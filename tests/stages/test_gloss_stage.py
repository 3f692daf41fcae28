"""`lowres gloss`: the same pairs from a finished run and on the spot, every step, rejections with their reason."""

import json
import shutil

import pytest


def test_pairs_of_a_run_and_pairs_made_now_are_the_same(finished, toy, tiny_base, lowres):
    (toy / "tiny").symlink_to(tiny_base)
    first = json.loads((finished / "runs/toy/synthesize/pairs.jsonl").read_text(encoding="utf-8").splitlines()[3])
    shown = [lowres("gloss", "toy.yaml", first["id"], "--json", cwd=folder) for folder in (finished, toy)]
    assert shown[0].rc == shown[1].rc == 0 and shown[0].out == shown[1].out
    record = json.loads(shown[0].out)[0]
    assert record["text"] == first["text"] and record["words"][0]["leipzig"]
    assert not (toy / "runs").exists()  # nothing is written


def test_the_gloss_is_aligned_and_ends_with_the_source(finished, lowres):
    first = json.loads((finished / "runs/toy/synthesize/pairs.jsonl").read_text(encoding="utf-8").splitlines()[0])
    lines = lowres("gloss", "toy.yaml", first["id"], cwd=finished).out.splitlines()
    assert lines[0].startswith(f"{first['id']}  {first['intent']}") and lines[-1] == f"‘{first['source']}’"
    assert " ".join(lines[1].split()[1:]) == first["text"]
    stem = first["id"].rpartition(":")[0]
    assert lowres("gloss", "toy.yaml", stem, cwd=finished).out.splitlines() == lines or first["id"] != f"{stem}:0"


def test_steps_show_each_rule_that_changed_something(finished, lowres):
    done = lowres("gloss", "toy.yaml", "--intent", "set_alarm", "--n", "2", "--steps", cwd=finished)
    assert done.rc == 0, done.err
    lines = done.out.splitlines()
    assert "after look_up" in lines and sum(line.startswith("‘") for line in lines) == 2
    first = lines[lines.index("after look_up") + 1]
    assert first.startswith("words") and "*" in first
    records = json.loads(lowres("gloss", "toy.yaml", "--intent", "set_alarm", "--n", "2", "--steps", "--json", cwd=finished).out)
    assert all(one["steps"][-1]["text"] == one["text"] for one in records)
    assert records[0]["steps"][0]["rule"] == "look_up"


def test_a_rejected_pair_says_why(toy, tiny_base, lowres):
    (toy / "tiny").symlink_to(tiny_base)
    (toy / "qaa.py").write_text("def lose(pair, resources, rng):\n    return pair.with_words(pair.words[:0])\n", encoding="utf-8")
    text = (toy / "toy.yaml").read_text(encoding="utf-8")
    (toy / "toy.yaml").write_text(text.replace("qaa.polite, qaa.clock", "qaa.lose"), encoding="utf-8")
    done = lowres("gloss", "toy.yaml", "--intent", "set_alarm", "--n", "1", cwd=toy)
    assert done.rc == 0 and "rejected: " in done.out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nowhere"], "gloss: no utterance 'nowhere'; "),
        (["--intent", "set_alarms"], "gloss: no utterance with the intent 'set_alarms'; did you mean 'set_alarm'?"),
        ([], "gloss: neither an id nor an intent; "),
    ],
)
def test_what_is_not_there_is_one_line(finished, lowres, args, message):
    done = lowres("gloss", "toy.yaml", *args, cwd=finished)
    assert done.rc == 1 and done.err.startswith(f"lowres: {message}") and done.err.count("\n") == 1


def test_help_shows_an_example(lowres, tmp_path):
    assert "Example:  lowres gloss swh-demo" in lowres("gloss", "--help", cwd=tmp_path).out


def test_sounds_are_the_recipes_own(finished, tmp_path, lowres):
    folder = shutil.copytree(finished, tmp_path / "own")
    first = json.loads((folder / "runs/toy/synthesize/pairs.jsonl").read_text(encoding="utf-8").splitlines()[0])
    rows = "".join(f"{one},ʘ\n" for one in "abdefgijklmnoprstuvz")
    (folder / "languages/qaa/ipa.csv").write_text(f"Orth,Phon\n{rows}", encoding="utf-8")
    done = lowres("gloss", "own/toy.yaml", first["id"], "--ipa", "--runs", "own/runs", cwd=tmp_path)
    assert done.rc == 0 and "ʘʘ" in done.out, done.err
