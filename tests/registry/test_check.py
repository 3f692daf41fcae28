"""Fail closed: what no package may get past."""

import json
import os
import random
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowres.registry.check import tensor_shapes, verify
from lowres.registry.keys import make_key, sign
from lowres.registry.package import FILES, MANIFEST, Refused, format_package, read_package
from lowres.registry.packing import pack
from tests.registry.toy_package import make_package, tensors


def test_a_package_as_it_was_made_passes(package):
    assert verify(package).package.spec == "toy@1.0.0"
    assert verify(package).key is None


def refused(folder, *words, **options):
    with pytest.raises(Refused) as error:
        verify(folder, **options)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


def rewrite(package, change):
    """package.json with a change and nothing else."""
    record = json.loads((package / MANIFEST).read_text())
    change(record)
    (package / MANIFEST).write_text(json.dumps(record))


def test_each_check_names_itself_and_the_file(package):
    (package / "labels.json").write_text('{"intents": ["a", "c"], "slots": ["O", "date", "time"]}')
    refused(package, "labels.json", "hash")
    (package / "labels.json").write_text("{}")
    refused(package, "labels.json", "size")
    (package / "labels.json").unlink()
    refused(package, "labels.json", "missing")


@pytest.mark.parametrize("name", ["extra.txt", "rules.py", "adapter_model.bin", "pytorch_model.bin", ".hidden"])
def test_a_file_that_is_not_listed(package, name):
    (package / name).write_bytes(b"\x80\x04}.")
    refused(package, name, "file")


def test_links_and_folders(package, tmp_path):
    (package / "glosses.tsv").rename(tmp_path / "outside")
    os.symlink(tmp_path / "outside", package / "glosses.tsv")
    refused(package, "glosses.tsv", "link")
    (package / "glosses.tsv").unlink()
    (package / "glosses.tsv").mkdir()
    refused(package, "glosses.tsv", "folder")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "rules.py", "adapter_model.bin", "C:\\x", "glosses.tsv\n"])
def test_no_other_name_can_be_listed(package, name):
    rewrite(package, lambda record: record["files"].__setitem__(name, {"sha256": "0" * 64, "bytes": 0}))
    refused(package, MANIFEST, "file list")


@pytest.mark.parametrize("part", ["weights", "config", "tokenizer"])
def test_another_base_of_the_same_name(package, part):
    rewrite(package, lambda record: record["base"].__setitem__(part, "0" * 64))
    refused(package, MANIFEST, f"base: {part}")


def test_another_revision_of_the_base(package):
    rewrite(package, lambda record: record["base"].__setitem__("revision", "0" * 40))
    with pytest.raises(Refused, match="base"):
        verify(package)


def test_the_base_in_lowres_json_is_the_base_of_the_package(tmp_path):
    with pytest.raises(Refused, match="base: 'other'"):
        repacked(tmp_path, {"lowres.json": '{"base": "other"}'})


