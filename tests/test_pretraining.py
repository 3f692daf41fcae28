"""Pretraining: what it may read, its tokenizer, its examples, and a training that can be stopped anywhere."""

import errno
import gzip
import json
import random
import shutil
import time
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from lowres.catalog import read_catalog, sha256_of
from lowres.errors import LowresError
from lowres.formats.massive import read_massive, write_massive
from lowres.language import language_of_locale
from lowres.model import MAX_WORDS, PieceReader, encode_text, read_base
from lowres.pretraining import corpus, read_pretrain_config, training
from lowres.pretraining import tokenizer as tokenizing
from lowres.pretraining.config import DEVELOPMENT_LOCALES, KEPT_LANGUAGES, KINDS, Schedule, off_limits_hashes
from lowres.pretraining.library import build_library
from lowres.pretraining.loop import Loop, Step, _Tally, learning_rate, peak
from lowres.pretraining.start import begin
from lowres.pretraining.steps import Library, draw
from lowres.pretraining.tokenizer import SPECIAL, spent_on, train_fair_tokenizer, train_tokenizer
from lowres.reading import Reader, predict
from lowres.resources import resources_folder

MODELS = resources_folder() / "models"
STEPS, EVERY = 30, 10
WEIGHTS = "aligned_utterances: 0.1, aligned_verses: 0.1, aligned_entries: 0.1, switched: 0.1"
OWN = "{{path: {}, format: {}, licence: CC0-1.0, locale: {}}}"
CONFIG = f"""\
name: tiny
seed: 3
data:
  launched:
    - {{path: en.jsonl, format: massive, licence: CC0-1.0, locale: en-US, partition: train}}
    - {{path: xx.jsonl, format: massive, licence: CC0-1.0, locale: xx-XX, partition: train}}
  evaluate: {{path: en.jsonl, format: massive, licence: CC0-1.0, locale: en-US, partition: dev}}
  texts: [{OWN.format("text.txt", "lines", "zzz")}]
  verses: [{OWN.format("eng.tsv", "verses", "eng")}, {OWN.format("xxx.tsv", "verses", "xxx")}]
  lexicons: [{OWN.format('"resources:demo/lexicon.tsv"', "table", "swh")}]
tokenizer: {{vocabulary: 600, spare: 16}}
model: {{layers: 1, hidden: 16, heads: 2, feed_forward: 32}}
training:
  {{steps: {STEPS}, pieces_per_step: 256, learning_rate: 1e-2, warmup: 3, checkpoint_every: {EVERY}, weights: {{{WEIGHTS}}}}}
"""
UNSEEN = (
    "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",  # Cherokee
    "ⵜⴰⵎⴰⵣⵉⵖⵜ ⴰⴷ",  # Tifinagh
    "ߒߞߏ ߓߟߏ",  # N'Ko
    "ꕙꔤ 𐓏𐓘𐓻𐓘𐓻𐓟 𞤀𞤣𞤤𞤢𞤥",  # Vai, Osage, Adlam
    "👩🏽‍🚀 🇹🇿 ☕️",
    "x̧̊ę́̂q̃ ɯ̞̈ ◌́",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with tiny.yaml and its data; xx-XX and xxx are English written backwards, word by word."""
    folder = tmp_path_factory.mktemp("data")
    rows = [replace(row, partition="train") for row in read_massive(resources_folder() / "demo" / "en-US.jsonl")]
    dev = [replace(row, partition="dev") for row in rows[80:100]]
    write_massive(
        folder / "en.jsonl", rows[:80] + dev + [replace(row, id=f"{row.id}b", partition="train") for row in dev[:3]]
    )
    write_massive(
        folder / "xx.jsonl", [replace(row, text=_backwards(row.text), slots=(), locale="xx-XX") for row in rows[:60]]
    )
    _write_lines(folder / "eng.tsv", [f"{n}\t{row.text}" for n, row in enumerate(rows[:40])])
    _write_lines(folder / "xxx.tsv", [f"{n}\t{_backwards(row.text)}" for n, row in enumerate(rows[:30])])
    _write_lines(folder / "text.txt", [f"line {n} of some text" for n in range(30)])
    _write_lines(folder / "tiny.yaml", [CONFIG])
    return folder


def _backwards(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(word[::-1] for word in text.split()))


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Killed(Exception):
    """Stands for a process that ends in the middle of a step."""


def _run(place: Path, folder: Path, *, stop_at: int | None = None) -> list[int]:
    """Pretrain with tiny.yaml into `folder`; the steps taken, in order."""
    steps: list[int] = []

    def note(done: int, total: int, rate: float, text: str) -> None:
        if text not in ("reading", "tokenizing", "training the tokenizer"):
            steps.append(done)
            if done == stop_at:
                raise Killed

    training.pretrain(read_pretrain_config(place / "tiny.yaml"), folder, on_progress=note, data_from=place)
    return steps


@pytest.fixture(scope="module")
def begun(place, tmp_path_factory) -> Path:
    """Work with a tokenizer and nothing else, as no two trainings of a tokenizer are quite the same."""
    folder = tmp_path_factory.mktemp("begun") / "tiny"
    with pytest.raises(Killed):
        _run(place, folder, stop_at=1)
    return folder.with_name("tiny.partial")


@pytest.fixture(scope="module")
def base(place, begun, tmp_path_factory) -> Path:
    """A base trained in one go."""
    folder = tmp_path_factory.mktemp("whole") / "tiny"
    shutil.copytree(begun, folder.with_name("tiny.partial"))
    assert _run(place, folder) == list(range(1, STEPS + 1))
    return folder


@pytest.fixture
def fresh(begun, tmp_path) -> Path:
    """Where a base with the tokenizer of `base` is to be trained."""
    shutil.copytree(begun, tmp_path / "tiny.partial")
    return tmp_path / "tiny"


def _material(place: Path) -> corpus.Material:
    return corpus.read_material(read_pretrain_config(place / "tiny.yaml").data, place, None, lambda *_: None)


def _library(place: Path, base: Path) -> tuple[Library, PieceReader]:
    material, reader = _material(place), PieceReader(AutoTokenizer.from_pretrained(base))
    return build_library(material, reader, material.labels(), frozenset({"swh"}), 3, lambda *_: None), reader


# ---------------------------------------------------------------- what it may read


def _refused(tmp_path: Path, before: str, after: str) -> str:
    assert before in CONFIG
    path = tmp_path / "c.yaml"
    path.write_text(CONFIG.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LowresError) as caught:
        read_pretrain_config(path)
    return str(caught.value).removeprefix(f"{path}:")


FIRST = "{path: en.jsonl, format: massive, licence: CC0-1.0, locale: en-US, partition: train}"
DEV = "{path: en.jsonl, format: massive, licence: CC0-1.0, locale: en-US, partition: dev}"


@pytest.mark.parametrize("locale", DEVELOPMENT_LOCALES)
def test_a_development_locale_is_off_limits(tmp_path, locale):
    for line, old, partition in ((5, FIRST, "train"), (7, DEV, "dev")):
        told = _refused(tmp_path, old, f"{{dataset: massive, locale: {locale}, partition: {partition}}}")
        assert told.startswith(f"{line}: ") and f"{locale} of massive is off limits" in told


def test_a_locale_of_that_name_in_another_data_set_is_not(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(CONFIG.replace(FIRST, "{dataset: snips, locale: sw-KE, partition: train}"), encoding="utf-8")
    assert read_pretrain_config(path).data.launched[0].locale == "sw-KE"


@pytest.mark.parametrize("partition", ["dev", "test", "validation"])
def test_only_train_is_trained_on(tmp_path, partition):
    told = _refused(tmp_path, "locale: xx-XX, partition: train", f"locale: xx-XX, partition: {partition}")
    assert told.startswith("6: ") and f"partition '{partition}' is off limits" in told


def test_no_partition_at_all_would_mean_every_one_of_them(tmp_path):
    assert "partition 'None'" in _refused(tmp_path, FIRST, FIRST.replace(", partition: train", ""))
    assert "partition 'test'" in _refused(tmp_path, "partition: dev", "partition: test")
    assert "no locale" in _refused(tmp_path, FIRST, "{dataset: massive, partition: train}")


def test_labelled_data_does_not_come_in_as_text(tmp_path):
    told = _refused(tmp_path, "  texts: [", "  texts: [{dataset: massive, locale: sw-KE}, ")
    assert told.startswith("8: data.texts[0]") and "format 'massive'" in told


@pytest.mark.parametrize("name", ["ntrex128", "tatoeba-swh-eng", "sib200"])
def test_what_is_kept_for_measuring_does_not_come_in_as_text(tmp_path, name):
    told = _refused(tmp_path, "  texts: [", f"  texts: [{name}, ")
    assert f"{name} is off limits" in told


@pytest.mark.parametrize("one", ["{dataset: injongo, locale: en, partition: train}", "{dataset: xsid, locale: en, partition: dev}"])
def test_other_sets_of_labelled_utterances_are_kept_too(tmp_path, one):
    assert "is off limits" in _refused(tmp_path, FIRST, one)


def test_a_copy_of_a_development_file_is_known_by_its_bytes(place, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "off_limits_hashes", lambda: {sha256_of(place / "xxx.tsv")})
    with pytest.raises(LowresError, match=r"xxx\.tsv: .*off limits"):
        _run(place, tmp_path / "tiny")
    assert not (tmp_path / "tiny").exists()


def test_a_copy_is_known_packed_and_unpacked(place, tmp_path):
    """Of data that the catalogue knows by what a packed file holds."""
    (tmp_path / "eng.txt").write_text("x\n", encoding="utf-8")
    with gzip.open(tmp_path / "eng.txt.gz", "wb") as packed:
        packed.write(b"x\n")
    for name in ("eng.txt", "eng.txt.gz"):
        own = corpus.Reference(path=name, format="lines", licence="CC0-1.0", locale="eng")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(corpus, "off_limits_hashes", lambda: {sha256_of(tmp_path / "eng.txt")})
            with pytest.raises(LowresError, match="off limits, kept for measuring"):
                corpus.check_not_off_limits(own, tmp_path, None)
    contents = {member.content for member in read_catalog()["massive"].files if member.locale == "cy-GB"}
    assert contents - {""} and contents <= off_limits_hashes()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("spare: 16", "spair: 16", "11: unknown key 'tokenizer.spair'; did you mean 'spare'?"),
        ("heads: 2", "heads: 3", "12: model: hidden 16 and heads 3"),
        (f"steps: {STEPS}", "steps: 0", "14: training.steps: 0"),
        ("eng.tsv, format: verses", "eng.tsv, format: lines", "9: data.verses[0]: data of format 'lines'"),
        (
            "  texts: [",
            "  texts: [udhr-cim, ",
            "8: data.texts[0]: no data set 'udhr-cim' in the catalogue; did you mean",
        ),
    ],
)
def test_an_error_names_line_and_key(tmp_path, before, after, told):
    assert _refused(tmp_path, before, after).startswith(told)


def test_the_config_of_the_shipped_base_makes_a_model_of_its_shape():
    config = read_pretrain_config(MODELS / "lowres-mini.yaml")
    shipped = json.loads((MODELS / "lowres-mini" / "config.json").read_text(encoding="utf-8"))
    size = config.model
    n_rows = config.tokenizer.vocabulary + config.tokenizer.spare
    found = (size.layers, size.hidden, size.heads, size.feed_forward, n_rows)
    keys = ("num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size")
    assert found == tuple(shipped[key] for key in keys)
    locales = {one.locale for one in config.data.launched}
    assert len(locales) == 19 and not locales & set(DEVELOPMENT_LOCALES)


def test_what_another_partition_says_too_is_left_out_and_counted(place):
    material = _material(place)
    assert material.n_held_out == 3
    assert {name: len(rows) for name, rows in material.utterances.items()} == {"./en-US": 80, "./xx-XX": 60}


def test_a_long_line_is_read_in_parts_and_a_long_word_in_no_time(place, base):
    """10 MB in one line, and as one word; beside them a language of ten sentences."""
    (place / "long.txt").write_text("habari ya asubuhi " * 600_000 + "\n" + "x" * 10_000_000 + "\n", encoding="utf-8")
    (place / "short.txt").write_text("".join(f"sentence {n}\n" for n in range(10)), encoding="utf-8")
    texts = [corpus.Reference(path=f"{name}.txt", format="lines", licence="CC0-1.0", locale=name[:3]) for name in ("long", "short")]
    started = time.perf_counter()
    found = corpus.read_material(corpus.Data(texts=tuple(texts)), place, None, lambda *_: None).texts
    reader = PieceReader(AutoTokenizer.from_pretrained(base))
    examples = [encode_text(line, reader) for line in found["lon"]]
    assert time.perf_counter() - started < 30
    assert len(found["lon"]) == 600_000 * 3 // MAX_WORDS + 1 and len(found["sho"]) == 10
    assert sum(len(one.pieces) for one in examples) == 600_000 * 3 + 1 and len(examples[-1].pieces[0]) == 16


def test_mixed_encodings_are_told_with_their_line(place, tmp_path):
    (tmp_path / "mixed.txt").write_bytes("habari\n".encode() + "caf\u00e9\n".encode("latin-1"))
    mixed = corpus.Reference(path="mixed.txt", format="lines", licence="CC0-1.0", locale="xxx")
    with pytest.raises(LowresError, match=r"mixed\.txt:2: .*not utf-8"):
        corpus.read_material(corpus.Data(texts=(mixed,)), tmp_path, None, lambda *_: None)


# ---------------------------------------------------------------- tokenizer


@pytest.mark.parametrize("text", UNSEEN)
@pytest.mark.parametrize("which", ["shipped", "tiny"])
def test_no_script_has_an_unknown_piece(base, which, text):
    tokenizer = AutoTokenizer.from_pretrained(MODELS / "lowres-mini" if which == "shipped" else base)
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert ids and tokenizer.unk_token_id not in ids and max(ids) < len(tokenizer)
    pieces = PieceReader(tokenizer)
    for word in text.split():
        assert tokenizer.unk_token_id not in pieces.pieces(word)
        alone = tokenizer(word, add_special_tokens=False)["input_ids"]
        assert tokenizer.decode(alone) == unicodedata.normalize("NFC", word).lower()
    assert which == "shipped" or tokenizer.decode(ids) == unicodedata.normalize("NFC", text).lower()


def test_a_fresh_tokenizer_keeps_to_its_size():
    tokenizer = train_tokenizer(["wake me up at five am", "amka saa kumi na moja"] * 20, vocabulary=320, spare=8)
    assert tokenizer.convert_ids_to_tokens(list(range(len(SPECIAL)))) == list(SPECIAL)
    assert 256 + len(SPECIAL) < len(tokenizer) <= 320
    ids = tokenizer("Wake me", add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == "wake me"


def test_a_language_that_costs_more_is_drawn_more_often(monkeypatch):
    """Of two trainings the second meets more of the language that the first made little of."""
    met: list[Counter] = []
    real = tokenizing.train_tokenizer

    def train(lines, **size):
        lines = list(lines)
        met.append(Counter("zzz" if "z" in line else "xxx" for line in lines))
        return real(lines, **size)

    monkeypatch.setattr(tokenizing, "train_tokenizer", train)
    monkeypatch.setattr(tokenizing, "_FIRST_WORDS", 2000)
    monkeypatch.setattr(tokenizing, "_WORDS", 4000)
    rng = random.Random(1)
    dear = ["".join(rng.choices("abcdefghij", k=8)) + "z" for _ in range(400)]
    lines = [("xxx", "wake me up at five")] * 800 + [("zzz", " ".join(dear))]
    tokenizer = train_fair_tokenizer(lines, vocabulary=400, spare=3, seed=1)
    assert [sum(one.values()) for one in met] == [2000, 4000] and tokenizer.init_kwargs["spare_rows"] == 3
    first, second = (one["zzz"] / one.total() for one in met)
    assert first == pytest.approx(1 / (1 + (4000 / 400) ** 0.35), abs=0.01)
    assert second > 1.5 * first
    assert train_fair_tokenizer(lines, vocabulary=400, spare=3, seed=1) and met[:2] == met[2:]


def test_what_is_spent_is_counted_in_pieces_of_words():
    tokenizer = train_tokenizer(["ab ab cd"] * 30, vocabulary=290, spare=0)
    found = spent_on(tokenizer, [("xxx", "ab, cdcd ab!")])["xxx"]
    n_pieces = sum(len(PieceReader(tokenizer).pieces(word)) for word in ("ab", "cdcd", "ab"))
    assert found.n_words == 3 and found.per_word == pytest.approx(n_pieces / 3) and found.per_character == pytest.approx(n_pieces / 8)


# ---------------------------------------------------------------- examples


def _rng(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _parts(texts: torch.Tensor) -> set[int]:
    return set((texts >= 0).sum(1).tolist())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("switched", "relabelled")])
def test_every_kind_of_example_is_drawn(place, base, kind):
    found, _ = _library(place, base)
    assert found.has(kind)
    drawn = [draw(found, kind, 512, _rng(seed)) for seed in range(20)]
    assert torch.equal(drawn[3], draw(found, kind, 512, _rng(3)))
    n_parts = set().union(*map(_parts, drawn))
    paired = {"verses", "parallel", "aligned_utterances", "aligned_verses", "aligned_entries"}
    assert n_parts == ({2} if kind in paired else set(range(6, 17, 2)) if kind == "entries" else {1})


def test_partners_mean_the_same_in_another_locale(place, base):
    found, _ = _library(place, base)
    texts = draw(found, "aligned_utterances", 1024, _rng(1))
    one, other = found.meaning[texts].T
    assert torch.equal(one, other) and (texts[:, 0] != texts[:, 1]).all() and (one >= 0).all()


def test_words_are_switched_into_inflected_forms_too(place, base):
    """A form of the paradigm counts as its entry does; a gloss of several words is a pair but no switch."""
    reader = PieceReader(AutoTokenizer.from_pretrained(base))
    material = corpus.Material(
        entries={"zul": [("to run", "kimbi"), ("very old", "zee")]}, inflected={"zul": {"kimbi": ["ankimbi", "a b c"]}}
    )
    found = build_library(material, reader, material.labels(), frozenset({"swh"}), 3, lambda *_: None)
    start, size = found.switch.start, found.switch.size
    runs = [tuple(found.store.pieces[a : a + n].tolist()) for a, n in zip(start.tolist(), size.tolist(), strict=True)]
    assert runs == [reader.pieces("kimbi"), reader.pieces("ankimbi")]  # not the one of three words
    assert len(found.entries) == 4 and found.any_language.tolist() == found.open_language.tolist() == pytest.approx([2**0.5])


def test_paradigms_give_some_forms_of_every_lemma_alike_in_every_run(place):
    data = read_pretrain_config(place / "tiny.yaml").data
    (place / "table.tsv").write_text("".join(f"kimbi\tform{n}\tV;{n}\n" for n in range(40)), encoding="utf-8")
    own = corpus.Reference(path="table.tsv", format="unimorph", licence="CC0-1.0", locale="xxx")
    read = [corpus.read_material(data.model_copy(update={"paradigms": (own,)}), place, None, lambda *_: None) for _ in range(2)]
    forms = read[0].inflected["xxx"]["kimbi"]
    assert read[0].inflected == read[1].inflected and len(set(forms)) == corpus.FORMS and all(f.startswith("form") for f in forms)


@pytest.mark.parametrize("counts", [0.0, 3.0])
def test_a_loss_counts_as_the_config_says(place, fresh, monkeypatch, counts):
    """The contrast alone, read off the sums that are trained on."""
    config, sums = read_pretrain_config(place / "tiny.yaml"), []
    weights = config.training.weights.model_copy(update=dict.fromkeys(KINDS, 0.0) | {"aligned_entries": 1.0})
    losses = config.training.losses.model_copy(update={"contrast": counts})
    schedule = config.training.model_copy(update={"weights": weights, "losses": losses, "steps": 2})
    monkeypatch.setattr(Loop, "_update", lambda self, optimizer, losses: sums.append(sum(losses).item()))
    shutil.rmtree(fresh.with_name("tiny.partial"))
    training.pretrain(config.model_copy(update={"training": schedule}), fresh, data_from=place)
    log = json.loads((fresh / "log.jsonl").read_text(encoding="utf-8"))
    assert sum(sums) / 2 == pytest.approx(counts * log["loss"]["aligned_entries/contrast"], abs=1e-3) and (counts == 0) == (sum(sums) == 0)


@pytest.mark.parametrize(("named", "opened"), [("swh", False), ("sw-KE", False), ("sw", False), ("my words", False), ("zu-ZA", True)])
def test_a_kept_language_is_known_by_any_of_its_names(place, base, named, opened):
    """Of a file of one's own, whatever its locale says; what nobody can name is not open."""
    own = corpus.Reference(path="resources:demo/lexicon.tsv", format="table", licence="CC0-1.0", locale=named)
    data = read_pretrain_config(place / "tiny.yaml").data.model_copy(update={"lexicons": (own,)})
    material = corpus.read_material(data, place, None, lambda *_: None)
    reader = PieceReader(AutoTokenizer.from_pretrained(base))
    assert build_library(material, reader, material.labels(), KEPT_LANGUAGES, 3, lambda *_: None).has("relabelled") == opened


def test_labelled_utterances_are_not_switched_into_a_language_that_is_kept(place, base):
    """The demo's dictionary is Swahili, the only one here."""
    found, _ = _library(place, base)
    assert found.has("switched") and not found.has("relabelled")
    assert not (found.open_language > 0).any() and (found.any_language > 0).any()


# ---------------------------------------------------------------- training


def test_the_development_languages_are_kept():
    assert {language_of_locale(locale) for locale in DEVELOPMENT_LOCALES} <= KEPT_LANGUAGES


def test_the_base_is_read_like_any_other_and_has_learnt(base):
    model, reader, labels = read_base(str(base))
    assert len(model.get_input_embeddings().weight) == len(reader.tokenizer) + 16
    gold = list(read_massive(resources_folder() / "demo" / "en-US.jsonl"))[:5]
    found = predict(Reader(model, reader, labels), gold)
    assert {one.utterance.intent for one in found} <= set(labels.intents)
    log = [json.loads(line) for line in (base / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in log] == [10, 20, 30]
    assert log[-1]["loss"]["labelled/labels"] < log[0]["loss"]["labelled/labels"] - 0.3
    assert all(line["seconds"] >= 0 and line["pieces_per_second"] > 0 for line in log)


def test_the_card_says_what_was_seen_and_what_never(base):
    card = (base / "README.md").read_text(encoding="utf-8")
    assert "xx.jsonl, partition train" in card and "3 utterances of train were left out" in card
    assert "CC0-1.0: en.jsonl, xx.jsonl" in card and "Not for publication" not in card
    assert all(locale in card for locale in DEVELOPMENT_LOCALES) and "Tatoeba" in card and "| exact match | " in card and "16 spare" in card
    record = json.loads((base / "pretraining.json").read_text(encoding="utf-8"))
    assert "exact_match" in record["figures"] and record["continues"] is None
    assert set(record["pieces"]["running"]) == {"eng", "xx-XX", "xxx", "zzz"} and set(record["pieces"]["listed"]) == {"eng", "swh"}
    one = record["pieces"]["running"]["zzz"]
    assert f"| zzz | {one['n_words']} | {one['per_word']:.2f} | {one['per_character']:.2f} | | | |" in card


@pytest.mark.parametrize("stops", [(15,), (7, 29)])
def test_a_stopped_training_ends_with_the_same_weights(place, base, fresh, stops):
    folder = fresh
    for stop in stops:
        with pytest.raises(Killed):
            _run(place, folder, stop_at=stop)
        assert not folder.exists()
    assert _run(place, folder) == list(range(1 + stops[-1] // EVERY * EVERY, STEPS + 1))
    for name in ("model.safetensors", "heads.safetensors", "tokenizer.json"):
        assert (folder / name).read_bytes() == (base / name).read_bytes(), name
    logs = [[json.loads(x)["loss"] for x in (f / "log.jsonl").read_text().splitlines()] for f in (folder, base)]
    assert logs[0] == logs[1]
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


def test_killed_ten_times_at_random_the_losses_are_the_same(place, base, fresh):
    """The steps at which a run ends are drawn anew each time, among those that are left."""
    rng, done = random.Random(5), 0
    for _ in range(10):
        stop = rng.randint(done + 1, min(done + EVERY + 3, STEPS - 1))
        with pytest.raises(Killed):
            _run(place, fresh, stop_at=stop)
        done = stop // EVERY * EVERY
    _run(place, fresh)
    logs = [[json.loads(x)["loss"] for x in (f / "log.jsonl").read_text().splitlines()] for f in (fresh, base)]
    assert logs[0] == logs[1]


# ---------------------------------------------------------------- where it begins


def _continue(place: Path, base: Path, folder: Path, **changes) -> Path:
    """Some steps from `base` on, with its tokenizer unless `changes` give another."""
    config = read_pretrain_config(place / "tiny.yaml")
    weights = config.training.weights.model_copy(update=dict.fromkeys(KINDS, 0.0) | {"labelled": 0.6, "text": 0.4})
    training_ = config.training.model_copy(update={"steps": 6, "learning_rate": 1e-4, "warmup": 0, "weights": weights})
    fields = {name: getattr(config, name) for name in ("name", "seed", "data")} | {"training": training_} | changes
    return training.pretrain(type(config)(**fields), folder, data_from=place, base=base)


def test_a_continued_base_begins_where_the_other_ended(place, base, tmp_path):
    folder = _continue(place, base, tmp_path / "more")
    assert (folder / "tokenizer.json").read_bytes() == (base / "tokenizer.json").read_bytes()
    ours, theirs = (json.loads((f / "log.jsonl").read_text().splitlines()[-1])["loss"]["labelled/labels"] for f in (folder, base))
    assert ours < theirs + 0.2
    record = json.loads((folder / "pretraining.json").read_text(encoding="utf-8"))
    assert record["continues"]["record"] == json.loads((base / "pretraining.json").read_text(encoding="utf-8"))
    assert record["continues"]["sha256"]["model.safetensors"] == sha256_of(base / "model.safetensors")


@pytest.mark.parametrize("glosses", [{}, {"zan": ["wake", "five"], "wa": ["wake"]}])
def test_a_new_vocabulary_takes_over_the_rows_of_its_pieces(place, base, glosses):
    config = read_pretrain_config(place / "tiny.yaml")
    new = train_tokenizer(["amka zanzibar", "wake me zanzibar", "zanzibar", "zan bar", "wa me", "zanzi bark make"] * 30, vocabulary=300, spare=4)
    labels = read_base(str(base))[2]
    given = {"name": "x", "data": config.data, "tokenizer": config.tokenizer.model_copy(update={"spare": 4})}
    moved = begin(type(config)(**given), new, labels, 2, base, glosses)
    own, theirs = AutoTokenizer.from_pretrained(base), read_base(str(base))[0]
    ours, before = moved.masked.get_input_embeddings().weight, theirs.get_input_embeddings().weight
    assert len(ours) == len(new) + 4 and moved.masked.lm_head.decoder.weight is ours
    known = set(own.get_vocab()) & set(new.get_vocab())
    assert len(known) > 256 and {"▁zan", "▁wa"} < set(new.get_vocab()) and "▁zan" not in known
    for piece, row in new.get_vocab().items():
        parts = ["▁" + gloss for gloss in glosses.get(piece[1:], ())] if piece[0] == "▁" else []
        parts = parts or ([piece] if piece not in known else [])
        source = [t.id for part in parts for t in own.backend_tokenizer.model.tokenize(part)] or [own.get_vocab()[piece]]
        assert torch.allclose(ours[row], before[source].mean(0), atol=1e-6), piece
    assert torch.equal(moved.labelled.intent_head.weight, theirs.intent_head.weight)


def test_labels_of_both_are_known_in_the_end(place, base, tmp_path):
    """The base has none of what the data brings; what it knew stays in place."""
    folder = tmp_path / "base"
    shutil.copytree(base, folder)
    known = read_base(str(base))[2]
    fewer = known.intents[:3]
    (folder / "labels.json").write_text(json.dumps({"intents": [*fewer, *(f"x{n}" for n in range(len(known.intents) - 3))], "slots": known.slots}))
    found = read_base(str(_continue(place, folder, tmp_path / "more")))[2]
    assert found.intents[:3] == fewer and set(known.intents) < set(found.intents) and "x0" in found.intents


def test_what_cannot_be_continued_is_refused(place, base, tmp_path):
    with pytest.raises(LowresError, match="no labelled utterances, and no base"):
        config = read_pretrain_config(place / "tiny.yaml")
        training.pretrain(config.model_copy(update={"data": config.data.model_copy(update={"launched": ()})}), tmp_path / "x", data_from=place)
    with pytest.raises(LowresError, match=r"no model\.safetensors"):
        _continue(place, tmp_path, tmp_path / "x")
    with pytest.raises(LowresError, match=r"another size than tiny; ModelSize\(layers=1"):
        _continue(place, base, tmp_path / "x", model={"layers": 2, "hidden": 16, "heads": 2, "feed_forward": 32})
    other = tmp_path / "bert"
    shutil.copytree(base, other)
    (other / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(LowresError, match="a base of type bert"):
        _continue(place, other, tmp_path / "x")
    for name, told in (("config.json", "config.json: cannot be read"), ("pretraining.json", "pretraining.json: no record"),
                       ("model.safetensors", "cannot be loaded"), ("heads.safetensors", "heads.safetensors: cannot be read")):  # fmt: skip
        shutil.copytree(base, tmp_path / name)
        (tmp_path / name / name).write_bytes(b"{broken")
        with pytest.raises(LowresError, match=told):
            _continue(place, tmp_path / name, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_text_alone_continues_a_base(place, base, tmp_path):
    data = read_pretrain_config(place / "tiny.yaml").data.model_copy(update={"launched": (), "lexicons": (), "verses": ()})
    folder = _continue(place, base, tmp_path / "more", data=data)
    assert read_base(str(folder))[2] == read_base(str(base))[2]
    assert set(json.loads((folder / "log.jsonl").read_text().splitlines()[-1])["loss"]) == {"text/words"}


def test_the_card_of_a_continued_base_names_the_licences_of_both(place, base, tmp_path):
    closed, unknown = tmp_path / "closed", tmp_path / "unknown"
    for folder in (closed, unknown):
        shutil.copytree(base, folder)
    record = json.loads((base / "pretraining.json").read_text(encoding="utf-8"))
    record["config"]["data"]["texts"][0]["licence"] = "CC-BY-NC-4.0"
    (closed / "pretraining.json").write_text(json.dumps(record), encoding="utf-8")
    (unknown / "pretraining.json").unlink()
    card = (_continue(place, closed, tmp_path / "a") / "README.md").read_text(encoding="utf-8")
    assert "Not for publication: CC-BY-NC-4.0." in card and "began at the weights of closed" in card
    card = (_continue(place, tmp_path / "a", tmp_path / "further") / "README.md").read_text(encoding="utf-8")
    assert "Not for publication: CC-BY-NC-4.0." in card and "began at the weights of a," in card
    card = (_continue(place, unknown, tmp_path / "b") / "README.md").read_text(encoding="utf-8")
    assert "what unknown was trained on is not on record" in card and "Not for publication" in card and "refuses them all" not in card
    assert "follow the strictest" in (_continue(place, base, tmp_path / "c") / "README.md").read_text(encoding="utf-8")


def test_nothing_to_learn_is_told_before_the_first_step(place, base, tmp_path):
    config = read_pretrain_config(place / "tiny.yaml")
    only = config.training.model_copy(update={"weights": config.training.weights.model_copy(update=dict.fromkeys(KINDS, 0.0))})
    with pytest.raises(LowresError, match="no example of any kind that has a weight"):
        _continue(place, base, tmp_path / "x", training=only)
    with pytest.raises(LowresError, match="no word to train a tokenizer on"):
        train_fair_tokenizer([("xxx", ""), ("zzz", " ")], vocabulary=300, spare=0, seed=1)
    assert len(train_fair_tokenizer([("xxx", ""), ("zzz", "a b")], vocabulary=300, spare=0, seed=1)) > 256


# ---------------------------------------------------------------- the loop


def test_the_average_is_what_is_written(place, base, tmp_path):
    """The same steps with and without an average: the losses are the same, the weights that are written are not."""
    labelled = {"weights": dict.fromkeys(KINDS, 0.0) | {"labelled": 1.0}, "steps": 6, "warmup": 0, "pieces_per_step": 256}
    folders = [_continue(place, base, tmp_path / f"{average}", training=labelled | {"average": average}) for average in (0.0, 0.9)]
    logs = [[json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text().splitlines()] for folder in folders]
    assert logs[0] == logs[1]
    weights, averaged = (read_base(str(folder))[0].get_input_embeddings().weight for folder in folders)
    begun = read_base(str(base))[0].get_input_embeddings().weight
    assert 0 < (averaged - begun).abs().sum() < 0.9 * (weights - begun).abs().sum()


def test_the_average_survives_a_stop(tmp_path):
    def run(folder: Path, stop_at: int = 0) -> torch.nn.Module:
        torch.manual_seed(1)
        layer = torch.nn.Linear(4, 1)

        def take(rng, generator) -> Step:
            if loop.step == stop_at > 0:
                raise Killed
            return Step("x", {"y": layer(torch.randn(3, 4, generator=generator)).square().mean()}, 4)

        loop = Loop(layer, Schedule(steps=9, warmup=0, checkpoint_every=2, average=0.8), 1)
        folder.mkdir(exist_ok=True)
        loop.run(folder, take, lambda *_: None)
        assert not torch.equal(loop.best.weight, layer.weight)
        return loop.best

    with pytest.raises(Killed):
        run(tmp_path / "stopped", stop_at=5)
    assert torch.equal(run(tmp_path / "stopped").weight, run(tmp_path / "whole").weight)


def test_a_loss_that_counts_below_nothing_is_still_made_small(tmp_path):
    """Its sign says which way the states are trained, inside the loss."""
    layer = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.ones_(layer.weight)
    take = lambda rng, generator: Step("x", {"y": layer(torch.ones(1, 1)).sum()}, 1, {"y": -2.0})  # noqa: E731
    Loop(layer, Schedule(steps=3, warmup=0, weight_decay=0), 1).run(tmp_path, take, lambda *_: None)
    assert layer.weight.item() < 1


def test_an_average_is_the_exponential_one():
    loop = Loop(torch.nn.Linear(1, 1, bias=False), Schedule(average=0.75), 1)
    seen = []
    for value in (4.0, 8.0, 0.0):
        with torch.no_grad():
            loop.model.weight.fill_(value)
        loop.average.update_parameters(loop.model)
        seen.append(loop.best.weight.item())
    assert seen == [4.0, 5.0, 3.75] and not loop.best.training


def test_the_operations_of_a_step_are_those_of_its_products(tmp_path):
    """One product forwards, and one for each input that has a gradient; by the pieces of a step and the device's peak."""
    layer, given = torch.nn.Linear(256, 256, bias=False), torch.ones(64, 256, requires_grad=True)
    tally = _Tally(torch.device("cpu"))
    with tally.counting():
        value = layer(given).sum()
        value.backward()
    tally.add(Step("x", {"y": value}, 64))
    assert tally._counted_operations == 3 * 2 * 64 * 256 * 256 and tally._counted_pieces == 64
    line = tally.line()
    assert line["pieces_per_second"] > 0 and line["share_of_peak"] >= 0 and line["loss"] == {"x/y": round(value.item(), 4)}
    assert 1e8 < peak(torch.device("cpu")) < 1e14


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("can't allocate memory: you tried to allocate"), MemoryError()])
def test_a_step_that_does_not_fit_is_one_line_and_the_checkpoint_stays(tmp_path, error):
    layer = torch.nn.Linear(4, 1)

    def take(rng, generator) -> Step:
        if loop.step == 3:
            raise error
        return Step("x", {"y": layer(torch.ones(1, 4)).sum()}, 4)

    loop = Loop(layer, Schedule(steps=9, warmup=0, checkpoint_every=2), 1)
    with pytest.raises(LowresError, match=r"pieces_per_step: a step of 4,096 pieces does not fit"):
        loop.run(tmp_path, take, lambda *_: None)
    assert torch.load(tmp_path / "checkpoint.pt", weights_only=True)["step"] == 2


def test_another_error_of_a_step_is_not_taken_for_it(tmp_path):
    def take(rng, generator) -> Step:
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        Loop(torch.nn.Linear(1, 1), Schedule(), 1).run(tmp_path, take, lambda *_: None)


def test_a_checkpoint_that_was_cut_short_is_told(tmp_path):
    layer = torch.nn.Linear(4, 1)
    take = lambda rng, generator: Step("x", {"y": layer(torch.ones(1, 4)).sum()}, 4)  # noqa: E731
    Loop(layer, Schedule(steps=2, checkpoint_every=1), 1).run(tmp_path, take, lambda *_: None)
    whole = (tmp_path / "checkpoint.pt").read_bytes()
    for n in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "checkpoint.pt").write_bytes(whole[:n])
        with pytest.raises(LowresError, match=r"checkpoint\.pt: not a checkpoint"):
            Loop(layer, Schedule(steps=2), 1).run(tmp_path, take, lambda *_: None)


def test_the_learning_rate_rises_and_falls():
    schedule = Schedule(steps=100, warmup=10, learning_rate=1.0)
    rates = [learning_rate(schedule, step) for step in range(100)]
    assert rates[:10] == pytest.approx([n / 10 for n in range(1, 11)]) and rates[10] == 1.0 and rates[55] == pytest.approx(0.5)
    assert rates[10:] == sorted(rates[10:], reverse=True) and 0 < rates[-1] < 1e-3


# ---------------------------------------------------------------- a folder that holds something


def test_a_finished_base_is_not_trained_again(place, base):
    before = {path.name: path.stat().st_mtime_ns for path in base.iterdir()}
    assert _run(place, base) == []
    assert {path.name: path.stat().st_mtime_ns for path in base.iterdir()} == before


def test_another_config_does_not_touch_a_finished_base(place, base, tmp_path):
    folder = tmp_path / "tiny"
    shutil.copytree(base, folder)
    other = read_pretrain_config(place / "tiny.yaml").model_copy(update={"seed": 4})
    with pytest.raises(LowresError, match="no base of this config"):
        training.pretrain(other, folder, data_from=place)
    assert (folder / "model.safetensors").read_bytes() == (base / "model.safetensors").read_bytes()


def test_a_checkpoint_of_another_config_is_refused(place, tmp_path):
    with pytest.raises(Killed):
        _run(place, tmp_path / "tiny", stop_at=12)
    other = read_pretrain_config(place / "tiny.yaml").model_copy(update={"seed": 4})
    with pytest.raises(LowresError, match=r"tiny\.partial: work of another config"):
        training.pretrain(other, tmp_path / "tiny", data_from=place)
    (tmp_path / "tiny.partial" / "checkpoint.pt").write_bytes(b"broken")
    with pytest.raises(LowresError, match=r"checkpoint\.pt: not a checkpoint"):
        _run(place, tmp_path / "tiny")


def test_a_folder_of_something_else_is_left_alone(place, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(LowresError, match="is not empty"):
        _run(place, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_full_disk_is_one_line_and_the_last_checkpoint_stays(place, base, fresh, monkeypatch):
    folder, real = fresh, torch.save

    def save(state, path) -> None:
        if state["step"] > EVERY:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(state, path)

    with monkeypatch.context() as patched:
        patched.setattr(torch, "save", save)
        with pytest.raises(LowresError, match=r"checkpoint\.pt: cannot be written \(.*No space left"):
            _run(place, folder)
    assert _run(place, folder)[0] == EVERY + 1
    assert (folder / "model.safetensors").read_bytes() == (base / "model.safetensors").read_bytes()


# ---------------------------------------------------------------- the verbs


CALLS = """\
name: calls
data:
  launched: [{path: "resources:demo/en-US.jsonl", format: massive, licence: CC0-1.0, locale: en-US, partition: train}]
  lexicons: [{path: "resources:demo/lexicon.tsv", format: table, licence: CC0-1.0, locale: swh}]
training: {steps: 3, warmup: 1, pieces_per_step: 256, checkpoint_every: 1, average: 0.5, weights: {labelled: 1, switched: 1}}
"""


def test_the_verbs_continue_a_base_and_distil_it(lowres, tmp_path):
    """The shipped base, further on the demo's utterances, and what came of it as the teacher of the shipped one."""
    (tmp_path / "calls.yaml").write_text(CALLS, encoding="utf-8")
    done = lowres("pretrain", "calls.yaml", "--continue", "lowres-mini", cwd=tmp_path)
    assert done.rc == 0, done.err
    record = json.loads((tmp_path / "models" / "calls" / "pretraining.json").read_text(encoding="utf-8"))
    assert record["continues"]["name"] == "lowres-mini" and "`pretraining.json`" in (tmp_path / "models/calls/README.md").read_text()
    text = "texts: [{path: text.txt, format: lines, licence: CC0-1.0, locale: eng}]"
    (tmp_path / "text.txt").write_text("wake me up at six\nplay some jazz\n", encoding="utf-8")
    training_ = "training: {steps: 2, warmup: 0, pieces_per_step: 64}"
    (tmp_path / "small.yaml").write_text(f"name: small\n{text}\n{training_}\n", encoding="utf-8")
    done = lowres("distil", "models/calls", "lowres-mini", "--on", "small.yaml", cwd=tmp_path)
    assert done.rc == 0, done.err
    assert "taught by models/calls" in (tmp_path / "models" / "small" / "README.md").read_text(encoding="utf-8")
    small, calls, known = (read_base(str(one))[2] for one in (tmp_path / "models/small", tmp_path / "models/calls", "lowres-mini"))
    assert small == calls and calls.intents[: len(known.intents)] == known.intents and len(calls.slots) > len(known.slots)
    done = lowres("pretrain", "calls.yaml", "--continue", "models/none", cwd=tmp_path)
    assert done.rc == 1 and "no model.safetensors" in done.err and len(done.err.splitlines()) == 1
