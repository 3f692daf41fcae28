"""What a base makes of utterances by its own labels: no adapter, no gloss, no recipe.

    python benchmarks/base.py lowres-mini --mirror ../shared/data --locale en-US --locale sw-KE

A row per locale of MASSIVE, en-US and the kept ones by default: intent accuracy, slot F1 and exact match with 95 % bootstrap
intervals, on the dev part; --partition test for a figure that is reported. The last line is the time of one utterance alone,
tokenizing and decoding included, on one core. `lowres probe` says more about a base.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from lowres.catalog import Reference
from lowres.evaluation import SCORES, answers, count, score
from lowres.evaluation.markdown import each_score, percent, table
from lowres.model import read_base
from lowres.pretraining.config import DEVELOPMENT_LOCALES
from lowres.reading import Reader, predict
from lowres.sources import read_utterances
from lowres.utterance import Utterance


def row(reader: Reader, locale: str, partition: str, mirror: Path | None) -> list[str]:
    """One line of the table."""
    gold = read_utterances(Reference(dataset="massive", locale=locale, partition=partition), Path(), mirror)
    return [locale, f"{len(gold):,}", *map(percent, each_score(score(count(answers(gold, predict(reader, gold))))))]


def milliseconds(reader: Reader, utterances: Sequence[Utterance]) -> list[float]:
    """Of each utterance alone on one core, the fastest first."""
    torch.set_num_threads(1)
    predict(reader, utterances[:5])  # warm
    spent = []
    for one in utterances:
        started = time.perf_counter()
        predict(reader, [one])
        spent.append(1e3 * (time.perf_counter() - started))
    return sorted(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", help="a name or a folder")
    parser.add_argument("--locale", action="append", default=[])
    parser.add_argument("--partition", default="dev", choices=("dev", "test"))
    parser.add_argument("--mirror", type=Path)
    options = parser.parse_args()
    reader = Reader(*read_base(options.base))
    rows = [row(reader, one, options.partition, options.mirror) for one in options.locale or ("en-US", *DEVELOPMENT_LOCALES)]
    print(f"{options.base}, {options.partition}\n")
    print("\n".join(table(["locale", "utterances", *SCORES.values()], rows)).rstrip())
    gold = read_utterances(Reference(dataset="massive", locale="en-US", partition="dev"), Path(), options.mirror)
    spent = milliseconds(reader, gold[:300])
    print(f"\nOne utterance on one core: {spent[150]:.1f} ms (median of 300 of en-US dev), 95 % below {spent[285]:.1f} ms")


if __name__ == "__main__":
    main()
