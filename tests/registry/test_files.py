"""A registry of files: what is published is whole, what is whole never changes, what is listed is what is there."""

import gzip
import json
import multiprocessing
import os
import shutil
import signal

import pytest

from lowres.errors import LowresError
from lowres.registry.check import verify
from lowres.registry.client import pull
from lowres.registry.files import INDEX, FileRegistry
from lowres.registry.package import Refused, read_package
from lowres.registry.release import Index, format_index, parse_index, parse_spec
from tests.registry.toy_package import make_package


@pytest.fixture
def registry(tmp_path):
    return FileRegistry(str(tmp_path / "registry"))


def publish(registry, folder, **facts):
    package = make_package(folder, **facts)
    registry.publish(folder, package)
    return package


def test_published_listed_and_read_back(registry, tmp_path):
    first = publish(registry, tmp_path / "a")
    publish(registry, tmp_path / "b", version="1.10.0", fill=1)
    publish(registry, tmp_path / "c", version="1.9.0", fill=2)
    publish(registry, tmp_path / "d", name="autre", language="wol")
    assert [row.spec for row in registry.rows()] == ["autre@1.0.0", "toy@1.0.0", "toy@1.9.0", "toy@1.10.0"]
    assert registry.versions("toy") == ["1.0.0", "1.9.0", "1.10.0"]
    assert registry.release("toy", "1.0.0").package == first
    assert registry.card(first) == "# toy@1.0.0\n"
    assert registry.rows()[0].exact_match.value == 0.5


def test_a_version_is_published_once(registry, tmp_path):
    publish(registry, tmp_path / "a")
    package = make_package(tmp_path / "b", fill=7)
    with pytest.raises(Refused, match="never change"):
        registry.publish(tmp_path / "b", package)
    assert registry.release("toy", "1.0.0").package == read_package(tmp_path / "a")


def test_a_name_belongs_to_one_language(registry, tmp_path):
    publish(registry, tmp_path / "a")
    package = make_package(tmp_path / "b", version="1.0.1", language="wol")
    with pytest.raises(Refused, match="swh"):
        registry.publish(tmp_path / "b", package)


def test_yanked_is_hidden_and_not_deleted(registry, tmp_path):
    publish(registry, tmp_path / "a")
    publish(registry, tmp_path / "b", version="1.0.1", fill=1)
    registry.yank("toy", "1.0.1", "wrong clock")
    registry.yank("toy", "1.0.1", "again")  # nothing happens
    assert registry.versions("toy") == ["1.0.0"]
    assert [row.yanked for row in registry.rows()] == [False, True]
    assert registry.release("toy", "1.0.1").package.version == "1.0.1"
    with pytest.raises(LowresError, match="not in"):
        registry.yank("toy", "3.0.0")


def test_the_index_says_what_a_listing_says(registry, tmp_path):
    publish(registry, tmp_path / "a")
    publish(registry, tmp_path / "b", version="1.0.1", fill=1)
    registry.yank("toy", "1.0.0")
    index = registry.index()
    assert list(index.rows) == registry.rows()
    assert index.serial == 3
    assert parse_index(format_index(index), "x") == index


@pytest.mark.parametrize("data", [b"", b"junk", gzip.compress(b"{}")[:-3], gzip.compress(b'{"format": 2}'), gzip.compress(b"{}") + b"x"])
def test_a_broken_index_costs_a_listing_nothing(registry, tmp_path, data):
    publish(registry, tmp_path / "a")
    registry.store.put(INDEX, data)
    broken = []
    assert [row.spec for row in registry.rows(broken.append)] == ["toy@1.0.0"]
    assert [INDEX in str(error) for error in broken] == [True]
    with pytest.raises(Refused, match="index"):
        parse_index(data, "x")


def test_an_index_that_unpacks_to_gigabytes(registry):
    with pytest.raises(Refused, match="too long"):
        parse_index(gzip.compress(b" " * (65 << 20)), "x")


def test_a_broken_release_is_left_out_and_named(registry, tmp_path):
    publish(registry, tmp_path / "a")
    publish(registry, tmp_path / "b", version="1.0.1", fill=1)
    registry.store.put("releases/toy/1.0.1.json", b"{")
    registry.store.put(INDEX, format_index(Index()))
    broken = []
    assert [row.spec for row in registry.rows(broken.append)] == ["toy@1.0.0"]
    assert "1.0.1" in str(broken[0])
    with pytest.raises(Refused, match="release"):
        registry.release("toy", "1.0.1")


def test_a_release_under_another_name_is_refused(registry, tmp_path):
    publish(registry, tmp_path / "a")
    data = registry.store.read("releases/toy/1.0.0.json", 1 << 20)
    registry.store.put("releases/toy/2.0.0.json", data)
    registry.store.put("releases/gold/1.0.0.json", data)
    for name, version in (("toy", "2.0.0"), ("gold", "1.0.0")):
        with pytest.raises(Refused, match=f"{name}@{version}"):
            registry.release(name, version)


