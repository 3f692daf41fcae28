"""The model card: a base's data, licences, settings and figures, and what it never saw."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lowres.catalog import Reference, dataset
from lowres.evaluation import SystemScores
from lowres.evaluation.markdown import percent
from lowres.pretraining.config import DEVELOPMENT_LOCALES, PretrainConfig
from lowres.sources import licence_of, may_be_redistributed

if TYPE_CHECKING:
    from lowres.pretraining.corpus import Material
    from lowres.pretraining.training import Trained


def format_card(config: PretrainConfig, material: "Material", trained: "Trained", figures: SystemScores | None) -> str:
    """README.md of a base."""
    parts = [
        f"# {config.name}",
        _what(config, trained),
        "## Data",
        _data(config),
        _counts(material),
        "## Never seen",
        _never_seen(config),
        "## Figures",
        _figures(config, figures),
        "## Training",
        _training(config, trained),
        "## Licences",
        _licences(config.references()),
    ]
    return "\n\n".join(parts) + "\n"


def _what(config: PretrainConfig, trained: "Trained") -> str:
    size, n_pieces = config.model, len(trained.reader.tokenizer)
    return (
        f"XLM-R architecture, {size.layers} layers of {size.hidden}, {size.heads} heads, feed-forward "
        f"{size.feed_forward}; {n_pieces:,} Unigram pieces with byte fallback (lower case), {config.tokenizer.spare:,} "
        f"spare token rows; half precision; heads for {len(trained.labels.intents)} intents and "
        f"{len(trained.labels.slots) - 1} slots."
    )


def _data(config: PretrainConfig) -> str:
    data = config.data
    labelled: dict[str, list[str]] = defaultdict(list)
    for one in data.launched:
        labelled[one.dataset or one.path or ""].append(one.locale or "und")
    lines = [f"- {name}, partition train, intents and slots: {' '.join(locales)}" for name, locales in labelled.items()]
    for what, references in (("text", data.texts), ("verses", data.verses), ("entries", data.lexicons), ("forms", data.paradigms)):
        if references:
            lines.append(f"- {what}: {', '.join(one.dataset or one.path or '' for one in references)}")
    return "\n".join(lines)


def _counts(material: "Material") -> str:
    counted = (
        ("utterances", material.utterances), ("lines of text", material.texts),
        ("verses", material.verses), ("dictionary entries", material.entries),
    )  # fmt: skip
    read = ", ".join(f"{sum(map(len, table.values())):,} {name}" for name, table in counted if table)
    return f"{read}. {material.n_held_out:,} utterances of train were left out: their text is in another partition too."


def _never_seen(config: PretrainConfig) -> str:
    chosen = config.data.evaluate
    dev = f" The dev part of {chosen.locale or chosen.path} was read for the figures below only." if chosen else ""
    return (
        f"Any partition of {', '.join(DEVELOPMENT_LOCALES)} in MASSIVE; InjongoIntent, xSID, NTREX, Tatoeba and SIB-200; and any "
        f"partition but train of the labelled data: `lowres pretrain` refuses them all.{dev}"
    )


def _figures(config: PretrainConfig, figures: SystemScores | None) -> str:
    chosen = config.data.evaluate
    if figures is None or chosen is None:
        return "None: the config names no `evaluate`."
    names, values = (
        ("intent accuracy", "slot F1", "exact match"),
        (figures.intent_accuracy, figures.slot_f1, figures.exact_match),
    )
    rows = [f"| {name} | {percent(value)} |" for name, value in zip(names, values, strict=True)]
    name = " ".join(filter(None, (chosen.dataset or chosen.path, chosen.locale, chosen.partition)))
    return "\n".join([f"| {name} | %, 95 % interval |", "|---|---|", *rows])


def _training(config: PretrainConfig, trained: "Trained") -> str:
    one = config.training
    weights = ", ".join(f"{kind} {weight:g}" for kind, weight in one.weights if weight)
    masked = ", ".join(f"{kind} {'/'.join(f'{share:g}' for share in shares)}" for kind, shares in one.mask_share)
    return (
        f"{one.steps:,} steps of {one.pieces_per_step:,} pieces; AdamW, learning rate {one.learning_rate:g}, "
        f"{one.warmup:,} steps of warm-up, then a cosine to zero, weight decay {one.weight_decay:g}; seed "
        f"{config.seed}. Each step draws one kind of example (weights: {weights}); words to hide: {masked}. "
        f"Languages are drawn by the square root of their size. Took {trained.loop.seconds / 60:.0f} minutes; "
        f"`log.jsonl` has the losses, `pretraining.json` the whole config."
    )


def _licences(references: Sequence[Reference]) -> str:
    names: dict[str, list[str]] = defaultdict(list)
    for one in references:
        name = one.dataset or one.path or ""
        if name not in names[licence_of(one)]:
            names[licence_of(one)].append(name)
    lines = [f"- {licence}: {', '.join(some)}" for licence, some in sorted(names.items())]
    closed = sorted(licence for licence in names if not may_be_redistributed(licence))
    verdict = f"Not for publication: {', '.join(closed)}." if closed else "The weights follow the strictest of these."
    cited = sorted({dataset(one.dataset).citation for one in references if one.dataset} - {""})
    citations = ["", "Please cite:", "", *(f"- {citation}" for citation in cited)] if cited else []
    return "\n".join([*lines, "", verdict, *citations])
