"""Talking to a model: which ones there are, an utterance checked, what a model and its dictionary say of it, pairs that are like it."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lowres.collection.events import Offered, Reading, new_id
from lowres.collection.nearness import NearIndex
from lowres.errors import LowresError
from lowres.evaluation import Report, read_reports
from lowres.language import Direction, Language, read_copied_card, read_language
from lowres.registry.client import open_registry, pull, shelf_folder
from lowres.registry.package import MANIFEST, read_package, version_key
from lowres.registry.release import Row
from lowres.resources import resources_folder
from lowres.run import read_stamp
from lowres.stages.talk import adapter_folder
from lowres.synthesis import Kept
from lowres.text import nfc, words
from lowres.utterance import Utterance
from lowres.workbench.markup import pair_card, safe
from lowres.workbench.pairs import PairIndex
from lowres.workbench.runs import changed_at, find_recipe, has_pairs, list_runs, read_scores
from lowres.workbench.sessions import Turn
from lowres.workbench.wording import _

if TYPE_CHECKING:
    from lowres.reading import Reader

LONGEST = 500  # characters
FIRST = "swh"  # the language to open with where nobody chose one
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # joiners are letters to some scripts; these never are

# --- what can be talked to


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A run's adapter, or one version of a released one, in a language (ISO 639-3) and locale (BCP 47).

    `folder` is the run's or the package's; None of one that comes with lowres and was not pulled yet.
    """

    name: str
    version: str = ""  # '' of a run
    language: str
    locale: str
    folder: Path | None = None

    @property
    def spec(self) -> str:
        """NAME of a run, NAME@VERSION"""
        return f"{self.name}@{self.version}" if self.version else self.name


def list_choices(runs: Path) -> list[Choice]:
    """Runs with an adapter, then every version of the released ones: on the shelf, or come with lowres; by name, newest first."""
    pulled = {one.spec: one for one in _pulled()}
    bundled = (Choice(name=row.name, version=row.version, language=row.language, locale=row.locale) for row in _bundled() if not row.yanked)
    released = [*pulled.values(), *(one for one in bundled if one.spec not in pulled)]
    released.sort(key=lambda one: version_key(one.version), reverse=True)
    return [*_runs(runs), *sorted(released, key=lambda one: one.name)]


def _runs(runs: Path) -> list[Choice]:
    found = []
    for folder in list_runs(runs):
        if adapter_file(folder).is_file() and (folder / "language.yaml").is_file():
            card = _card(folder / "language.yaml", changed_at(folder / "language.yaml"))
            found += [Choice(name=folder.name, language=card.iso639_3, locale=card.bcp47, folder=folder)] if card else []
    return found


@lru_cache(maxsize=256)
def _card(path: Path, changed: int) -> Language | None:
    """A run's card; None of a broken one, of which the page of runs tells."""
    try:
        return read_copied_card(path)
    except LowresError:
        return None


def _pulled() -> list[Choice]:
    paths = sorted(shelf_folder().glob(f"*/[!.]*/{MANIFEST}"))
    return [one for path in paths if (one := _packaged(path.parent, changed_at(path)))]


@lru_cache(maxsize=256)
def _packaged(folder: Path, changed: int) -> Choice | None:
    try:
        package = read_package(folder)
    except LowresError:
        return None
    return Choice(name=package.name, version=package.version, language=package.language, locale=package.locale, folder=folder)


@cache
def _bundled() -> tuple[Row, ...]:
    return tuple(open_registry("").rows())


def first_choice(choices: Sequence[Choice], run: str | None = None) -> Choice | None:
    """What to open with: the run that was chosen elsewhere, else the first run, else what comes with lowres."""
    ranked = sorted(choices, key=lambda one: (one.spec != run, bool(one.version), one.language != FIRST))
    return ranked[0] if ranked else None


def rivals(choice: Choice, choices: Sequence[Choice]) -> list[Choice]:
    """What else reads the language, the version before first: the next older one, of a run the newest released one of its name."""
    others = [one for one in choices if one.language == choice.language and one != choice]
    return sorted(others, key=lambda one: (one.name != choice.name, not one.version, not _is_older(one, choice)))


def _is_older(one: Choice, than: Choice) -> bool:
    return not than.version or bool(one.version) and version_key(one.version) < version_key(than.version)


def version_before(choice: Choice, choices: Sequence[Choice]) -> Choice | None:
    """The next older version; of a run the newest released one of its name, else of its language."""
    older = [one for one in rivals(choice, choices) if one.version and _is_older(one, choice)]
    return next((one for one in older if one.name == choice.name or not choice.version), None)


