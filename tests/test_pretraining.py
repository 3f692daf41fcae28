"""Pretraining: what it may read, its tokenizer, its examples, and a training that can be stopped anywhere."""

import json
import random
import unicodedata
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from lowres.adapter import Reader, predict
from lowres.catalog import Reference, sha256_of
from lowres.errors import LowresError
from lowres.formats.massive import read_massive, write_massive
from lowres.model import Labels, PieceReader, collate, read_base
from lowres.pretraining import PretrainConfig, corpus, read_pretrain_config, training
from lowres.pretraining.config import DEVELOPMENT_LOCALES, KINDS, Data
from lowres.pretraining.corpus import build_corpus, draw, draw_batch, read_material
from lowres.pretraining.objective import mask_words
from lowres.pretraining.tokenizer import SPECIAL, train_tokenizer
from lowres.resources import resources_folder
from lowres.utterance import Utterance, parse_utterance

MODELS = resources_folder() / "models"
STEPS, EVERY = 30, 10
LABELLED = "{{path: {}.jsonl, format: massive, licence: CC0-1.0, locale: {}, partition: {}}}"
CONFIG = f"""\
name: tiny
seed: 3
data:
  launched:
    - {LABELLED.format("en", "en-US", "train")}
    - {LABELLED.format("xx", "xx-XX", "train")}
  evaluate: {LABELLED.format("en", "en-US", "dev")}
  texts: [{{path: text.txt, format: lines, licence: CC0-1.0, locale: zzz}}]
  verses:
    - {{path: eng.tsv, format: verses, licence: CC0-1.0}}
    - {{path: xxx.tsv, format: verses, licence: CC0-1.0}}
  lexicons: [{{path: "resources:demo/lexicon.tsv", format: table, licence: CC0-1.0, locale: swh}}]
tokenizer: {{vocabulary: 600, spare: 16}}
model: {{layers: 1, hidden: 16, heads: 2, feed_forward: 32}}
training: {{steps: {STEPS}, pieces_per_step: 256, learning_rate: 1e-2, warmup: 3, checkpoint_every: {EVERY}}}
"""
UNSEEN = (
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",  # Cherokee
    "ⵜⴰⵎⴰⵣⵉⵖⵜ ⴰⴷ",  # Tifinagh
    "ߒߞߏ ߓߟߏ",  # N'Ko
    "ꕙꔤ 𐓏𐓘𐓻𐓘𐓻𐓟 𞤀𞤣𞤤𞤢𞤥",  # Vai, Osage, Adlam
    "👩🏽‍🚀 🇹🇿 ☕️",
    "x̧̊ę́̂q̃ ɯ̞̈ ◌́",
)


def _other(utterance: Utterance) -> Utterance:
    """The utterance in a made-up language: every word backwards (slots would move, so it has none)."""
    text = unicodedata.normalize("NFC", " ".join(word[::-1] for word in utterance.text.split()))
    return Utterance(id=utterance.id, text=text, locale="xx-XX", intent=utterance.intent, partition=utterance.partition)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    rows = list(read_massive(resources_folder() / "demo" / "en-US.jsonl"))
    dev = [_changed(row, partition="dev") for row in rows[80:100]]
    repeated = [_changed(row, id=f"again-{row.id}", partition="train") for row in dev[:3]]
    write_massive(folder / "en.jsonl", [_changed(row, partition="train") for row in rows[:80]] + dev + repeated)
    write_massive(folder / "xx.jsonl", [_other(_changed(row, partition="train")) for row in rows[:60]])
    verses = [f"{n}\t{row.text}" for n, row in enumerate(rows[:40])]
    (folder / "eng.tsv").write_text("\n".join(verses), encoding="utf-8")
    (folder / "xxx.tsv").write_text("\n".join(line.upper()[::-1] for line in verses[:0]) + "\n".join(
        f"{n}\t{_other(row).text}" for n, row in enumerate(rows[:30])), encoding="utf-8")
    (folder / "text.txt").write_text("\n".join(f"line {n} of some text" for n in range(30)), encoding="utf-8")
    (folder / "tiny.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def _changed(utterance: Utterance, **values) -> Utterance:
    from dataclasses import replace

    return replace(utterance, **values)