def repacked(tmp_path, texts):
    """A package whose files were changed by its own publisher: every hash is right."""
    make_package(tmp_path / "p")
    facts = read_package(tmp_path / "p").model_dump(exclude={"files", "adapter"})
    (tmp_path / "p" / MANIFEST).unlink()
    for name, text in texts.items():
        (tmp_path / "p" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return pack(tmp_path / "p", facts, lambda package: "card")


@pytest.mark.parametrize("labels", ['{"intents": ["a"], "slots": ["O", "date", "time"]}', '{"intents": ["a", "a"], "slots": ["O", "x", "y"]}',
                                    '{"intents": "ab", "slots": ["O"]}', "[]", "{"])  # fmt: skip
def test_labels_that_do_not_fit(tmp_path, labels):
    with pytest.raises(Refused, match=r"labels\.json"):
        repacked(tmp_path, {"labels.json": labels})


@pytest.mark.parametrize(
    "data", [b"", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}.", b"PK\x03\x04" + b"\0" * 60, (1 << 62).to_bytes(8, "little") + b"{}"]
)
def test_a_pickle_under_another_name(tmp_path, data):
    with pytest.raises(Refused, match="not safetensors"):
        repacked(tmp_path, {"transitions.safetensors": data})


def test_nothing_hides_behind_or_between_tensors(tmp_path):
    tensors(tmp_path / "t", {"a": [2, 3], "b": [4]})
    assert tensor_shapes(tmp_path / "t") == {"a": [2, 3], "b": [4]}
    (tmp_path / "t").write_bytes((tmp_path / "t").read_bytes() + b"x")
    with pytest.raises(Refused, match="behind"):
        tensor_shapes(tmp_path / "t")


def test_a_package_over_the_cap(package):
    refused(package, "at most", most=10)
    rewrite(package, lambda record: record["files"]["labels.json"].__setitem__("bytes", FILES["labels.json"] + 1))
    refused(package, "labels.json", "size")


def test_a_key_that_stands_twice(package):
    text = (package / MANIFEST).read_text()
    (package / MANIFEST).write_text(text.replace('{\n "format": 1', '{\n "version": "9.0.0",\n "format": 1', 1))
    refused(package, MANIFEST, "twice")


def test_signatures(package):
    refused(package, "package.sig", "missing", signed=True)
    make_key("me")
    sign(package, "me")
    assert verify(package, signed=True).key.name == "me"
    rewrite(package, lambda record: record.__setitem__("licence", "MIT"))
    refused(package, "package.sig", "signature")


def test_a_key_that_nobody_trusts(package, tmp_path, monkeypatch):
    make_key("me")
    sign(package, "me")
    monkeypatch.setenv("LOWRES_KEYS", str(tmp_path / "others"))
    assert verify(package).key is None
    refused(package, "package.sig", "not trusted", signed=True)


def test_the_signature_of_another_package(package, tmp_path):
    make_key("me")
    make_package(tmp_path / "other", version="1.0.1")
    for one in (package, tmp_path / "other"):
        sign(one, "me")
    shutil.copy(tmp_path / "other" / "package.sig", package / "package.sig")
    refused(package, "package.sig")


# --- corruption by the hundred


def corruptions(seed: int, files: list[str]):
    """One change of one file, by name and what it does to the bytes."""
    rng = random.Random(seed)
    name = rng.choice(files)

    def flip(data: bytes) -> bytes:
        at = rng.randrange(len(data) or 1)
        return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :] if data else b"x"

    def cut(data: bytes) -> bytes:
        return data[: rng.randrange(len(data))] if data else b"y"

    def grow(data: bytes) -> bytes:
        return data + bytes([rng.randrange(256)])

    def swap(data: bytes) -> bytes:
        a, b = sorted(rng.sample(range(len(data)), 2)) if len(data) > 1 else (0, 0)
        swapped = data[:a] + data[b : b + 1] + data[a + 1 : b] + data[a : a + 1] + data[b + 1 :]
        return swapped if swapped != data else data + b"\0"

    return name, rng.choice([flip, flip, flip, cut, grow, swap])


@pytest.fixture(scope="module")
def signed_package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("signed")
    os.environ["LOWRES_KEYS"] = str(folder / "keys")
    make_package(folder / "p")
    make_key("me")
    sign(folder / "p", "me")
    return folder


@pytest.mark.parametrize("block", range(12))
def test_no_corruption_is_accepted(signed_package, tmp_path, monkeypatch, block):
    monkeypatch.setenv("LOWRES_KEYS", str(signed_package / "keys"))
    accepted = []
    for seed in range(block * 50, block * 50 + 50):
        folder = tmp_path / str(seed)
        shutil.copytree(signed_package / "p", folder)
        assert verify(folder, signed=True)
        name, change = corruptions(seed, sorted(path.name for path in folder.iterdir()))
        (folder / name).write_bytes(change((folder / name).read_bytes()))
        try:
            verify(folder, signed=True)
            accepted.append((seed, name, change.__name__))
        except Refused as error:
            assert name in str(error) or "package.sig" in str(error)
    assert accepted == []


@given(data=st.binary(max_size=400))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_as_a_manifest_or_tensors_are_refused(tmp_path, data):
    (tmp_path / MANIFEST).write_bytes(data)
    with pytest.raises(Refused):
        read_package(tmp_path)
    (tmp_path / "t.safetensors").write_bytes(data)
    with pytest.raises(Refused):
        tensor_shapes(tmp_path / "t.safetensors")


def test_the_manifest_comes_back_as_it_was(package):
    text = (package / MANIFEST).read_text(encoding="utf-8")
    assert format_package(read_package(package)) == text
