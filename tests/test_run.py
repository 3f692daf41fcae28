"""Runs: what is fresh is not made again, what was killed goes on, and nothing is ever half there."""

import errno
import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.evaluation import read_reports
from lowres.recipe import read_recipe
from lowres.run import Stage, do_stage, is_fresh, open_run, read_stamp, why_stale, write_whole
from lowres.stages import STAGES

EVERYTHING = set(STAGES)
SAME = (
    "synthesize/pairs.jsonl",
    "control/pairs/pairs.jsonl",
    "evaluate/predictions.jsonl",
    "evaluate/predictions.base.jsonl",
    "evaluate/predictions.gloss.jsonl",
    "evaluate/predictions.word_for_word.jsonl",
    "adapt/adapter/adapter_model.safetensors",
    "adapt/adapter/glosses.tsv",
    "adapt/adapter/affixes.tsv",
    "adapt/adapter/loans.txt",
    "adapt/data.json",
)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes by path of everything but the lock and hidden leftovers."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = {str(path.relative_to(folder)): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(".")}


def stamps(folder: Path) -> dict[str, tuple[str, int]]:
    found = {name: folder / name / "stamp.json" for name in STAGES}
    return {name: (path.read_text(), path.stat().st_mtime_ns) for name, path in found.items() if path.is_file()}


@pytest.fixture
def done(finished, tmp_path) -> Path:
    """A copy of the finished toy's folder that may be changed."""
    return shutil.copytree(finished, tmp_path / "done")


def toy_run(folder: Path):
    return open_run(read_recipe(folder / "toy.yaml"), folder / "runs")


def test_human_labels_are_for_the_skyline_alone(finished):
    """What the adapter and its control saw would be the same without them."""
    human, test = ({line.split("\t")[1] for line in (finished / name).read_text(encoding="utf-8").splitlines()[1:]}
                   for name in ("human.tsv", "qaa.tsv"))  # fmt: skip
    (report,) = read_reports(finished / "runs/toy/evaluate/report.json")
    assert report.skyline is not None
    counts = json.loads((finished / "runs/toy/skyline/data.json").read_text())
    assert (counts["pairs"], counts["pairs_dropped"]) == (len(human - test), len(human & test)) and human & test
    for stage in ("synthesize", "adapt", "control"):
        inputs = json.dumps(read_stamp(finished / "runs/toy" / stage)["inputs"])
        assert sha256_of(finished / "human.tsv") not in inputs and "skyline" not in inputs


# --- fresh and stale


def test_nothing_is_made_again(done, lowres):
    before = stamps(done / "runs/toy")
    again = lowres("run", "toy.yaml", cwd=done)
    assert again.rc == 0 and stamps(done / "runs/toy") == before and before.keys() == EVERYTHING
    assert not [line for line in again.writes if ".partial" in line and "toy/." not in line]
    assert again.err.count("fresh") == len(STAGES)


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("toy.yaml", "# lowres run", "# another remark", set()),
        (
            "toy.yaml",
            "learning_rate: 1e-3\n  seed: 13",
            "learning_rate: 1e-3\n  seed: 14",
            {"adapt", "control", "skyline", "evaluate"},
        ),
        ("toy.yaml", "min_coverage: 0.3\n  seed: 13", "min_coverage: 0.3\n  seed: 14", EVERYTHING - {"skyline"}),
        ("toy.yaml", "variants: 2", "variants: 1", EVERYTHING),
        ("toy.yaml", "version: 1.0.0", "version: 1.0.1", {"evaluate"}),
        ("toy.yaml", "adapt:\n", "control: null\nadapt:\n", {"control", "evaluate"}),
        ("toy.yaml", "adapt:\n", "control: {learning_rate: 5e-3}\nadapt:\n", {"control", "evaluate"}),
        (
            "toy.yaml",
            "evaluate:\n",
            "out_of_domain: {path: en.tsv, format: table, licence: CC0-1.0, locale: en}\nevaluate:\n",
            {"evaluate"},
        ),
        ("qaa.py", "0.5", "0.6", {"synthesize", "adapt", "evaluate"}),
        ("human.tsv", "elekona", "eleko", {"skyline", "evaluate"}),
        ("lexicon.tsv", "leko", "lekko", EVERYTHING),
        ("paradigms.tsv", "eleko", "elekko", EVERYTHING),
        ("en.tsv", "slow rain", "slow light", EVERYTHING),
        ("qaa.tsv", "molo pasimo", "molo firo", {"adapt", "control", "skyline", "evaluate"}),
        ("languages/qaa/card.yaml", "SOV", "SVO", EVERYTHING - {"skyline"}),
        ("languages/qaa/letters.tsv", "c\tk", "c\ts", EVERYTHING - {"skyline"}),
    ],
)
def test_a_change_stales_what_depends_on_it(done, file, old, new, stale):
    edit(done / file, old, new)
    run = toy_run(done)
    assert {name for name, stage in STAGES.items() if not is_fresh(run, stage)} == stale


