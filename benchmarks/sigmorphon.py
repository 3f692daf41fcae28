"""Inflection of unseen lemmas against the organisers' non-neural baseline of SIGMORPHON 2023, task 0, part 1.

    python benchmarks/sigmorphon.py ../shared/data/sigmorphon2023 --part dev

For each language 10,000 cells of `.trn` are all that is read to learn from, the threshold of confidence included, which
is set on lemmas of `.trn` that are held out. Then 1,000 cells of other lemmas are asked at once, and answers compared
as they stand. Columns of the files: lemma, features, form.
"""

import argparse
import re
import time
from dataclasses import dataclass
from pathlib import Path

from lowres.morphology import Inflection, Inflector, build_paradigms

# Exact match of the organisers' nonneural.py.
BASELINE = {
    "dev": {"eng": 95.4, "swa": 59.8, "hye": 86.0, "amh": 55.6, "deu": 77.4, "tur": 68.9, "fin": 83.2, "spa": 86.1},
    "tst": {"eng": 96.6, "swa": 60.5, "hye": 86.3, "amh": 65.4, "deu": 79.8, "tur": 64.6, "fin": 80.8, "spa": 87.8},
}
_GROUP = re.compile(r"([^;(]+)(?:\(([^)]*)\))?")


@dataclass(frozen=True, slots=True)
class Score:
    """Percent right; forms per core second; percent of the forms at or above the threshold, and right among these."""

    right: float
    speed: float
    coverage: float
    precision: float


def parse_bundle(bundle: str) -> frozenset[str]:
    """Features of "V;NOM(3,SG)": an argument's features know whose they are, alone (NOM.3) and together (NOM(3,SG))."""
    found: set[str] = set()
    for head, inner in _GROUP.findall(bundle):
        found.update(f"{head}.{one}" for one in re.split("[;,]", inner) if one)
        found.add(f"{head}({inner})" if inner else head)
    return frozenset(found)


def read_cells(path: Path) -> list[Inflection]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Inflection(lemma, form, parse_bundle(bundle)) for lemma, bundle, form in rows]


def train(path: Path, kept: Path | None = None) -> Inflector:
    """An inflector that has learnt from one file."""
    inflector = Inflector(build_paradigms(read_cells(path)), folder=kept)
    inflector.learnt  # noqa: B018 - learnt when first asked for
    return inflector


def score(inflector: Inflector, cells: list[Inflection]) -> Score:
    started = time.process_time()
    found = inflector.best([(cell.lemma, cell.features) for cell in cells])
    speed = len(cells) / (time.process_time() - started)
    right = [form == cell.form for (form, _), cell in zip(found, cells, strict=True)]
    passed = [good for good, (_, sure) in zip(right, found, strict=True) if sure >= inflector.learnt.judge.threshold]
    precision = 100 * sum(passed) / max(1, len(passed))
    return Score(100 * sum(right) / len(cells), speed, 100 * len(passed) / len(cells), precision)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", choices=("dev", "tst"), default="dev")
    parser.add_argument("--languages", default=",".join(BASELINE["dev"]))
    parser.add_argument("--kept", type=Path, help="folder for what is learnt, so that a second part need not learn it again")
    options = parser.parse_args()
    names, rows = options.languages.split(","), []
    print(f"{options.part}  baseline  lowres    gain  training  forms/s  coverage  precision there")
    for name in names:
        started = time.process_time()
        inflector = train(options.folder / f"{name}.trn", options.kept)
        spent = time.process_time() - started
        one, base = score(inflector, read_cells(options.folder / f"{name}.{options.part}")), BASELINE[options.part][name]
        rows.append((base, one.right))
        figures = f"{base:8.1f}  {one.right:6.1f}  {one.right - base:+6.1f}  {spent:6.0f} s  {one.speed:7,.0f}"
        print(f"{name}  {figures}  {one.coverage:6.1f} %  {one.precision:6.1f} %", flush=True)
    base, ours = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    print(f"mean {base:8.1f}  {ours:6.1f}  {ours - base:+6.1f}")


if __name__ == "__main__":
    main()
