"""What a recipe names, read: utterances, lexicon, paradigms, pairs; and digests of it for stamps."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from lowres.affixes import learn_affixes
from lowres.analysis import source_tagger, tagger_file
from lowres.bitext import aligned_entries, read_renderings, stems_of
from lowres.bundles import check_declared
from lowres.catalog import Reference, cache_folder, dataset, sha256_of
from lowres.cldr import cldr_entries, cldr_version
from lowres.corrections import Correction, digest_of, entries_of, read_corrections
from lowres.entities import read_local_names
from lowres.errors import LowresError, at
from lowres.fluency import Fluency, spoken
from lowres.formats.lines import read_numbered
from lowres.language import card_path, language_of_locale, read_language, read_letters
from lowres.lexicon import Lexicon, SourcedEntry, build_lexicon, lay_over
from lowres.morphology import Inflector, Paradigms, build_paradigms
from lowres.numerals import numerals_of
from lowres.recipe import Recipe
from lowres.rules import Resources
from lowres.run import Run
from lowres.settings import read_document
from lowres.sources import (
    bitext_references,
    digest,
    prompt_text,
    read_entries,
    read_frequencies,
    read_inflections,
    read_texts,
    read_utterances,
    reference_name,
)
from lowres.synthesis import Kept, parse_kept
from lowres.tagger import Tagger
from lowres.text import bare, fold, words
from lowres.utterance import Utterance

PAIRS = "pairs.jsonl"


def read_source(run: Run) -> list[Utterance]:
    """The labelled source utterances, or a sample of `run.limit` of them in their order."""
    found = read_utterances(run.recipe.source, run.file.folder, run.mirror)
    if run.limit is None or run.limit >= len(found):
        return found
    return [found[i] for i in sorted(random.Random(13).sample(range(len(found)), run.limit))]


def read_test(run: Run, reference: Reference) -> list[Utterance]:
    """Human utterances that an `evaluate` line means."""
    return read_utterances(reference, run.file.folder, run.mirror)


def read_lexicon(run: Run) -> tuple[Lexicon, Paradigms]:
    """The ranked lexicon, corrections above all, and the paradigm table."""
    lexicon, paradigms = read_collected(run)
    return lay_over(lexicon, entries_of(corrections_of(run))), paradigms


def corrections_of(run: Run) -> list[Correction]:
    """What linguists corrected in the run's language, the oldest first."""
    return read_corrections(read_language(run.recipe.language, run.file.folder), run.file.folder)


def read_collected(run: Run) -> tuple[Lexicon, Paradigms]:
    """Lexicon and paradigms of what the recipe names, without corrections."""
    recipe, folder = run.recipe, run.file.folder
    source = source_language(recipe)
    cells = (cell for one in recipe.resources.paradigms for cell in read_inflections(one, folder, run.mirror))
    entries = (entry for one in recipe.resources.lexicons for entry in read_entries(one, folder, source=source, mirror=run.mirror))
    if recipe.resources.cldr:
        entries = chain(entries, cldr_entries(read_language(recipe.language, folder), recipe.source.locale or "en"))
    frequencies = read_frequencies(recipe.resources.texts, folder, run.mirror)
    paradigms = build_paradigms(cells)
    return _with_bitexts(run, list(entries), frequencies, paradigms), paradigms


def _with_bitexts(run: Run, entries: list[SourcedEntry], frequencies: Counter, paradigms: Paradigms) -> Lexicon:
    """The lexicon of the entries and of what the recipe's bitexts say of them."""
    recipe, lexicon = run.recipe, build_lexicon(entries, frequencies)
    if not recipe.resources.bitexts:
        return lexicon
    affixes = learn_affixes(paradigms, lexicon.glosses, frequencies)
    for one in recipe.resources.bitexts:
        found = read_renderings(one, run.file.folder, source=source_language(recipe), mirror=run.mirror,
                                tagger=run.file.source_tagger)  # fmt: skip
        entries += aligned_entries(found, lexicon, reference_name(one), stems_of(affixes, paradigms))
    return build_lexicon(entries, frequencies)