def brought(choice: Choice) -> Choice:
    """The same with its folder, pulled from the registry that comes with lowres where it is not on the shelf yet."""
    return choice if choice.folder else _packaged(pull(choice.spec).folder, 0) or choice


def provenance(choice: Choice) -> tuple[str, str]:
    """(name, version) for the record; of a run, whose adapter may be made anew, the beginning of its digest."""
    stamp = "" if choice.version or choice.folder is None else str(read_stamp(choice.folder / "adapt").get("digest", ""))[:12]
    return choice.name, choice.version or stamp


def title_of(choice: Choice) -> str:
    """How a choice is called on the page."""
    known = _name_of(choice.language)
    return f"{choice.name} {choice.version} · {known}" if choice.version else f"{choice.name} ({_('run')}) · {known}"


@cache
def _name_of(language: str) -> str:
    try:
        return read_language(language).name
    except LowresError:
        return language


# --- models


def adapter_file(folder: Path) -> Path:
    """The file that is written last of an adapter, in a run or a package."""
    return adapter_folder(folder) / "lowres.json"


def base_from(folder: Path) -> Path | None:
    """Where the base of a run's adapter may lie: beside its recipe."""
    recipe = None if (folder / MANIFEST).is_file() else find_recipe(folder)
    return recipe.parent if recipe else None


def read_reader(folder: Path) -> "Reader":
    """The adapter of a run or package; raises LowresError where it is not made or cannot be read."""
    from lowres.adapter import read_adapter

    if not adapter_file(folder).is_file():
        made = f"make one: lowres adapt {find_recipe(folder) or folder.name} --runs {folder.parent}"
        raise LowresError(folder, "no adapter yet", made)
    try:
        return read_adapter(adapter_folder(folder), base_from=base_from(folder))
    except LowresError:
        raise
    except Exception as error:  # torch, peft and safetensors have kinds of their own for a broken file
        found = f"the adapter cannot be read ({type(error).__name__})"
        raise LowresError(adapter_folder(folder), found, "make it again: lowres adapt RECIPE --force") from error


def base_of(folder: Path) -> tuple[str, Path | None]:
    """What answers without the adapter: (name of the base, None), or ('', the adapter that the run's control trained on the source)."""
    from lowres.model import base_labels

    trained = folder / "control" / "source" / "adapter"
    if adapter_file(trained).is_file():
        return "", trained
    name = _base_name(folder)
    if not base_labels(name, base_from(folder)).intents:
        raise LowresError("base", f"{name} knows no intents of its own", "the run's control stage, which trains it on the source language")
    return name, None


def _base_name(folder: Path) -> str:
    if (folder / MANIFEST).is_file():
        return read_package(folder).base.spec
    return json.loads(adapter_file(folder).read_text(encoding="utf-8"))["base"]


def read_base_reader(name: str, trained: Path | None, place: Path | None) -> "Reader":
    """The model that `base_of` names; `place` is where a base may lie."""
    from lowres.adapter import read_adapter
    from lowres.model import read_base
    from lowres.reading import Reader

    return read_adapter(trained, base_from=place) if trained else Reader(*read_base(name, folder=place))


# --- an utterance


def parse_said(text: str, locale: str) -> Utterance:
    """The utterance that somebody typed; raises LowresError where it is none."""
    plain = " ".join(nfc(text).split())
    if len(plain) > LONGEST:
        raise LowresError("your utterance", f"{len(plain):,} characters", f"at most {LONGEST}")
    strange = next((char for char in plain if unicodedata.category(char) in ("Cc", "Cs")), None)
    if strange is not None:
        raise LowresError("your utterance", f"the character U+{ord(strange):04X}", "characters that can be read")
    if not any(unicodedata.category(char)[0] in "LNSP" for char in plain):
        raise LowresError("your utterance", "no word", "something that can be said")
    turning = next((char for char in plain if char in _TURNING), None)
    if turning is not None:
        found = f"the invisible U+{ord(turning):04X} ({unicodedata.name(turning).lower()})"
        raise LowresError("your utterance", found, "the words alone, typed rather than pasted")
    return Utterance(id="said", text=plain, locale=locale)


def glosses_of(reader: "Reader", text: str) -> list[tuple[str, tuple[str, ...]]]:
    """What the adapter's dictionary says of each word; [] where it has none."""
    return [(word, reader.glosser.gloss(word)) for word in words(text)] if reader.glosser else []


