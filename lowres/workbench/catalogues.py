"""Catalogues of the interface's words, brought up to date: `python -m lowres.workbench.catalogues`, or `make wording`."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, get_args

from lowres.collection import acts
from lowres.collection.checks import MESSAGES
from lowres.collection.events import ROLES, Method, Partition
from lowres.collection.letters import TITLES
from lowres.collection.state import Status
from lowres.resources import bundled_folder
from lowres.workbench.runs import State as Freshness
from lowres.workbench.scales import DECISIONS, SCALES
from lowres.workbench.wording import catalogues_folder

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

# Who says something, and which of its arguments are sentences; two of `counted` are forms of one.
_SAYS = {"_": (0,), "counted": (0,), "translated": (1,), "_say": (1,), "Refused": (1, 2)}
_ACTS = {"LowresError": (0, 1, 2)}  # what people meet who collect and judge; other errors are an admin's, and English
_SCALES = (text for scale in SCALES for text in (scale.name, scale.question, *scale.answers.values()))
# What comes from elsewhere, and pages show by `_(name)`.
NAMES = (
    *ROLES,
    *get_args(Method),
    *get_args(Partition),
    *get_args(Status),
    *get_args(Freshness),
    *_SCALES,
    *DECISIONS.values(),
    "nominal",
    "ordinal",
    *MESSAGES.values(),
    *TITLES,
)


def find_wording() -> "Catalog":
    """All that pages say, with where."""
    from babel.messages.catalog import Catalog

    found = Catalog(charset="utf-8")
    for name in NAMES:
        found.add(name)
    for folder, shown in ((bundled_folder("apps"), "apps"), (Path(__file__).parent, "lowres/workbench")):
        for path in sorted(folder.glob("*.py")):
            for line, message in _sentences(path, _SAYS):
                found.add(message, locations=[(f"{shown}/{path.name}", line)])
    for line, message in _sentences(Path(acts.__file__), _ACTS):
        found.add(message, locations=[("lowres/collection/acts.py", line)])
    return found


def _sentences(path: Path, says: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[int, str | tuple[str, str]]]:
    """Lines and sentences of a module, those inside of f-strings too, which babel's own extractor passes over."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        for place in says.get(name, ()):
            texts = [one.value for one in node.args[place : place + 1 + (name == "counted")] if isinstance(one, ast.Constant)]
            if texts and texts[0]:
                yield node.lineno, tuple(texts) if name == "counted" else texts[0]


def update_catalogues(folder: Path) -> dict[str, int]:
    """Bring every catalogue in the folder up to date; returns how many sentences each still lacks.

    What was translated stays, what is said no longer is dropped; a sentence that changed is a new one.
    """
    from babel.messages.pofile import write_po

    template, lacking = find_wording(), {}
    for path in sorted(folder.glob("*.po")):
        catalogue = read_catalogue(path)
        template.creation_date = catalogue.creation_date  # nothing new, nothing changed
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
        lacking[path.stem] = sum(1 for one in catalogue if one.id and not is_translated(one.string))
    return lacking


def read_catalogue(path: Path) -> "Catalog":
    """A catalogue as a translator left it."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def is_translated(string: str | tuple[str, ...]) -> bool:
    """Whether a sentence, or every plural form of it, has words."""
    return all(string) if isinstance(string, tuple) else bool(string)


def wrong_names(catalogue: "Catalog") -> list[str]:
    """Sentences whose translation has other {names} than the English one."""
    return [str(one.id) for one in catalogue if one.id and is_translated(one.string) and not _same_names(one.id, one.string)]


def _same_names(id: str | tuple[str, str], string: str | tuple[str, ...]) -> bool:
    wanted = _names(id[1] if isinstance(id, tuple) else id)
    forms = string if isinstance(string, tuple) else (string,)
    try:
        return all(_names(one) == wanted for one in forms)
    except ValueError:  # a brace without its other half
        return False


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


if __name__ == "__main__":
    for language, n_lacking in update_catalogues(catalogues_folder()).items():
        print(f"{language}: {n_lacking} to translate", file=sys.stderr)
