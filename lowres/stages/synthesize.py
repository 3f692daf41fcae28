"""Stage `synthesize`: source utterances become pseudo-labelled target utterances, pairs.jsonl and its report."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowres.catalog import sha256_of
from lowres.cldr import cldr_version
from lowres.errors import LowresError
from lowres.language import card_path
from lowres.progress import progress_bar
from lowres.recipe import Recipe
from lowres.rules import Resources, load_rules, module_paths
from lowres.run import Run, Stage, write_whole
from lowres.sources import digest
from lowres.stages.data import PAIRS, read_resources, read_source, refuse_overlap
from lowres.synthesis import Tally, format_kept, render_report, report, synthesize
from lowres.utterance import Utterance


def synthesize_inputs(run: Run, rules: Sequence[str] | None = None) -> dict[str, Any]:
    recipe, folder = run.recipe, run.file.folder
    names = rules or recipe.synthesize.rules
    references = [recipe.source, *recipe.resources.lexicons, *recipe.resources.paradigms, *recipe.resources.texts]
    return {
        "synthesize": recipe.synthesize.model_dump(mode="json") | {"rules": list(names)},
        "locale": run.file.locale,
        "card": [sha256_of(path) for path in _card_files(card_path(recipe.language, folder))],
        "cldr": cldr_version() if recipe.resources.cldr else None,
        "modules": {path.name: sha256_of(path) for path in module_paths(names, folder)},
        "data": [digest(one, folder, run.mirror) for one in references],
    }


def _card_files(card: Path) -> list[Path]:
    beside = (card.with_name(name) for name in ("letters.tsv", "entities.tsv", "numbers.tsv"))
    return [card, *(path for path in beside if path.is_file())]


def _synthesize(run: Run, folder: Path) -> None:
    make_pairs(run, folder, run.recipe.synthesize.rules)


def make_pairs(run: Run, folder: Path, names: Sequence[str]) -> None:
    """pairs.jsonl, report.json and report.md by the rules `names`; the same bytes whatever the number of processes."""
    source, tally = read_source(run), Tally()
    refuse_overlap(run, source)
    lines: list[str] = []
    with progress_bar("synthesize", len(source)) as advance:
        for count, text in _synthesized(run, names, source):
            tally.add(count)
            lines.append(text)
            advance(count.n_utterances)
    write_whole(folder / PAIRS, "".join(lines))
    counts = report(tally)
    if not counts["n_pairs"]:
        raise LowresError(run.file.path, "no pair was kept", "a lexicon that covers more, or a lower min_coverage")
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


def _synthesized(run: Run, names: Sequence[str], source: list[Utterance]) -> Iterator[tuple[Tally, str]]:
    global _work
    _work = _Work(run.recipe, run.file.locale, load_rules(names, run.file.folder), read_resources(run))
    chunks = [source[i : i + CHUNK] for i in range(0, len(source), CHUNK)]
    if run.processes == 1:
        yield from map(_chunk, chunks)
        return
    import multiprocessing

    # forked workers share the resources read above
    with multiprocessing.get_context("fork").Pool(run.processes) as pool:
        yield from pool.imap(_chunk, chunks)


def _chunk(utterances: list[Utterance]) -> tuple[Tally, str]:
    settings, tally = _work.recipe.synthesize, Tally()
    kept = synthesize(
        utterances, _work.rules, _work.resources, locale=_work.locale, variants=settings.variants,
        min_coverage=settings.min_coverage, seed=settings.seed, tally=tally,
    )  # fmt: skip
    return tally, "".join(format_kept(one) + "\n" for one in kept)


SYNTHESIZE = Stage(name="synthesize", inputs=synthesize_inputs, work=_synthesize)
