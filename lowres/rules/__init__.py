"""Rules: `rule(pair, resources, rng) -> Pair`, pure; the built-in ones, and how a recipe's names find theirs."""

import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lowres.errors import LowresError, nearest
from lowres.resources import bundled_folder
from lowres.rules.cases import agree, cases
from lowres.rules.decode import decode
from lowres.rules.grammar import drop_articles, drop_function_words, inflect, order
from lowres.rules.local import localise
from lowres.rules.lookup import look_up, word_for_word
from lowres.rules.numbers import clock, numbers
from lowres.rules.resources import Resources, Rule
from lowres.rules.script import transliterate, transliterated
from lowres.rules.sound import cognates, sound_alike
from lowres.rules.verbs import auxiliaries, subject_person

__all__ = ["BUILT_IN", "Resources", "Rule", "load_module", "load_rules", "look_up", "module_path", "module_paths", "module_rules",
           "rule_name", "transliterated", "word_for_word"]

_MODULE = "lowres_rules_"  # before a language's code: the module of its own rules
BUILT_IN: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        look_up, word_for_word, cognates, localise, clock, numbers, auxiliaries, subject_person, cases, agree, inflect,
        drop_articles, drop_function_words, order, decode,
        transliterate, sound_alike,
    )
}


def load_rules(names: Iterable[str], folder: Path, where: str = "synthesize.rules") -> list[Rule]:
    """The rules a recipe names: built-in ones, and `<language>.<function>` of `<language>.py` in `folder` or bundled."""
    return [_find_rule(name, folder, where) for name in names]


def _find_rule(name: str, folder: Path, where: str) -> Rule:
    language, dot, _ = name.partition(".")
    path = module_path(language, folder) if dot else None
    known = BUILT_IN | (module_rules(path) if path else {})
    if name not in known:
        raise LowresError(where, f"no rule '{name}'", nearest(name, known))
    return known[name]


def module_path(language: str, folder: Path) -> Path | None:
    """The file of a language's own rules: in `folder`, else among the bundled recipes."""
    places = (folder / f"{language}.py", bundled_folder("recipes") / f"{language}.py")
    return next((path for path in places if path.is_file()), None)


def module_paths(names: Iterable[str], folder: Path) -> list[Path]:
    """The files of all the language rules among `names`."""
    found = (module_path(name.partition(".")[0], folder) for name in names if "." in name)
    return list(dict.fromkeys(path for path in found if path))


@cache
def module_rules(path: Path) -> dict[str, Rule]:
    """`<stem>.<name>` for every public function that the module itself defines."""
    module = load_module(path)
    return {
        f"{path.stem}.{name}": value
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }


def rule_name(rule: Rule) -> str:
    """The name by which recipes know a rule."""
    module, name = getattr(rule, "__module__", ""), getattr(rule, "__name__", str(rule))
    return f"{module.removeprefix(_MODULE)}.{name}" if module.startswith(_MODULE) else name


def load_module(path: Path):
    """The Python file of a language's own rules."""
    spec = importlib.util.spec_from_file_location(f"{_MODULE}{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise LowresError(path, f"{type(error).__name__}: {error}", "a Python file that can be imported") from error
    return module
