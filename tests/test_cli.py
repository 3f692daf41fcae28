"""The command line, as it is typed: verbs, exit codes, one line for every mistake, and what is never imported."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VERBS = (
    "new fetch check synthesize gloss adapt evaluate run ablate compare predict pretrain distil probe tagger list schema "
    "gate publish pull show verify yank keys replay serve"
).split()
KINDS = "languages recipes datasets formats rules bases runs".split()


def process(*args: str, cwd: Path, code: str = "from lowres.cli import main; main()", **options):
    """`lowres args` in a process of its own."""
    environment = {key: value for key, value in os.environ.items() if key != "LOWRES_MIRROR"} | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(
        command, cwd=cwd, env=environment, timeout=120, check=False, **({"capture_output": True} | options)
    )


def one_line(done) -> str:
    """The only line of standard error, which tells of a user's mistake."""
    assert done.rc == 1 and done.err.count("\n") == 1 and done.err.startswith("lowres: "), (done.rc, done.err)
    return done.err.removeprefix("lowres: ").rstrip("\n")


# --- help


def test_help_lists_every_verb(tmp_path):
    done = process("--help", cwd=tmp_path)
    listed = [line.split()[0] for line in done.stdout.decode().splitlines() if line.startswith("  ") and line.split()]
    assert done.returncode == 0 and [verb for verb in VERBS if verb not in listed] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verbs_help_has_an_example(verb, lowres, tmp_path):
    done = lowres(verb, "--help", cwd=tmp_path)
    assert done.rc == 0 and f"Example:  lowres {verb}" in done.out.replace("LOWRES_MIRROR=../shared/data ", "")


def test_the_module_runs_too(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "lowres", "schema"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0 and "properties" in json.loads(done.stdout)


# --- exit codes


@pytest.mark.parametrize(
    "args",
    [
        ["runn"],
        ["run"],
        ["run", "toy.yaml", "--fast"],
        ["run", "toy.yaml", "more"],
        ["synthesize", "toy.yaml", "--jobs", "0"],
        ["synthesize", "toy.yaml", "--jobs", "two"],
        ["--version-please"],
        ["compare", "one"],
    ],
)
def test_wrong_usage_exits_2(args, lowres, toy):
    done = lowres(*args, cwd=toy)
    assert done.rc == 2 and "Traceback" not in done.err and done.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["run", "toi.yaml"], "toi.yaml: no such file; did you mean 'toy.yaml'?"),
        (["check", "swh-massiv"], "swh-massiv: no such file"),
        (["run", "."], ".: cannot be read (Is a directory)"),
        (["synthesize", "toy.yaml"], "toy.yaml:18: no base 'tiny'"),
        (["fetch", "masive"], "catalog: no data set 'masive' in the catalogue; did you mean 'massive'?"),
        (["fetch", "massive", "--mirror", "nowhere"], "nowhere: no such folder"),
        (["list", "language"], "list: no kind 'language'; did you mean 'languages'?"),
        (["schema", "receipt"], "schema: no kind 'receipt'; did you mean 'recipe'?"),
        (["new", "swa"], "language swa: a macrolanguage, it covers swc, swh"),
        (
            ["new", "yo-NG", "--dataset", "masive"],
            "--dataset: no labelled English data set 'masive'; did you mean 'massive'?",
        ),
        (["predict", "hello", "--adapter", "runs/nowhere"], "runs/nowhere: no adapter here"),
        (["predict", "hello", "--adapter", "nowhere"], "adapter nowhere: not pulled; lowres pull NAME"),
        (["pull", "Swh"], "adapter 'Swh': not a name"),
        (["pull", "toy", "--registry", "ftp://host/x"], "registry ftp://host/x: protocol 'ftp'"),
        (["yank", "toy"], "adapter toy: no version; NAME@VERSION"),
        (["verify", "nowhere"], "nowhere: no such folder, and no adapter of that name"),
        (["keys", "lose", "me"], "keys: 'lose me'; list, make NAME or trust FILE"),
        (["publish", "toy.yaml", "--registry", "reg"], "toy.yaml:18: no base"),
        (["compare", "runs/a", "runs/b"], "runs/a/evaluate/predictions.jsonl: "),
        (["pretrain", "nothing.yaml"], "nothing.yaml: no such file"),
        (["distil", "lowres-mini", "lowres-mini", "--on", "nothing.yaml"], "nothing.yaml: no such file"),
    ],
)
def test_a_mistake_is_one_line_and_exits_1(args, said, lowres, toy):
    assert one_line(lowres(*args, cwd=toy)).startswith(said)
    assert not (toy / "runs").exists() and not (toy / "recipes").exists()


