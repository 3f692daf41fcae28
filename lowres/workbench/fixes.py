"""A pair made again at the desk: rule by rule, with the alternatives of each word, and with a correction that is tried out.

The dictionaries of a run are read once (`open_bench`); a correction is laid over them, which takes milliseconds.
"""

import os
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lowres.analysis import english
from lowres.corrections import Correction, entries_of
from lowres.errors import LowresError
from lowres.formats.parts import TAGS
from lowres.language import Language
from lowres.lexicon import lay_over
from lowres.pair import Pair, Rejected, Word, read_pair, render
from lowres.recipe import read_recipe, references
from lowres.rules import Resources, Rule, load_rules
from lowres.rules.lookup import candidates, look_up_keys
from lowres.run import Run
from lowres.stages.data import read_resources, read_source
from lowres.stages.gloss import Glossed, make_glossed
from lowres.synthesis import apply, draws
from lowres.tagger import Tagger
from lowres.text import bare, fold, words
from lowres.utterance import Utterance
from lowres.workbench.pairs import PairIndex
from lowres.workbench.runs import find_recipe, is_local

UNSPECIFIED = ""
PARTS = (UNSPECIFIED, *(tag for tag in TAGS if tag not in ("PUNCT", "SYM", "X")))  # of speech, that an entry may name
_SECONDS, _LEAST = 0.3, 24  # for counting, and how many pairs at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a run's pairs are made with; `resources` are without corrections. Shared by all who look at pages."""

    run: Run
    rules: Sequence[Rule]
    resources: Resources
    sources: Mapping[str, Utterance]  # by id
    spoken: Mapping[str, frozenset[str]]  # folded word, or lemma of one -> ids of the source utterances that have it


def open_bench(folder: Path) -> Bench:
    """Read all that a run's pairs are made with, which takes seconds; raises LowresError where it is not on this machine."""
    path = find_recipe(folder)
    if path is None:
        raise LowresError(folder, f"no recipe {folder.name}.yaml was found", "a recipe beside the runs, so that pairs can be made again")
    file = read_recipe(path)
    absent = next((one.dataset for _, one in references(file.recipe) if not is_local(one)), None)
    if absent:
        raise LowresError(path, f"{absent} is not on this machine", "its data, so that pairs can be made again")
    mirror = os.environ.get("LOWRES_MIRROR")
    run = Run(file=file, folder=folder, mirror=Path(mirror) if mirror else None)
    resources = read_resources(run, corrected=False)
    sources = {one.id: one for one in read_source(run)}
    return Bench(
        run=run, rules=load_rules(file.recipe.synthesize.rules, file.folder), resources=resources, sources=sources,
        spoken=_spoken(sources, resources.tagger or english()),
    )  # fmt: skip


def _spoken(sources: Mapping[str, Utterance], tagger: Tagger) -> dict[str, frozenset[str]]:
    """A word stands under every lemma that it may have: more ids than a look-up would find, and none too few."""
    by_form: dict[str, set[str]] = defaultdict(set)
    for id, one in sources.items():
        for word in words(one.text):
            by_form[fold(bare(word))].add(id)
    found: dict[str, set[str]] = defaultdict(set)
    for form, ids in by_form.items():
        host = form.partition("'")[0] or form
        for name in {form, host, *(tagger.lemma(host, tag) for tag in PARTS[1:])}:
            found[name] |= ids
    return {name: frozenset(ids) for name, ids in found.items()}


def resources_with(bench: Bench, corrections: Sequence[Correction]) -> Resources:
    """The bench's resources with corrections, the oldest first, above all dictionaries.

    What rules learnt from whole dictionaries is kept: a few words more hardly change it, and learning takes seconds.
    """
    if not corrections:
        return bench.resources
    made = replace(bench.resources, lexicon=lay_over(bench.resources.lexicon, entries_of(corrections)))
    made.learnt.update(bench.resources.learnt)
    return made


def remade(bench: Bench, id: str, resources: Resources) -> Glossed:
    """The pair `id` as it would be made now, with every step; raises LowresError where the source has no such utterance."""
    return make_glossed(bench.run, id, _source_of(bench, id), bench.rules, resources)


def _source_of(bench: Bench, id: str) -> Utterance:
    found = bench.sources.get(id.rpartition(":")[0])
    if found is None:
        raise LowresError(f"pair {id}", "its utterance is not in the recipe's source any more", "synthesize the run again")
    return found


