"""Any encoder of transformers in the base's place: XLM-R, mDeBERTa and mBERT classes, tiny, random, saved and read."""

import dataclasses
import math
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizerFast,
    DebertaV2Config,
    DebertaV2Model,
    DebertaV2TokenizerFast,
    XLMRobertaConfig,
    XLMRobertaModel,
    XLMRobertaTokenizerFast,
)

from lowres.adapter import adapt, read_adapter, with_lora
from lowres.errors import LowresError
from lowres.formats.massive import read_massive
from lowres.model import collate, collect_labels, encode, forgetting, loss, read_base
from lowres.reading import Reader, predict
from lowres.recipe import Adapt, Lora
from lowres.resources import resources_folder
from lowres.vocabulary import Vocabulary

UTTERANCES = [one for one in read_massive(resources_folder() / "demo" / "en-US.jsonl") if one.partition == "train"][:24]
SIZE = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def _unigram(special: list[str]) -> list[tuple[str, float]]:
    """A Unigram vocabulary trained on the utterances, `special` first."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token=special[1], show_progress=False)
    tokenizer.train_from_iterator([one.text for one in UTTERANCES], trainer)
    ids = tokenizer.get_vocab()
    return [(piece, 0.0 if piece in special else -math.log(len(ids))) for piece in sorted(ids, key=ids.get)]


def _word_pieces() -> dict[str, int]:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        [one.text for one in UTTERANCES],
        trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, show_progress=False),
    )
    return tokenizer.get_vocab()


def _xlm_roberta():
    tokenizer = XLMRobertaTokenizerFast(vocab=_unigram(["<s>", "<pad>", "</s>", "<unk>", "<mask>"]))
    return XLMRobertaModel(XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=132, **SIZE)), tokenizer


def _deberta():
    tokenizer = DebertaV2TokenizerFast(vocab=_unigram(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
    config = DebertaV2Config(
        vocab_size=len(tokenizer), relative_attention=True, position_buckets=8, norm_rel_ebd="layer_norm",
        share_att_key=True, pos_att_type=["p2c", "c2p"], position_biased_input=False, type_vocab_size=0, **SIZE,
    )  # fmt: skip
    return DebertaV2Model(config), tokenizer


def _bert():
    tokenizer = BertTokenizerFast(vocab=_word_pieces())
    return BertModel(BertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, **SIZE)), tokenizer


@pytest.fixture(params=[_xlm_roberta, _deberta, _bert], ids=["xlm-roberta", "deberta-v2", "bert"], scope="module")
def folder(request, tmp_path_factory) -> Path:
    """A base as somebody else publishes it: config, weights, tokenizer, no heads."""
    place = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    model, tokenizer = request.param()
    model.save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


def _read(folder: Path):
    return read_base(str(folder), collect_labels(UTTERANCES))


def test_words_become_known_pieces(folder):
    _, reader, labels = _read(folder)
    for utterance in UTTERANCES:
        example = encode(utterance, reader, labels)
        assert len(example.pieces) == len(example.slots) == len(utterance.text.split())
        assert all(reader.tokenizer.unk_token_id not in pieces for pieces in example.pieces)
    batch = collate([encode(one, reader, labels) for one in UTTERANCES], reader)
    assert (batch.input_ids[:, 0] == reader.first).all() and reader.pad == reader.tokenizer.pad_token_id
    assert ((batch.input_ids == reader.last).sum(1) == 1).all()


def test_the_forward_pass_gives_a_logit_per_label(folder):
    model, reader, labels = _read(folder)
    model.eval()
    examples = [encode(one, reader, labels) for one in UTTERANCES]
    batch = collate(examples, reader)
    intents, slots = model(batch)
    assert intents.shape == (len(UTTERANCES), len(labels.intents))
    assert slots.shape == (*batch.word_mask.shape, len(labels.slots))
    alone = model(collate(examples[:1], reader))
    n_words = len(examples[0].pieces)
    assert torch.allclose(alone[0][0], intents[0], atol=1e-4) and torch.allclose(
        alone[1][0], slots[0, :n_words], atol=1e-4
    )


def test_glosses_change_what_is_read(folder):
    model, reader, labels = _read(folder)
    model.eval()
    plain = encode(UTTERANCES[0], reader, labels)
    gloss = reader.pieces(UTTERANCES[5].text.split()[0])
    none = dataclasses.replace(plain, glosses=((),) * len(plain.pieces))
    glossed = dataclasses.replace(plain, glosses=(gloss,) * len(plain.pieces))
    with torch.no_grad():
        first, empty, second = (model(collate([one], reader))[0] for one in (plain, none, glossed))
    assert torch.allclose(first, empty, atol=1e-5) and not torch.allclose(first, second, atol=1e-5)


def test_a_training_step_moves_the_adapter_alone_and_is_read_back(folder, tmp_path):
    model, reader, labels = _read(folder)
    examples = [encode(one, reader, labels) for one in UTTERANCES]
    rows = sorted({piece for example in examples for pieces in example.pieces for piece in pieces})
    tuned = with_lora(model, Adapt(lora=Lora(r=2, alpha=4, dropout=0.0)), rows)
    before = {name: value.detach().clone() for name, value in tuned.named_parameters()}
    batch = collate(examples, reader)
    optimizer = torch.optim.AdamW([one for one in tuned.parameters() if one.requires_grad], lr=0.05, weight_decay=0.0)
    tuned.eval()
    losses = []
    for _ in range(3):
        value = loss(*tuned(batch), batch)
        losses.append(float(value.detach()))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    assert losses[-1] < losses[0]
    moved = {name for name, value in tuned.named_parameters() if not torch.equal(value, before[name])}
    assert moved and all(tuned.get_parameter(name).requires_grad for name in moved)
    for part in ("lora_B", "trainable_tokens", "intent_head", "slot_head"):
        assert any(part in name for name in moved), part
    tuned.save_pretrained(tmp_path, save_embedding_layers=False)
    again = PeftModel.from_pretrained(_read(folder)[0], tmp_path).eval()
    with torch.no_grad():
        for found, expected in zip(again(batch), tuned(batch), strict=True):
            assert torch.allclose(found, expected, atol=1e-4)


def test_the_whole_adaptation_runs_on_it(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("lowres.adapter.MIN_STEPS", 8)
    target = [dataclasses.replace(one, id=f"{one.id}:0", locale="xx-XX") for one in UTTERANCES]
    adapt(target, UTTERANCES, Adapt(base=str(folder), epochs=1, batch_size=8, lora=Lora(r=2, alpha=4)), tmp_path)
    reader = read_adapter(tmp_path / "adapter")
    found = predict(reader, UTTERANCES[:4])
    assert [one.utterance.id for one in found] == [one.id for one in UTTERANCES[:4]]
    assert {one.utterance.intent for one in found} <= set(reader.labels.intents)
    model, pieces, labels = _read(folder)
    assert isinstance(predict(Reader(model, pieces, labels), UTTERANCES[:1])[0].confidence, float)


def test_new_words_become_rows_of_any_base_and_are_read_back(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("lowres.adapter.MIN_STEPS", 8)
    target = [dataclasses.replace(one, id=f"{one.id}:0", locale="xx-XX") for one in UTTERANCES]
    n_rows = _read(folder)[0].get_input_embeddings().num_embeddings
    counts = {word: 1.0 for one in UTTERANCES for word in one.text.split()}
    settings = Adapt(base=str(folder), epochs=1, batch_size=8, lora=Lora(r=2, alpha=4), new_words=5)
    adapt(target, UTTERANCES, settings, tmp_path, vocabulary=Vocabulary(counts))
    reader = read_adapter(tmp_path / "adapter")
    assert 0 < len(reader.pieces.own) <= 5 and min(reader.pieces.own.values()) == len(reader.pieces.tokenizer)
    assert len(reader.model.get_input_embeddings().weight) == max(n_rows, len(reader.pieces.tokenizer) + len(reader.pieces.own))
    assert _read(folder)[0].get_input_embeddings().num_embeddings == n_rows
    again = read_adapter(tmp_path / "adapter")
    assert [one.confidence for one in predict(reader, UTTERANCES)] == [one.confidence for one in predict(again, UTTERANCES)]


def test_a_word_of_its_own_is_one_piece_whatever_its_case_and_punctuation(folder):
    _, reader, _ = read_base(str(folder), collect_labels(UTTERANCES), own=["niamshe"])
    own = (len(reader.tokenizer),)
    assert reader.pieces("niamshe") == reader.pieces("Niamshe,") == own != reader.split("niamshe")
    assert reader.pieces("niamshea") == reader.split("niamshea")


def test_forgetting_counts_the_rows_that_were_taught_alone(folder):
    model, reader, labels = _read(folder)
    examples = [encode(one, reader, labels) for one in UTTERANCES[:4]]
    plain = collate(examples, reader)
    with torch.no_grad():
        intents, slots = model.eval()(plain)
    assert forgetting(intents, slots, plain) == 0
    sizes = [len(one.pieces) for one in examples]
    answers = [(intents[i].log_softmax(-1), slots[i, : sizes[i]].log_softmax(-1)) for i in (1, 3)]
    examples[1], examples[3] = (dataclasses.replace(examples[i], taught=a) for i, a in zip((1, 3), answers, strict=True))
    batch = collate(examples, reader)
    assert forgetting(intents, slots, batch) == pytest.approx(0, abs=1e-5)
    other = intents.clone()
    other[[0, 2]] += torch.randn_like(other[[0, 2]])
    assert forgetting(other, slots, batch) == pytest.approx(0, abs=1e-5)
    other[1] += torch.randn_like(other[1])
    wanted = (answers[0][0].exp() * (answers[0][0] - other[1].log_softmax(-1))).sum() / 4
    assert float(forgetting(other, slots, batch)) == pytest.approx(float(wanted), abs=1e-5) and wanted > 0
    moved = slots.clone()
    moved[3, 0] += torch.randn_like(moved[3, 0])
    wanted = (answers[1][1][0].exp() * (answers[1][1][0] - moved[3, 0].log_softmax(-1))).sum() / sum(sizes)
    assert float(forgetting(intents, moved, batch)) == pytest.approx(float(wanted), abs=1e-5)


def test_a_base_without_heads_needs_labels(folder):
    with pytest.raises(LowresError, match="no label heads"):
        read_base(str(folder))


def test_a_base_that_is_not_there_is_one_line(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(LowresError) as caught:
        read_base(str(tmp_path), collect_labels(UTTERANCES))
    assert "\n" not in str(caught.value) and "cannot be loaded" in str(caught.value)


@pytest.mark.parametrize("modules", ["all", "attention", "feed_forward"])
@pytest.mark.parametrize("heads", [True, False])
def test_lora_touches_the_layers_and_heads_it_is_told_to(folder, modules, heads):
    tuned = with_lora(_read(folder)[0], Adapt(lora=Lora(r=2, alpha=4, modules=modules, heads=heads)), [])
    names = [name for name, value in tuned.named_parameters() if value.requires_grad]
    touched = {".attention." in name for name in names if "lora_" in name}
    assert touched == {"all": {True, False}, "attention": {True}, "feed_forward": {False}}[modules]
    assert any("_head" in name for name in names) == heads


def test_heads_that_the_base_has_not_must_be_trained(folder, tmp_path):
    with pytest.raises(LowresError, match="has no heads for these labels"):
        adapt(UTTERANCES, UTTERANCES, Adapt(base=str(folder), lora=Lora(heads=False)), tmp_path)


def test_all_weights_are_trained_and_read_back_where_that_is_asked_for(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("lowres.adapter.MIN_STEPS", 8)
    target = [dataclasses.replace(one, id=f"{one.id}:0", locale="xx-XX") for one in UTTERANCES]
    adapt(target, UTTERANCES, Adapt(base=str(folder), epochs=1, batch_size=8, learning_rate=1e-2, full=True), tmp_path)
    readers = [read_adapter(tmp_path / "adapter") for _ in range(2)]
    own, base = readers[0].model.encoder.state_dict(), _read(folder)[0].encoder.state_dict()
    assert any(".attention." in name and not torch.allclose(own[name], base[name], atol=2e-4) for name in own)
    found = [[one.confidence for one in predict(reader, UTTERANCES)] for reader in readers]
    assert found[0] == found[1]


def test_a_base_is_weights_and_never_code(tiny_base, tmp_path, monkeypatch):
    """A base whose config names code of its own: nothing of it runs, and nobody is asked."""
    import json
    import shutil

    place = shutil.copytree(tiny_base, tmp_path / "evil")
    (place / "code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    config = json.loads((place / "config.json").read_text())
    names = {"AutoConfig": "code.Config", "AutoModel": "code.Model"}
    (place / "config.json").write_text(json.dumps(config | {"model_type": "evil-of-its-own", "auto_map": names}))
    monkeypatch.setattr("builtins.input", lambda *asked: "y")
    with pytest.raises(LowresError, match="cannot be loaded"):
        read_base(str(place))
    assert not (tmp_path / "ran").exists()


def test_a_base_that_is_a_pickle_is_refused(tiny_base, tmp_path):
    import shutil

    import torch
    from safetensors.torch import load_file

    place = shutil.copytree(tiny_base, tmp_path / "pickled")
    torch.save(load_file(place / "model.safetensors"), place / "pytorch_model.bin")
    (place / "model.safetensors").unlink()
    with pytest.raises(LowresError, match="cannot be loaded"):
        read_base(str(place))
