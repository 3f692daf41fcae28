"""Names carried into other scripts: names held out of CLDR and a lexicon, spelt by the letters of `letters.tsv` and as learnt.

    LOWRES_MIRROR=../shared/data python benchmarks/names.py hye wiktionary-hye urd wiktionary-urd amh wiktionary-amh kat -

For each language, by its code and a lexicon of the catalogue ("-" for none): a fifth of the names is held out, and what is
learnt from the others spells them. Share that is right to the letter, and letters wrong in a hundred. Many names in a lexicon
are no borrowings from English (Germany, Georgia), so no speller gets them all.
"""

import argparse
import random
from collections.abc import Callable
from pathlib import Path

from lowres.catalog import Reference
from lowres.errors import LowresError
from lowres.evaluation.markdown import table
from lowres.language import Language, read_language, read_letters
from lowres.lexicon import Lexicon, build_lexicon
from lowres.names import country_names, lexicon_pairs, spell_name
from lowres.rules import transliterated
from lowres.sources import read_entries
from lowres.spelling import WordPair, learn_alike


def letters_wrong(made: str, right: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(right) + 1))
    for i, letter in enumerate(made, 1):
        before, row[0] = row[:], i
        for j, other in enumerate(right, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
    return row[-1]


def figures(spell: Callable[[str], str], names: list[WordPair]) -> str:
    """Share right, and letters wrong in a hundred."""
    made = [(spell(source), target) for source, target in names]
    wrong = 100 * sum(letters_wrong(*pair) for pair in made) / sum(len(target) for _, target in names)
    return f"{sum(a == b for a, b in made) / len(made):.0%} / {wrong:.0f}"


def measured(language: Language, lexicon: Lexicon, letters: dict[str, str]) -> list[str]:
    """One row of the table."""
    names = sorted({*country_names(language), *lexicon_pairs(language, lexicon, names=True)})
    random.Random(1).shuffle(names)
    held, others = names[: len(names) // 5], names[len(names) // 5 :]
    hidden = {source for source, _ in held}
    loans = [pair for pair in lexicon_pairs(language, lexicon, names=False) if pair[0] not in hidden]
    row = [language.iso639_3, f"{len(others):,} + {len(held):,}"]
    row.append(figures(lambda name: transliterated(name, letters), held) if letters else "-")
    learnt = learn_alike(others, loans)
    row.append(figures(lambda name: spell_name(name, learnt), held))
    if not letters:
        return [*row, "-"]
    taught = [(source, transliterated(source, letters)) for source, _ in others[::3]]
    both = learn_alike(others + taught, loans)
    return [*row, figures(lambda name: spell_name(name, both), held)]


def card(code: str, cards: Path) -> Language:
    """The card of a language, one that `lowres new` writes where there is none."""
    from lowres.newcomer import write_newcomer

    try:
        return read_language(code, cards)
    except LowresError:
        write_newcomer(code, cards)
        return read_language(code, cards)


def main() -> None:
    from tempfile import TemporaryDirectory

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="+", help="ISO 639-3 code and a lexicon of the catalogue, in turns")
    given = parser.parse_args().languages
    rows = []
    with TemporaryDirectory() as cards:
        for code, name in zip(given[::2], given[1::2], strict=True):
            language = card(code, Path(cards))
            entries = () if name == "-" else read_entries(Reference(dataset=name), Path("."), source="eng")
            rows.append(measured(language, build_lexicon(entries), read_letters(code, Path(cards))))
    head = ["language", "names learnt from + held out", "letters by hand: right / wrong letters in 100", "learnt", "both"]
    print("\n".join(table(head, rows)).rstrip())


if __name__ == "__main__":
    main()
