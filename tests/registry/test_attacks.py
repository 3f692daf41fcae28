"""What reviewers got past the checks once: packages whose publisher lies, every hash of them right."""

import dataclasses
import gzip
import json
import os
import threading

import numpy as np
import pytest

from lowres.errors import LowresError
from lowres.identifier import N_BUCKETS, LanguageProfile
from lowres.registry.check import verify
from lowres.registry.client import pull, shelf, shelf_folder
from lowres.registry.files import FileRegistry
from lowres.registry.package import MANIFEST, Refused, read_package
from lowres.registry.packing import pack
from lowres.registry.release import parse_index, parse_release
from tests.registry.toy_package import make_package, tensors

CONFIG = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["query"]}


def evil(tmp_path, files, **facts):
    """A package whose own publisher changed files or facts."""
    make_package(tmp_path / "p")
    kept = read_package(tmp_path / "p").model_dump(exclude={"files", "adapter"}) | facts
    (tmp_path / "p" / MANIFEST).unlink()
    for name, data in files.items():
        (tmp_path / "p" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return pack(tmp_path / "p", kept, lambda package: "card")


@pytest.mark.parametrize("change", [
    {"target_modules": "(([a-z0-9_]|\\.)+)+!"}, {"exclude_modules": "(a+)+$"}, {"rank_pattern": {"(a+)+": 4}}, {"r": 3_000_000}, {"r": "x"},
    {"r": True}, {"lora_alpha": 10**400}, {"lora_alpha": float("nan")}, {"trainable_token_indices": {"e": [10**12]}}, {"peft_type": "XLORA"},
    {"modules_to_save": ["embeddings"]}, {"init_lora_weights": "pissa"}, {"target_modules": ["(a+)+"]}, {"use_dora": True},
])  # fmt: skip
def test_peft_reads_loras_settings_and_nothing_else(tmp_path, change):
    with pytest.raises(Refused, match=r"adapter_config\.json"):
        evil(tmp_path, {"adapter_config.json": json.dumps(CONFIG | change)})


def test_a_rank_that_its_tensors_have_not(tmp_path):
    shapes = {"base_model.model.x.lora_A.weight": [8, 2], "intent_head.weight": [2, 4], "slot_head.weight": [3, 4]}
    tensors(tmp_path / "t", shapes)
    with pytest.raises(Refused, match=": r 4"):
        evil(tmp_path, {"adapter_model.safetensors": (tmp_path / "t").read_bytes()})


@pytest.mark.parametrize("row", [np.full(N_BUCKETS, 65504), np.zeros(N_BUCKETS), np.full(N_BUCKETS, np.nan), np.full(N_BUCKETS, -30.0)])
def test_no_profile_takes_everybodys_texts(tmp_path, row):
    LanguageProfile(name="sw-KE", row=row.astype(np.float16)).write(tmp_path / "profile")
    with pytest.raises(Refused, match=r"profile\.safetensors"):
        evil(tmp_path, {"profile.safetensors": (tmp_path / "profile").read_bytes()})


def test_a_profile_of_another_locale(tmp_path):
    with pytest.raises(Refused, match="the profile of sw-KE"):
        evil(tmp_path, {}, locale="en-US")


@pytest.mark.parametrize("line", ["saa\t" + "\t".join(["water"] * 9), "x" * 3000 + "\ty"])
def test_glosses_without_bounds(tmp_path, line):
    with pytest.raises(Refused, match=r"glosses\.tsv:1"):
        evil(tmp_path, {"glosses.tsv": line + "\n"})


@pytest.mark.parametrize(("name", "text"), [
    ("affixes.tsv", "\tx\t\t0\n"), ("affixes.tsv", "listed\te\n" * 20_000), ("affixes.tsv", "a\n"),
    ("loans.txt", "taxi\n" * 30_000 + "\n"), ("loans.txt", "aaaa\n\n"), ("loans.txt", "taxi")])  # fmt: skip
def test_what_words_are_looked_into_with_is_bounded(tmp_path, name, text):
    with pytest.raises(Refused, match=f"{name}.*contents"):
        evil(tmp_path, {name: text})


@pytest.mark.parametrize("label", ["alarm\ud800", "a\x1b]0;pwn\x07", "a\nb", "x" * 500])
def test_labels_that_drive_a_terminal_or_break_an_answer(tmp_path, label):
    with pytest.raises(Refused, match=r"labels\.json"):
        evil(tmp_path, {"labels.json": json.dumps({"intents": ["a", label], "slots": ["O", "date", "time"]})})


@pytest.mark.parametrize(("key", "value"), [
    ("name", "../../evil"), ("name", "/etc"), ("name", "."), ("name", ""), ("name", "a/b/c"), ("revision", "../x")])  # fmt: skip
def test_a_base_is_a_name_and_no_path(package, key, value):
    record = json.loads((package / MANIFEST).read_text())
    record["base"][key] = value
    (package / MANIFEST).write_text(json.dumps(record))
    with pytest.raises(Refused, match=f"base.{key}"):
        verify(package)


@pytest.mark.parametrize("change", [
    {"licence": "\x1b]0;pwn\x07 MIT"}, {"created": "\ud800"}, {"seed": "13"}, {"scores": [0] * 200_000}, {"locale": "../x"}])  # fmt: skip
def test_fields_are_what_they_should_be(package, change):
    record = json.loads((package / MANIFEST).read_text()) | change
    (package / MANIFEST).write_text(json.dumps(record))
    with pytest.raises(Refused) as error:
        verify(package)
    assert "\x1b" not in str(error.value)


def test_a_manifest_that_is_a_pipe_or_without_end(package):
    (package / MANIFEST).unlink()
    os.mkfifo(package / MANIFEST)
    with pytest.raises(Refused, match="no plain file"):
        read_package(package)
    (package / MANIFEST).unlink()
    (package / MANIFEST).symlink_to("/dev/zero")
    with pytest.raises(Refused, match="a link"):
        read_package(package)


@pytest.mark.parametrize("signature", [5, {}, "\ud800", ["x"]])
def test_a_release_with_a_signature_that_is_no_text(package, signature):
    data = json.dumps({"format": 1, "package": (package / MANIFEST).read_text(), "signature": signature}).encode()
    with pytest.raises(Refused, match="release"):
        parse_release(data, "toy", "1.0.0", "x")


def test_an_index_of_nothing_but_mistakes_ends_at_the_first():
    bomb = gzip.compress(b'{"format":1,"serial":1,"rows":[' + b"0," * 4_000_000 + b"0]}")
    assert len(bomb) < 50_000
    with pytest.raises(Refused, match="index"):
        parse_index(bomb, "x")


def test_one_stray_file_stops_no_listing(tmp_path):
    registry = FileRegistry(str(tmp_path / "registry"))
    registry.publish(tmp_path / "a", make_package(tmp_path / "a"))
    for name in ("releases/toy/notes.json", "releases/toy/a@b.json", "releases/x@y/1.0.0.json", "releases/TOY/1.0.0.json"):
        registry.store.put(name, b"{}")
    assert [row.spec for row in registry.rows()] == ["toy@1.0.0"]
    assert pull("toy", registry.url).package.spec == "toy@1.0.0"


def test_asking_for_more_takes_nothing_off_the_shelf(tmp_path):
    registry = FileRegistry(str(tmp_path / "registry"))
    registry.publish(tmp_path / "a", make_package(tmp_path / "a"))
    pull("toy", registry.url)
    with pytest.raises(Refused, match="missing"):
        pull("toy", registry.url, signed=True)
    assert [one.package.spec for one in shelf()] == ["toy@1.0.0"]


def test_two_spellings_of_a_registry_have_one_memory(tmp_path):
    import shutil

    for i in range(2):
        registry = FileRegistry(str(tmp_path / "registry"))
        registry.publish(tmp_path / str(i), make_package(tmp_path / str(i), fill=i))
        if not i:
            pull("toy", registry.url)
            shutil.rmtree(shelf_folder())
            shutil.rmtree(registry.url)
    with pytest.raises(Refused, match="never change"):
        pull("toy", f"file://{tmp_path / 'registry'}")


def test_many_pulls_at_once_are_all_whole_and_remembered(tmp_path):
    registry = FileRegistry(str(tmp_path / "registry"))
    for i in range(6):
        registry.publish(tmp_path / str(i), make_package(tmp_path / str(i), name=f"toy-{i % 3}", version=f"1.0.{i}", fill=i))
    failed: list[Exception] = []

    def work(i: int) -> None:
        try:
            pull(f"toy-{i % 3}@1.0.{i}", registry.url)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(i % 6,)) for i in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    from lowres.registry import memory

    assert len(memory._read(memory._file(registry.url))["releases"]) == 6


