"""One LoRA adapter per language: train on synthetic pairs and a share of the source, predict, read and write."""

import json
import math
import pickle
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import SafetensorError

from lowres.affixes import format_affixes, parse_affixes
from lowres.errors import LowresError
from lowres.evaluation import Prediction
from lowres.gloss import Glosser, format_glosses, gloss_utterance, parse_glosses
from lowres.model import (
    LABELS_FILE,
    Example,
    LabelledEncoder,
    Labels,
    PieceReader,
    base_labels,
    best_labels,
    bridge_gaps,
    collate,
    collect_labels,
    encode,
    format_labels,
    loss,
    read_base,
    read_labels,
    transition_scores,
)
from lowres.recipe import Adapt
from lowres.text import words
from lowres.utterance import Utterance, label_slots

GLOSSES_FILE, AFFIXES_FILE = "glosses.tsv", "affixes.tsv"
SETTINGS_FILE, TRANSITIONS_FILE = "lowres.json", "transitions.safetensors"
CHECKPOINT = "checkpoint.pt"
MAX_GLOSS_PIECES = 6
MIN_STEPS = 200  # per epoch: of a few hundred utterances a single pass would hardly move the adapter
GLOSS_DROPOUT = 0.15  # so that words without a gloss can be read too


@dataclass(slots=True)
class Reader:
    """A model ready to predict: the network, its pieces, labels, glosses and label transitions."""

    model: torch.nn.Module
    pieces: PieceReader
    labels: Labels
    glosser: Glosser | None = None
    transitions: torch.Tensor | None = None


def gloss_pieces(text: str, glosser: Glosser | None, reader: PieceReader) -> tuple[tuple[int, ...], ...]:
    """Piece ids of each word's glosses, () where there is none; nothing at all without a glosser."""
    if glosser is None:
        return ()
    out = []
    for word in words(text):
        ids = [piece for gloss in glosser.gloss(word) for part in words(gloss) for piece in reader.pieces(part)]
        out.append(tuple(ids[:MAX_GLOSS_PIECES]))
    return tuple(out)


def autocast():
    """bf16 on a GPU and on CPUs with instructions for it; a no-op elsewhere."""
    device = best_device()
    known = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: False)  # not a public name
    return torch.autocast(device, torch.bfloat16, enabled=device == "cuda" or bool(known()))


def best_device() -> str:
    """The GPU where there is one."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def device_of(model: torch.nn.Module) -> torch.device:
    """Where a model's weights are."""
    return next(model.parameters()).device


def batches(examples: Sequence[Example], size: int, rng: random.Random | None = None) -> Iterator[list[int]]:
    """Indices in batches of similar length; shuffled by `rng`, else shortest first."""
    keys = [(example.n_pieces + (rng.random() * 3 if rng else 0), i) for i, example in enumerate(examples)]
    ordered = [i for _, i in sorted(keys)]
    chunks = [ordered[k : k + size] for k in range(0, len(ordered), size)]
    if rng:
        rng.shuffle(chunks)
    yield from chunks


@torch.no_grad()
def predict(reader: Reader, utterances: Sequence[Utterance], *, size: int = 128, bridge: bool = True) -> list[Prediction]:
    """Intent, slots and confidence for each utterance's text, in the order given.

    With a glosser each utterance is read twice, as it is (each word beside its gloss) and glossed word by word
    in the source language; the two readings' log probabilities are averaged.
    """
    reader.model.eval()
    read = _log_probabilities(reader, [_example(u, reader) for u in utterances], size)
    if reader.glosser is not None:
        glossed = [gloss_utterance(utterance, reader.glosser) for utterance in utterances]
        again = _log_probabilities(reader, [encode(one, reader.pieces) for one, _ in glossed], size)
        read = [_mixed(*both, owners) for both, (_, owners) in zip(zip(read, again, strict=True), glossed, strict=True)]
    return [_prediction(reader, *row, bridge) for row in zip(utterances, read, strict=True)]


Reading = tuple[torch.Tensor, torch.Tensor]  # log probabilities: (intents,), (words, slots)


