"""The model card: a base's data, licences, settings and figures, and what it never saw."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lowres.catalog import Reference, dataset
from lowres.evaluation import SystemScores
from lowres.evaluation.markdown import percent
from lowres.pretraining.config import DEVELOPMENT_LOCALES, PretrainConfig
from lowres.sources import licence_of, may_be_redistributed

if TYPE_CHECKING:
    from lowres.pretraining.corpus import Material
    from lowres.pretraining.training import Trained
    from lowres.probing import Fairness


Record = dict[str, Any]
Pieces = dict[str, dict[str, "Fairness"]]  # of running text and of listed words, by language


def format_card(
    config: PretrainConfig, material: "Material", trained: "Trained", figures: SystemScores | None, pieces: Pieces, continues: Record | None
) -> str:
    """README.md of a base; `continues` is what is on record of the base that it began at."""
    before = [*_trainings(continues)] if continues else []
    parts = [
        f"# {config.name}",
        _what(config, trained, continues),
        "## Data",
        _data(config, before),
        _counts(material),
        "## Never seen",
        _never_seen(config, continues, before),
        "## Figures",
        _figures(config, figures),
        "## Pieces",
        _pieces(pieces),
        "## Training",
        _training(config, trained),
        "## Licences",
        _licences([one for training in (config, *before) if training for one in training.references()], None in before),
    ]
    return "\n\n".join(parts) + "\n"


def _trainings(continues: Record) -> Iterator[PretrainConfig | None]:
    """The trainings of a base, the last first; None at the end where no record goes further."""
    record = continues["record"]
    try:
        yield PretrainConfig.model_validate(record["config"])
    except (ValidationError, LookupError, TypeError):
        yield None
        return
    if record["continues"]:
        yield from _trainings(record["continues"])


def _what(config: PretrainConfig, trained: "Trained", continues: Record | None) -> str:
    n_pieces, found = len(trained.reader.tokenizer), trained.loop.best.masked.config
    begun = f" Training began at the weights of {continues['name']}, whose record is in `pretraining.json`." if continues else ""
    return (
        f"XLM-R architecture, {found.num_hidden_layers} layers of {found.hidden_size}, {found.num_attention_heads} heads, "
        f"feed-forward {found.intermediate_size}; {n_pieces:,} Unigram pieces with byte fallback (lower case), "
        f"{found.vocab_size - n_pieces:,} spare token rows; half precision; heads for {len(trained.labels.intents)} intents and "
        f"{len(trained.labels.slots) - 1} slots.{begun}"
    )


def _data(config: PretrainConfig, before: Sequence[PretrainConfig | None]) -> str:
    data = config.data
    labelled: dict[str, list[str]] = defaultdict(list)
    for one in data.launched:
        labelled[one.dataset or one.path or ""].append(one.locale or "und")
    lines = [f"- {name}, partition train, intents and slots: {' '.join(locales)}" for name, locales in labelled.items()]
    read = {"text": data.texts, "verses": data.verses, "entries": data.lexicons, "forms": data.paradigms,
            "entries for the tokenizer alone": config.tokenizer.lexicons}  # fmt: skip
    seen = set(data.references())
    for training in filter(None, before):
        read[f"before, as {training.name}, besides"] = tuple(one for one in training.references() if one not in seen)
    lines += [f"- {what}: {', '.join(map(_named, references))}" for what, references in read.items() if references]
    if data.launched:
        lines.append("- `profiles/`: how often n-grams occur in these utterances, by which a server tells the launched locales from others")
    return "\n".join(lines)


def _named(reference: Reference) -> str:
    return " ".join(filter(None, (reference.dataset or reference.path, reference.locale if reference.dataset else "")))


def _counts(material: "Material") -> str:
    counted = (
        ("utterances", material.utterances), ("lines of text", material.texts),
        ("verses", material.verses), ("dictionary entries", material.entries),
    )  # fmt: skip
    read = ", ".join(f"{sum(map(len, table.values())):,} {name}" for name, table in counted if table)
    return f"{read}. {material.n_held_out:,} utterances of train were left out: their text is in another partition too."


def _never_seen(config: PretrainConfig, continues: Record | None, before: Sequence[PretrainConfig | None]) -> str:
    if continues and None in before:
        return f"Not known: what {continues['name']} was trained on is not on record."
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


def _pieces(pieces: Pieces) -> str:
    """Languages in order of what their running text costs, then of what their listed words do."""
    running, listed = pieces["running"], pieces["listed"]
    cost = {language: (language not in running, -(running.get(language) or listed[language]).per_word) for language in {**running, **listed}}
    rows = [f"| {language} | {_spent(running.get(language))} | {_spent(listed.get(language))} |" for language in sorted(cost, key=cost.__getitem__)]
    head = ["| language | text: words | pieces per word | per character | lexicon: words | pieces per word | per character |", "|---|---:|---:|---:|---:|---:|---:|"]
    return "\n".join(["Of at most some thousand words each.", "", *head, *rows])


def _spent(one: "Fairness | None") -> str:
    return f"{one.n_words:,} | {one.per_word:.2f} | {one.per_character:.2f}" if one else "| |"


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


def _licences(references: Sequence[Reference], unknown: bool) -> str:
    names: dict[str, list[str]] = defaultdict(list)
    for one in references:
        name = one.dataset or one.path or ""
        if name not in names[licence_of(one)]:
            names[licence_of(one)].append(name)
    lines = [f"- {licence}: {', '.join(some)}" for licence, some in sorted(names.items())]
    closed = sorted(licence for licence in names if not may_be_redistributed(licence))
    closed += ["what the base was trained on is not on record"] if unknown else []
    verdict = f"Not for publication: {', '.join(closed)}." if closed else "The weights follow the strictest of these."
    cited = sorted({dataset(one.dataset).citation for one in references if one.dataset} - {""})
    citations = ["", "Please cite:", "", *(f"- {citation}" for citation in cited)] if cited else []
    return "\n".join([*lines, "", verdict, *citations])