def reports_of(choice: Choice) -> list[Report]:
    """The reports of a run or package; [] where it is not evaluated."""
    if choice.folder is None or not choice.version:
        return read_scores(choice.folder) if choice.folder else []
    return read_reports(choice.folder / "report.json")


def threshold_of(reports: Sequence[Report]) -> float | None:
    """The confidence below which the report would refuse an utterance; None where it chose none."""
    found = next((report.rejection for report in reports if report.rejection), None)
    return found.threshold if found else None


def examples_of(choice: Choice, reports: Sequence[Report]) -> list[Utterance]:
    """Utterances of people with how they marked them: of the demo in the language, and those that the report shows; no text twice."""
    found = [*_demo(choice.locale), *(one.gold for report in reports for one in report.examples.values())]
    return list({one.text: one for one in reversed(found)}.values())[::-1]


@cache
def _demo(locale: str) -> tuple[Utterance, ...]:
    from lowres.formats.massive import read_massive

    language = locale.partition("-")[0]
    paths = [path for path in sorted((resources_folder() / "demo").glob("*.jsonl")) if path.stem.partition("-")[0] == language]
    return tuple(one for path in paths for one in read_massive(path, locale=path.stem))


def offer_of(
    choice: Choice, turn: Turn, reading: Reading, *, person: str, collection: str, locale: str, reasons: Mapping[str, str]
) -> Offered:
    """The event by which something said becomes a candidate test utterance; it tells what was answered, and by what."""
    name, version = provenance(choice)
    answered = turn.answered.model_dump(mode="json", exclude={"text"}, exclude_none=True)
    extra = {"adapter": name, "version": version, "answered": answered, "confidence": round(turn.confidence, 4)}
    return Offered(
        person=person, collection=collection, item=new_id("item"), reading=reading, locale=locale, partition="test", origin="talk",
        reasons=dict(reasons), extra=extra,
    )  # fmt: skip


# --- pairs


def pairs_for(choice: Choice, runs: Path) -> Path | None:
    """The run whose pairs the adapter was trained on, or would be: its own, that of its name, else one of its language."""
    if choice.folder and not choice.version:
        return choice.folder if has_pairs(choice.folder) else None
    others = [one for one in list_runs(runs) if has_pairs(one)]
    cards = {one: _card(one / "language.yaml", changed_at(one / "language.yaml")) for one in others}
    fitting = [one for one, card in cards.items() if card and card.iso639_3 == choice.language]
    return min(fitting, key=lambda one: (one.name != choice.name, one.name), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A pair that is like what was said; `share`, 0..1, is of three letters in a row that either has: how many both have."""

    kept: Kept
    share: float


def pick_neighbours(near: NearIndex, pairs: PairIndex, text: str, n: int) -> list[Neighbour]:
    """The `n` pairs whose target texts are nearest, no text twice; `near` numbers them as `pairs` does."""
    found = {one.text: one for one in reversed(near.nearest(text, 4 * n))}  # of variants with one text the first
    best = list(found.values())[: -n - 1 : -1]
    return [Neighbour(kept=pairs.pair(one.number), share=one.jaccard) for one in best]


def neighbour_html(one: Neighbour, direction: Direction, source_lang: str) -> str:
    """A pair that opens word by word."""
    said = one.kept.utterance
    text = f'<bdi class="lr-near" dir="{direction}" lang="{safe(said.locale)}">{safe(said.text)}</bdi>'
    facts = f'<small><bdi lang="en">{safe(said.intent or "–")}</bdi> · <bdi>{one.share:.0%}</bdi></small>'
    return f'<details class="lr-pair"><summary>{text}{facts}</summary>{pair_card(one.kept, direction, source_lang)}</details>'


NEIGHBOUR_STYLE = """<style>
.lr-pair {border: 1px solid rgb(128 128 128 / .35); border-radius: .4rem; padding: .3rem .7rem; margin: .3rem 0}
.lr-pair summary {cursor: pointer; padding: .15rem 0; overflow-wrap: anywhere}
.lr-pair summary small {margin-inline-start: .8rem; opacity: .8; white-space: nowrap}
.lr-near {font-size: 1.05rem}
.lr-intent {font-size: 1.35rem; font-weight: 600; margin: 0; overflow-wrap: anywhere}
.lr-ipa {margin: 0 0 .4rem; font-size: 1.05rem; opacity: .9; overflow-wrap: anywhere}
</style>"""
