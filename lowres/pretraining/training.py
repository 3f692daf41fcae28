"""A pretraining from config to base: material, tokenizer, library, network, loop, card."""

import dataclasses
import hashlib
import json
import random
import shutil
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import torch

from lowres.errors import LowresError
from lowres.evaluation import SystemScores, answers, count, score
from lowres.identifier import PROFILES, learn_profile
from lowres.model import HEADS_FILE, LABELS_FILE, LabelledEncoder, Labels, PieceReader, format_labels, read_base, read_labels
from lowres.pretraining.card import format_card
from lowres.pretraining.config import KEPT_LANGUAGES, Data, PretrainConfig
from lowres.pretraining.corpus import Material, Progress, read_material
from lowres.pretraining.lexical import meanings, spoken
from lowres.pretraining.library import build_library
from lowres.pretraining.loop import LOG, Loop, Step, Take, format_log
from lowres.pretraining.start import Glosses, begin, check_base, hashes_of, record_of
from lowres.pretraining.steps import Library, step_losses
from lowres.pretraining.tokenizer import read_tokenizer, spent_on, train_fair_tokenizer
from lowres.pretraining.work import STAMP, in_work, writing
from lowres.reading import Reader, autocast, best_device, predict
from lowres.sources import digest, read_utterances


def _silent(done: int, total: int, rate: float, note: str) -> None:
    pass


def pretrain(
    config: PretrainConfig,
    folder: Path,
    mirror: Path | None = None,
    on_progress: Progress = _silent,
    *,
    data_from: Path | None = None,
    base: Path | None = None,
) -> Path:
    """Train a base as `config` says and write it to `folder`, in transformers' format with `read_base`'s extras.

    Begins at the weights of `base`, where one is given: with its tokenizer, unless the config says how large another is
    to be, and with its labels and those of the data. Goes on from the last checkpoint; a finished folder of this config
    and data is left as it is. `on_progress` gets (done, of, pieces/s or 0, what); paths in `config` are relative to
    `data_from`. Raises LowresError where `folder` or its work belong to another config or other data.
    """
    data_from = data_from or Path.cwd()
    if base is not None:
        check_base(base, config)
    elif not config.data.launched:
        raise LowresError("data.launched", "no labelled utterances, and no base to continue", "either of them")
    stamp = _stamp(config, data_from, mirror, base)

    def make(work: Path) -> Path:
        material = read_material(config.data, data_from, mirror, on_progress)
        lines = tokenizer_lines(config, material, data_from, mirror, on_progress)
        prepared = prepare(config, material, lines, work, base, on_progress)
        trained = learn(config, prepared, work, base, on_progress)
        return _write_base(trained, config, material, work, stamp, base, data_from, mirror)

    return in_work(folder, stamp, make)


def _stamp(config: PretrainConfig, data_from: Path, mirror: Path | None, base: Path | None) -> str:
    """SHA-256 over the settings that decide the weights, over all data, and over the base where it begins."""
    settings = config.model_dump_json(exclude={"training": {"checkpoint_every"}})
    total = hashlib.sha256(settings.encode())
    for reference in config.references():
        total.update(digest(reference, data_from, mirror).encode())
    if base is not None:
        total.update(json.dumps(hashes_of(base), sort_keys=True).encode())
    return total.hexdigest()


def tokenizer_lines(
    config: PretrainConfig, material: Material, data_from: Path, mirror: Path | None, on_progress: Progress
) -> Iterable[tuple[str, str]]:
    """(language, text) of all that a tokenizer is trained on."""
    also = read_material(Data(lexicons=config.tokenizer.lexicons), data_from, mirror, on_progress)
    return chain(material.lines(), also.lines(), spoken(material, random.Random(config.seed)))


@dataclasses.dataclass(slots=True)
class Prepared:
    """What a training reads, in numbers, and what its pieces begin as."""

    reader: PieceReader
    labels: Labels
    library: Library
    n_languages: int
    glosses: Glosses


@dataclasses.dataclass(slots=True)
class Trained:
    """Everything of a training in memory."""

    loop: Loop
    reader: PieceReader
    labels: Labels


def prepare(
    config: PretrainConfig, material: Material, lines: Iterable[tuple[str, str]], work: Path, base: Path | None, on_progress: Progress
) -> Prepared:
    """The tokenizer, trained on `lines` where `work` has none, and the material in its pieces."""
    reader, labels = PieceReader(_tokenizer(config, lines, work, base, on_progress)), _labels(material, base)
    library = build_library(material, reader, labels, KEPT_LANGUAGES, config.seed, on_progress, _ears(config))
    return Prepared(reader, labels, library.to(best_device()), len(material.languages()), meanings(material))


def learn(config: PretrainConfig, prepared: Prepared, work: Path, base: Path | None, on_progress: Progress) -> Trained:
    """All steps, with checkpoints in `work`."""
    model = begin(config, prepared.reader.tokenizer, prepared.labels, prepared.n_languages, base, prepared.glosses)
    loop = Loop(model.to(best_device()), config.training, config.seed)
    loop.run(work, _taking(loop, prepared.library, config), on_progress)
    return Trained(loop, prepared.reader, prepared.labels)


