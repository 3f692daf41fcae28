"""`lowres ablate`: a row per rule, on dev alone, the same steps for all, resumed and kept."""

import json
import shutil
from pathlib import Path

import pytest

from lowres.synthesis import parse_kept

RULES = ("look_up", "qaa.polite", "order")


def with_dev(folder, finished) -> None:
    """The toy with a dev part of 15 utterances apart from its test: what the whole recipe makes of the sources of these ids."""
    (folder / "tiny").symlink_to(finished / "tiny")
    head, *rows = (folder / "qaa.tsv").read_text(encoding="utf-8").splitlines()
    lines = [f"{head}\tid\tpartition", *(f"{row}\tt{i}\ttest" for i, row in enumerate(rows))]
    with open(finished / "runs/toy/synthesize/pairs.jsonl", encoding="utf-8") as pairs:
        for one in (parse_kept(json.loads(line)).utterance for line in pairs):
            stem, _, variant = one.id.rpartition(":")
            if variant == "0" and len(lines) < 31:
                lines.append(f"{one.intent}\t{annotated(one)}\t{stem}\tdev")
    (folder / "qaa.tsv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    text = (folder / "toy.yaml").read_text(encoding="utf-8").replace("batch_size: 16", "batch_size: 8")
    (folder / "toy.yaml").write_text(text, encoding="utf-8")


def annotated(one) -> str:
    text = one.text
    for slot in reversed(one.slots):
        text = f"{text[: slot.start]}[{slot.name} : {text[slot.start : slot.end]}]{text[slot.end :]}"
    return text


TOY = Path(__file__).resolve().parents[1] / "fixtures" / "qaa"


@pytest.fixture(scope="module")
def ablated(tmp_path_factory, finished, lowres):
    """(folder of the toy, what the command printed) after all rows were made once."""
    folder = shutil.copytree(TOY, tmp_path_factory.mktemp("ablated") / "toy")
    with_dev(folder, finished)
    done = lowres("ablate", "toy.yaml", "--rules", ",".join(RULES), "--limit", "30", "--json", cwd=folder)
    assert done.rc == 0, done.err
    return folder, done


def test_every_rule_has_a_row_beside_the_full_list(ablated):
    found = json.loads(ablated[1].out)
    assert [row["name"] for row in found["rows"]] == ["all", *RULES]
    assert found["test"]["partition"] == "dev" and found["plan"]["limit"] == 30
    whole, *others = found["rows"]
    assert whole["loss"] is None and 0 <= whole["scores"]["intent_accuracy"]["value"] <= 1
    for row in others:
        if row["scores"]:
            lost = row["scores"]["exact_match"]["value"] - whole["scores"]["exact_match"]["value"]
            assert row["loss"]["exact_match"]["value"] == pytest.approx(lost)


def test_without_the_dictionary_nothing_is_close(ablated):
    rows = {row["name"]: row for row in json.loads(ablated[1].out)["rows"]}
    assert rows["all"]["closeness"]["value"] == 1 and rows["order"]["closeness_loss"]["value"] == 0
    assert rows["look_up"]["closeness_loss"]["high"] < 0


def test_a_list_that_keeps_no_pair_is_a_row_with_a_note(toy, finished, lowres):
    with_dev(toy, finished)
    text = (toy / "toy.yaml").read_text(encoding="utf-8")
    start, end = text.index("[look_up, drop"), text.index("]", text.index("[look_up, drop"))
    (toy / "toy.yaml").write_text(text[:start] + "[look_up, order" + text[end:], encoding="utf-8")
    done = lowres("ablate", "toy.yaml", "--rules", "look_up", "--limit", "10", "--json", cwd=toy)
    assert done.rc == 0, done.err
    row = json.loads(done.out)["rows"][1]
    assert row["note"].startswith("no pair was kept (coverage below the threshold") and row["scores"] is None


def test_each_row_is_a_run_with_other_rules_and_the_same_number_of_steps(ablated):
    from lowres.recipe import read_recipe

    rows = ablated[0] / "runs" / "toy" / "ablate"
    whole, without = (rows / f"{name}-13" for name in ("all", "order"))
    stamps = [json.loads((row / "synthesize" / "stamp.json").read_text(encoding="utf-8"))["inputs"] for row in (whole, without)]
    assert stamps[0]["synthesize"]["rules"] == [*stamps[1]["synthesize"]["rules"][:6], "order", "transliterate"]
    used = [json.loads((row / "adapt" / "stamp.json").read_text(encoding="utf-8"))["inputs"]["adapt"] for row in (whole, without)]
    assert used[0] == used[1] and used[0]["steps"] == 4 and used[0]["epochs"] == 1
    shutil.copy(without / "recipe.yaml", ablated[0] / "toy-without.yaml")
    text = (ablated[0] / "toy-without.yaml").read_text(encoding="utf-8").replace("name: toy", "name: toy-without")
    (ablated[0] / "toy-without.yaml").write_text(text, encoding="utf-8")
    assert "order" not in read_recipe(ablated[0] / "toy-without.yaml").recipe.synthesize.rules  # as used, and readable


def test_what_is_done_is_not_done_again_and_other_seeds_are_added(ablated, lowres):
    folder, first = ablated
    stamp = folder / "runs/toy/ablate/all-13/adapt/stamp.json"
    before = stamp.stat().st_mtime_ns
    again = lowres("ablate", "toy.yaml", "--rules", ",".join(RULES), "--limit", "30", "--json", cwd=folder)
    assert again.out == first.out and stamp.stat().st_mtime_ns == before
    more = lowres("ablate", "toy.yaml", "--rules", "order", "--limit", "30", "--seeds", "2", cwd=folder)
    assert more.rc == 0 and stamp.stat().st_mtime_ns == before and (folder / "runs/toy/ablate/order-14/score").is_dir()
    lines = more.out.splitlines()
    assert lines[0] == "# Ablation: toy" and any(line.startswith("| without order |") for line in lines)
    assert "2 seed(s)" in more.out and "row 4 of 4, order" in more.err


def test_killed_between_rows_it_goes_on(toy, finished, lowres):
    with_dev(toy, finished)
    args = ("ablate", "toy.yaml", "--rules", "order,qaa.polite", "--closeness-only")
    killed = lowres(*args, cwd=toy, die=("ablate/order-13/", 3))
    assert killed.rc == -9 and (toy / "runs/toy/ablate/all-13/closeness/stamp.json").is_file()
    done = lowres(*args, cwd=toy)
    assert done.rc == 0 and done.out.count("| without ") == 2


def test_closeness_only_trains_nothing(toy, finished, lowres):
    with_dev(toy, finished)
    done = lowres("ablate", "toy.yaml", "--closeness-only", cwd=toy)
    assert done.rc == 0 and "Nothing was trained." in done.out and done.out.count("| without ") == 8
    assert next(" clear |" in line for line in done.out.splitlines() if line.startswith("| without look_up"))
    assert not list((toy / "runs").rglob("adapter")) and not list((toy / "runs").rglob("pairs.jsonl"))


def test_rules_can_be_left_out_together(toy, finished, lowres):
    with_dev(toy, finished)
    done = lowres("ablate", "toy.yaml", "--closeness-only", "--rules", "order+qaa.polite,order", cwd=toy)
    assert done.rc == 0 and [line.split(" | ")[0] for line in done.out.splitlines() if "without" in line][1:] == [
        "| without order+qaa.polite", "| without order"]  # fmt: skip
    rules = [json.loads((toy / f"runs/toy/ablate/{row}-13/closeness/stamp.json").read_text(encoding="utf-8"))["inputs"]["synthesize"]["rules"]
             for row in ("all", "order+qaa.polite")]  # fmt: skip
    assert set(rules[0]) - set(rules[1]) == {"order", "qaa.polite"}


def test_a_run_of_the_recipe_can_follow(toy, finished, lowres):
    with_dev(toy, finished)
    assert lowres("ablate", "toy.yaml", "--closeness-only", "--rules", "order", cwd=toy).rc == 0
    assert lowres("synthesize", "toy.yaml", cwd=toy).rc == 0


def test_without_a_dev_part_it_is_refused(finished, lowres):
    done = lowres("ablate", "toy.yaml", cwd=finished)
    assert done.rc == 1 and "no human dev utterances; a data set with a dev part: rules are not chosen on test" in done.err


def test_a_rule_that_the_recipe_does_not_have_is_named(toy, finished, lowres):
    with_dev(toy, finished)
    done = lowres("ablate", "toy.yaml", "--rules", "ordre", cwd=toy)
    assert done.rc == 1 and "no rule 'ordre' in toy; did you mean 'order'?" in done.err


def test_help_shows_an_example(lowres, tmp_path):
    assert "Example:  lowres ablate recipes/swh-massive.yaml" in lowres("ablate", "--help", cwd=tmp_path).out
