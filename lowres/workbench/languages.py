"""Languages as the workbench lists them: what there is of each on this machine, how well it is read, what to do next."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from lowres.catalog import Dataset, Member, Reference, read_catalog
from lowres.entities import ENTITIES
from lowres.errors import LowresError
from lowres.evaluation import Report
from lowres.evaluation.tables import Row as LabelRow
from lowres.formats import FORMATS
from lowres.language import Language, beside_card, language_of_locale, read_language
from lowres.registry.package import version_key
from lowres.registry.release import Row
from lowres.resources import PREFIX, bundled_folder, resolve, resources_folder
from lowres.sources import may_be_redistributed
from lowres.workbench.charts import Measured
from lowres.workbench.runs import Synthesis, list_runs, local_path, read_card_of, read_scores, read_synthesis

Kind = Literal["lexicon", "paradigms", "text", "utterances", "parallel", "treebank", "names"]
SOURCE = "eng"  # dictionaries are from and into it; each is listed with the language at its other side
_USED = ("lexicon", "paradigms", "text")  # what recipes are made of
N_WEAK, ENOUGH = 15, 5  # intents shown; test utterances that an intent's F1 should rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A language and what there is of it; `adapters` are the newest versions, `has_card` whether it was prepared."""

    iso639_3: str
    name: str
    has_card: bool
    adapters: tuple[Row, ...]
    runs: tuple[Path, ...]
    datasets: tuple[Dataset, ...]

    @property
    def prepared(self) -> bool:
        """Whether anybody worked on it."""
        return self.has_card or bool(self.adapters or self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file of a language; `path` is None where it is not on this machine. `locale`: of texts that name their own."""

    name: str
    kind: Kind
    format: str
    licence: str
    locale: str
    path: Path | None
    fetched_as: str = ""  # what `lowres fetch` calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Entries, forms, lines or utterances, and words where it is text."""

    n: int
    words: int = 0


# --- which languages


def list_languages(runs: Path, rows: Iterable[Row]) -> list[Known]:
    """Every language of the cards, the registry, the runs and the catalogue: the prepared ones first, each part by name."""
    cards, (made, names) = _cards(), _runs_by_language(runs)
    adapters = _newest_by_language(rows)
    datasets: dict[str, list[Dataset]] = {}
    for one in read_catalog().values():
        for code in _of(one):
            datasets.setdefault(code, []).append(one)
    found = [
        Known(
            iso639_3=code, name=names.get(code) or language_name(code), has_card=code in cards, adapters=tuple(adapters.get(code, ())),
            runs=tuple(made.get(code, ())), datasets=tuple(datasets.get(code, ())),
        )
        for code in {*cards, *made, *adapters, *datasets}
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.prepared, one.name))


def _of(one: Dataset) -> Iterable[str]:
    """The languages that a data set is listed with."""
    if one.kind == "languages":
        return ()
    return [code for code in one.languages if code != SOURCE] if one.kind == "lexicon" else one.languages


def _cards() -> set[str]:
    folders = (Path.cwd() / "languages", resources_folder() / "languages")
    return {path.parent.name for folder in folders for path in folder.glob("*/card.yaml")}


def _runs_by_language(runs: Path) -> tuple[dict[str, list[Path]], dict[str, str]]:
    """By code: the runs, and what their cards call the language."""
    found: dict[str, list[Path]] = {}
    names: dict[str, str] = {}
    for folder in list_runs(runs):
        try:
            card = read_card_of(folder)
        except LowresError:
            continue  # the Runs page says what is wrong with it
        found.setdefault(card.iso639_3, []).append(folder)
        names[card.iso639_3] = card.name
    return found, names


