"""A thousand forms by lemma and features: lowres' Inflector against `inflect_word` of the unimorph package 0.0.4.

    LOWRES_MIRROR=../shared/data python benchmarks/inflection_speed.py unimorph-swc

Both answer the same questions, drawn from the table itself, and the answers are compared. inflect_word reads its table
anew at every call: a few calls are measured and scaled. The Inflector reads and indexes the table once, which is
measured apart, in a fresh process as a whole, too (start of Python and imports included); each look-up parses the
feature bundle as the file spells it. Neither has seen a question before. Times are core seconds; both take turns, five
rounds, medians. The package finds the catalogue's file in a temporary folder named by UNIMORPH: it downloads nothing.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from _measure import seconds, verdict

BAR, N_LOOK_UPS, ROUNDS = 1000, 1000, 5
Question = tuple[str, str, str]  # lemma, bundle as the file spells it, a form that answers it
LOAD = """
import sys, pathlib
from lowres.formats.unimorph import read_unimorph
from lowres.morphology import Inflector, build_paradigms
Inflector(build_paradigms(read_unimorph(pathlib.Path(sys.argv[1]))))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Core seconds to read the table, for all look-ups, for inflect_word scaled to as many; answers compared."""

    load: float
    ours: float
    theirs: float
    asked: int  # of inflect_word
    agree: int  # of those
    right: int  # of all: the very form of the cell that was drawn


def read_questions(path: Path, n: int) -> list[Question]:
    """`n` cells of the table, drawn with replacement where it is smaller, in random order."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [tuple(line.split("\t")[:3]) for line in lines if line.strip()]
    rng = random.Random(13)
    chosen = rng.sample(rows, min(n, len(rows))) + rng.choices(rows, k=max(0, n - len(rows)))
    return [(lemma, bundle, form) for lemma, form, bundle in chosen]


def ask_lowres(path: Path, questions: list[Question]) -> tuple[float, float, list[str]]:
    """Core seconds to read the table, core seconds for all questions, the forms."""
    from lowres.formats.unimorph import read_unimorph
    from lowres.morphology import Inflector, build_paradigms, parse_features

    started = time.process_time()
    inflector = Inflector(build_paradigms(read_unimorph(path)))
    loaded = time.process_time()
    found = [inflector.inflect(lemma, parse_features(bundle)) for lemma, bundle, _ in questions]
    return loaded - started, time.process_time() - loaded, [answer[0] if answer else "" for answer in found]


def ask_unimorph(code: str, questions: list[Question]) -> tuple[float, list[set[str]]]:
    """Core seconds per question, and the forms that each call gives."""
    from unimorph import inflect_word

    started = time.process_time()
    found = [inflect_word(lemma, lang=code, features=bundle) for lemma, bundle, _ in questions]
    spent = (time.process_time() - started) / len(questions)
    return spent, [{row.split("\t")[1] for row in answer.splitlines()} for answer in found]


def measure(path: Path, code: str, questions: list[Question], calls: int) -> Measured:
    """Both in turns; the package answers `calls` of the questions, a part of them in every round."""
    ask_unimorph(code, questions[:1])  # imports pandas, warms the disk's cache
    rounds, agree = [], 0
    for turn in range(ROUNDS):
        load, ours, forms = ask_lowres(path, questions)
        theirs, answers = ask_unimorph(code, questions[turn:calls:ROUNDS])
        rounds.append((load, ours, theirs * N_LOOK_UPS))
        agree += sum(form in answer for form, answer in zip(forms[turn:calls:ROUNDS], answers, strict=True))
    load, ours, theirs = (median(column) for column in zip(*rounds, strict=True))
    right = sum(form == wanted for form, (_, _, wanted) in zip(forms, questions, strict=True))
    return Measured(load=load, ours=ours, theirs=theirs, asked=calls, agree=agree, right=right)


def place(path: Path, code: str, folder: Path) -> None:
    """The table where the package looks for it; before the package is imported."""
    (folder / code).mkdir()
    shutil.copyfile(path, folder / code / code)
    os.environ["UNIMORPH"] = str(folder)


def fresh_load(path: Path) -> float:
    """Seconds of a new process that reads the table and ends."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOAD, str(path)], check=True)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", nargs="?", default="unimorph-swc", help="a UniMorph table of the catalogue")
    parser.add_argument("--calls", type=int, default=20, help="calls of inflect_word that are measured")
    options = parser.parse_args()
    calls = max(ROUNDS, options.calls)
    from lowres.catalog import fetch

    path = next(iter(fetch(options.dataset).values()))
    code = options.dataset.rpartition("-")[2]
    with tempfile.TemporaryDirectory() as folder:
        place(path, code, Path(folder))
        questions = read_questions(path, N_LOOK_UPS)
        found = measure(path, code, questions, calls)
    ratio, ratio_with_load = found.theirs / found.ours, found.theirs / (found.load + found.ours)
    print(f"{options.dataset}: {N_LOOK_UPS:,} look-ups; {found.right} give the very form of the cell that was drawn")
    print(f"unimorph.inflect_word {seconds(found.theirs)} ({found.asked} calls measured and scaled)")
    print(f"lowres Inflector {seconds(found.ours)}; {found.agree} of {found.asked} answers are among inflect_word's")
    print(f"ratio {ratio:,.0f}x faster; bar {BAR:,}x: {verdict(ratio >= BAR)}")
    print(f"reading the table {seconds(found.load)}, with it {ratio_with_load:,.0f}x faster; a fresh process reads it in {seconds(fresh_load(path))} in all")



if __name__ == "__main__":
    main()
