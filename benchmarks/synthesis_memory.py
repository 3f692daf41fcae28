"""Peak memory of `lowres synthesize` with a made lexicon of 100,000 entries and a made table of 100,000 forms.

    python benchmarks/synthesis_memory.py

Needs no data: the 500 English utterances of the demo are repeated until there are 2,000, their words stand among the
lexicon's, so that look-up and inflection have work to do. Lexicon, table and recipe are written to a temporary folder
and read by the real command in a process of its own; what is printed is that process's largest resident set, the
interpreter and all libraries in it.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from _measure import verdict

BAR = 1e9  # bytes
DEMO = Path(__file__).resolve().parent.parent / "resources" / "demo"
RULES = ("look_up", "drop_articles", "subject_person", "inflect", "order")
BUNDLES = tuple(";".join(cell) for cell in itertools.product("V", ("PRS", "PST", "FUT", "IMP"), "123", ("SG", "PL")))


def made_words(rng: random.Random, taken: Iterable[str]) -> Iterator[str]:
    """Words of two to five open syllables, each once and none of `taken`."""
    syllables, seen = [a + b for a in "bcdfghjklmnprstvwyz" for b in "aeiou"], set(taken)
    while True:
        word = "".join(rng.choices(syllables, k=rng.randint(2, 5)))
        if word not in seen:
            seen.add(word)
            yield word


def write_recipe(folder: Path, n_entries: int, n_forms: int, n_utterances: int) -> Path:
    """A recipe and all that it names in `folder`."""
    demo = [json.loads(line) for line in (DEMO / "en-US.jsonl").read_text(encoding="utf-8").splitlines()]
    records = [record | {"id": f"{i}"} for i, record in zip(range(n_utterances), itertools.cycle(demo), strict=False)]
    write_lines(folder / "en.jsonl", (json.dumps(record) for record in records))
    spoken = sorted({word for record in demo for word in record["utt"].split()})
    words = made_words(random.Random(13), spoken)
    lemmas = list(itertools.islice(words, n_entries))
    phrases = itertools.islice(itertools.chain(spoken, words), n_entries)
    upos = itertools.cycle(("NOUN", "VERB", "ADJ", "ADV"))
    write_lines(folder / "lexicon.tsv", ("\t".join(row) for row in [("source", "target", "upos"), *zip(phrases, lemmas, upos, strict=False)]))
    cells = ((lemma, bundle) for lemma in lemmas for bundle in BUNDLES)
    forms = (f"{lemma}\t{lemma}{i % len(BUNDLES)}\t{bundle}" for i, (lemma, bundle) in enumerate(cells))
    write_lines(folder / "paradigms.tsv", itertools.islice(forms, n_forms))
    recipe = [
        "name: large", "language: swh",
        "source: {path: en.jsonl, format: massive, licence: CC0-1.0, locale: en-US, partition: train}", "resources:",
        "  lexicons: [{path: lexicon.tsv, format: table, licence: CC0-1.0}]",
        "  paradigms: [{path: paradigms.tsv, format: unimorph, licence: CC0-1.0}]",
        f"synthesize: {{rules: [{', '.join(RULES)}], variants: 2, min_coverage: 0.0}}",
    ]  # fmt: skip
    write_lines(folder / "large.yaml", recipe)
    return folder / "large.yaml"


def write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def peak_bytes(recipe: Path) -> int:
    """The largest resident set of `lowres synthesize` in one process."""
    command = [sys.executable, "-m", "lowres", "synthesize", str(recipe), "--runs", str(recipe.parent / "runs")]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(said)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--utterances", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recipe = write_recipe(Path(folder), options.entries, options.forms, options.utterances)
        peak = peak_bytes(recipe)
        counts = json.loads((Path(folder) / "runs" / "large" / "synthesize" / "report.json").read_text(encoding="utf-8"))
    print(f"{options.entries:,} entries, {options.forms:,} forms, {options.utterances:,} utterances; rules {', '.join(RULES)}")
    print(f"made {counts['n_pairs']:,} pairs, {counts['coverage']:.0%} of words rendered, {counts['origins'].get('paradigm:table', 0):,} from the table")
    print(f"peak resident memory {peak / 1e6:,.0f} MB, {peak / BAR:.2f} of the bar of {BAR / 1e6:,.0f} MB: {verdict(peak < BAR)}")


if __name__ == "__main__":
    main()
