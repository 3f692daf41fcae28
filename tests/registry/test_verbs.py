"""The verbs of adapters as they are typed, from a finished run to an answer by locale."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

GATE_OPEN = "publish: {min_exact_match_gain: -1.0, max_negative_flips: 1.0, max_active_flips: 1.0, min_routed: 0.0}\n"


@pytest.fixture(scope="module")
def place(finished, tmp_path_factory):
    """A finished run of the toy, with keys, cache and registry of its own."""
    folder = shutil.copytree(finished, tmp_path_factory.mktemp("verbs") / "toy")
    (folder / "recipes").mkdir()
    return folder


def typed(place, *args):
    environment = {key: value for key, value in os.environ.items() if key != "LOWRES_MIRROR"}
    environment |= {"LOWRES_CACHE": str(place / "cache"), "LOWRES_KEYS": str(place / "keys"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "lowres", *args]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=300, check=False)


def said(place, *args) -> str:
    done = typed(place, *args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(place, *args) -> str:
    done = typed(place, *args)
    assert done.returncode == 1 and done.stderr.splitlines()[-1].startswith("lowres: "), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_from_run_to_answer(place):
    assert "FAILED" in said(place, "gate", "toy.yaml")
    assert "gate, " in refused(place, "publish", "toy.yaml", "--registry", "registry")
    assert not (place / "registry").exists()

    recipe = place / "toy.yaml"
    recipe.write_text(recipe.read_text() + GATE_OPEN)
    assert "--registry: none named" in refused(place, "publish", "toy.yaml")
    assert "own" in said(place, "keys", "make", "team")
    said(place, "publish", "toy.yaml", "--registry", "registry", "--key", "team")
    assert "versions never change" in refused(place, "publish", "toy.yaml", "--registry", "registry")

    line = said(place, "list", "adapters", "--registry", "registry")
    assert line.startswith("toy@1.0.0\tqaa\ttiny\t") and "CC0-1.0" in line and "signed" in line
    assert said(place, "list", "--registry", "registry", "--language", "wol") == ""
    row = json.loads(said(place, "list", "--registry", "registry", "--language", "qaa", "--json"))
    assert row["name"] == "toy" and row["exact_match"]["low"] <= row["exact_match"]["value"]
    card = said(place, "show", "toy", "--registry", "registry")
    assert card.startswith("---\n") and "## Weak points" in card and "base: tiny" in card

    assert said(place, "pull", "toy", "--registry", "registry", "--signed").startswith("toy@1.0.0\tqaa\t")
    assert "signed by team" in said(place, "verify", "toy", "--signed")
    by_locale = said(place, "predict", "velu eleko", "--locale", "qaa", "--json")
    assert json.loads(by_locale)["intent"] == json.loads(said(place, "predict", "velu eleko", "--adapter", "runs/toy", "--json"))["intent"]

    compared = said(place, "gate", "toy.yaml", "--against", "toy@1.0.0", "--registry", "registry")
    assert "0.0 % (0.0 to 0.0) were lost" in compared
    said(place, "yank", "toy@1.0.0", "--registry", "registry", "--reason", "a test")
    assert said(place, "list", "adapters", "--registry", "registry") == ""
    assert "yanked" in said(place, "list", "adapters", "--registry", "registry", "--all")
    assert "not in" in refused(place, "pull", "toy", "--registry", "registry")
    assert "toy@1.0.0" in said(place, "pull", "toy@1.0.0", "--registry", "registry")
    snippets(place, card)


def snippets(place, card):
    """Both pieces of code in the card do what they say."""
    first, second = re.findall(r"```python\n(.*?)```", card, re.S)
    environment = os.environ | {"LOWRES_CACHE": str(place / "cache"), "LOWRES_REGISTRY": "registry"}
    (place / "toy").symlink_to(place / "cache" / "adapters" / "toy" / "1.0.0")
    for code in (
        first.replace('pull("toy@1.0.0")', 'pull("toy@1.0.0", "registry")').replace('"..."', '"velu eleko"'),
        second + "\nprint(model)",
    ):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "intent" in done.stdout
    (place / "toy").unlink()


def test_a_base_that_changed_is_refused(place):
    path = place / "tiny" / "tokenizer_config.json"
    kept = path.read_text()
    path.write_text(kept + " ")
    assert "base: tokenizer" in refused(place, "predict", "velu", "--locale", "qaa")
    path.write_text(kept)


def test_a_report_that_changed_after_the_gate_is_measured_again(place):
    path = place / "runs" / "toy" / "evaluate" / "report.json"
    kept = path.read_text()
    path.write_text(kept.replace('"adapter": "', '"adapter": "0'))
    assert "gate, report" in refused(place, "publish", "toy.yaml", "--registry", "unborn")
    path.write_text(kept)


def test_a_package_reads_over_the_base_that_it_names_and_no_other(place):
    """lowres.json says a base without its revision; what is loaded is the package's."""
    code = (
        "import json, shutil; from pathlib import Path; import lowres.adapter as adapter; asked = []; read = adapter.read_base\n"
        "adapter.read_base = lambda name, *rest, **more: (asked.append(name), read(name, *rest, **more))[1]\n"
        "from lowres.registry import from_shelf; from lowres.registry.packing import pack; one = from_shelf('toy@1.0.0')\n"
        "here = shutil.copytree(one.folder, Path('other')); (here / 'package.json').unlink(); (here / 'package.sig').unlink()\n"
        "(here / 'lowres.json').write_text(json.dumps({'base': 'tiny@elsewhere'}))\n"
        "pack(here, one.package.model_dump(exclude={'files', 'adapter'}), lambda package: 'card'); adapter.read_adapter(here)\n"
        "assert asked == ['tiny'], asked\n"
        "shutil.move('tiny', 'away')\n"
        "adapter.read_base = lambda *rest, **more: read(str(__import__('pathlib').Path('away').absolute()), *rest[1:], **more)\n"
        "try:\n    adapter.read_adapter(one.folder)\nexcept adapter.LowresError as error:\n    print(error)\n"
        "finally:\n    shutil.move('away', 'tiny')\n"
    )
    environment = os.environ | {"LOWRES_CACHE": str(place / "cache"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "base: tiny is not on this machine" in done.stdout


def test_a_stale_run_is_refused(place):
    path = place / "lexicon.tsv"
    kept = path.read_text()
    path.write_text(kept + "zzz\tzzz\tNOUN\n")
    assert "stale" in refused(place, "publish", "toy.yaml", "--registry", "registry")
    path.write_text(kept)


def test_an_adapter_that_changed_after_its_report_is_refused(place):
    path = place / "runs" / "toy" / "adapt" / "adapter" / "glosses.tsv"
    kept = path.read_text()
    path.write_text(kept + "zzz\tnothing\n")
    assert "gate, report: made by adapter" in refused(place, "publish", "toy.yaml", "--registry", "registry")
    path.write_text(kept)


def test_an_unknown_licence_is_refused_unless_private(place):
    recipe = place / "toy.yaml"
    kept = recipe.read_text()
    recipe.write_text(
        kept.replace("{path: lexicon.tsv, format: table, licence: CC0-1.0}", "{path: lexicon.tsv, format: table, licence: unknown}")
    )
    if "stale" in refused(place, "publish", "toy.yaml", "--registry", "private"):
        said(place, "run", "toy.yaml")
    assert "gate, licences" in refused(place, "publish", "toy.yaml", "--registry", "private")
    said(place, "publish", "toy.yaml", "--registry", "private", "--private")
    assert "private" in said(place, "list", "adapters", "--registry", "private")
    recipe.write_text(kept)
