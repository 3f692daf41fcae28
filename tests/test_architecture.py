"""The floors of the house, read from the imports: they go downward only, and torch stays where it is needed."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lowres

ROOT = Path(lowres.__file__).parent
# Each module imports from lower floors and its own package only; the longest name that fits counts.
FLOORS = [
    "lowres errors resources progress",
    "text alignment features",
    "identifier settings utterance formats.lines tagger inflection",
    "dial",
    "language lexicon morphology fluency model",
    "formats affixes spelling bundles loans",
    "catalog english treebank entities cldr phonology corrections",
    "collection.events collection.journal collection.state collection.book collection.exchange collection.snapshot",
    "analysis",
    "sources pair mishearing names",
    "clock numerals ordering bitext",
    "rules newcomer",
    "recipe tally",
    "synthesis",
    "evaluation gloss interlinear",
    "collection",
    "registry",
    "reading vocabulary run",
    "fitting",
    "adapter",
    "probing serving",
    "pretraining",
    "stages",
    "workbench",
    "cli",
    "__main__",
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names.split()}
NEEDS_TORCH = {"model", "vocabulary", "reading", "fitting", "adapter", "pretraining", "probing", "serving"}
TORCH = {"torch", "transformers", "peft", "safetensors"}
# Slow to import, or of an extra: never at the top of a module.
HEAVY = {
    "matplotlib",
    "babel",
    "unicode_rbnf",
    "epitran",
    "panphon",
    "streamlit",
    "unimorph",
    "pooch",
    "langcodes",
    "ruamel",
    "seqeval",
    "multiprocessing",
    "fsspec",
    "huggingface_hub",
    "model_signing",
    "cryptography",
    "filelock",
    "fastapi",
    "uvicorn",
    "prometheus_client",
    "onnxruntime",
    "krippendorff",
    "pycldf",
    "plotly",
    "gflanguages",
    "sklearn",
    "markdown_it",
}


def short(path: Path) -> str:
    """Name of a module without 'lowres.'; 'lowres' is the package itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(parts) or "lowres"


MODULES = {short(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def imported(tree: ast.Module, *, top: bool = False) -> set[str]:
    """Full names of what a module imports; `top`: when it is imported itself, not inside of functions."""
    found = set()
    for node in tree.body if top else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the floor"
            found |= {
                f"{node.module}.{alias.name}"
                if f"{node.module}.{alias.name}".removeprefix("lowres.") in MODULES
                else node.module
                for alias in node.names
            }
    return found


def ours(names: set[str]) -> set[str]:
    """The modules of lowres among `names`, shortened."""
    inside = {name for name in names if name.split(".")[0] == "lowres"}
    return {name.removeprefix("lowres.") for name in inside}


def floor(module: str) -> int:
    parts = module.split(".")
    known = (FLOOR[name] for n in range(len(parts), 0, -1) if (name := ".".join(parts[:n])) in FLOOR)
    return next(known, -1)


def noun(module: str) -> str:
    return module.split(".")[0]


def test_every_module_has_a_floor_and_every_floor_is_a_module():
    assert {noun(module) for module in MODULES if floor(module) < 0} == set(), (
        "put new modules on a floor of the table above"
    )
    assert set(FLOOR) <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_downward_only(module):
    upward = {
        name for name in ours(imported(MODULES[module])) if noun(name) != noun(module) and floor(name) >= floor(module)
    }
    assert not upward


def test_no_module_imports_itself_in_a_circle():
    graph = {module: ours(imported(tree, top=True)) & set(MODULES) - {module} for module, tree in MODULES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize("module", [module for module in MODULES if noun(module) not in NEEDS_TORCH])
def test_torch_stays_where_it_is_needed(module):
    tree = MODULES[module]
    assert not {name for name in imported(tree) if name.split(".")[0] in TORCH}
    reached, todo = set(), [module]
    while todo:
        here = todo.pop()
        reached.add(here)
        todo += (ours(imported(MODULES[here], top=True)) | {noun(here)}) & set(MODULES) - reached
    at_top = {name.split(".")[0] for one in reached for name in imported(MODULES[one], top=True)}
    assert not at_top & TORCH


@pytest.mark.parametrize("module", MODULES)
def test_what_is_slow_is_imported_when_it_is_used(module):
    assert not {name.split(".")[0] for name in imported(MODULES[module], top=True)} & (
        HEAVY - ({"streamlit"} if noun(module) == "workbench" else set())
    )


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=short)
def test_modules_and_functions_stay_small_and_say_what_they_are(path):
    text = path.read_text(encoding="utf-8")
    tree = MODULES[short(path)]
    assert text.count("\n") < 400
    assert ast.get_docstring(tree) or not tree.body
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno > 60] == []


def test_rules_of_languages_hold_no_torch():
    for path in sorted((ROOT.parent / "recipes").glob("*.py")):
        assert not {name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))} & TORCH
