"""The catalogue, and how its files are found, fetched and checked; the network is a server in this process."""

import errno
import gzip
import hashlib
import http.server
import io
import json
import logging
import shutil
import tarfile
import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from lowres import catalog
from lowres.catalog import Dataset, Member, Reference, fetch, fetch_all, read_catalog, sha256_of
from lowres.errors import LowresError

MIRROR = Path(__file__).parents[2] / "shared" / "data"
real = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no mirror at {MIRROR}")
DOCUMENTS = {
    "README.md",
    "SOURCES.md",
    "LICENSE",
    "LICENSE.txt",
    "LICENSE.repo",
    "NOTICE.md",
    "CHANGELOG.md",
    "CITATION.md",
}
DATA = b"soma\tnilisoma\tV;PST;1;SG\n"


def sha(data):
    return hashlib.sha256(data).hexdigest()


# --- the catalogue itself


def test_every_entry_is_whole():
    paths = [member.path for one in read_catalog().values() for member in one.files]
    assert len(paths) == len(set(paths))
    for one in read_catalog().values():
        assert one.url.startswith("https://")
        assert one.citation
        assert one.kind == "languages" or one.languages, one.name
        assert {member.language for member in one.files} - {""} <= set(one.languages), one.name
        assert all(member.url or member.member or one.derived for member in one.files), one.name


def test_macrolanguages_are_replaced_by_the_languages_they_stand_for():
    held = {code for one in read_catalog().values() for code in one.languages}
    assert not held & {"swa", "kur", "est", "oji", "fas", "ara", "zho", "nor", "aka", "orm", "aym", "grn", "kon", "lav"}
    assert [one.name for one in read_catalog().values() if "que" in one.languages] == ["wiktionary-que"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../a", "a/../../b"])
def test_a_member_stays_inside_its_folder(path):
    with pytest.raises(ValidationError, match="stays inside"):
        Member(path=path, sha256="0" * 64)


@real
def test_every_hash_is_that_of_the_mirror():
    for one in read_catalog().values():
        for member in one.files:
            assert sha256_of(MIRROR / member.path) == member.sha256, member.path


@real
def test_every_data_file_of_the_mirror_is_in_the_catalogue():
    known = {member.path for one in read_catalog().values() for member in one.files}
    there = {path.relative_to(MIRROR).as_posix() for path in MIRROR.rglob("*") if path.is_file()}
    assert {path for path in there - known if Path(path).name not in DOCUMENTS} == set()


@real
def test_a_compact_file_can_be_made_of_the_published_one():
    from lowres.formats.massive import compact_line

    for member in read_catalog()["massive"].files:
        if member.locale in ("cy-GB", "ja-JP"):
            lines = gzip.decompress((MIRROR / member.path).read_bytes()).splitlines(keepends=True)
            again = b"".join(compact_line(line, member.path, 1) for line in lines)
            assert sha(again) == member.content
    with open(MIRROR / "massive/1.1/data/en-US.jsonl", "rb") as file:
        line = next(file)
    kept = json.loads(compact_line(line, "en-US", 1))
    assert json.dumps(kept | {"worker_id": "1"}, ensure_ascii=False).encode() + b"\n" == line


# --- finding and fetching


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A cache, a mirror and a home of this test alone; returns the function that puts data sets into the catalogue."""
    for name in ("cache", "mirror", "home", "published"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("LOWRES_MIRROR", "UNIMORPH"):
        monkeypatch.delenv(name, raising=False)
    catalog._warn.cache_clear()

    def put(*members, name="some", url="https://example.org", **fields):
        known = {"kind": "paradigms", "format": "unimorph", "licence": "CC0-1.0", "citation": "none"}
        one = Dataset(name=name, url=url, files=members, **(known | fields))
        monkeypatch.setattr(catalog, "read_catalog", lambda: {name: one})

    return put


@pytest.fixture
def server(tmp_path, place):
    """The address of a server of the folder `published`, which counts what it is asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=tmp_path / "published")

        def log_message(self, *arguments):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        httpd.asked = asked
        yield httpd
        httpd.shutdown()