def read_vocabulary(run: Run) -> Mapping[str, int]:
    """How often each folded word of the recipe's raw text occurs."""
    return read_frequencies(run.recipe.resources.texts, run.file.folder, run.mirror)


def read_yardstick(run: Run) -> tuple[Fluency, list[list[str]]] | None:
    """A model of nine tenths of the recipe's raw text, and the sentences of the last, in words; None without text."""
    references, folder = run.recipe.resources.texts, run.file.folder
    texts = [text for one in references for _, text in read_texts(one, folder, run.mirror)]
    if not texts:
        return None
    model = Fluency.learn(text for i, text in enumerate(texts) if i % 10)
    return model, [forms for forms in map(spoken, texts[::10]) if forms]


def known_share(utterances: Iterable[Utterance], known: Container[str]) -> float:
    """The share of all words that are among the folded words `known`, as they stand."""
    tokens = [fold(bare(word)) for one in utterances for word in words(one.text)]
    return sum(token in known for token in tokens) / max(1, len(tokens))


def source_language(recipe: Recipe) -> str:
    """ISO 639-3 of the source utterances, English where the recipe does not say."""
    return language_of_locale(recipe.source.locale or "en")


def english_texts(run: Run, source: Iterable[Utterance]) -> list[str]:
    """What the source utterances say, where they are English: the words that a language may have borrowed."""
    return [one.text for one in source] if source_language(run.recipe) == "eng" else []


def read_resources(run: Run, fluency: Fluency | None = None, *, corrected: bool = True) -> Resources:
    """What rules may read; `fluency` where the language model of the recipe's text has been learnt already.

    Without corrections where not `corrected`: for whoever lays them over.
    """
    lexicon, paradigms = read_lexicon(run) if corrected else read_collected(run)
    folder, settings = run.file.folder, run.recipe.synthesize
    language = read_language(run.recipe.language, folder)
    check_declared(language, paradigms, read_document(card_path(language.iso639_3, folder)).where)
    if fluency is None and "decode" in settings.rules:
        fluency, _ = read_yardstick(run) or (None, [])
    return Resources(
        language, lexicon, Inflector(paradigms, folder=cache_folder() / "inflection"), read_letters(language.iso639_3, folder),
        entities=read_local_names(language, folder, settings.local_slots), local_share=settings.local_share,
        numerals=numerals_of(language, folder), related=_read_related(run), folder=folder, fluency=fluency,
        temperature=settings.temperature, misheard_share=settings.misheard_share, tagger=read_source_tagger(run),
    )  # fmt: skip


def read_source_tagger(run: Run) -> Tagger | None:
    """The recipe's own tagger of the source language; None where it has none, which means English."""
    path = run.file.source_tagger
    return source_tagger(path) if path else None


def _read_related(run: Run) -> Lexicon:
    """The lexicon of related languages."""
    source = source_language(run.recipe)
    read = partial(read_entries, folder=run.file.folder, source=source, mirror=run.mirror)
    return build_lexicon(entry for one in run.recipe.resources.related for entry in read(one))


def read_kept(folder: Path) -> list[Kept]:
    """The pairs of a finished synthesis; LowresError names a line that is none."""
    return [_parse_pair(line, at(folder / PAIRS, number)) for number, line in read_numbered(folder / PAIRS, normal=False)]


