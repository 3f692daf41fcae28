"""`lowres check`: everything a recipe names is read, training and test are proved apart, stages are fresh or stale."""

from collections.abc import Iterator

from lowres import corrections
from lowres.bundles import describe
from lowres.cldr import LICENCE, cldr_entries, cldr_version
from lowres.recipe import references
from lowres.run import Run, why_stale
from lowres.settings import dotted
from lowres.sources import licence_of, locate, reference_name
from lowres.stages import STAGES
from lowres.stages.data import (
    corrections_of,
    known_share,
    read_human,
    read_resources,
    read_source,
    read_test,
    refuse_overlap,
    same_data,
    tested,
)
from lowres.text import fold


def check_run(run: Run) -> str:
    """What was found, a line each; raises LowresError where an utterance is both trained and tested on."""
    return "\n".join([*_data(run), *_apart(run), *_human(run), *_reach(run), *_stages(run)])


def _data(run: Run) -> Iterator[str]:
    for key, reference in references(run.recipe):
        files = locate(reference, run.file.folder, run.mirror)
        name = reference.dataset or reference.path
        size = sum(path.stat().st_size for path, _ in files)
        yield f"{dotted(key)}: {name}, {licence_of(reference)}, {len(files)} files, {size:,} bytes, hashes as published"


def _apart(run: Run) -> Iterator[str]:
    """No id on both sides; equal texts are dropped from training."""
    source = read_source(run)
    refuse_overlap(run, source)
    for reference in tested(run):
        test = read_test(run, reference)
        same = same_data(run, reference)
        texts = {fold(one.text) for one in test}
        n_equal = sum(fold(one.text) in texts for one in source)
        yield f"{reference.dataset or reference.path} {reference.locale} {reference.partition}: {len(test)} utterances, " + (
            f"no id in training; {n_equal} source utterances have a test utterance's text and are left out" if same
            else f"another data set than the source's; {n_equal} equal texts are left out")  # fmt: skip


def _human(run: Run) -> Iterator[str]:
    """What people wrote is trained on only where no test has its id, its text or its prompt."""
    if reference := run.recipe.adapt.human:
        name, kept = reference_name(reference), read_human(run)
        n_all = len(read_test(run, reference))
        yield f"adapt.human: {name} {reference.partition}: {len(kept)} utterances, no id in a test; {n_all - len(kept)} left out, whose text is"


def _reach(run: Run) -> Iterator[str]:
    """How far the dictionary goes, on the source and on the test's own words."""
    resources = read_resources(run)
    lexicon, paradigms = resources.lexicon, resources.inflector.paradigms
    if run.recipe.resources.cldr:
        n_names = sum(1 for _ in cldr_entries(resources.language, run.recipe.source.locale or "en"))
        yield f"resources.cldr: {cldr_version()}, {LICENCE}, {n_names:,} names"
    if resources.entities:
        n_names = len({one for names in resources.entities.values() for one in names})
        yield f"local names: {n_names:,}, in the slots {', '.join(sorted(resources.entities))}"
    if said := corrections_of(run):
        files = ", ".join(map(str, corrections.lexicon_files(resources.language.iso639_3, run.file.folder)))
        people = len({one.author for one in said})
        yield f"corrections: {len(said):,} by {people}, above all lexicons, {corrections.LICENCE}, {files}"
    yield f"lexicon: {len(lexicon.translations):,} source phrases, {len(lexicon.glosses):,} target forms"
    yield f"paradigms: {len(paradigms.cells):,} lemmas"
    if paradigms.cells:
        yield f"features: {describe(resources.grammar)}"
    share = known_share(read_source(run), lexicon.translations.keys())
    yield f"source words that the lexicon has as they stand: {share:.0%}"
    known = lexicon.glosses.keys() | paradigms.lemmas.keys()
    for reference in run.recipe.evaluate:
        share = known_share(read_test(run, reference), known)
        yield f"{reference.dataset or reference.path} words that lexicon or paradigms have: {share:.0%}"


def _stages(run: Run) -> Iterator[str]:
    for name, stage in STAGES.items():
        yield f"{name}: {why_stale(run, stage) or 'fresh'}"