def test_other_weights_of_the_base_stale_what_was_trained(done):
    with open(done / "tiny/model.safetensors", "ab") as file:
        file.write(b" ")
    run = toy_run(done)
    assert {name for name, stage in STAGES.items() if not is_fresh(run, stage)} == {"adapt", "control", "skyline", "evaluate"}


def test_a_model_of_the_source_alone_depends_on_base_and_source(done, lowres):
    edit(done / "toy.yaml", "adapt:\n", "control: null\nadapt:\n")
    run = toy_run(done)
    do_nothing = Stage(name="control", inputs=STAGES["control"].inputs, work=lambda run, folder: None)
    assert do_stage(run, do_nothing) and is_fresh(run, STAGES["control"])
    edit(done / "en.tsv", "slow rain", "slow light")
    assert not is_fresh(toy_run(done), STAGES["control"])


def test_names_by_another_release_of_a_library_stale_what_was_spelt_by_it(done, monkeypatch):
    monkeypatch.setattr("lowres.stages.synthesize.version", lambda library: f"{library} 99")
    run = toy_run(done)
    assert why_stale(run, STAGES["synthesize"]) == "changed: libraries" and is_fresh(run, STAGES["skyline"])


def test_why_a_stage_is_stale_is_said(done):
    run = toy_run(done)
    assert why_stale(run, STAGES["synthesize"]) == ""
    edit(done / "lexicon.tsv", "leko", "lekko")
    shutil.rmtree(done / "runs/toy/adapt")
    run = toy_run(done)
    assert why_stale(run, STAGES["synthesize"]) == "changed: data" and why_stale(run, STAGES["adapt"]) == "not made yet"


def test_a_stage_wants_fresh_results_of_those_before(done):
    edit(done / "lexicon.tsv", "leko", "lekko")
    with pytest.raises(LowresError, match=r"synthesize: changed: data; lowres synthesize .*toy\.yaml first"):
        do_stage(toy_run(done), STAGES["adapt"])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"digest": 3}', "null"])
def test_a_broken_stamp_counts_as_none(done, text):
    (done / "runs/toy/synthesize/stamp.json").write_text(text)
    assert not is_fresh(toy_run(done), STAGES["synthesize"])


# --- killed and started again


def test_synthesis_killed_before_any_of_its_writes_ends_the_same(toy, lowres):
    (toy / "tiny").mkdir()
    whole = lowres("synthesize", "toy.yaml", cwd=toy)
    expected = contents(toy / "runs/toy/synthesize")
    del expected["stamp.json"]
    assert whole.rc == 0 and expected.keys() == {"pairs.jsonl", "report.json", "report.md"}
    for n in range(1, len(whole.writes) + 1):
        shutil.rmtree(toy / "runs")
        assert lowres("synthesize", "toy.yaml", cwd=toy, die=("", n)).rc == -9
        again = lowres("synthesize", "toy.yaml", cwd=toy)
        assert again.rc == 0, (whole.writes[n - 1], again.err)
        found = contents(toy / "runs/toy/synthesize")
        assert found.pop("stamp.json") and found == expected, whole.writes[n - 1]