def _parse_pair(line: str, where: str) -> Kept:
    try:
        return parse_kept(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LowresError(where, f"no pair ({error})", "a line that `lowres synthesize` wrote") from None


def lexicon_inputs(run: Run) -> dict[str, Any]:
    """What `read_lexicon` and the source utterances depend on, for stamps."""
    recipe, data = run.recipe, run.recipe.resources
    bitexts = bitext_references(data.bitexts, source_language(recipe))
    used = [recipe.source, *data.lexicons, *data.paradigms, *data.texts, *bitexts]
    found: dict[str, Any] = {"data": [digest(one, run.file.folder, run.mirror) for one in used]}
    if corrections := corrections_of(run):
        found["corrections"] = digest_of(corrections)
    if data.cldr:
        language = read_language(recipe.language, run.file.folder)
        found["cldr"] = [cldr_version(), language.bcp47, language.script]
    if bitexts:
        found["tagger"] = sha256_of(tagger_file(run.file.source_tagger))
    return found


def test_digests(run: Run) -> list[str]:
    """Digests of everything that is tested on."""
    return [digest(one, run.file.folder, run.mirror) for one in tested(run)]


def base_digest(run: Run) -> str:
    """SHA-256 over the base's weights, config, tokenizer and labels where it is a folder; its name where it is on the Hub."""
    from lowres.resources import resources_folder

    name = run.recipe.adapt.base
    places = (resources_folder() / "models" / name, run.file.folder / name)
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        return name
    files = sorted((*folder.glob("*.safetensors"), *folder.glob("*.json"), *folder.glob("*.model")))
    return hashlib.sha256("".join(path.name + sha256_of(path) for path in files).encode()).hexdigest()


@cache  # a digest asks for it at every stage, and it takes reading the data
def partitions(source: Reference, folder: Path, mirror: Path | None) -> frozenset[str]:
    """The partitions that a data set has in the reference's locale."""
    members = dataset(source.dataset).files if source.dataset else ()
    named = {one.partition for one in members if one.locale in ("", source.locale)}
    if named and "" not in named:
        return frozenset(named)
    everything = read_utterances(source.model_copy(update={"partition": None}), folder, mirror)
    return frozenset(one.partition for one in everything if one.partition)


def source_test(run: Run) -> Reference | None:
    """Source utterances for negative flips: the data set's test part, else dev, never the part that is trained on."""
    if run.recipe.source.partition is None:
        return None
    there = partitions(run.recipe.source, run.file.folder, run.mirror)
    chosen = next((part for part in ("test", "dev") if part in there and part != run.recipe.source.partition), None)
    return run.recipe.source.model_copy(update={"partition": chosen}) if chosen else None


def dev_of(run: Run, reference: Reference) -> Reference | None:
    """The dev part of what is tested on; None where the data has none, or does not tell it from the test part."""
    if reference.partition == "dev":
        return reference
    if reference.partition is None or "dev" not in partitions(reference, run.file.folder, run.mirror):
        return None
    return reference.model_copy(update={"partition": "dev"})


def tested(run: Run) -> list[Reference]:
    """Everything that is tested on, the source's own test part too."""
    return [*run.recipe.evaluate, *filter(None, [source_test(run)])]


def test_texts(run: Run) -> set[str]:
    """Folded texts of everything that is tested on, and of the prompts it renders; nothing of it may be trained on."""
    test = [one for reference in tested(run) for one in read_test(run, reference)]
    return {fold(one.text) for one in test} | {fold(asked) for one in test if (asked := prompt_text(one))}


def refuse_overlap(run: Run, source: Iterable[Utterance]) -> None:
    """LowresError where an utterance is both trained and tested on; ids are only comparable within one data set."""
    ids = {one.id for one in source}
    for reference in filter(lambda one: same_data(run, one), tested(run)):
        both = ids & {one.id for one in read_test(run, reference)}
        if both:
            found = f"{len(both)} utterances both trained and tested on, first {min(both)}"
            raise LowresError(run.file.path, found, "other partitions")


def read_human(run: Run) -> list[Utterance]:
    """Utterances by people that are trained on, without any that is tested on; ids end in ":human".

    LowresError where an id of the same data is on both sides: a text that was changed would hide there.
    """
    reference = run.recipe.adapt.human
    if reference is None:
        return []
    human, test = read_utterances(reference, run.file.folder, run.mirror), test_texts(run)
    for other in run.recipe.evaluate:
        if (other.dataset, other.path) == (reference.dataset, reference.path):
            both = {one.id for one in human} & {one.id for one in read_test(run, other)}
            if both:
                found = f"adapt.human: {len(both)} utterances both trained and tested on, first {min(both)}"
                raise LowresError(run.file.path, found, "other partitions")
    return [replace(one, id=f"{one.id}:human") for one in human if fold(one.text) not in test]


def same_data(run: Run, reference: Reference) -> bool:
    """Whether a reference means the data set, or the file, that the source comes from."""
    source = run.recipe.source
    return (reference.dataset, reference.path) == (source.dataset, source.path)