def _newest_by_language(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in newest(rows):
        found.setdefault(row.language, []).append(row)
    return found


def newest(rows: Iterable[Row]) -> list[Row]:
    """The newest version of each adapter that is not yanked."""
    found: dict[str, Row] = {}
    for row in rows:
        best = found.get(row.name)
        if not row.yanked and (best is None or version_key(row.version) > version_key(best.version)):
            found[row.name] = row
    return list(found.values())


def language_name(code: str) -> str:
    """The English name of an ISO 639-3 code."""
    import langcodes

    return re.sub(r" \(individual language\)$", "", langcodes.Language.get(code).display_name())


def card_of_language(known: Known) -> Language | None:
    """The card, or the copy that a run carries; None where nobody wrote one. LowresError where it is broken."""
    if known.has_card:
        return read_language(known.iso639_3)
    return read_card_of(known.runs[0]) if known.runs else None


# --- what there is of one


def list_resources(known: Known) -> list[Resource]:
    """Every file that holds the language: those that come with lowres or are the user's own first, then the catalogue's."""
    return [*own_resources(known.iso639_3), *_of_recipes(known.iso639_3), *_of_catalogue(known)]


def own_resources(code: str) -> Iterator[Resource]:
    """The files beside the language's card: dictionary, paradigms, local names."""
    shapes: tuple[tuple[str, Kind, str], ...] = (
        ("lexicon.tsv", "lexicon", "table"), ("paradigms.tsv", "paradigms", "unimorph"), (ENTITIES, "names", "columns"),
    )  # fmt: skip
    licences = {resolve(one.path or "", Path()): one.licence or "" for _, _, one in _bundled_references()}
    for name, kind, format in shapes:
        if path := beside_card(name, code):
            yield Resource(name=f"{code}/{name}", kind=kind, format=format, licence=licences.get(path, ""), locale="", path=path)


_PARTS: dict[str, Kind] = {"lexicons": "lexicon", "paradigms": "paradigms", "texts": "text"}


def _of_recipes(code: str) -> Iterator[Resource]:
    """Files that come with lowres and lie elsewhere: the demo's."""
    seen: set[str] = set()
    for language, part, one in _bundled_references():
        name = (one.path or "").removeprefix(PREFIX)
        meant = _language_or_none(one.locale) if one.locale else language
        if meant == code and name not in seen and not name.startswith("languages/"):
            seen.add(name)
            yield Resource(
                name=name, kind=_PARTS.get(part, "utterances"), format=one.format or "", licence=one.licence or "", locale=one.locale or "",
                path=resolve(one.path or "", Path()),
            )  # fmt: skip


@cache
def _bundled_references() -> tuple[tuple[str, str, Reference], ...]:
    """(language, part, reference) of every bundled file that a bundled recipe names."""
    from lowres.recipe import Recipe, references
    from lowres.settings import read_document, validate

    recipes = [validate(Recipe, read_document(path)) for path in sorted(bundled_folder("recipes").glob("*.yaml"))]
    return tuple(
        (recipe.language, str(key[1] if key[0] == "resources" else key[0]), one)
        for recipe in recipes for key, one in references(recipe) if (one.path or "").startswith(PREFIX)
    )  # fmt: skip


def _of_catalogue(known: Known) -> Iterator[Resource]:
    for one in known.datasets:
        for member in one.files:
            if known.iso639_3 == member.language or (not member.language and known.iso639_3 in one.languages):
                yield _resource(one, member)


def _resource(one: Dataset, member: Member) -> Resource:
    name = " ".join(filter(None, (one.name, member.locale, member.partition)))
    return Resource(
        name=name, kind=one.kind, format=one.format, licence=one.licence, locale=member.locale, path=local_path(member), fetched_as=one.name
    )


def _language_or_none(locale: str) -> str:
    try:
        return language_of_locale(locale)
    except LowresError:
        return ""


def count(resource: Resource) -> Size:
    """How much a file holds; it must be on this machine. LowresError where it is broken."""
    assert resource.path is not None
    if resource.kind == "names":
        from lowres.formats.tables import read_rows

        return Size(n=sum(1 for _ in read_rows(resource.path, ("kind", "name"))))
    more = {"locale": resource.locale or "und", "partition": None} if resource.kind == "utterances" else {}
    rows = FORMATS[resource.kind][resource.format](resource.path, **more)
    n = words = 0
    for row in rows:
        n, words = n + 1, words + _words(row)
    return Size(n=n, words=words)


def _words(row: object) -> int:
    """Words between spaces: near enough for a figure, and quick."""
    if isinstance(row, tuple):
        return len(row[-1].split()) if isinstance(row[-1], str) else 0
    if isinstance(row, list):
        return len(row)
    return len(getattr(row, "text", "").split())


# --- how well it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Reports under the name of the run or the adapter that they are of; `folder` is the run's."""

    name: str
    reports: tuple[Report, ...]
    folder: Path | None = None


def evaluated_runs(known: Known) -> list[Tested]:
    """The language's runs that were evaluated; a broken report raises LowresError."""
    found = ((folder, tuple(read_scores(folder))) for folder in known.runs)
    return [Tested(name=folder.name, reports=reports, folder=folder) for folder, reports in found if reports]


def measured_versions(rows: Iterable[Row]) -> list[Measured]:
    """Exact match of releases beside their best controls, best first; of those that were tested."""
    found = [
        Measured(
            name=name, value=100 * row.exact_match.value,
            low=100 * row.exact_match.low, high=100 * row.exact_match.high,
            control=100 * (row.exact_match.value - row.gain.value) if row.gain else None,
        )
        for name, row in _named([row for row in rows if row.exact_match])
    ]  # fmt: skip
    return sorted(found, key=lambda row: -row.value)


def _named(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """A release by its language alone where there is no other of it."""
    times = Counter(row.language for row in rows)
    return [(language_name(row.language) if times[row.language] == 1 else row.spec, row) for row in rows]


# --- what to do next


def weak_intents(report: Report) -> list[LabelRow]:
    """The intents with the lowest F1 among those with enough test utterances to say so; among all where these are few."""
    seen = [row for row in report.intents if row.support]
    enough = [row for row in seen if row.support >= ENOUGH]
    return sorted(enough if len(enough) >= ENOUGH else seen, key=lambda row: (row.f1, -row.support, row.name))[:N_WEAK]


def syntheses(known: Known) -> list[tuple[Path, Synthesis]]:
    """What the language's runs counted while they were synthesized."""
    found = ((folder, read_synthesis(folder)) for folder in known.runs)
    return [(folder, one) for folder, one in found if one]


def absent_datasets(resources: Sequence[Resource]) -> list[str]:
    """Names of data sets to make something of, free to pass on, of which a part is not on this machine."""
    wanted = (one for one in resources if one.path is None and one.kind in _USED and may_be_redistributed(one.licence))
    return list(dict.fromkeys(one.fetched_as for one in wanted))


def recipes_of(code: str) -> list[str]:
    """Names of the recipes that come with lowres, or lie in ./recipes, for a language."""
    folders = (Path.cwd() / "recipes", bundled_folder("recipes"))
    return sorted({path.stem for folder in folders for path in folder.glob(f"{code}-*.yaml")})