BROKEN = {
    "en.tsv": [
        b"",
        b"intent\tannotated\nplay\t[song : x\n",
        b"intent\tannotated\nplay\n",
        b"\xff\xfe",
        b"intent\tannotated\nplay\tx\0\n",
        b"utterance\nx\n",
    ],
    "lexicon.tsv": [
        b"",
        b"source\nplay\n",
        b"source\ttarget\nplay\n",
        b"source\ttarget\tupos\nplay\tleko\tVERBAL\n",
        b"source\ttarget\nplay\tlek\xff\n",
    ],
    "paradigms.tsv": [b"", b"leko\teleko\n", b"leko\teleko\t\n", b"\n\n"],
    "qaa.tsv": [b"", b"intent\tannotated\nplay\t[: x]\n", b"intent\tannotated\n"],
    "languages/qaa/card.yaml": [b"", b"iso639_3: qab\n", b"names: [\n"],
    "languages/qaa/letters.tsv": [b"a\n", b"\tx\n"],
    "qaa.py": [b"def", b"polite = 3\n"],
    "toy.yaml": [b"", b"name: toy\n"],
}


@pytest.mark.parametrize(("file", "data"), [(file, data) for file, versions in BROKEN.items() for data in versions])
def test_a_broken_file_is_one_line_that_names_it_and_nothing_is_written(file, data, lowres, toy):
    (toy / "tiny").mkdir()
    (toy / file).write_bytes(data)
    for verb in ("check", "run"):
        done = lowres(verb, "toy.yaml", cwd=toy)
        errors = [line for line in done.err.splitlines() if line.startswith("lowres: ")]
        assert done.rc == 1 and len(errors) == 1 and "Traceback" not in done.err, done.err
        assert Path(file).name in errors[0] or file == "qaa.py" and "no rule 'qaa." in errors[0], errors[0]
        finished = {"synthesize"} if file == "qaa.tsv" else set()
        assert {path.name for path in (toy / "runs").glob("toy/[!.]*/")} <= finished | {
            "recipe.yaml",
            "language.yaml",
            "qaa.py",
        }


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_bom_and_cr_change_nothing(ends, lowres, toy, finished):
    (toy / "tiny").mkdir()
    for name in ("en.tsv", "lexicon.tsv", "paradigms.tsv", "toy.yaml", "languages/qaa/letters.tsv"):
        text = (toy / name).read_bytes()
        (toy / name).write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", ends))
    assert lowres("synthesize", "toy.yaml", cwd=toy).rc == 0
    expected = (finished / "runs/toy/synthesize/pairs.jsonl").read_bytes()
    assert (toy / "runs/toy/synthesize/pairs.jsonl").read_bytes() == expected


# --- what is never imported


def test_what_needs_no_model_imports_no_torch(tmp_path, toy):
    (toy / "tiny").mkdir()
    lines = [
        ["--help"],
        ["schema"],
        ["schema", "pretrain"],
        ["schema", "distil"],
        *(["list", kind] for kind in KINDS),
        ["list", "adapters"],
        ["keys"],
        ["check", "toy.yaml"],
        ["synthesize", "toy.yaml"],
        ["synthesize", "swh-demo"],
    ]
    code = f"""
import contextlib, io, sys
from lowres.cli import app
for line in {lines!r}:
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            app(line)
        except SystemExit as error:
            assert not error.code, (line, error.code)
    slow = {{"torch", "transformers", "peft", "epitran", "panphon", "streamlit"}} & sys.modules.keys()
    assert not slow, (line, slow)
"""
    done = process(code=code, cwd=toy)
    assert done.returncode == 0, done.stderr.decode()
    assert (toy / "runs/toy/synthesize/pairs.jsonl").is_file() and (
        toy / "runs/swh-demo/synthesize/pairs.jsonl"
    ).is_file()


def test_help_needs_none_of_the_house_but_its_door(tmp_path):
    code = """
import sys
try:
    from lowres.cli import app
    app(["--help"])
finally:
    print(sorted(name for name in sys.modules if name.startswith("lowres")))
"""
    done = process(code=code, cwd=tmp_path)
    assert done.stdout.decode().splitlines()[-1] == str(
        ["lowres", "lowres.cli", *(f"lowres.cli.{part}" for part in ("adapters", "bases", "collections", "language", "options")), "lowres.errors"]
    )