def test_a_run_killed_in_every_stage_ends_the_same_and_repeats_only_the_stage_in_work(whole_toy, finished, lowres):
    places = [
        ("synthesize.partial/.report.md", 1),
        (".adapt.partial/", 6),
        ("adapt.partial/adapter/adapter_config", 1),
        ("control.partial/pairs/.report.json", 1),
        ("control.partial/trained/adapter/lowres", 1),
        ("control.partial/source/log", 2),
        ("evaluate.partial/report.json", 1),
        ("evaluate.partial", 9),
    ]
    kept: dict[str, tuple[str, int]] = {}
    for die in places:
        assert lowres("run", "toy.yaml", cwd=whole_toy, die=die).rc == -9, die
        now = stamps(whole_toy / "runs/toy")
        assert {name: now[name] for name in kept} == kept
        kept = now
    assert kept.keys() == {"synthesize", "adapt", "control", "skyline"}
    assert lowres("run", "toy.yaml", cwd=whole_toy).rc == 0
    for name in SAME:
        assert (whole_toy / "runs/toy" / name).read_bytes() == (finished / "runs/toy" / name).read_bytes(), name
    assert contents(whole_toy / "runs/toy").keys() == contents(finished / "runs/toy").keys()
    assert not list((whole_toy / "runs/toy").glob(".*.partial")) and not list((whole_toy / "runs/toy").glob(".*.old"))


def test_training_goes_on_from_its_checkpoint(whole_toy, lowres):
    assert lowres("synthesize", "toy.yaml", cwd=whole_toy).rc == 0
    assert lowres("adapt", "toy.yaml", cwd=whole_toy, die=(".adapt.partial/log", 2)).rc == -9
    first = (whole_toy / "runs/toy/.adapt.partial/log.jsonl").read_text().splitlines()[:1]
    again = lowres("adapt", "toy.yaml", cwd=whole_toy)
    assert again.rc == 0 and sum("open" in line and "log.jsonl" in line for line in again.writes) == 1
    lines = (whole_toy / "runs/toy/adapt/log.jsonl").read_text().splitlines()
    assert lines[:1] == first and [json.loads(line)["epoch"] for line in lines] == [1, 2]


def test_a_checkpoint_of_other_settings_is_not_gone_on_from(whole_toy, lowres):
    assert lowres("synthesize", "toy.yaml", cwd=whole_toy).rc == 0
    assert lowres("adapt", "toy.yaml", cwd=whole_toy, die=(".adapt.partial/log", 2)).rc == -9
    edit(whole_toy / "toy.yaml", "epochs: 2", "epochs: 1")
    again = lowres("adapt", "toy.yaml", cwd=whole_toy)
    partial = "runs/toy/.adapt.partial"
    assert again.rc == 0 and again.writes.index(f"os.rmdir {partial}") < again.writes.index(f"open {partial}/digest")
    assert len((whole_toy / "runs/toy/adapt/log.jsonl").read_text().splitlines()) == 1


def test_the_old_result_stands_until_the_new_one_is_whole(done, lowres):
    edit(done / "toy.yaml", "variants: 2", "variants: 3")
    before = contents(done / "runs/toy/synthesize")
    assert lowres("synthesize", "toy.yaml", cwd=done, die=(".synthesize.partial/.stamp", 2)).rc == -9
    assert contents(done / "runs/toy/synthesize") == before
    assert lowres("synthesize", "toy.yaml", cwd=done).rc == 0
    assert len(contents(done / "runs/toy/synthesize")["pairs.jsonl"]) > len(before["pairs.jsonl"])


def test_killed_between_the_two_renames_the_new_result_is_taken(done, lowres):
    edit(done / "toy.yaml", "variants: 2", "variants: 3")
    assert lowres("synthesize", "toy.yaml", cwd=done, die=("runs/toy/.synthesize.partial", 12)).rc == -9
    assert not (done / "runs/toy/synthesize").exists() and (done / "runs/toy/.synthesize.old").is_dir()
    again = lowres("synthesize", "toy.yaml", cwd=done)
    assert again.rc == 0 and not [line for line in again.writes if "pairs.jsonl" in line and line.startswith("open")]
    assert is_fresh(toy_run(done), STAGES["synthesize"]) and not (done / "runs/toy/.synthesize.old").exists()


# --- whose folder it is


def test_the_run_of_another_recipe_is_refused(done, lowres):
    edit(done / "runs/toy/recipe.yaml", "name: toy", "name: other")
    before = contents(done / "runs")
    refused = lowres("run", "toy.yaml", cwd=done)
    assert refused.rc == 1 and contents(done / "runs") == before
    assert (
        refused.err == "lowres: runs/toy: the run of another recipe, 'other'; --runs DIR elsewhere, or another name\n"
    )


