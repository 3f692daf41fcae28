"""Distillation: what is imitated, between any two tokenizers and widths, and a run that can be stopped."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from lowres.errors import LowresError
from lowres.model import Labels, PieceReader, base_labels, encode_text, read_base
from lowres.pretraining.config import Imitation, ModelSize, read_distil_config
from lowres.pretraining.distilling import _read, distil, imitation_losses, relations_loss
from lowres.pretraining.learner import new_encoder
from lowres.pretraining.tokenizer import train_tokenizer
from lowres.reading import Reader

TEACHER = "lowres-mini"
TEXTS = ["wake me up at five am", "play some jazz", "what is the weather in nairobi", "turn off the kitchen lights please"]
CONFIG = """\
name: small
texts: [{path: text.txt, format: lines, licence: CC0-1.0, locale: eng}]
training: {steps: 12, pieces_per_step: 128, learning_rate: 1e-2, warmup: 0, checkpoint_every: 4, of: OF, relation_heads: 4}
"""


@pytest.fixture(scope="module")
def student(tmp_path_factory) -> Path:
    """An encoder of another tokenizer and width, as transformers writes it: without label heads."""
    folder = tmp_path_factory.mktemp("student") / "student"
    tokenizer = train_tokenizer(TEXTS * 20, vocabulary=300, spare=0)
    torch.manual_seed(1)
    new_encoder(len(tokenizer), ModelSize(layers=1, hidden=16, heads=2, feed_forward=32)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "text.txt").write_text("".join(f"{text} {n}\n" for n, text in enumerate(TEXTS * 15)), encoding="utf-8")
    for of in ("relations", "labels", "both"):
        (folder / f"{of}.yaml").write_text(CONFIG.replace("OF", of), encoding="utf-8")
    return folder


def _run(place: Path, student: Path, folder: Path, of: str = "both", stop_at: int = 0, teacher: str = TEACHER) -> list[int]:
    steps: list[int] = []

    def note(done: int, total: int, rate: float, text: str) -> None:
        steps.append(done)
        if done == stop_at:
            raise KeyboardInterrupt

    distil(read_distil_config(place / f"{of}.yaml"), teacher, str(student), folder, None, note, data_from=place)
    return steps


def _losses(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


# ---------------------------------------------------------------- what is imitated


def test_relations_are_those_of_scaled_products():
    """Reference: word by word."""
    torch.manual_seed(2)
    ours, theirs, mask = torch.randn(2, 5, 8), torch.randn(2, 5, 12), torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    total, n = 0.0, 0
    for row, words in enumerate((5, 3)):
        for head in range(4):
            a, b = (x[row, :words, head * w : (head + 1) * w] for x, w in ((ours, 2), (theirs, 3)))
            p, q = ((y @ y.T / w**0.5).log_softmax(-1) for y, w in ((a, 2), (b, 3)))
            total, n = total + functional.kl_div(p, q, log_target=True, reduction="sum"), n + words
    assert relations_loss(ours, theirs, mask, 4).item() == pytest.approx((total / n).item(), abs=1e-5)
    assert relations_loss(ours, ours.clone(), mask, 4).item() == pytest.approx(0, abs=1e-6)


def test_a_model_that_imitates_itself_loses_nothing():
    reader = Reader(*read_base(TEACHER))
    reader.model.eval()
    batch = [(encode_text(text, reader.pieces),) * 2 for text in TEXTS]
    found = imitation_losses(reader, reader, batch, Imitation())
    assert set(found) == {"relations", "labels"} and all(abs(value.item()) < 1e-4 for value in found.values())


@pytest.mark.parametrize(("of", "names"), [("relations", {"relations"}), ("labels", {"labels"}), ("both", {"relations", "labels"})])
def test_only_what_is_asked_for_is_imitated(student, of, names):
    teacher = Reader(*read_base(TEACHER))
    small = Reader(*read_base(str(student), teacher.labels))
    batch = [(encode_text(text, teacher.pieces), encode_text(text, small.pieces)) for text in TEXTS]
    found = imitation_losses(teacher, small, batch, Imitation(of=of, relation_heads=4))
    assert set(found) == names
    sum(found.values()).backward()
    assert all(p.grad is None for p in teacher.model.encoder.parameters())
    assert small.model.get_input_embeddings().weight.grad.abs().sum() > 0


def test_a_text_beside_a_longer_one_counts_as_it_does_alone(student):
    teacher = Reader(*read_base(TEACHER))
    small = Reader(*read_base(str(student), teacher.labels))
    teacher.model.eval(), small.model.eval()
    batch = [(encode_text(text, teacher.pieces), encode_text(text, small.pieces)) for text in TEXTS[:2]]
    training = Imitation(of="relations", relation_heads=4)
    alone = [imitation_losses(teacher, small, [one], training)["relations"].item() for one in batch]
    words = [1 + len(one[0].pieces) for one in batch]
    mean = sum(a * w for a, w in zip(alone, words, strict=True)) / sum(words)
    assert imitation_losses(teacher, small, batch, training)["relations"].item() == pytest.approx(mean, rel=0.05)


def test_words_that_either_model_cuts_off_are_not_compared(student):
    """The student has no piece for these letters: it reads bytes, and cuts the text off long before the teacher does."""
    teacher = Reader(*read_base(TEACHER))
    small = Reader(*read_base(str(student), teacher.labels))
    teacher.model.eval(), small.model.eval()
    text = " ".join(["доброе утро всем"] * 12)
    pair = [(encode_text(text, teacher.pieces), encode_text(text, small.pieces))]
    states, inside = zip(*(_read(one, [example]) for one, example in zip((teacher, small), pair[0], strict=True)), strict=True)
    assert inside[1].sum() < inside[0].sum() and inside[1][0, 0]
    n = int(inside[1].sum())
    expected = relations_loss(states[1][:, :n], states[0][:, :n], torch.ones(1, n, dtype=torch.bool), 4)
    found = imitation_losses(teacher, small, pair, Imitation(of="relations", relation_heads=4))["relations"]
    assert found.item() == pytest.approx(expected.item(), rel=1e-3)


# ---------------------------------------------------------------- runs


@pytest.mark.parametrize(("of", "falls"), [("relations", {"relations": 0.9}), ("both", {"labels": 0.9})])
def test_a_student_comes_closer_and_takes_the_labels(place, student, tmp_path, of, falls):
    folder = tmp_path / "small"
    assert _run(place, student, folder, of) == list(range(1, 13))
    losses = _losses(folder)
    assert all(losses[-1][f"text/{name}"] < share * losses[0][f"text/{name}"] for name, share in falls.items())
    if of == "relations":
        assert not (folder / "labels.json").exists() and base_labels(str(folder)) == Labels((), ())
        return
    model, pieces, labels = read_base(str(folder))
    assert labels == read_base(TEACHER)[2] and isinstance(pieces, PieceReader) and model.config.hidden_size == 16
    record = json.loads((folder / "pretraining.json").read_text(encoding="utf-8"))
    assert record["teacher"]["name"] == TEACHER and record["student"]["sha256"]["config.json"] and "taught by lowres-mini" in (folder / "README.md").read_text(encoding="utf-8")


def test_a_stopped_distillation_ends_with_the_same_weights(place, student, tmp_path):
    _run(place, student, tmp_path / "a")
    with pytest.raises(KeyboardInterrupt):
        _run(place, student, tmp_path / "b", stop_at=7)
    assert _run(place, student, tmp_path / "b") == list(range(5, 13))
    for name in ("model.safetensors", "heads.safetensors"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert _losses(tmp_path / "a") == _losses(tmp_path / "b")


def test_another_student_is_another_distillation(place, student, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(student, other)
    torch.manual_seed(9)
    size = ModelSize(layers=1, hidden=16, heads=2, feed_forward=32)
    new_encoder(len(read_base(str(student), Labels((), ()))[1].tokenizer), size).save_pretrained(other)
    _run(place, student, tmp_path / "small")
    with pytest.raises(LowresError, match="no base of this config"):
        _run(place, other, tmp_path / "small")


def test_a_teacher_without_labels_teaches_relations(place, student, tmp_path):
    folder = tmp_path / "small"
    _run(place, student, folder, "relations", teacher=str(student))
    assert set(_losses(folder)[0]) == {"text/relations"}
    with pytest.raises(LowresError, match="has no label heads"):
        _run(place, student, tmp_path / "other", "labels", teacher=str(student))


def test_relation_heads_divide_both_widths(place, student, tmp_path):
    config = read_distil_config(place / "both.yaml")
    config = config.model_copy(update={"training": config.training.model_copy(update={"relation_heads": 3})})
    with pytest.raises(LowresError, match=r"relation_heads: 3 divides not both of \[256, 16\]; 1, 2, 4, 8, 16"):
        distil(config, TEACHER, str(student), tmp_path / "small", None, lambda *_: None, data_from=place)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("utterances: [{dataset: massive, locale: sw-KE, partition: train}]", "sw-KE of massive is off limits"),
        ("utterances: [{dataset: massive, locale: en-US, partition: test}]", "partition 'test' is off limits"),
        ("texts: []", "no text"),
        ("texts: [ntrex128]", "ntrex128 is off limits"),
    ],
)
def test_what_it_may_not_read_is_refused(tmp_path, line, told):
    path = tmp_path / "d.yaml"
    path.write_text(f"name: x\n{line}\n", encoding="utf-8")
    with pytest.raises(LowresError, match=told):
        read_distil_config(path)