def _example(utterance: Utterance, reader: Reader) -> Example:
    return encode(utterance, reader.pieces, glosses=gloss_pieces(utterance.text, reader.glosser, reader.pieces))


def _log_probabilities(reader: Reader, examples: Sequence[Example], size: int) -> list[Reading]:
    found: dict[int, Reading] = {}
    for chunk in batches(examples, size):
        with autocast():
            intents, slots = reader.model(collate([examples[i] for i in chunk], reader.pieces).to(device_of(reader.model)))
        intents, slots = intents.float().log_softmax(-1).cpu(), slots.float().log_softmax(-1).cpu()
        for row, i in enumerate(chunk):
            found[i] = intents[row], slots[row, : len(examples[i].pieces)]
    return [found[i] for i in range(len(examples))]


def _mixed(own: Reading, glossed: Reading, owners: Sequence[int]) -> Reading:
    """The mean of two readings; a word's reading through its gloss is the mean over the gloss's words."""
    n_words, n_read = len(own[1]), len(glossed[1])
    index = torch.tensor(owners[:n_read])
    keep = index < n_words
    index, rows = index[keep], glossed[1][keep]
    sums = torch.zeros_like(own[1]).index_add_(0, index, rows)
    counts = torch.zeros(n_words).index_add_(0, index, torch.ones(len(index)))
    slots = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], own[1])
    intents = (own[0] + glossed[0]) / 2
    return intents.log_softmax(-1), ((own[1] + slots) / 2).log_softmax(-1)


def _prediction(reader: Reader, utterance: Utterance, read: Reading, bridge: bool) -> Prediction:
    """Confidence is the product of the intent's probability and the geometric mean of the labels'."""
    intents, slots = read
    path = best_labels(slots, reader.transitions)
    path = bridge_gaps(path) if bridge else path
    sure = float(intents.max()) + sum(float(slots[k, label]) for k, label in enumerate(path)) / max(1, len(path))
    names = [reader.labels.slots[label] for label in path]
    names += ["O"] * (len(words(utterance.text)) - len(path))
    best = reader.labels.intents[int(intents.argmax())]
    said = Utterance(id=utterance.id, text=utterance.text, locale=utterance.locale, intent=best, slots=label_slots(utterance.text, names))
    return Prediction(utterance=said, confidence=math.exp(min(0.0, sure)))


def with_lora(model: LabelledEncoder, training: Adapt, rows: Sequence[int]) -> PeftModel:
    """LoRA on every linear layer of the encoder, both heads, and the token rows in `rows` made trainable."""
    named = [n for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) and n.startswith("encoder.")]
    linear = [name for name in named if ".pooler." not in name]  # the heads read the states, nothing reads the pooler
    embedding = next(n for n, m in model.named_modules() if m is model.encoder.get_input_embeddings())
    config = LoraConfig(
        r=training.lora.r, lora_alpha=training.lora.alpha, lora_dropout=training.lora.dropout, target_modules=linear,
        modules_to_save=["intent_head", "slot_head"],
        trainable_token_indices={embedding: sorted(rows)} if rows else None,
    )  # fmt: skip
    return get_peft_model(model, config)


def adapt(
    target: Sequence[Utterance],
    source: Sequence[Utterance],
    training: Adapt,
    folder: Path,
    *,
    glosser: Glosser | None = None,
    base_from: Path | None = None,
    on_progress: Callable[[int, int, float, str], None] = lambda done, total, rate, text: None,
) -> None:
    """Train on `target` (its ids end in ":variant") and a share of `source`; write `folder`/adapter and log.jsonl.

    The synthetic dev part (one source utterance in twenty, by id) alone decides on early stopping.
    Resumes from `folder`/checkpoint.pt, written after every epoch.
    """
    labels = _labels_of([*target, *source], training.base, base_from)
    model, pieces, labels = read_base(training.base, labels, folder=base_from, seed=training.seed)
    glosser = glosser if training.gloss else None
    examples = [encode(u, pieces, labels, gloss_pieces(u.text, glosser, pieces)) for u in target]
    held = [held_out(u.id) for u in target]
    train = [e for e, out in zip(examples, held, strict=True) if not out]
    dev = [u for u, out in zip(target, held, strict=True) if out]
    if not train:
        raise LowresError("adapt", "no utterance to train on", "pairs that are not all test utterances or held out")
    rng = random.Random(f"{training.seed}:source")
    train += _glossed(target, held, training, glosser, pieces, labels)
    n_source = min(len(source), round(len(train) * training.source_share))
    train += [encode(u, pieces, labels) for u in rng.sample(list(source), n_source)]
    train = _epoch(train, training)
    rows = {i for e in train for ids in (*e.pieces, *e.glosses) for i in ids} if training.token_rows else set()
    model = with_lora(model, training, sorted(rows)).to(best_device())
    reader = Reader(model, pieces, labels, glosser, transition_scores((e.slots for e in train), len(labels.slots)))
    _fit(reader, train, dev, training, folder, on_progress)
    write_adapter(reader, training, folder / "adapter")