def test_a_partial_folder_that_leads_elsewhere(tmp_path):
    registry = FileRegistry(str(tmp_path / "registry"))
    registry.publish(tmp_path / "a", make_package(tmp_path / "a"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.txt").write_text("kept")
    (shelf_folder() / "toy").mkdir(parents=True)
    (shelf_folder() / "toy" / ".1.0.0.partial").symlink_to(tmp_path / "mine")
    found = pull("toy", registry.url)
    assert (tmp_path / "mine" / "mine.txt").read_text() == "kept" and not found.folder.is_symlink()


def test_passwords_and_escapes_stay_out_of_messages():
    assert "s3cret" not in FileRegistry("https://user:s3cret@127.0.0.1/x").url
    assert "\x1b" not in str(LowresError("x\x1b[2J", "y"))


def test_a_shelf_that_was_tampered_with_is_not_served(tmp_path):
    from lowres.serving.installed import check_installed, installed_adapters

    registry = FileRegistry(str(tmp_path / "registry"))
    registry.publish(tmp_path / "a", make_package(tmp_path / "a"))
    folder = pull("toy", registry.url).folder
    one = installed_adapters("lowres-mini")[0]
    check_installed(one)
    assert installed_adapters("lowres-mini", signed=True) == []
    with pytest.raises(Refused, match="signature: missing"):  # listed as signed, and then the signature went
        check_installed(dataclasses.replace(one, signed=True))
    manifest = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).unlink()
    with pytest.raises(Refused, match="another package"):
        check_installed(one)
    (folder / MANIFEST).write_bytes(manifest)
    (folder / "profile.safetensors").write_bytes(b"[" * 200_000)
    assert installed_adapters("lowres-mini") == []