def address(server, name):
    return f"http://127.0.0.1:{server.server_address[1]}/{name}"


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_mirror_comes_first_and_its_hash_is_checked(tmp_path, place, monkeypatch):
    place(Member(path="a/b.tsv", sha256=sha(DATA)))
    (tmp_path / "mirror/a").mkdir()
    (tmp_path / "mirror/a/b.tsv").write_bytes(DATA)
    assert fetch("some", mirror=tmp_path / "mirror") == {"a/b.tsv": tmp_path / "mirror/a/b.tsv"}
    monkeypatch.setenv("LOWRES_MIRROR", str(tmp_path / "mirror"))
    assert fetch("some") == {"a/b.tsv": tmp_path / "mirror/a/b.tsv"}
    (tmp_path / "mirror/a/b.tsv").write_bytes(DATA + b"x")
    with pytest.raises(LowresError, match="b.tsv: sha256 .* differs from .* and is not used; delete it"):
        fetch("some")


def test_a_mirror_that_is_not_there_is_an_error(tmp_path, place):
    place(Member(path="a", sha256=sha(DATA)))
    with pytest.raises(LowresError, match="nowhere: no such folder; --mirror or LOWRES_MIRROR"):
        fetch("some", mirror=tmp_path / "nowhere")


def test_a_damaged_file_in_the_cache_is_not_used(tmp_path, place):
    place(Member(path="a", sha256=sha(DATA)))
    (tmp_path / "cache/a").write_bytes(b"half")
    with pytest.raises(LowresError, match="is not used"):
        fetch("some")


def test_fetch_all_copies_a_mirror_into_the_cache(tmp_path, place):
    place(Member(path="a/b.tsv", sha256=sha(DATA)))
    (tmp_path / "mirror/a").mkdir()
    (tmp_path / "mirror/a/b.tsv").write_bytes(DATA)
    assert list(fetch_all(["some"], mirror=tmp_path / "mirror")) == [(tmp_path / "cache/a/b.tsv", "mirror")]
    shutil.rmtree(tmp_path / "mirror")
    assert list(fetch_all(["some"])) == [(tmp_path / "cache/a/b.tsv", "cache")]
    assert files(tmp_path / "cache") == ["a/b.tsv"]


def test_an_unknown_name_is_refused_before_anything_is_fetched(tmp_path, place):
    place(Member(path="a", sha256=sha(DATA)))
    (tmp_path / "mirror/a").write_bytes(DATA)
    with pytest.raises(LowresError, match="no data set 'somme' in the catalogue; did you mean 'some'"):
        list(fetch_all(["some", "somme"], mirror=tmp_path / "mirror"))
    assert files(tmp_path / "cache") == []


def test_locale_and_partition_choose_members_and_unknown_ones_are_named(tmp_path, place):
    members = [
        Member(path=f"{a}-{b}", sha256=sha(DATA), locale=a, partition=b) for a in ("en", "sw") for b in ("dev", "test")
    ]
    place(*members)
    for member in members:
        (tmp_path / "mirror" / member.path).write_bytes(DATA)
    assert list(fetch("some", mirror=tmp_path / "mirror", locale="sw", partition="test")) == ["sw-test"]
    with pytest.raises(LowresError, match="no locale 'sw-KE'; did you mean 'sw'|no locale 'sw-KE'; allowed: en, sw"):
        fetch("some", locale="sw-KE")
    with pytest.raises(LowresError, match="no partition 'train' of sw; allowed: dev, test"):
        fetch("some", locale="sw", partition="train")


