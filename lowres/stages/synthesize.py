"""Stage `synthesize`: source utterances become pseudo-labelled target utterances, pairs.jsonl and its report."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lowres.analysis import tagger_file
from lowres.catalog import sha256_of
from lowres.errors import LowresError
from lowres.fluency import Fluency
from lowres.language import beside_card, card_path
from lowres.progress import progress_bar
from lowres.recipe import Recipe
from lowres.rules import Resources, load_rules, module_paths
from lowres.run import Run, Stage, write_whole
from lowres.sources import digest
from lowres.stages.data import PAIRS, lexicon_inputs, read_resources, read_source, read_yardstick, refuse_overlap
from lowres.synthesis import format_kept, synthesize
from lowres.tally import Tally, render_report, report
from lowres.utterance import Utterance


class NothingKept(LowresError):
    """Every pair was rejected."""


def synthesize_inputs(run: Run, rules: Sequence[str] | None = None) -> dict[str, Any]:
    recipe, folder = run.recipe, run.file.folder
    names = rules or recipe.synthesize.rules
    return lexicon_inputs(run) | {
        "synthesize": recipe.synthesize.model_dump(mode="json") | {"rules": list(names)},
        "locale": run.file.locale,
        "card": [sha256_of(path) for path in _card_files(recipe.language, folder)],
        "libraries": _libraries(names),
        "tagger": sha256_of(tagger_file(run.file.source_tagger)),
        "modules": {path.name: sha256_of(path) for path in module_paths(names, folder)},
        "related": [digest(one, folder, run.mirror) for one in recipe.resources.related],
    } | ({"limit": run.limit} if run.limit else {})


_BESIDE = ("letters.tsv", "entities.tsv", "numbers.tsv", "ipa.csv", "ipa.pre.txt", "ipa.post.txt")


def _card_files(language: str, folder: Path) -> list[Path]:
    beside = (beside_card(name, language, folder) for name in _BESIDE)
    return [card_path(language, folder), *filter(None, beside)]


_SPELLING = ("unicode-rbnf", "language-data")  # numbers and names, of which a language's own rules may ask, too
_SOUND = ("epitran", "panphon")


def _libraries(names: Sequence[str]) -> dict[str, str]:
    """The release of each library whose data may be in the pairs; '' of one that is not installed."""
    return {library: _version(library) for library in (*_SPELLING, *(_SOUND if "sound_alike" in names else ()))}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _synthesize(run: Run, folder: Path) -> None:
    make_pairs(run, folder, run.recipe.synthesize.rules)


def make_pairs(run: Run, folder: Path, names: Sequence[str]) -> None:
    """pairs.jsonl, report.json and report.md by the rules `names`; the same bytes whatever the number of processes."""
    source, tally = read_source(run), Tally()
    fluency, unread = read_yardstick(run) or (None, [])
    yardstick: list[float] = []

    def meanwhile() -> None:  # what the workers need not wait for
        refuse_overlap(run, source)
        yardstick.extend(map(fluency.sentence, unread) if fluency else ())

    lines: list[str] = []
    with progress_bar("synthesize", len(source)) as advance:
        for count, text in _synthesized(run, names, source, fluency, meanwhile):
            tally.add(count)
            lines.append(text)
            advance(count.n_utterances)
    write_whole(folder / PAIRS, "".join(lines))
    if not tally.kept:
        why = "; ".join(f"{reason}: {n}" for reason, n in tally.rejected.most_common(2))
        raise NothingKept(run.file.path, f"no pair was kept ({why})", "a lexicon that covers more, or a lower min_coverage")
    counts = report(tally, yardstick if fluency else None)
    write_whole(folder / "report.json", json.dumps(counts, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / "report.md", render_report(run.recipe.name, counts))


CHUNK = 512  # utterances; a multiple of nothing: results do not depend on it


@dataclass(slots=True)
class _Work:
    """What a process needs to synthesize; set once per process."""

    recipe: Recipe
    locale: str
    rules: list
    resources: Resources


_work: _Work | None = None


def _synthesized(
    run: Run, names: Sequence[str], source: list[Utterance], fluency: Fluency | None, meanwhile: Callable[[], None]
) -> Iterator[tuple[Tally, str]]:
    global _work
    resources = read_resources(run, fluency)
    _work = _Work(run.recipe, run.file.locale, load_rules(names, run.file.folder), resources)
    chunks = [source[i : i + CHUNK] for i in range(0, len(source), CHUNK)]
    if run.jobs == 1:
        meanwhile()
        yield from map(_chunk, chunks)
        return
    import multiprocessing

    # forked workers share the resources read above
    with multiprocessing.get_context("fork").Pool(run.jobs) as pool:
        done = pool.imap(_chunk, chunks)
        meanwhile()
        yield from done


def _chunk(utterances: list[Utterance]) -> tuple[Tally, str]:
    settings, tally = _work.recipe.synthesize, Tally()
    kept = synthesize(
        utterances, _work.rules, _work.resources, locale=_work.locale, variants=settings.variants,
        min_coverage=settings.min_coverage, seed=settings.seed, tally=tally, fluency=_work.resources.fluency,
    )  # fmt: skip
    return tally, "".join(format_kept(one) + "\n" for one in kept)


SYNTHESIZE = Stage(name="synthesize", inputs=synthesize_inputs, work=_synthesize)
