"""Whose language is it? How many utterances of each locale are named right, and reach who should read them, when no locale is said.

    python benchmarks/identifier.py --mirror ../shared/data

The dev part of MASSIVE for every locale that the bundled base was launched in and every one of a bundled adapter, routed as a server
does that has all these adapters: the share of which the locale is named right, the share that is unsure, which the base reads, and the
number that another reads than the locale's adapter or, for a launched locale, the base. The last line is the time of one text on one core.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from lowres.catalog import Reference
from lowres.evaluation.markdown import table
from lowres.identifier import SURE
from lowres.registry.base import base_place
from lowres.registry.client import open_registry, pull
from lowres.serving.installed import installed_adapters
from lowres.serving.routing import Router, base_profiles, launched_locales
from lowres.sources import read_utterances

BASE = "lowres-mini"


def bundled_router(place: Path) -> Router:
    """A router over the base in `place` and all adapters of the bundled registry, which are pulled into a cache of their own."""
    with TemporaryDirectory() as cache, patch.dict(os.environ, LOWRES_CACHE=cache):
        for row in open_registry("").rows():
            pull(row.spec)
        return Router(installed_adapters(BASE), launched_locales(place), base_profiles(place))


def count(router: Router, locale: str, texts: Sequence[str]) -> Counter[str]:
    """Of the texts of a locale: how many are `named` right, are `unsure`, and are read by `another` than they should be."""
    owner, counts = router.route("", locale).adapter, Counter[str]()
    for text in texts:
        route = router.route(text)
        counts += Counter(named=route.locale == locale, unsure=route.way == "unsure", another=route.adapter is not owner)
    return counts


def row(router: Router, locale: str, texts: Sequence[str]) -> list[str]:
    """One line of the table."""
    found, owner = count(router, locale, texts), router.route("", locale).adapter
    shares = [f"{100 * found[key] / len(texts):.1f}" for key in ("named", "unsure")]
    return [locale, owner.name if owner else "the base", f"{len(texts):,}", *shares, f"{found['another']:,}"]


def dev_texts(locale: str, mirror: Path | None) -> list[str]:
    return [one.text for one in read_utterances(Reference(dataset="massive", locale=locale, partition="dev"), Path(), mirror)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locale", action="append", default=[], help="one or more of them; all where none is given")
    parser.add_argument("--mirror", type=Path)
    options = parser.parse_args()
    router = bundled_router(base_place(BASE))
    texts = {locale: dev_texts(locale, options.mirror) for locale in options.locale or router.identified}
    started = time.process_time()
    rows = [row(router, locale, said) for locale, said in texts.items()]
    spent = 1e3 * (time.process_time() - started) / sum(map(len, texts.values()))
    print(f"{len(router.identified)} languages told apart, sure from {SURE}; MASSIVE dev\n")
    head = ["locale", "whose", "utterances", "named right, %", "unsure, %", "read by another"]
    print("\n".join(table(head, rows, words=2)).rstrip())
    print(f"\nOne text on one core: {spent:.2f} ms")


if __name__ == "__main__":
    main()