def _ears(config: PretrainConfig):
    """What tells the sounds of words, where they are learnt from."""
    if not config.training.losses.sound:
        return None
    from lowres.pretraining.hearing import hear  # epitran and panphon are an extra

    return hear


def _labels(material: Material, base: Path | None) -> Labels:
    """Those of the data, behind those that the base has."""
    own = material.labels()
    if base is None or not (base / LABELS_FILE).is_file():
        return own
    known = read_labels(base / LABELS_FILE)
    return Labels(tuple(dict.fromkeys(known.intents + own.intents)), tuple(dict.fromkeys(known.slots + own.slots)))


def _tokenizer(config: PretrainConfig, lines: Iterable[tuple[str, str]], work: Path, base: Path | None, on_progress: Progress):
    """The work's tokenizer, trained or copied first where there is none yet; always read back from the disk."""
    place, partial = work / "tokenizer", work / "tokenizer.partial"
    if not place.is_dir():
        on_progress(0, 1, 0.0, "training the tokenizer")
        size = config.tokenizer
        if base is not None and "tokenizer" not in config.model_fields_set:
            made = read_tokenizer(base)
        else:
            made = train_fair_tokenizer(lines, vocabulary=size.vocabulary, spare=size.spare, seed=config.seed)
        with writing(place):
            shutil.rmtree(partial, ignore_errors=True)
            made.save_pretrained(partial)
            partial.rename(place)
    return read_tokenizer(place)


def _taking(loop: Loop, library: Library, config: PretrainConfig) -> Take:
    """One kind of example a step, drawn by its weight."""
    schedule = config.training
    kinds = {kind: weight for kind, weight in schedule.weights if weight and library.has(kind)}
    if not kinds:
        raise LowresError("training.weights", "the data has no example of any kind that has a weight", "a weight for what the data has")

    def take(rng: random.Random, generator: torch.Generator) -> Step:
        kind = rng.choices(list(kinds), list(kinds.values()))[0]
        share = rng.choice(getattr(schedule.mask_share, kind, (0.0,)))
        with autocast():
            losses, n_pieces = step_losses(
                loop.model, loop.best, library, kind, schedule.pieces_per_step, share, schedule.losses, generator
            )
        return Step(kind, losses, n_pieces, dict(schedule.losses))

    return take


def _write_base(
    trained: Trained, config: PretrainConfig, material: Material, work: Path, stamp: str, base: Path | None, data_from: Path,
    mirror: Path | None,
) -> Path:
    """The base as `work`/whole: weights, tokenizer, labels, heads, log, stamp, and the card with its figures."""  # fmt: skip
    place = work / "whole"
    with writing(work):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(work / "tokenizer", place)
        write_weights(trained.loop.best.masked, trained.loop.best.labelled, trained.labels, place)
        (place / LOG).write_text(format_log(trained.loop.log), encoding="utf-8")
        write_profiles(material, place)
    figures = _figures(place, config, data_from, mirror)
    pieces = {name: spent_on(trained.reader.tokenizer, lines) for name, lines in (("running", material.running()), ("listed", material.listed()))}
    continues = record_of(base) if base else None
    settings = config.model_dump(mode="json", exclude_defaults=True)
    record = {"stamp": stamp, "config": settings, "figures": figures and dataclasses.asdict(figures)}
    record["pieces"] = {name: {language: dataclasses.asdict(one) for language, one in of.items()} for name, of in pieces.items()}
    record |= {"sha256": hashes_of(place), "continues": continues}
    with writing(work):
        (place / "README.md").write_text(format_card(config, material, trained, figures, pieces, continues), encoding="utf-8")
        (place / STAMP).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return place


def write_profiles(material: Material, place: Path) -> None:
    """What the texts of each launched locale look like, by which a server knows what to leave to the base."""
    texts: dict[str, list[str]] = {}
    for rows in material.utterances.values():
        for row in rows:
            texts.setdefault(row.locale, []).append(row.text)
    for locale, some in texts.items():
        learn_profile(locale, some).write(place / PROFILES / f"{locale}.safetensors")


def write_weights(encoder: torch.nn.Module, labelled: LabelledEncoder, labels: Labels, place: Path) -> None:
    """An encoder, with whatever stands on it, and the heads for `labels`, if there are any, in half precision."""
    from safetensors.torch import save_file

    encoder.cpu().half().save_pretrained(place)
    if not labels.intents:
        return
    heads = {name: value for name, value in labelled.cpu().half().state_dict().items() if not name.startswith("encoder.")}
    save_file(heads, place / HEADS_FILE)
    (place / LABELS_FILE).write_text(format_labels(labels), encoding="utf-8")


def _figures(place: Path, config: PretrainConfig, data_from: Path, mirror: Path | None) -> SystemScores | None:
    """Scores on the launched dev part, of the weights as they were written."""
    if config.data.evaluate is None or not (place / LABELS_FILE).is_file():
        return None
    gold = read_utterances(config.data.evaluate, data_from, mirror)
    found = predict(Reader(*read_base(str(place.absolute()))), gold)
    return score(count(answers(gold, found)))
