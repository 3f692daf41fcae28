"""Report: how well an adapter reads one test set, beside its controls, and what to improve first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lowres import __version__
from lowres.errors import LowresError, nearest
from lowres.evaluation.confidence import Calibration, Rejection, calibrate
from lowres.evaluation.predictions import Answer, same_utterances
from lowres.evaluation.scores import RESAMPLES, SEED, Flips, SystemScores, count, flips, score, score_difference
from lowres.evaluation.tables import (
    Confusion,
    Cost,
    Row,
    costs,
    intent_confusions,
    intent_rows,
    slot_confusions,
    slot_rows,
)

SYSTEMS = ("adapter", "base", "gloss", "word_for_word")  # in the order of every table; other controls follow
N_CONFUSIONS = 50
N_EXAMPLES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One adapter on one test set; all rows, confusions, costs and the calibration are the adapter's.

    `version` is the recipe's. `differences` are adapter minus control, paired. `source_scores` has
    'base' (no adapter) and 'adapter' (active) on the source locale, and `source` what flipped between them.
    `core_minutes` are per stage. `examples` are answers by id, one for each of the first `costs`.
    """

    name: str
    version: str
    language: str
    dataset: str
    locale: str
    partition: str
    n: int
    signature: str
    systems: dict[str, SystemScores]
    differences: dict[str, SystemScores]
    skyline: SystemScores | None = None  # the same base trained on human utterances of the language
    missing: dict[str, str] = field(default_factory=dict)  # control -> why it could not be run
    intents: tuple[Row, ...]
    slots: tuple[Row, ...]
    intent_confusions: tuple[Confusion, ...]
    slot_confusions: tuple[Confusion, ...]
    costs: tuple[Cost, ...]
    examples: dict[str, Answer]
    calibration: Calibration
    source: Flips | None = None
    source_locale: str = ""
    source_scores: dict[str, SystemScores] = field(default_factory=dict)
    rejection: Rejection | None = None
    core_minutes: dict[str, float] = field(default_factory=dict)
    known_share: float | None = None  # of the test's words that lexicon or paradigms have as they stand
    adapter: str = ""  # SHA-256 of the files that gave its answers
    unknown_words: tuple[tuple[str, int], ...] = ()  # that no dictionary or table explains, most frequent first

    @property
    def shown(self) -> dict[str, SystemScores]:
        """The systems in the order of every table, and the skyline last."""
        return self.systems | ({"skyline": self.skyline} if self.skyline else {})

    @property
    def best_control(self) -> str | None:
        """The control with the highest exact match, the first of several; None where there is none."""
        return max(self.differences, key=lambda name: self.systems[name].exact_match.value, default=None)

    @property
    def closed(self) -> float | None:
        """Share of the way from the best control to the skyline, in exact match; None where there is no way."""
        if self.skyline is None or self.best_control is None:
            return None
        start = self.systems[self.best_control].exact_match.value
        way = self.skyline.exact_match.value - start
        return (self.systems["adapter"].exact_match.value - start) / way if way > 0 else None