# --- verbs on the toy


def test_a_run_reads_trains_reports_and_prints(finished):
    said = (finished / "printed.txt").read_text(encoding="utf-8")
    for part in (
        "adapter",
        "base",
        "gloss",
        "word for word",
        "15 test utterances",
        "runs/toy/evaluate/report.md",
        "misses most",
    ):
        assert part in said
    report = json.loads((finished / "runs/toy/evaluate/report.json").read_text(encoding="utf-8"))
    assert json.dumps(report).count("qaa") and (finished / "runs/toy/evaluate/report.png").stat().st_size > 1000


def test_check_proves_training_and_test_apart(finished, lowres, toy):
    done = lowres("check", "toy.yaml", cwd=finished)
    assert done.rc == 0 and done.out.count("fresh") == 5 and "no id in training" in done.out
    assert "features: prepositions as cases: none; beside others: no case; a command: V;2;IMP" in done.out
    assert "lexicon: 29 source phrases" in done.out and "resources.lexicons[0]: lexicon.tsv, CC0-1.0" in done.out
    (toy / "tiny").mkdir()
    text = (toy / "toy.yaml").read_text(encoding="utf-8")
    same = text.replace("path: qaa.tsv", "path: en.tsv").replace(
        "locale: qaa, partition: test", "locale: en, partition: train"
    )
    (toy / "toy.yaml").write_text(same, encoding="utf-8")
    assert "36 utterances both trained and tested on" in one_line(lowres("check", "toy.yaml", cwd=toy))


def test_texts_of_the_test_are_not_trained_on(whole_toy, lowres, finished):
    with open(whole_toy / "en.tsv", "a", encoding="utf-8") as file:
        file.write("set_alarm\tShow my  alarms\ttrain\n")  # a test utterance's text, written otherwise
    assert "1 source utterances have a test utterance's text" in lowres("check", "toy.yaml", cwd=whole_toy).out
    assert lowres("synthesize", "toy.yaml", cwd=whole_toy).rc == lowres("adapt", "toy.yaml", cwd=whole_toy).rc == 0
    counts = [json.loads((folder / "runs/toy/adapt/data.json").read_text()) for folder in (whole_toy, finished)]
    assert counts[0]["source"] == counts[1]["source"]


def test_predict_reads_arguments_and_standard_input(finished, lowres):
    given = lowres("predict", "velu eleko", "nin amo ehali", "--adapter", "runs/toy", "--json", cwd=finished)
    piped = lowres(
        "predict",
        "--adapter",
        "runs/toy/adapt/adapter",
        "--json",
        cwd=finished,
        stdin="velu eleko\n\n  nin  amo ehali\r\n",
    )
    assert given.rc == piped.rc == 0 and given.out == piped.out
    records = [json.loads(line) for line in given.out.splitlines()]
    assert [record["text"] for record in records] == ["velu eleko", "nin amo ehali"]
    assert all(
        record["intent"] and 0 <= record["confidence"] <= 1 and isinstance(record["slots"], list) for record in records
    )
    plain = lowres("predict", "velu eleko", "--adapter", "runs/toy", cwd=finished)
    assert plain.out.startswith(f"velu eleko\n  {records[0]['intent']}  {records[0]['confidence']:.2f}")


@pytest.mark.parametrize("stdin", ["", "\n", "  \n\n"])
def test_predict_of_nothing_prints_nothing(finished, lowres, stdin):
    done = lowres("predict", "--adapter", "runs/toy", cwd=finished, stdin=stdin)
    assert (done.rc, done.out) == (0, "")


def test_predict_takes_any_text(finished, lowres):
    texts = "a" * 5000 + "\n" + "x " * 400 + "\n日本語 \U0001f600 [song : x]\ne\u0301\n"
    done = lowres("predict", "--adapter", "runs/toy", "--json", cwd=finished, stdin=texts)
    records = [json.loads(line) for line in done.out.splitlines()]
    assert done.rc == 0 and [len(record["text"]) for record in records] == [5000, 799, 16, 1]


