"""Pulling: whole and checked, or nothing on the shelf."""

import http.server
import shutil
import threading
import zlib
from functools import partial
from pathlib import Path

import pytest

from lowres.errors import LowresError
from lowres.registry import memory
from lowres.registry.client import from_shelf, open_registry, pull, shelf, shelf_folder
from lowres.registry.files import INDEX, FileRegistry
from lowres.registry.keys import make_key, sign
from lowres.registry.package import Refused, read_package
from tests.registry.toy_package import make_package


@pytest.fixture
def url(tmp_path, package):
    registry = FileRegistry(str(tmp_path / "registry"))
    registry.publish(package, read_package(package))
    return registry.url


def nothing_left() -> bool:
    folder = shelf_folder()
    return not folder.is_dir() or not [path for path in folder.rglob("*") if path.is_file()]


def blob(url, name="labels.json"):
    one = FileRegistry(url).release("toy", "1.0.0").package.files[name].sha256
    return Path(url) / "blobs" / "sha256" / one[:2] / f"{one}.z"


def test_pulled_and_found(url, package):
    found = pull("toy", url)
    assert found.package == read_package(package)
    assert shelf() == [found]
    for spec in ("toy", "toy@1.0.0", "sw-KE", "sw", "swh", "sw-TZ"):
        assert from_shelf(spec) == found
    assert pull("toy", url) == found
    with pytest.raises(LowresError, match="lowres pull"):
        from_shelf("cy-GB")


def test_a_shelf_shows_the_newest(url, tmp_path):
    for version in ("1.9.0", "1.10.0"):
        package = make_package(tmp_path / version, version=version)
        FileRegistry(url).publish(tmp_path / version, package)
        pull(f"toy@{version}", url)
    pull("toy@1.0.0", url)
    assert [one.package.version for one in shelf()] == ["1.10.0"]
    assert from_shelf("toy@1.0.0").package.version == "1.0.0"


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b"X" + data[1:], lambda data: b""])
def test_a_damaged_blob_leaves_nothing(url, change):
    path = blob(url)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(Refused, match=r"labels\.json|blobs"):
        pull("toy", url)
    assert nothing_left()


def test_other_text_packed_well_is_refused(url):
    blob(url).write_bytes(zlib.compress(b"{}"))
    with pytest.raises(Refused, match=r"hash: .*|labels\.json"):
        pull("toy", url)
    blob(url).write_bytes(zlib.compress(b" " * (1 << 30)))
    with pytest.raises(Refused, match="size: more than"):
        pull("toy", url)
    assert nothing_left()


def test_a_missing_blob_leaves_nothing(url):
    blob(url).unlink()
    with pytest.raises(Refused, match="missing"):
        pull("toy", url)
    assert nothing_left()


def test_an_interrupted_pull_fetches_only_what_it_lacks(url, monkeypatch):
    fetched, fetch = [], FileRegistry.fetch

    def failing(self, package, name, *rest):
        fetched.append(name)
        if len(fetched) == 5:
            raise LowresError("host", "cannot be read", "")
        fetch(self, package, name, *rest)

    monkeypatch.setattr(FileRegistry, "fetch", failing)
    with pytest.raises(LowresError, match="host"):
        pull("toy", url)
    assert shelf() == []
    done = fetched[:4]
    found = pull("toy", url)
    assert not set(done) & set(fetched[5:])
    assert sorted({*done, *fetched[5:]}) == sorted(found.package.files)


def test_a_torn_shelf_is_never_used(url):
    found = pull("toy", url)
    (found.folder / "labels.json").write_text("{}")
    with pytest.raises(Refused, match=r"labels\.json"):
        from_shelf("toy")
    with pytest.raises(Refused):
        pull("toy", url)
    assert nothing_left()
    assert pull("toy", url).package.spec == "toy@1.0.0"


def test_a_version_that_changed_is_refused(url, tmp_path):
    pull("toy", url)
    shutil.rmtree(shelf_folder())
    shutil.rmtree(url)
    package = make_package(tmp_path / "other", fill=3)
    FileRegistry(url).publish(tmp_path / "other", package)
    with pytest.raises(Refused, match="versions never change"):
        pull("toy", url)
    assert nothing_left()