def test_a_folder_with_other_files_is_refused(toy, lowres):
    (toy / "tiny").mkdir()
    (toy / "runs/toy").mkdir(parents=True)
    (toy / "runs/toy/thesis.txt").write_text("mine")
    refused = lowres("synthesize", "toy.yaml", cwd=toy)
    assert refused.rc == 1 and refused.err.count("\n") == 1 and "not a run folder" in refused.err
    assert contents(toy / "runs/toy") == {"thesis.txt": b"mine"}


def test_a_second_process_on_a_run_is_refused(done, lowres):
    edit(done / "toy.yaml", "variants: 2", "variants: 3")
    with FileLock(done / "runs/toy/.lock"):
        refused = lowres("synthesize", "toy.yaml", cwd=done)
    assert refused.rc == 1 and refused.err.count("\n") == 1 and "another lowres works on this run" in refused.err
    assert lowres("synthesize", "toy.yaml", cwd=done).rc == 0


def test_the_run_keeps_copies_of_what_was_used(finished):
    run = finished / "runs/toy"
    assert (run / "recipe.yaml").read_bytes() == (finished / "toy.yaml").read_bytes()
    assert (run / "language.yaml").read_bytes() == (finished / "languages/qaa/card.yaml").read_bytes()
    assert (run / "qaa.py").read_bytes() == (finished / "qaa.py").read_bytes()
    assert read_stamp(run / "adapt")["inputs"]["after"] == {"synthesize": read_stamp(run / "synthesize")["digest"]}


# --- a full disk


@pytest.mark.parametrize(
    ("stage", "limit"), [("synthesize", 20_000), ("adapt", 60_000), ("control", 60_000), ("evaluate", 10_000)]
)
def test_a_full_disk_is_one_line_and_leaves_earlier_results(done, lowres, stage, limit):
    before = contents(done / "runs/toy")
    full = lowres("run", "toy.yaml", "--force", cwd=done, limit=limit) if stage == "synthesize" else None
    if full is None:
        shutil.rmtree(done / "runs/toy" / stage)
        before = contents(done / "runs/toy")
        full = lowres("run", "toy.yaml", cwd=done, limit=limit)
    errors = [line for line in full.err.splitlines() if line.startswith("lowres: ")]
    assert full.rc == 1 and len(errors) == 1 and errors[0].endswith("; a disk with room that can be written"), full.err
    assert "Traceback" not in full.err and contents(done / "runs/toy") == before
    assert lowres("run", "toy.yaml", cwd=done).rc == 0


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("[enforce fail at inline_container.cc:664] . unexpected pos 64 vs 0"),
        Exception("Error while serializing: I/O error: No space left on device (os error 28)"),
    ],
)
def test_every_library_says_full_in_its_own_way(done, error):
    def work(run, folder):
        (folder / "half").write_text("x")
        raise error

    with pytest.raises(LowresError, match="a disk with room"):
        do_stage(toy_run(done), Stage(name="synthesize", inputs=lambda run: {}, work=work))
    assert not (done / "runs/toy/synthesize/half").exists()


def test_a_slip_of_our_own_is_no_full_disk(done):
    def work(run, folder):
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        do_stage(toy_run(done), Stage(name="synthesize", inputs=lambda run: {}, work=work))


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    write_whole(tmp_path / "a.txt", "old")

    def full(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LowresError, match=r"a\.txt: cannot be written \(No space left on device\)"):
        write_whole(tmp_path / "a.txt", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"] and (tmp_path / "a.txt").read_text() == "old"


# --- the number of processes


def test_the_number_of_processes_changes_no_byte(toy, finished, lowres, monkeypatch):
    (toy / "tiny").mkdir()
    done = lowres("synthesize", "toy.yaml", "--jobs", "2", cwd=toy)
    assert done.rc == 0, done.err
    for name in ("pairs.jsonl", "report.json", "report.md"):
        assert (toy / "runs/toy/synthesize" / name).read_bytes() == (
            finished / "runs/toy/synthesize" / name
        ).read_bytes()