def _epoch(train: list[Example], training: Adapt) -> list[Example]:
    """The examples of an epoch: all, repeated to MIN_STEPS, or for just `training.steps` a sample in which each comes equally often."""
    n = (training.steps or MIN_STEPS) * training.batch_size
    repeated = train * math.ceil(n / len(train))
    return random.Random(f"{training.seed}:steps").sample(repeated, n) if training.steps else repeated


def _glossed(target: Sequence[Utterance], held: Sequence[bool], training: Adapt, glosser: Glosser | None, pieces, labels) -> list[Example]:
    """Pairs glossed back into the source language, a share of `glossed_share` of them: what the second reading will meet."""
    if glosser is None:
        return []
    rng = random.Random(f"{training.seed}:glossed")
    seen = [u for u, out in zip(target, held, strict=True) if not out]
    chosen = rng.sample(seen, min(len(seen), round(len(seen) * training.glossed_share)))
    return [encode(gloss_utterance(one, glosser, rng)[0], pieces, labels) for one in chosen]


def _labels_of(utterances: Iterable[Utterance], base: str, base_from: Path | None) -> Labels:
    """The labels of the data, in the base's own order where it has them all, so that its heads fit as they are."""
    seen, own = collect_labels(utterances), base_labels(base, base_from)
    return own if own.covers(seen) else seen


def held_out(utterance_id: str) -> bool:
    """Whether a pair belongs to the synthetic dev part: one source utterance in twenty, with all its variants."""
    stem = utterance_id.rpartition(":")[0] or utterance_id  # source utterances have no variant
    return random.Random(f"dev:{stem}").random() < 0.05


def _fit(reader: Reader, train, dev, training: Adapt, folder: Path, on_progress) -> None:
    model = reader.model
    params = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(params, lr=training.learning_rate, weight_decay=0.01)
    per_epoch = math.ceil(len(train) / training.batch_size)
    total = per_epoch * training.epochs
    state = _read_checkpoint(folder / CHECKPOINT, model, optimizer)
    torch.manual_seed(training.seed + state["epoch"])
    for epoch in range(state["epoch"], training.epochs):
        if state["bad"] >= training.patience:  # here, so that a run killed after its last epoch does not go on
            break
        started, sums = time.perf_counter(), 0.0
        rng = random.Random(f"{training.seed}:{epoch}")
        model.train()
        torch.manual_seed(training.seed + epoch)
        for done, chunk in enumerate(batches(train, training.batch_size, rng), 1):
            step = epoch * per_epoch + done
            for group in optimizer.param_groups:
                group["lr"] = training.learning_rate * min(1.0, step / 100) * (1 - (step - 1) / total) + 1e-6
            value = _step(reader, [_dropped(train[i], GLOSS_DROPOUT, rng) for i in chunk], optimizer, params)
            sums += value
            on_progress(step, total, done * training.batch_size / (time.perf_counter() - started), f"epoch {epoch + 1}")
        score = _exact(reader, dev)
        line = {"epoch": epoch + 1, "loss": round(sums / per_epoch, 4), "synthetic_dev_exact_match": round(score, 4),
                "seconds": round(time.perf_counter() - started, 1)}  # fmt: skip
        state["log"].append(line)
        (folder / "log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in state["log"]), encoding="utf-8")
        if not dev or score > state["best"]:
            state |= {"best": score, "best_model": _trainable(model), "bad": 0}
        else:
            state["bad"] += 1
        state["epoch"] = epoch + 1
        _write_checkpoint(folder / CHECKPOINT, state, model, optimizer)
    if state["best_model"] is not None:
        model.load_state_dict(state["best_model"], strict=False)


def _dropped(example: Example, share: float, rng: random.Random) -> Example:
    """The example with some glosses hidden, so that words without one can be read too."""
    if not example.glosses:
        return example
    glosses = tuple(() if rng.random() < share else gloss for gloss in example.glosses)
    return Example(example.pieces, glosses, example.intent, example.slots)


def _step(reader: Reader, examples: list[Example], optimizer, params) -> float:
    batch = collate(examples, reader.pieces).to(device_of(reader.model))
    with autocast():
        intents, slots = reader.model(batch)
    value = loss(intents, slots, batch)
    optimizer.zero_grad()
    value.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    optimizer.step()
    return float(value.detach())


def _exact(reader: Reader, dev: Sequence[Utterance]) -> float:
    """Exact match on the synthetic dev part."""
    predictions = predict(reader, dev)
    right = sum(p.utterance.intent == u.intent and p.utterance.slots == u.slots for p, u in zip(predictions, dev, strict=True))
    return right / max(1, len(dev))


def _trainable(model) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}