def build_report(
    *,
    name: str,
    version: str,
    language: str,
    dataset: str,
    locale: str,
    partition: str,
    systems: Mapping[str, Sequence[Answer]],
    skyline: Sequence[Answer] | None = None,
    missing: Mapping[str, str] | None = None,
    source: Mapping[str, Sequence[Answer]] | None = None,
    source_locale: str = "",
    rejection: Rejection | None = None,
    core_minutes: Mapping[str, float] | None = None,
    known_share: float | None = None,
    unknown_words: Iterable[tuple[str, int]] = (),
    adapter: str = "",
    provenance: Mapping[str, str] | None = None,
    n_resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Report:
    """Reduce answers to a report; 'adapter' must be among `systems`, and all must answer the same utterances.

    `source` holds the answers of 'base' and 'adapter' on the source locale; `provenance` goes into the
    signature, as in {"base": "lowres-mini@0a1b2c3d", "pairs": "4e5f6a7b"}; `adapter` is the SHA-256 of the adapter's files.
    """
    answered = _in_order("systems", systems)
    draws = {"n_resamples": n_resamples, "seed": seed}
    ours = answered["adapter"]
    tested = {"dataset": dataset, "locale": locale, "partition": partition, "n": len(ours)}
    return Report(
        name=name,
        version=version,
        language=language,
        **tested,
        signature=signature(**tested, **draws, **dict(provenance or {})),
        **_scored(answered, draws),
        skyline=score(count(same_utterances("skyline", ours, skyline)), **draws) if skyline else None,
        missing=dict(missing or {}),
        **_looked_into(ours),
        source_locale=source_locale,
        **_at_home(source, draws),
        rejection=rejection,
        core_minutes=dict(core_minutes or {}),
        known_share=known_share,
        adapter=adapter,
        unknown_words=tuple((word, times) for word, times in unknown_words),
    )


def _scored(answered: Mapping[str, Sequence[Answer]], draws: Mapping[str, int]) -> dict[str, Any]:
    """Every system, and what the adapter has over every other."""
    counts = {system: count(listed) for system, listed in answered.items()}
    adapter, controls = counts["adapter"], [system for system in counts if system != "adapter"]
    return {
        "systems": {system: score(counts[system], **draws) for system in counts},
        "differences": {control: score_difference(counts[control], adapter, **draws) for control in controls},
    }


def _looked_into(adapter: Sequence[Answer]) -> dict[str, Any]:
    """Where the adapter's mistakes are, and how sure it is of them."""
    dearest = costs(adapter)
    return {
        "intents": intent_rows(adapter),
        "slots": slot_rows(adapter),
        "intent_confusions": intent_confusions(adapter)[:N_CONFUSIONS],
        "slot_confusions": slot_confusions(adapter)[:N_CONFUSIONS],
        "costs": dearest,
        "examples": _examples(adapter, dearest[:N_EXAMPLES]),
        "calibration": calibrate([answer.confidence for answer in adapter], count(adapter).exact),
    }


def _at_home(source: Mapping[str, Sequence[Answer]] | None, draws: Mapping[str, int]) -> dict[str, Any]:
    """What the adapter does to the source locale."""
    if not source:
        return {}
    home = _in_order("source", source, needed=("adapter", "base"))
    scores = {system: score(count(listed), **draws) for system, listed in home.items()}
    return {"source": flips(home["base"], home["adapter"], **draws), "source_scores": scores}


def _in_order(
    where: str, systems: Mapping[str, Sequence[Answer]], needed: Sequence[str] = ("adapter",)
) -> dict[str, Sequence[Answer]]:
    if absent := [system for system in needed if system not in systems]:
        raise LowresError(where, f"no answers of {absent[0]}", nearest(absent[0], systems))
    names = [*(name for name in SYSTEMS if name in systems), *(name for name in systems if name not in SYSTEMS)]
    return {name: same_utterances(f"{where}.{name}", systems["adapter"], systems[name]) for name in names}


def _examples(answered: Sequence[Answer], dearest: Iterable[Cost]) -> dict[str, Answer]:
    by_id = {answer.gold.id: answer for answer in answered}
    return {cost.example: _bare(by_id[cost.example]) for cost in dearest}


def _bare(answer: Answer) -> Answer:
    """Without the source file's other fields, which predictions.jsonl does not keep either."""
    gold, predicted = (replace(side, extra={}) for side in (answer.gold, answer.predicted))
    return Answer(gold=gold, predicted=predicted, confidence=float(answer.confidence))


def signature(
    *,
    dataset: str,
    locale: str,
    partition: str,
    n: int,
    n_resamples: int = RESAMPLES,
    seed: int = SEED,
    **provenance: str,
) -> str:
    """All that decides the figures, in one line to be cited with them (after Post 2018, sacrebleu)."""
    decided = {"n": n, "f1": "seqeval-strict-iob2", "bootstrap": n_resamples, "seed": seed}
    parts = [f"{dataset}/{locale}/{partition}"]
    parts += [f"{key}:{value}" for key, value in (decided | provenance | {"version": __version__}).items()]
    return "|".join(" ".join(part.replace("|", "/").split()) for part in parts)


def format_report(report: Report) -> dict[str, Any]:
    """A JSON object of `report`; `parse_report` is its inverse."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report).dump_python(report, mode="json")


def parse_report(record: Any, where: object = "report") -> Report:
    """The inverse of `format_report`; LowresError names the key that is unknown, missing or of another type."""
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    # A tuple carries the strictness down into the dataclasses, which cannot be given it from outside.
    strict = TypeAdapter(tuple[Report], config=ConfigDict(extra="forbid", strict=True))
    try:
        return strict.validate_json(json.dumps([record]))[0]
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        key = ".".join(map(str, detail["loc"][1:])) or "it"
        raise LowresError(
            where, f"{key}: {detail['msg'][0].lower()}{detail['msg'][1:]}", "a report as lowres writes it"
        ) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise LowresError(where, str(error), "a report as lowres writes it") from None