def test_a_refused_release_is_not_remembered(url):
    path = blob(url)
    right = path.read_bytes()
    path.write_bytes(b"X" + right[1:])
    release = Path(url) / "releases" / "toy" / "1.0.0.json"
    kept = release.read_bytes()
    release.write_bytes(kept.replace(b"CC-BY-4.0", b"CC-BY-4.1"))
    with pytest.raises(Refused):
        pull("toy", url)
    path.write_bytes(right)
    release.write_bytes(kept)
    assert pull("toy", url).package.spec == "toy@1.0.0"


def test_the_same_version_of_two_registries(url, tmp_path):
    pull("toy", url)
    package = make_package(tmp_path / "other", fill=3)
    other = FileRegistry(str(tmp_path / "others"))
    other.publish(tmp_path / "other", package)
    with pytest.raises(Refused, match="other bytes"):
        pull("toy", other.url)


def test_signed_or_not_at_all(url, tmp_path, package):
    with pytest.raises(Refused, match="missing"):
        pull("toy", url, signed=True)
    assert nothing_left()
    make_key("me")
    made = make_package(tmp_path / "signed", version="1.1.0")
    sign(tmp_path / "signed", "me")
    FileRegistry(url).publish(tmp_path / "signed", made)
    assert pull("toy", url, signed=True).package.version == "1.1.0"


def test_a_consistent_forgery_needs_the_key(url, tmp_path):
    """Somebody who owns the registry rewrites a file, its hash and the release: only the signature is in the way."""
    make_key("me")
    package = make_package(tmp_path / "signed", version="1.1.0")
    sign(tmp_path / "signed", "me")
    FileRegistry(url).publish(tmp_path / "signed", package)
    forged = make_package(tmp_path / "forged", version="1.1.0", fill=9)
    shutil.copy(tmp_path / "signed" / "package.sig", tmp_path / "forged")
    shutil.rmtree(Path(url) / "releases")
    FileRegistry(url).publish(tmp_path / "forged", forged)
    with pytest.raises(Refused, match="signature"):
        pull("toy", url, signed=True)
    assert nothing_left()


def test_too_large(url):
    with pytest.raises(Refused, match="at most"):
        pull("toy", url, most=100)
    assert nothing_left()


# --- over HTTP


class _WithoutRange(http.server.SimpleHTTPRequestHandler):
    """A static host that ignores Range, as some do; counts what is asked for."""

    asked: list[str]

    def do_GET(self):
        self.asked.append(self.path)
        del self.headers["Range"]
        super().do_GET()

    def log_message(self, *args):
        pass


@pytest.fixture
def host(url):
    pytest.importorskip("aiohttp")
    asked: list[str] = []
    handler = type("Handler", (_WithoutRange,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=url))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_a_static_host(host, url, package):
    address, _ = host
    assert [row.spec for row in open_registry(address).rows()] == ["toy@1.0.0"]
    assert pull("toy", address).package == read_package(package)
    with pytest.raises(LowresError, match="read only"):
        open_registry(address).publish(package, read_package(package))
    with pytest.raises(LowresError, match="did you mean 'toy'"):
        pull("tou", address)


def test_a_pull_reads_no_other_package(host, url, tmp_path):
    address, asked = host
    for i in range(5):
        make_package(tmp_path / str(i), name=f"other-{i}", fill=i)
        FileRegistry(url).publish(tmp_path / str(i), read_package(tmp_path / str(i)))
    found = pull("toy@1.0.0", address)
    assert len([path for path in asked if "releases" in path]) == 1
    assert len([path for path in asked if "blobs" in path]) <= 2 * len(found.package.files)
    assert {path.rpartition("/")[2].removesuffix(".z") for path in asked if "blobs" in path} == {
        one.sha256 for one in found.package.files.values()
    }


def test_a_replayed_old_index_is_refused(host, url, tmp_path):
    address, _ = host
    old = (Path(url) / INDEX).read_bytes()
    package = make_package(tmp_path / "b", version="1.0.1", fill=1)
    FileRegistry(url).publish(tmp_path / "b", package)
    FileRegistry(url).yank("toy", "1.0.0")
    assert pull("toy", address).package.version == "1.0.1"
    (Path(url) / INDEX).write_bytes(old)
    for work in (lambda: pull("toy", address), lambda: open_registry(address).rows()):
        with pytest.raises(Refused, match="serial 1, but 3"):
            work()


def test_a_host_that_is_gone():
    with pytest.raises(LowresError, match="cannot be read"):
        pull("toy", "http://127.0.0.1:9")


def test_memory_that_is_broken_is_said(url):
    pull("toy", url)
    memory._file(url).write_text("{")
    with pytest.raises(LowresError, match="delete it"):
        pull("toy", url)
