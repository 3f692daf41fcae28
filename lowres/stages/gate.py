"""Stage `gate`: may the adapter be published? What it does for its language, and to everybody else's."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lowres.catalog import Reference, sha256_of
from lowres.errors import LowresError
from lowres.evaluation import Answer, Flips, Report, flips, read_reports, wilson
from lowres.evaluation.markdown import in_words, percent, plain, table
from lowres.identifier import learn_profile
from lowres.progress import progress_bar
from lowres.recipe import references
from lowres.registry.base import base_place
from lowres.registry.package import hash_adapter
from lowres.run import Run, Stage, write_whole
from lowres.serving.installed import Installed
from lowres.serving.routing import Router, base_profiles, launched_locales
from lowres.sources import digest, licence_of, may_be_redistributed, reference_name
from lowres.stages.data import base_digest, dev_of, read_kept, read_test, source_test
from lowres.stages.evaluate import EVALUATE
from lowres.stages.systems import System, answer, read_adapter_system, source_system
from lowres.utterance import Utterance

GATE_FILE, PROFILE_FILE = "gate.json", "profile.safetensors"
_TEST_ONLY = ("evaluate", "skyline", "out_of_domain")  # nothing of these is in the adapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the gate."""

    name: str
    passed: bool
    found: str
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleFlips:
    """What the adapter costs a locale: switched on for everything, and where the identifier chooses."""

    locale: str
    active: Flips
    routed: Flips


def _gate_inputs(run: Run) -> dict[str, Any]:
    publish = run.recipe.publish.model_dump(mode="json")
    launched = [digest(one, run.file.folder, run.mirror) for one in launched_parts(run)]
    report = run.folder / EVALUATE.name / "report.json"
    made = {"adapter": hash_adapter(run.folder / "adapt" / "adapter"), "report": sha256_of(report) if report.is_file() else ""}
    return {"publish": publish, "launched": launched, "base": base_digest(run), **made}