def test_compare_traces_two_runs(finished, lowres, tmp_path):
    folder = shutil.copytree(finished, tmp_path / "two")
    text = (folder / "toy.yaml").read_text(encoding="utf-8")
    (folder / "other.yaml").write_text(
        text.replace("name: toy", "name: other").replace("learning_rate: 1e-3", "learning_rate: 5e-2"), encoding="utf-8"
    )
    assert lowres("run", "other.yaml", cwd=folder).rc == 0
    plain = lowres("compare", "runs/toy", "runs/other", cwd=folder)
    assert plain.rc == 0 and "toy" in plain.out and "other" in plain.out
    record = json.loads(lowres("compare", "runs/toy", "runs/other", "--json", cwd=folder).out)
    assert record["n"] == 15 and record["old_name"] == "toy" and record["new_name"] == "other"
    (folder / "runs/other/evaluate/predictions.jsonl").write_text("{}\n")
    assert "runs/other/evaluate/predictions.jsonl:1: " in one_line(
        lowres("compare", "runs/toy", "runs/other", cwd=folder)
    )
    (folder / "runs/toy/synthesize/pairs.jsonl").unlink()
    shutil.copy(finished / "runs/toy/evaluate/predictions.jsonl", folder / "runs/other/evaluate/predictions.jsonl")
    assert "pairs.jsonl: No such file" in one_line(lowres("compare", "runs/toy", "runs/other", cwd=folder))


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("languages", "swh\tsw\tLatn\tSwahili"),
        ("recipes", "swh-demo\t"),
        ("datasets", "massive\tutterances\tCC-BY-4.0"),
        ("formats", "unimorph\tparadigms\t"),
        ("rules", "look_up\t"),
        ("bases", "lowres-mini"),
        ("runs", "toy\tsynthesize adapt control evaluate"),
    ],
)
def test_list_names_what_there_is(kind, line, finished, lowres):
    done = lowres("list", kind, cwd=finished)
    assert done.rc == 0 and any(one.startswith(line) for one in done.out.splitlines()), done.out
    assert all(one.split("\t")[0] for one in done.out.splitlines())


def test_lists_stand_without_runs(lowres, tmp_path):
    assert lowres("list", "runs", cwd=tmp_path).out.strip() == ""


def test_evaluate_makes_the_controls_it_needs(whole_toy, lowres):
    for verb in ("synthesize", "adapt", "evaluate"):
        assert lowres(verb, "toy.yaml", cwd=whole_toy).rc == 0
    assert (whole_toy / "runs/toy/control/stamp.json").is_file() and (
        whole_toy / "runs/toy/evaluate/report.md"
    ).is_file()


def test_a_recipe_without_tests_or_control_still_runs(whole_toy, lowres):
    text = (whole_toy / "toy.yaml").read_text(encoding="utf-8")
    (whole_toy / "toy.yaml").write_text(text[: text.index("evaluate:")] + "control: null\n", encoding="utf-8")
    done = lowres("run", "toy.yaml", cwd=whole_toy)
    assert done.rc == 0 and "No human utterances" in (whole_toy / "runs/toy/evaluate/report.md").read_text(
        encoding="utf-8"
    )


def test_rejection_of_what_no_intent_covers(whole_toy, lowres):
    text = (whole_toy / "toy.yaml").read_text(encoding="utf-8")
    outside = "out_of_domain: {path: outside.tsv, format: table, licence: CC0-1.0}\n"
    (whole_toy / "outside.tsv").write_text(
        "intent\ttext\n" + "".join(f"none\tzu {word} ro\n" for word in "ba be bi bo bu".split()), encoding="utf-8"
    )
    (whole_toy / "toy.yaml").write_text(text + outside, encoding="utf-8")
    assert lowres("run", "toy.yaml", cwd=whole_toy).rc == 0
    assert "threshold" in (whole_toy / "runs/toy/evaluate/report.json").read_text(encoding="utf-8")


# --- where it prints to


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_to_a_full_disk_is_one_line(tmp_path):
    with open("/dev/full", "wb") as full:
        done = process("schema", cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert done.returncode == 1 and done.stderr.decode().count("\n") == 1 and b"No space left" in done.stderr, (
        done.stderr.decode()
    )


def test_output_to_a_closed_pipe_is_silent(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    done = process("list", "datasets", cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, capture_output=False)
    os.close(writing)
    assert done.stderr == b"" and done.returncode in (0, 1, 120)


def test_arguments_that_are_not_utf8_are_one_line(finished, lowres):
    said = one_line(lowres("predict", "caf\udce9", "--adapter", "runs/toy", cwd=finished))
    assert said == r"TEXT: 'caf\udce9' is not UTF-8; UTF-8 text"