@pytest.mark.parametrize("variable", [True, False])
def test_the_unimorph_packages_own_table_is_used(tmp_path, place, monkeypatch, caplog, variable):
    place(Member(path="a", sha256=sha(DATA)), url="https://github.com/unimorph/swc")
    folder = tmp_path / ("elsewhere" if variable else "home/.unimorph")
    (folder / "swc").mkdir(parents=True)
    if variable:
        monkeypatch.setenv("UNIMORPH", str(folder))
    (folder / "swc/swc").write_bytes(DATA)
    with caplog.at_level(logging.WARNING, "lowres"):
        assert list(fetch_all(["some"])) == [(folder / "swc/swc", "unimorph package")]
    assert caplog.messages == []
    (folder / "swc/swc").write_bytes(DATA + DATA)
    with caplog.at_level(logging.WARNING, "lowres"):
        assert list(fetch_all(["some"])) == [(folder / "swc/swc", "unimorph package, another version")]
        assert fetch("some") == {"a": folder / "swc/swc"}
    assert [message.partition(": ")[2][:33] for message in caplog.messages] == ["used for some, but another versio"]


def test_a_file_is_downloaded_once_and_its_hash_is_checked(tmp_path, place, server):
    (tmp_path / "published/b").write_bytes(DATA)
    place(Member(path="a/b", sha256=sha(DATA), url=address(server, "b")))
    assert list(fetch_all(["some"], progress=False)) == [(tmp_path / "cache/a/b", "downloaded")]
    assert list(fetch_all(["some"], progress=False)) == [(tmp_path / "cache/a/b", "cache")]
    assert server.asked == ["/b"]
    assert files(tmp_path / "cache") == ["a/b"]


def test_other_bytes_than_the_catalogues_are_not_kept(tmp_path, place, server):
    (tmp_path / "published/b").write_bytes(DATA + b"new")
    place(Member(path="a/b", sha256=sha(DATA), url=address(server, "b")))
    with pytest.raises(LowresError, match="/b: sha256 .* is not used; the publisher changed it: --mirror DIR"):
        fetch("some", progress=False)
    assert files(tmp_path / "cache") == []


def test_what_cannot_be_downloaded_leaves_nothing(tmp_path, place, server):
    place(Member(path="a/b", sha256=sha(DATA), url=address(server, "missing")))
    with pytest.raises(LowresError, match="/missing: not downloaded .404.*; a network, or --mirror DIR"):
        fetch("some", progress=False)
    assert files(tmp_path / "cache") == []


def test_an_interrupted_download_leaves_nothing_half_written(tmp_path, place, monkeypatch):
    import pooch

    def interrupted(url, known_hash, path, fname, progressbar):
        (Path(path) / fname).write_bytes(DATA[:5])
        raise KeyboardInterrupt

    monkeypatch.setattr(pooch, "retrieve", interrupted)
    place(Member(path="a/b", sha256=sha(DATA), url="https://example.org/b"))
    with pytest.raises(KeyboardInterrupt):
        fetch("some", progress=False)
    assert files(tmp_path / "cache") == []


@pytest.mark.parametrize("what", ["download", "copy"])
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, place, monkeypatch, what):
    import pooch

    def full(*arguments, **fields):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch, "retrieve", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    place(Member(path="a/b", sha256=sha(DATA), url="https://example.org/b"))
    if what == "copy":
        (tmp_path / "mirror/a").mkdir()
        (tmp_path / "mirror/a/b").write_bytes(DATA)
    with pytest.raises(LowresError, match=r"cannot be written \(No space left on device\); a disk with space left"):
        list(fetch_all(["some"], mirror=tmp_path / "mirror", progress=False))
    assert files(tmp_path / "cache") == []


def test_what_no_url_leads_to_needs_a_mirror(place):
    place(Member(path="a", sha256=sha(DATA)), derived="columns chosen")
    with pytest.raises(LowresError, match="a is not in the mirror or cache; --mirror DIR .columns chosen; https"):
        fetch("some")


# --- archives