def _gate(run: Run, folder: Path) -> None:
    profile = learn_profile(run.file.locale, (one.utterance.text for one in read_kept(run.folder / "synthesize")))
    profile.write(folder / PROFILE_FILE)
    router = read_router(run, folder / PROFILE_FILE)
    found = measure_flips(run, router)
    checks = [*check_report(run), check_routing(run, router), *check_flips(run, found), check_licences(run)]
    record = {"checks": [asdict(one) for one in checks], "flips": [_record(one) for one in found]}
    write_whole(folder / GATE_FILE, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    write_whole(folder / "gate.md", render_gate(run.recipe.name, checks, found))


def _record(one: LocaleFlips) -> dict[str, Any]:
    lost = {how: asdict(getattr(one, how).lost) for how in ("active", "routed")}
    return asdict(one) | {"lost": lost}


# --- what others lose


def launched_parts(run: Run) -> list[Reference]:
    """The dev parts of the locales that the base was taught, by its own record; none where it has none."""
    place = base_place(run.recipe.adapt.base.partition("@")[0], folder=run.file.folder)
    try:
        record = json.loads((place / "pretraining.json").read_text(encoding="utf-8")) if place else {}
        taught = [Reference.model_validate(one) for one in record.get("config", {}).get("data", {}).get("launched", ())]
    except (OSError, ValueError):
        taught = []
    others = [one for one in taught if (one.dataset, one.locale) != (run.recipe.source.dataset, run.recipe.source.locale)]
    return [dev for one in others if (dev := dev_of(run, one))]


def measure_flips(run: Run, router: Router) -> list[LocaleFlips]:
    """On the source's test part and a sample of each launched locale's dev part."""
    base, adapter = source_system(run), read_adapter_system(run)
    found, measured = [], [one for one in (source_test(run), *launched_parts(run)) if one]
    with progress_bar("gate", len(measured)) as advance:
        for i, reference in enumerate(measured):
            utterances = read_test(run, reference)
            sampled = utterances if i == 0 else _sample(utterances, run.recipe.publish.launched_utterances)
            found.append(flips_of(reference.locale or "und", sampled, base, adapter, router))
            advance(1)
    return found


def _sample(utterances: Sequence[Utterance], n: int) -> list[Utterance]:
    return random.Random(13).sample(list(utterances), min(n, len(utterances)))


def read_router(run: Run, profile: Path) -> Router:
    """What a server routes by that has this one adapter."""
    recipe, place = run.recipe, base_place(run.recipe.adapt.base.partition("@")[0], folder=run.file.folder)
    adapter = Installed(
        name=recipe.name, version=recipe.version, language=recipe.language, locale=run.file.locale, folder=run.folder, profile=profile
    )
    return Router([adapter], launched_locales(place) if place else [], base_profiles(place) if place else [])


def flips_of(locale: str, utterances: Sequence[Utterance], base: System, adapter: System, router: Router) -> LocaleFlips:
    """What is lost of a locale's utterances with the adapter on for all, and for those alone that the router sends to it."""
    alone, active = answer(base, utterances), answer(adapter, utterances)
    routed: list[Answer] = [
        theirs if router.route(one.text).adapter else ours for one, ours, theirs in zip(utterances, alone, active, strict=True)
    ]
    return LocaleFlips(locale=locale, active=flips(alone, active), routed=flips(alone, routed))


# --- the checks


def check_report(run: Run) -> list[Check]:
    """The report is there, was made by these bytes, and beats the best control."""
    report = first_report(run)
    if report is None:
        return [Check(name="report", passed=False, found="no test set", allowed="human utterances under `evaluate`")]
    made, ours = report.adapter, hash_adapter(run.folder / "adapt" / "adapter")
    bytes_ = Check(name="report", passed=made == ours, found=f"made by adapter {made[:12] or 'unknown'}…", allowed=f"adapter {ours[:12]}…")
    return [bytes_, _check_gain(report, run.recipe.publish.min_exact_match_gain)]


def first_report(run: Run) -> Report | None:
    """The report of the first test set."""
    path = run.folder / EVALUATE.name / "report.json"
    return read_reports(path)[0] if path.is_file() else None


def _check_gain(report: Report, least: float) -> Check:
    control = report.best_control
    if control is None:
        return Check(name="gain", passed=False, found="no control", allowed="a report with controls")
    gain = report.differences[control].exact_match
    found = f"{percent(gain)} points of exact match over {control}"
    return Check(name="gain", passed=gain.value >= least, found=found, allowed=f"{100 * least:.1f} at least")


def check_routing(run: Run, router: Router) -> Check:
    """Who speaks the language is answered by its adapter; over a base without profiles nothing is guessed, a locale must be said."""
    if not router.identified:
        return Check(
            name="routing", passed=True, found="by name and locale alone, the base has no profiles", allowed="a locale that is said"
        )
    texts = [one.text for one in read_test(run, run.recipe.evaluate[0])] if run.recipe.evaluate else []
    found, least = sum(router.route(text).adapter is not None for text in texts) / max(1, len(texts)), run.recipe.publish.min_routed
    return Check(name="routing", passed=found >= least, found=f"{found:.1%} of the test go to the adapter", allowed=f"{least:.0%} at least")


def check_flips(run: Run, found: Sequence[LocaleFlips]) -> list[Check]:
    """Of each locale, routed and with the adapter active."""
    limits = (("routed", run.recipe.publish.max_negative_flips), ("active", run.recipe.publish.max_active_flips))
    return [_check_flips(one, how, most) for one in found for how, most in limits]


def _check_flips(one: LocaleFlips, how: str, most: float) -> Check:
    lost = getattr(one, how).lost
    return Check(
        name=f"flips {one.locale}, {how}", passed=lost.value <= most, found=f"{percent(lost)} % lost", allowed=f"{100 * most:.1f} % at most"
    )


def check_licences(run: Run) -> Check:
    """Everybody may pass on what is made from every source."""
    closed = [f"{reference_name(one)} ({licence_of(one)})" for _, one in training_data(run) if not may_be_redistributed(licence_of(one))]
    none = ["`publish.licence: none`"] if run.recipe.publish.licence == "none" else []
    bad = none + sorted(set(closed))
    return Check(name="licences", passed=not bad, found=", ".join(bad) or "all may be passed on", allowed="free licences, or --private")


def training_data(run: Run) -> list[tuple[str, Reference]]:
    """All that went into the adapter, and as what."""
    found = [(key, one) for key, one in references(run.recipe) if key[0] not in _TEST_ONLY]
    return [(str(key[1] if key[0] == "resources" else key[0]), one) for key, one in found]


# --- reading and showing


def read_gate(folder: Path) -> dict[str, Any]:
    """The record of a finished gate."""
    try:
        return json.loads((folder / GATE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise LowresError(folder / GATE_FILE, "no gate", "lowres gate RECIPE") from None


def render_gate(name: str, checks: Sequence[Check], found: Sequence[LocaleFlips]) -> str:
    """gate.md."""
    rows = [[one.name, "passed" if one.passed else "FAILED", plain(one.found), plain(one.allowed)] for one in checks]
    lines = [f"# Gate: {plain(name)}", "", *table(["check", "", "found", "allowed"], rows, words=4)]
    for one in found:
        for how in ("active", "routed"):
            lines += [f"## {one.locale}, {how}", "", *_intents(getattr(one, how))]
    return "\n".join(lines).rstrip() + "\n"


def _intents(found: Flips) -> Iterator[str]:
    yield from (f"{in_words(found.lost)} of {found.n:,} utterances lost, {in_words(found.positive)} won.", "")
    rows = [[plain(row.intent), row.n, percent(wilson(row.n_negative, row.n)), percent(wilson(row.n_positive, row.n))]
            for row in found.intents if row.n_negative]  # fmt: skip
    if rows:
        yield from table(["intent", "utterances", "lost, %", "won, %"], rows)


GATE = Stage(name="gate", inputs=_gate_inputs, work=_gate, after=(EVALUATE,), on_demand=True)
