"""Two runs to be looked at: the toy language's, made for this, and three pairs of right-to-left Urdu."""

import shutil
from pathlib import Path

import pytest
from urdu import urdu_pairs

from lowres.language import card_path
from lowres.synthesis import format_kept

APPS = Path(__file__).resolve().parents[2] / "apps"
TOY = Path(__file__).resolve().parents[1] / "fixtures" / "qaa"


@pytest.fixture(scope="session")
def runs(tmp_path_factory, tiny_base) -> Path:
    """A folder of runs: `toy`, finished, and `urd-toy`, which has pairs alone; for reading only."""
    from lowres.recipe import read_recipe
    from lowres.run import do_stage, open_run
    from lowres.stages import STAGES

    folder = shutil.copytree(TOY, tmp_path_factory.mktemp("workbench") / "toy")
    shutil.copytree(tiny_base, folder / "tiny")
    run = open_run(read_recipe(folder / "toy.yaml"), folder / "runs")
    for stage in STAGES.values():
        do_stage(run, stage)
    write_urdu(folder / "runs" / "urd-toy")
    return folder / "runs"


def write_urdu(folder: Path) -> None:
    (folder / "synthesize").mkdir(parents=True)
    (folder / "recipe.yaml").write_text("name: urd-toy\nsource: {locale: en-US}\n", encoding="utf-8")
    shutil.copyfile(card_path("urd"), folder / "language.yaml")
    lines = (format_kept(one) + "\n" for one in urdu_pairs())
    (folder / "synthesize" / "pairs.jsonl").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def page(runs, monkeypatch):
    """`page(name, run=…)`: a page's AppTest on one of the runs, in a folder without recipes, run once."""
    pytest.importorskip("streamlit", reason="no streamlit: pip install 'lowres[app]'")
    from streamlit.testing.v1 import AppTest

    def opened(name: str, run: str = "toy", folder: Path | None = None):
        monkeypatch.setenv("LOWRES_RUNS", str(folder or runs))
        test = AppTest.from_file(str(APPS / f"{name}.py"), default_timeout=60)
        test.session_state["chosen run"] = run
        return test.run()

    return opened