def test_a_damaged_blob_is_mended_by_the_next_who_publishes_it(registry, tmp_path):
    package = publish(registry, tmp_path / "a")
    one = package.files["labels.json"].sha256
    registry.store.put(f"blobs/sha256/{one[:2]}/{one}.z", b"junk")
    publish(registry, tmp_path / "b", version="1.0.1")
    assert pull("toy@1.0.0", registry.url).package == package


@pytest.mark.parametrize("text", ["", "Toy", "toy@", "toy@1", "toy@1.0.0@2", "../toy", "toy@../1.0.0", "toy@01.0.0", "a b"])
def test_what_is_no_name(text):
    with pytest.raises(LowresError):
        parse_spec(text)


def test_unknown_names_and_protocols(registry, tmp_path):
    publish(registry, tmp_path / "a")
    with pytest.raises(LowresError, match="did you mean 'toy'"):
        registry.versions("tou")
    with pytest.raises(LowresError, match="protocol 'ftp'"):
        FileRegistry("ftp://host/x")


# --- many at once, and killed


def _publish(folder: str, url: str, start) -> None:
    start.wait()
    try:
        FileRegistry(url).publish(folder, read_package(folder))
    except Refused:
        os._exit(3)
    os._exit(0)


def test_eight_at_once_one_wins(tmp_path):
    from pathlib import Path

    url, fork = str(tmp_path / "registry"), multiprocessing.get_context("fork")
    folders = [tmp_path / str(i) for i in range(8)]
    packages = [make_package(folder, fill=i) for i, folder in enumerate(folders)]
    start = fork.Event()
    racers = [fork.Process(target=_publish, args=(Path(folder), url, start)) for folder in folders]
    for one in racers:
        one.start()
    start.set()
    for one in racers:
        one.join(60)
    assert sorted(one.exitcode for one in racers) == [0] + [3] * 7
    won = packages[[one.exitcode for one in racers].index(0)]
    assert pull("toy@1.0.0", url).package == won
    assert [row.spec for row in FileRegistry(url).rows()] == ["toy@1.0.0"]


def test_different_names_at_once_are_all_in_the_index(tmp_path):
    url, fork = str(tmp_path / "registry"), multiprocessing.get_context("fork")
    folders = [tmp_path / f"p{i}" for i in range(8)]
    for i, folder in enumerate(folders):
        make_package(folder, name=f"toy-{i}")
    start = fork.Event()
    racers = [fork.Process(target=_publish, args=(folder, url, start)) for folder in folders]
    for one in racers:
        one.start()
    start.set()
    for one in racers:
        one.join(60)
    assert [one.exitcode for one in racers] == [0] * 8
    assert len(FileRegistry(url).rows()) == 8
    FileRegistry(url).write_index()
    assert len(FileRegistry(url).index().rows) == 8


class Killed:
    """Calls of the system that write, counted; at the last one the process is killed."""

    def __init__(self, at: int) -> None:
        self.left = at
        for name in ("link", "replace", "fsync", "unlink", "mkdir", "open", "chmod"):
            setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, call):
        def wrapped(*args, **kwargs):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapped


def killed_at(n: int, work) -> bool:
    """Whether a forked process died at its nth call."""
    child = os.fork()
    if child == 0:
        Killed(n)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_publisher_killed_anywhere_leaves_no_version_that_is_wrong(tmp_path):
    package = make_package(tmp_path / "p")
    n_killed = 0
    for n in range(1, 1000):
        url = str(tmp_path / f"registry-{n}")
        if not killed_at(n, lambda url=url: FileRegistry(url).publish(tmp_path / "p", package)):
            break
        n_killed += 1
        registry = FileRegistry(url)
        rows = registry.rows()
        if rows:
            assert pull("toy@1.0.0", url).package == package
            shutil.rmtree(os.environ["LOWRES_CACHE"])
        else:
            registry.publish(tmp_path / "p", package)  # nothing is in the way
        assert [row.spec for row in registry.rows()] == ["toy@1.0.0"]
        shutil.rmtree(url)
    assert n_killed >= 100


def test_a_pull_killed_anywhere_goes_on_and_is_whole(tmp_path, registry):
    package = publish(registry, tmp_path / "p")
    n_killed = 0
    for n in range(1, 1000):
        if not killed_at(n, lambda: pull("toy", registry.url)):
            break
        n_killed += 1
        found = pull("toy", registry.url)
        assert found.package == package
        verify(found.folder)
        shutil.rmtree(found.folder)
    assert n_killed > 10


def test_json_of_a_release_is_one_line(registry, tmp_path):
    publish(registry, tmp_path / "a")
    data = registry.store.read("releases/toy/1.0.0.json", 1 << 20)
    assert data.count(b"\n") == 1
    assert set(json.loads(data)) == {"format", "package", "signature"}