# --- the words of a pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A word or phrase of the source with its translations: (form, share of the draws, lexicon), best first.

    `key` is what a dictionary would have it under; `left_out` where no word of the pair came of it.
    """

    text: str
    key: str
    upos: str
    translations: tuple[tuple[str, float, str], ...]
    left_out: bool = False


def choices_of(bench: Bench, made: Glossed, resources: Resources) -> list[Choice]:
    """What was looked up for the pair, in the order of the source."""
    pair = read_pair(_source_of(bench, made.id), resources.tagger)
    looked_up = next((after for rule, after, _ in made.steps if rule == "look_up"), pair)
    found = sorted((word.source for word in looked_up.words if word.source), key=min)
    said = {index for source in found for index in source}
    rest = [(i,) for i in range(len(pair.tokens)) if i not in said]
    every = sorted([*found, *rest], key=min)
    return [_choice(pair, source, resources, left_out=source in rest) for source in every]


def _choice(pair: Pair, source: tuple[int, ...], resources: Resources, *, left_out: bool) -> Choice:
    tokens = [pair.tokens[i] for i in source]
    options, weights = candidates(pair, resources.lexicon, source)
    powers = [weight ** (2 / resources.temperature) if resources.temperature else float(i == 0) for i, weight in enumerate(weights)]
    rows = tuple((one.form, power / sum(powers), one.lexicon) for one, power in zip(options, powers, strict=True))
    phrase, stem = " ".join(one.key for one in tokens), " ".join([tokens[0].lemma, *(one.key for one in tokens[1:])])
    key = (phrase if phrase in resources.lexicon.translations else stem) if len(tokens) > 1 else look_up_keys(tokens[0])[0]
    upos = tokens[0].upos if len(tokens) == 1 else UNSPECIFIED
    text = " ".join(one.form for one in tokens)
    return Choice(text=text, key=key, upos=upos if upos in PARTS else UNSPECIFIED, translations=rows, left_out=left_out)


def dropped(before: Sequence[Word], after: Sequence[Word]) -> list[str]:
    """The words whose source nothing renders any more."""
    said = {index for word in after for index in word.source}
    return [word.form for word in before if word.form and word.source and said.isdisjoint(word.source)]


def steps_of(bench: Bench, made: Glossed, resources: Resources) -> list[tuple[str, Sequence[Word], list[Word], list[str]]]:
    """(rule, the words after it, the new ones, those that it left out) of every rule that changed something."""
    before = read_pair(_source_of(bench, made.id), resources.tagger).words
    rows = []
    for rule, after, new in made.steps:
        rows.append((rule, after.words, new, dropped(before, after.words)))
        before = after.words
    return rows


def sounds_of(forms: Sequence[str], language: Language, folder: Path | None) -> tuple[list[str], str]:
    """IPA of each form and '', or [] and why there is none."""
    from lowres.phonology import sounds

    try:
        found = sounds(forms, language, folder)
    except LowresError as error:
        return [], str(error)
    return (found, "") if found is not None else ([], f"nobody has a table of sounds for {language.name} in {language.script}")


# --- how much a correction changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Pairs that a correction changes, of all; estimated from `tried` pairs out of `having` that have the word where those are fewer."""

    n: int
    of: int
    having: int
    tried: int

    @property
    def estimated(self) -> bool:
        return self.tried < self.having


def count_changed(
    bench: Bench, index: PairIndex, before: Resources, after: Resources, source: str, *, seconds: float = _SECONDS
) -> Change:
    """How many of the run's pairs a correction of `source` changes: those with its word are made again, or a sample of them."""
    ids = bench.spoken.get(fold(source).split(" ")[0], frozenset())
    having = [id for id in index.positions if id.rpartition(":")[0] in ids]
    n_changed, tried, end = 0, 0, time.monotonic() + seconds
    for id in random.Random(13).sample(having, len(having)):
        if tried >= _LEAST and time.monotonic() > end:
            break
        n_changed += _said(bench, id, before) != _said(bench, id, after)
        tried += 1
    n = round(n_changed / tried * len(having)) if tried else 0
    return Change(n=n, of=len(index), having=len(having), tried=tried)


def _said(bench: Bench, id: str, resources: Resources) -> str:
    """The text of the pair, or why there is none."""
    utterance, seed = _source_of(bench, id), bench.run.recipe.synthesize.seed
    try:
        pair = apply(bench.rules, read_pair(utterance, resources.tagger), resources, draws(seed, id))
        return render(pair, id=id, locale=bench.run.file.locale).text
    except Rejected as error:
        return f"\0{error.reason}"


def count_having(index: PairIndex, source: str) -> Change:
    """How many pairs have the word or phrase in their source, where they cannot be made again."""
    sought = f" {fold(source)} "
    n = sum(sought in f" {text.partition(chr(10))[0]} " for text in index.texts)
    return Change(n=n, of=len(index), having=n, tried=0)
