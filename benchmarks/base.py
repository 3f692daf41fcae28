"""What a base makes of utterances by its own labels: no adapter, no gloss, no recipe.

    python benchmarks/base.py lowres-mini --mirror ../shared/data --locale en-US --locale sw-KE

A row per locale of MASSIVE, en-US and the kept ones by default: intent accuracy, slot F1 and exact match with 95 % bootstrap
intervals, on the dev part; --partition test for a figure that is reported. `lowres probe` says more about a base.
"""

import argparse
from pathlib import Path

from lowres.catalog import Reference
from lowres.evaluation import SCORES, answers, count, score
from lowres.evaluation.markdown import each_score, percent, table
from lowres.model import read_base
from lowres.pretraining.config import DEVELOPMENT_LOCALES
from lowres.reading import Reader, predict
from lowres.sources import read_utterances


def row(reader: Reader, locale: str, partition: str, mirror: Path | None) -> list[str]:
    """One line of the table."""
    gold = read_utterances(Reference(dataset="massive", locale=locale, partition=partition), Path(), mirror)
    return [locale, f"{len(gold):,}", *map(percent, each_score(score(count(answers(gold, predict(reader, gold))))))]


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


if __name__ == "__main__":
    main()
