"""Adapters as the workbench shows them: what a registry holds, cards of strangers made safe, versions, two compared, the shelf."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lowres.errors import LowresError
from lowres.evaluation import SCORES, Report, read_reports
from lowres.registry.check import hash_file, verify
from lowres.registry.client import open_registry, shelf, shelf_folder
from lowres.registry.package import Figure, Package, Refused, Scores, version_key
from lowres.registry.release import Release, Row, parse_spec
from lowres.workbench.charts import Measured
from lowres.workbench.runs import changed_at
from lowres.workbench.tables import Cell, Number

_REPORT = "report.json"
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_DEEPER = {f"h{n}": f"h{min(n + 2, 6)}" for n in range(1, 7)}  # under the page's own headings
# Nothing that a browser would fetch, follow or run is ever made, whatever a card says.
_NEVER = ("image", "link", "autolink", "html_inline", "html_block", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a registry holds, and a line for each release that is broken."""

    rows: tuple[Row, ...]
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShelf:
    """An adapter that was pulled; `problem` says why it would be refused, `signed_by` names the known key."""

    package: Package
    folder: Path
    signed_by: str = ""
    problem: str = ""


# --- reading


def registry_url() -> str:
    """LOWRES_REGISTRY; '' is the registry that comes with lowres."""
    return os.environ.get("LOWRES_REGISTRY", "")


def list_rows(url: str) -> Listed:
    """Every release of a registry; LowresError where it cannot be read at all."""
    broken: list[str] = []
    rows = open_registry(url).rows(lambda error: broken.append(str(error)))
    return Listed(rows=tuple(rows), broken=tuple(broken))


def read_release(url: str, spec: str) -> Release:
    """The release NAME@VERSION."""
    name, version = parse_spec(spec)
    registry = open_registry(url)
    return registry.release(name, version or registry.versions(name)[-1])


def read_card(url: str, package: Package) -> str:
    """README.md of a package, as its publisher wrote it: for `card_html` alone."""
    return open_registry(url).card(package)


def read_package_reports(url: str, package: Package) -> list[Report]:
    """The whole reports that a package carries; Refused where they are not the published bytes."""
    wanted = package.files[_REPORT].sha256
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _REPORT
        open_registry(url).fetch(package, _REPORT, path)
        if hash_file(path) != wanted:
            raise Refused(f"{package.spec}/{_REPORT}", "hash: not the published bytes", "the registry as it was published")
        return read_reports(path)


def card_html(card: str) -> str:
    """A stranger's Markdown as HTML without images, links and tags of its own: what it wrote of them stays as text."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("js-default", {"html": False, "linkify": False, "maxNesting": 20}).disable(_NEVER)
    reader.add_render_rule("table_open", lambda *_: '<div class="lr-scroll" tabindex="0"><table>')
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = reader.parse(_FRONT.sub("", card.replace("\r\n", "\n")))
    for token in tokens:
        token.tag = _DEEPER.get(token.tag, token.tag)
        token.info = ""  # the language of a fence would become a class
    body = reader.renderer.render(tokens, reader.options, {})
    return f'<div class="lr-card" dir="auto">{body}</div>'


# --- versions


def version_points(packages: Sequence[Package], names: dict[str, str]) -> list[Measured]:
    """The scores of versions of one adapter, oldest first; `names` says how the page calls intent_accuracy and its like."""
    ordered = sorted(packages, key=lambda one: version_key(one.version))
    one_test = len({_test_set(scores) for package in ordered for scores in package.scores}) == 1
    return [
        _measured(package.version, getattr(scores, field), names[field] if one_test else f"{_test_set(scores)}, {names[field]}")
        for package in ordered for scores in package.scores for field in SCORES
    ]  # fmt: skip


def _measured(name: str, figure: Figure, series: str) -> Measured:
    return Measured(name=name, value=100 * figure.value, low=100 * figure.low, high=100 * figure.high, series=series)


def _test_set(scores: Scores) -> str:
    return f"{scores.dataset} {scores.locale} {scores.partition}"


def percents(figure: Figure | None) -> str:
    """A share and its interval in percent, as 52.7 (50.9 to 54.5); a dash where there is none."""
    return f"{100 * figure.value:.1f} ({100 * figure.low:.1f} to {100 * figure.high:.1f})" if figure else "–"


# --- two compared


def shared_tests(one: Package, other: Package) -> list[tuple[Scores, Scores]]:
    """Scores of both on the same test sets, of as many utterances."""
    theirs = {(_test_set(scores), scores.n): scores for scores in other.scores}
    pairs = ((scores, theirs.get((_test_set(scores), scores.n))) for scores in one.scores)
    return [(ours, found) for ours, found in pairs if found]


def score_rows(packages: Sequence[Package], names: dict[str, str]) -> Iterator[list[Cell]]:
    """Test set, score, and the figure of each package, a dash where it was not tested on that set."""
    tests = {(_test_set(scores), scores.n): None for package in packages for scores in package.scores}
    for test, n in tests:
        found = [next((one for one in package.scores if (_test_set(one), one.n) == (test, n)), None) for package in packages]
        for field, name in (names | {"gain": names["gain"]}).items():
            yield [f"{test}, {n:,}", name, *(Number(percents(getattr(one, field)) if one else "–") for one in found)]


def flip_rows(packages: Sequence[Package]) -> Iterator[list[Cell]]:
    """Locale, and for each package what is lost there with the adapter active and routed."""
    locales = {flips.locale: None for package in packages for flips in package.flips}
    for locale in locales:
        found = [next((one for one in package.flips if one.locale == locale), None) for package in packages]
        yield [locale, *(Number(percents(figure)) for one in found for figure in ((one.active, one.routed) if one else (None, None)))]


def source_rows(packages: Sequence[Package]) -> Iterator[list[Cell]]:
    """Data set, licence, and what each package used it for."""
    names = {(source.name, source.licence): None for package in packages for source in package.sources}
    for name, licence in names:
        uses = [sorted({one.use for one in package.sources if (one.name, one.licence) == (name, licence)}) for package in packages]
        yield [name, licence, *(", ".join(one) or "–" for one in uses)]


# --- pulling and the shelf


def on_shelf() -> list[OnShelf]:
    """Every adapter that was pulled, checked once more."""
    return [_checked(one.package, one.folder) for one in shelf()]


def shelf_changed_at() -> int:
    """A number that changes with the files of the shelf."""
    return changed_at(*sorted(shelf_folder().glob("*/[!.]*/*")))


def _checked(package: Package, folder: Path) -> OnShelf:
    try:
        key = verify(folder).key
    except LowresError as error:
        return OnShelf(package=package, folder=folder, problem=str(error))
    return OnShelf(package=package, folder=folder, signed_by=key.name if key else "")


@contextmanager
def shown(draw: Callable[[float, str], None], title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Progress for `registry.pull`, handed to `draw(share, title)`."""
    done = 0

    def advance(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        draw(min(1.0, done / max(total, 1)), title)

    draw(0.0, title)
    yield advance
