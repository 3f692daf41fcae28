"""`lowres gloss`: pairs of a recipe word by word, from its run where that is fresh, else synthesized on the spot."""

import json as json_module
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lowres.errors import LowresError, nearest
from lowres.interlinear import aligned, format_glossed, glossed, rows_of, word_slots
from lowres.language import Language, read_language
from lowres.pair import Pair, Rejected, Word, read_pair, render
from lowres.rules import Resources, Rule, load_rules, rule_name
from lowres.run import Run, is_fresh
from lowres.stages.data import read_kept, read_resources, read_source
from lowres.stages.synthesize import SYNTHESIZE
from lowres.synthesis import Kept, apply, draws
from lowres.utterance import Utterance


@dataclass(slots=True)
class Glossed:
    """A pair that was asked for: `kept`, or why it is `rejected`; the pair after each rule that changed it, where asked."""

    id: str
    source: str
    kept: Kept | None = None
    rejected: str = ""
    steps: list[tuple[str, Pair, list[Word]]] = field(default_factory=list)  # rule, pair after it, its new words


def gloss_pairs(run: Run, ids: Sequence[str], *, intent: str = "", n: int = 5, steps: bool = False) -> list[Glossed]:
    """The pairs of `ids` ("utterance id:variant", or an utterance id for its first), or `n` of an intent."""
    if not ids and not intent:
        raise LowresError("gloss", "neither an id nor an intent", "ids of pairs or utterances, or --intent NAME")
    if steps or not is_fresh(run, SYNTHESIZE):
        return list(_made(run, _wanted(read_source(run), ids, intent, n)))
    return _found(run, ids, intent, n)


def _found(run: Run, ids: Sequence[str], intent: str, n: int) -> list[Glossed]:
    """From the finished run; a pair that it rejected is made again, which says why."""
    pairs = read_kept(run.folder / SYNTHESIZE.name)
    if not ids:
        ids = [one.utterance.id for one in _of_intent([one.utterance for one in pairs], intent, n)]
    kept = {one.utterance.id: one for one in pairs}
    if not all(_first_variant(id, kept) in kept for id in ids):
        return list(_made(run, _wanted(read_source(run), ids, "", n)))
    chosen = (kept[_first_variant(id, kept)] for id in ids)
    return [Glossed(one.utterance.id, one.source, one) for one in chosen]


def _first_variant(id: str, known) -> str:
    return id if id in known else f"{id}:0"


def _wanted(source: Sequence[Utterance], ids: Sequence[str], intent: str, n: int) -> list[tuple[str, Utterance]]:
    """(pair id, source utterance) of everything asked for; raises LowresError for an id that the source does not have."""
    if not ids:
        return [(f"{one.id}:0", one) for one in _of_intent(source, intent, n)]
    by_id = {one.id: one for one in source}
    found = []
    for id in ids:
        stem, _, variant = id.rpartition(":")
        if id in by_id:
            stem, variant = id, "0"
        if stem not in by_id or not variant.isdecimal():
            raise LowresError("gloss", f"no utterance '{id}'", f"{nearest(id, by_id, 4)}, with :N for its variant N")
        found.append((f"{stem}:{variant}", by_id[stem]))
    return found


def _of_intent(utterances: Sequence[Utterance], intent: str, n: int) -> list[Utterance]:
    """`n` utterances of an intent, spread over all of them."""
    fit = [one for one in utterances if one.intent == intent]
    if not fit:
        known = {str(one.intent) for one in utterances}
        raise LowresError("gloss", f"no utterance with the intent '{intent}'", nearest(intent, known))
    return fit[:: max(1, len(fit) // n)][:n]


def _made(run: Run, wanted: Sequence[tuple[str, Utterance]]) -> Iterator[Glossed]:
    """Synthesized now: a pair depends on nothing but its id, so they are those of a whole run."""
    rules, resources = load_rules(run.recipe.synthesize.rules, run.file.folder), read_resources(run)
    for id, utterance in wanted:
        yield make_glossed(run, id, utterance, rules, resources)


def make_glossed(run: Run, id: str, utterance: Utterance, rules: Sequence[Rule], resources: Resources) -> Glossed:
    """The pair `id` ("utterance id:variant") of a source utterance, as `lowres synthesize` would make it now."""
    made = Glossed(id, utterance.text)

    def watch(rule, after: Pair, new: list[Word]) -> None:
        made.steps.append((rule_name(rule), after, new))

    try:
        pair = apply(rules, read_pair(utterance, resources.tagger), resources, draws(run.recipe.synthesize.seed, id), watch)
        said, rules_fired = render(pair, id=id, locale=run.file.locale), tuple(rule for rule, _, _ in made.steps)
        made.kept = Kept(said, utterance.text, pair.words, pair.coverage, rules=rules_fired)
    except Rejected as error:
        made.rejected = error.reason
    return made


def print_glosses(run: Run, made: Sequence[Glossed], *, steps: bool = False, ipa: bool = False, json: bool = False) -> None:
    """Print what `gloss_pairs` found; with `steps` every rule's effect, new words marked by an asterisk."""
    import shutil

    language = read_language(run.recipe.language, run.file.folder)
    width = shutil.get_terminal_size((100, 24)).columns
    records = []
    for i, one in enumerate(made):
        sounds = _sounds(one.kept, language, run.file.folder) if one.kept and ipa else []
        if json:
            records.append(_record(one, sounds, steps))
            continue
        lines = [""] * bool(i) + ([line for step in one.steps for line in _step(*step, width)] if steps else [])
        lines += glossed(one.kept, width, sounds) if one.kept else [f"{one.id}  rejected: {one.rejected}", f"‘{one.source}’"]
        print("\n".join(lines))
    if json:
        print(json_module.dumps(records, ensure_ascii=False, indent=1))


def _sounds(kept: Kept, language: Language, folder: Path) -> list[str]:
    """IPA of each written word; raises LowresError where the sounds of the language are not known or not installed."""
    from lowres.phonology import transcribe

    return [transcribe(word.form, language, folder) for word, _ in word_slots(kept)]


def _step(rule: str, pair: Pair, new: Sequence[Word], width: int) -> list[str]:
    marked = set(map(id, new))
    words = [word for word in pair.words if word.form]
    rows = rows_of(words, [""] * len(words))
    rows = {"words": [f"*{word.form}" if id(word) in marked else word.form for word in words], "gloss": rows["gloss"]}
    return [f"after {rule}", *(aligned(rows, width) if words else [""])]


def _record(one: Glossed, sounds: Sequence[str], steps: bool) -> dict:
    record = format_glossed(one.kept, sounds) if one.kept else {"id": one.id, "source": one.source, "rejected": one.rejected}
    if steps:
        record["steps"] = [{"rule": rule, "text": " ".join(word.form for word in pair.words if word.form),
                            "new": [word.form for word in new]} for rule, pair, new in one.steps]  # fmt: skip
    return record
