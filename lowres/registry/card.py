"""The adapter's card: README.md with the front matter that the Hub reads, and all that a user should know before using it."""

from collections.abc import Iterable, Sequence
from typing import Any

from lowres.evaluation import Report
from lowres.evaluation.markdown import each_score, percent, plain, table
from lowres.evaluation.scores import SCORES
from lowres.registry.package import Flips, Package

_WEAK = 8  # intents


def format_card(package: Package, reports: Sequence[Report]) -> str:
    """README.md of a package; `reports` are those that package.json sums up."""
    parts = [
        _front_matter(package, reports),
        f"# {package.name} {package.version}",
        _purpose(package),
        "## Scores",
        _scores(reports),
        "## Other languages",
        _flips(package.flips),
        "## Weak points",
        _weak(reports),
        "## Use",
        _use(package),
        "## Data",
        _data(package),
        "## Training",
        _training(package),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _front_matter(package: Package, reports: Sequence[Report]) -> str:
    from huggingface_hub import ModelCardData

    card = ModelCardData(
        language=package.locale.partition("-")[0], license=_hub_licence(package.licence), library_name="peft", base_model=package.base.name,
        tags=["lowres", "lora", "intent-classification", "slot-filling", package.language], datasets=_datasets(package),
        model_name=package.name, eval_results=[one for report in reports for one in _results(report)],
    )  # fmt: skip
    return f"---\n{card.to_yaml()}\n---"


def _hub_licence(expression: str) -> str:
    """The Hub knows single licences in small letters; what is made of several is 'other'."""
    return "other" if " " in expression or expression.startswith("LicenseRef") else expression.lower()


def _datasets(package: Package) -> list[str]:
    return sorted({source.name for source in package.sources})


def _results(report: Report) -> list[Any]:
    from huggingface_hub import EvalResult

    ours = report.systems["adapter"]
    shared = {"task_type": "token-classification", "task_name": "intent and slots", "dataset_type": report.dataset,
              "dataset_name": report.dataset, "dataset_config": report.locale, "dataset_split": report.partition}  # fmt: skip
    named = (("exact match", ours.exact_match), ("intent accuracy", ours.intent_accuracy), ("slot F1", ours.slot_f1))
    return [
        EvalResult(**shared, metric_type=name.replace(" ", "_").lower(), metric_name=name, metric_value=round(one.value, 4))
        for name, one in named
    ]


def _purpose(package: Package) -> str:
    return (
        f"A LoRA adapter that lets `{package.base.name}` read what people say in {_language(package)} ({package.locale}): one intent "
        "and the slots of an utterance. It was trained on utterances that were made from dictionaries and grammar tables, not on "
        "utterances that people labelled in the language."
        + (" **Private**: a source's licence does not allow everybody to pass it on." if package.private else "")
    )


def _language(package: Package) -> str:
    import langcodes

    return langcodes.Language.get(package.locale).language_name() or package.language


def _scores(reports: Sequence[Report]) -> str:
    if not reports:
        return "None: there are no human utterances to test on."
    named = [(f"{plain(report.dataset)} {report.locale} {report.partition}, {report.n:,}", report) for report in reports]
    rows = [[name, plain(system), *map(percent, each_score(scores))] for name, report in named for system, scores in report.shown.items()]
    signatures = "\n".join(f"`{report.signature}`" for report in reports)
    return f"Percent, with 95 % bootstrap intervals; all but `adapter` are controls.\n\n{_table(['test set', 'system', *SCORES.values()], rows, 2)}\n\n{signatures}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], words: int = 1) -> str:
    return "\n".join(table(head, rows, words=words)).rstrip()


def _flips(flips: Sequence[Flips]) -> str:
    if not flips:
        return "Not measured."
    rows = [[one.locale, f"{one.n:,}", percent(one.active), percent(one.routed)] for one in flips]
    return (
        "Utterances that the base alone reads right and that are lost, in percent of all: with the adapter switched on for everything, and "
        f"where the language identifier chooses.\n\n{_table(['locale', 'utterances', 'lost, adapter active', 'lost, routed'], rows)}"
    )


def _weak(reports: Sequence[Report]) -> str:
    if not reports:
        return ""
    rows = sorted((row for row in reports[0].intents if row.support), key=lambda row: (row.f1, row.name))[:_WEAK]
    listed = ", ".join(f"`{row.name}` ({100 * row.f1:.0f})" for row in rows)
    error = f"{100 * reports[0].calibration.error:.1f}"
    return (
        f"Intents with the lowest F1 on the first test set: {listed}. Confidence is the probability that the whole answer is right; its "
        f"expected calibration error there is {error} points."
    )


def _use(package: Package) -> str:
    return f"""With lowres:

```python
from lowres.adapter import read_adapter
from lowres.reading import predict
from lowres.registry import pull
from lowres.utterance import Utterance

reader = read_adapter(pull("{package.spec}").folder)
print(predict(reader, [Utterance(id="1", text="...", locale="{package.locale}")]))
```

With PEFT alone, over the base's network (dictionary glosses and label transitions are then not used):

```python
from pathlib import Path

from lowres.model import LABELS_FILE, read_base, read_labels
from peft import PeftModel

folder = Path("{package.name}")
model, pieces, labels = read_base("{package.base.name}", read_labels(folder / LABELS_FILE))
model = PeftModel.from_pretrained(model, folder)
```"""


def _data(package: Package) -> str:
    rows = [[source.name, source.use, source.licence, plain(source.citation)] for source in package.sources]
    return f"{_table(['data', 'use', 'licence', 'please cite'], rows, 4)}\n\nThe whole: {package.licence}."


def _training(package: Package) -> str:
    spent = ", ".join(f"{name} {minutes:.1f}" for name, minutes in package.core_minutes.items())
    libraries = ", ".join(f"{name} {version}" for name, version in package.libraries.items())
    return (
        f"Core minutes: {spent or 'not recorded'}. Seed {package.seed}; lowres {package.lowres}, {libraries}. `recipe.yaml` is the whole "
        f"recipe; base `{package.base.name}`{f' at {package.base.revision}' if package.base.revision else ''}, weights `{package.base.weights[:16]}`."
    )