def _write_checkpoint(path: Path, state: dict, model, optimizer) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state | {"model": _trainable(model), "optimizer": optimizer.state_dict()}, partial)
    partial.replace(path)


def _read_checkpoint(path: Path, model, optimizer) -> dict:
    if not path.is_file():
        return {"epoch": 0, "best": -1.0, "best_model": None, "bad": 0, "log": []}
    try:
        state = torch.load(path, weights_only=True, map_location=device_of(model))
    except (OSError, EOFError, ValueError, RuntimeError, pickle.UnpicklingError):
        raise LowresError(path, "a broken checkpoint", "delete it, and training starts again") from None
    model.load_state_dict(state.pop("model"), strict=False)
    optimizer.load_state_dict(state.pop("optimizer"))
    return state


def write_adapter(reader: Reader, training: Adapt, folder: Path) -> None:
    """PEFT's two files, the labels, the label transitions, the glosses, and what base they belong to."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    reader.model.save_pretrained(folder, save_embedding_layers=False)
    (folder / LABELS_FILE).write_text(format_labels(reader.labels), encoding="utf-8")
    save_file({"transitions": reader.transitions.half().cpu()}, folder / TRANSITIONS_FILE)
    if reader.glosser is not None:
        (folder / GLOSSES_FILE).write_text(format_glosses(reader.glosser.glosses), encoding="utf-8")
        (folder / AFFIXES_FILE).write_text(format_affixes(reader.glosser.affixes), encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(json.dumps({"base": training.base}) + "\n", encoding="utf-8")


def read_adapter(folder: Path, *, base_from: Path | None = None) -> Reader:
    """The adapter in `folder` over its base, ready to predict."""
    from safetensors.torch import load_file

    try:
        base = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))["base"]
    except (OSError, ValueError, KeyError):
        raise LowresError(folder, "no adapter here", "a folder written by lowres adapt") from None
    model, pieces, labels = read_base(base, read_labels(folder / LABELS_FILE), folder=base_from)
    try:
        model = PeftModel.from_pretrained(model, folder).to(best_device())
        transitions = load_file(folder / TRANSITIONS_FILE)["transitions"].float()
        return Reader(model, pieces, labels, read_glosser(folder), transitions)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise LowresError(folder, f"a broken adapter ({first[:120]})", "a folder as lowres adapt wrote it") from None


def read_glosser(folder: Path) -> Glosser | None:
    """The glosses that an adapter reads beside the words; None where it reads none."""
    if not (folder / GLOSSES_FILE).is_file():
        return None
    glosses, affixes = ((folder / name).read_text(encoding="utf-8") for name in (GLOSSES_FILE, AFFIXES_FILE))
    return Glosser(parse_glosses(glosses), parse_affixes(affixes))
