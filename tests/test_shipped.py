"""What the shipped weights have seen, each from its own record."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lowres.catalog import sha256_of
from lowres.pretraining.config import DEVELOPMENT_LOCALES, PretrainConfig, off_limits_hashes, read_pretrain_config
from lowres.resources import resources_folder
from lowres.sources import licence_of, may_be_redistributed

MODELS = resources_folder() / "models"
BASE = MODELS / "lowres-mini"
LAUNCHED = "en-US de-DE es-ES fr-FR it-IT pt-PT nl-NL ru-RU pl-PL hi-IN ar-SA fa-IR tr-TR id-ID vi-VN ja-JP zh-CN ko-KR el-GR".split()
RAW = ("ud-text-", "udhr-", "bible-", "wiktionary-", "gatitos-", "unimorph-", "ud-english-")


def _trainings(record: dict) -> Iterator[PretrainConfig]:
    """The trainings that led to a base, the last first; reading a config refuses what is off limits."""
    yield PretrainConfig.model_validate(record["config"])
    if record["continues"]:
        yield from _trainings(record["continues"]["record"])


@pytest.fixture(scope="module")
def record() -> dict:
    return json.loads((BASE / "pretraining.json").read_text(encoding="utf-8"))


def test_every_weights_file_has_a_record_or_a_card():
    files = {path.parent for path in MODELS.rglob("*") if path.suffix in (".safetensors", ".npz", ".bin", ".pt")}
    assert BASE in files
    assert {path.stem for path in (BASE / "profiles").iterdir()} == set(LAUNCHED)  # n-gram counts of the same train utterances
    for folder in files - {BASE / "profiles"}:
        assert (folder / "pretraining.json").is_file() or "icen" in (folder / "README.md").read_text(encoding="utf-8"), folder


def test_the_base_has_seen_labels_of_the_launched_locales_alone(record):
    trainings = list(_trainings(record))
    assert len(trainings) == 2
    for config in trainings:
        assert [one.locale for one in config.data.launched] == LAUNCHED
        assert {(one.dataset, one.partition) for one in config.data.launched} == {("massive", "train")}
        assert not set(DEVELOPMENT_LOCALES) & {one.locale for one in config.data.launched}


def test_the_base_has_read_raw_text_lexicons_and_tables_beside_them_and_no_file_that_is_kept(record):
    from lowres.catalog import dataset

    for config in _trainings(record):
        for one in config.references():
            assert one.dataset == "massive" or one.dataset.startswith(RAW), one
            assert may_be_redistributed(licence_of(one)), one
            if one.dataset != "massive":
                assert not {member.sha256 for member in dataset(one.dataset).files} & off_limits_hashes()


def test_no_labelled_utterance_was_switched_into_a_language_that_is_kept(record):
    """Such examples are made by `relabelled` alone, into languages outside KEPT_LANGUAGES (tests/test_pretraining.py)."""
    from lowres.pretraining.config import KEPT_LANGUAGES

    assert set("swh cym isl hye urd amh yor kaz".split()) <= KEPT_LANGUAGES


def test_the_record_is_that_of_the_files_beside_it_and_of_the_configs_that_are_shipped(record):
    assert record["sha256"] == {name: sha256_of(BASE / name) for name in record["sha256"]}
    assert set(record["sha256"]) == {"model.safetensors", "heads.safetensors", "tokenizer.json", "config.json", "labels.json"}
    for config, name in zip(_trainings(record), ("lowres-mini.yaml", "lowres-mini-first.yaml"), strict=True):
        shipped = read_pretrain_config(MODELS / name)
        assert shipped.data == config.data and shipped.training == config.training


def test_no_language_with_text_costs_twice_the_pieces_of_english(record):
    running = record["pieces"]["running"]
    dear = {language: one["per_word"] for language, one in running.items() if one["per_word"] > 2 * running["eng"]["per_word"]}
    assert not dear


def test_all_that_is_shipped_of_the_base_is_small():
    assert sum(path.stat().st_size for path in BASE.iterdir()) < 32e6
    assert sum(path.stat().st_size for path in Path(MODELS).rglob("*") if path.is_file()) < 64e6