RECORDS = [
    {"id": str(i), "locale": "cy-GB", "partition": "test", "scenario": "s", "intent": "i", "utt": "â", "annot_utt": "â"}
    for i in range(3)
]
FULL = b"".join(json.dumps(one | {"worker_id": "1"}, ensure_ascii=False).encode() + b"\n" for one in RECORDS)
COMPACT = b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in RECORDS)


def archive(path, **members):
    with tarfile.open(path, "w:gz") as tar:
        for name, data in {"../../evil": b"evil", "/evil": b"evil", **members}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


@pytest.fixture
def massive(tmp_path, place, server):
    """A data set with one file as published and one made of a member, both from one archive."""
    archive(tmp_path / "published/all.tar.gz", **{"1.1/en.jsonl": DATA, "1.1/cy.jsonl": FULL})
    plain = Member(path="m/en.jsonl", locale="en", member="1.1/en.jsonl", sha256=sha(DATA))
    made = Member(path="m/cy.gz", locale="cy", member="1.1/cy.jsonl", sha256=sha(b"a mirror's"), content=sha(COMPACT))
    place(plain, made, url=address(server, "all.tar.gz"), derived="seven fields")
    return tmp_path / "cache"


def test_members_come_from_an_archive_that_is_fetched_once(massive, server):
    assert fetch("some", locale="en", progress=False) == {"m/en.jsonl": massive / "m/en.jsonl"}
    assert (massive / "m/en.jsonl").read_bytes() == DATA
    made = fetch("some", locale="cy", progress=False)["m/cy.gz"]
    assert gzip.decompress(made.read_bytes()) == COMPACT
    assert server.asked == ["/all.tar.gz"]
    assert files(massive) == ["archives/all.tar.gz", "m/cy.gz", "m/en.jsonl"]
    assert not list(massive.parent.rglob("evil"))


def test_a_made_file_in_the_cache_is_checked_by_its_content(massive):
    made = fetch("some", locale="cy", progress=False)["m/cy.gz"]
    assert fetch("some", locale="cy", progress=False) == {"m/cy.gz": made}
    made.write_bytes(gzip.compress(COMPACT[:-1]))
    with pytest.raises(LowresError, match="m/cy.gz: sha256 .* is not used"):
        fetch("some", locale="cy", progress=False)


@pytest.mark.parametrize(
    ("members", "locale", "message"),
    [
        ({}, "en", "all.tar.gz: no member 1.1/en.jsonl; the archive as published"),
        ({"1.1/en.jsonl": b"other"}, "en", "is not used; the publisher changed it"),
        ({"1.1/cy.jsonl": FULL + FULL}, "cy", "is not used; the publisher changed it"),
        ({"1.1/cy.jsonl": FULL + b"{}"}, "cy", "1.1/cy.jsonl:4: not a MASSIVE record"),
    ],
)
def test_an_archive_with_other_content_gives_nothing(massive, tmp_path, members, locale, message):
    archive(tmp_path / "published/all.tar.gz", **members)
    with pytest.raises(LowresError, match=message):
        fetch("some", locale=locale, progress=False)
    assert files(massive) == ["archives/all.tar.gz"]


def test_a_broken_archive_is_removed(massive, tmp_path, server):
    whole = (tmp_path / "published/all.tar.gz").read_bytes()
    (tmp_path / "published/all.tar.gz").write_bytes(whole[:150])
    with pytest.raises(LowresError, match="a broken archive, now removed .*; fetch it anew"):
        fetch("some", locale="cy", progress=False)
    assert files(massive) == []
    (tmp_path / "published/all.tar.gz").write_bytes(whole)
    assert fetch("some", locale="cy", progress=False)


def test_a_reference_is_a_data_set_or_a_path():
    assert Reference.model_validate("snips").dataset == "snips"
    with pytest.raises(ValidationError, match="either dataset or path"):
        Reference(dataset="snips", path="a", format="table", licence="unknown")
    with pytest.raises(ValidationError, match="path needs format and licence"):
        Reference(path="a")
