"""What references mean: a user's own files by path, and every file of the mirror read whole."""

from collections import Counter
from pathlib import Path

import pytest

from lowres.catalog import Reference, read_catalog
from lowres.errors import LowresError
from lowres.formats import FORMATS
from lowres.sources import (
    bitext_references,
    digest,
    locate,
    may_be_redistributed,
    read_bitexts,
    read_entries,
    read_frequencies,
    read_inflections,
    read_texts,
    read_utterances,
)

MIRROR = Path(__file__).parents[2] / "shared" / "data"
real = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no mirror at {MIRROR}")
XSID = "1\twake\talarm\tO\n2\tme\talarm\tB-who\n"


def own(tmp_path, name, text, format, **fields):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return Reference(path=name, format=format, licence="CC0-1.0", **fields)


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("xsid", XSID),
        ("injongo", '{"example_id": "1", "intent": "a", "text": "b", "spans": []}\n'),
        ("massive", '{"id": "1", "intent": "a", "annot_utt": "b"}\n'),
        ("snips", '{"a": [{"data": [{"text": "b"}]}]}'),
        ("sib200", "index_id\tcategory\ttext\n1\ta\tb\n"),
        ("table", "text\tintent\nb\ta\n"),
    ],
)
def test_a_users_own_utterances_have_the_references_locale_and_partition(tmp_path, format, text):
    reference = own(tmp_path, "mine", text, format, locale="kk", partition="test")
    found = read_utterances(reference, tmp_path)
    assert [(one.locale, one.partition) for one in found] == [("kk", "test")]
    bare = read_utterances(reference.model_copy(update={"locale": None, "partition": None}), tmp_path)
    assert [(one.locale, one.partition) for one in bare] == [("und", None)]


def test_rows_of_another_partition_or_locale_are_left_out_and_named(tmp_path):
    text = "text\tintent\tpartition\na\tx\ttrain\nb\tx\tdev\nc\tx\tdev\n"
    reference = own(tmp_path, "mine.tsv", text, "table", locale="en-US", partition="dev")
    assert [one.text for one in read_utterances(reference, tmp_path)] == ["b", "c"]
    with pytest.raises(LowresError, match="mine.tsv: no utterance of en-US test; it has 2 en-US dev, 1 en-US train"):
        read_utterances(reference.model_copy(update={"partition": "test"}), tmp_path)


def test_of_a_file_with_several_locales_only_the_references_is_read(tmp_path):
    lines = [f'{{"id": "{n}", "locale": "{n}", "intent": "a", "annot_utt": "b"}}\n' for n in ("en-US", "sw-KE")]
    reference = own(tmp_path, "mine.jsonl", "".join(lines), "massive", locale="sw-KE")
    assert [one.id for one in read_utterances(reference, tmp_path)] == ["sw-KE"]


@pytest.mark.parametrize(
    ("name", "format", "message"),
    [
        ("nowhere", "massive", "nowhere: no such file; a path relative to the recipe, or resources:…"),
        ("a", "massiv", "a: format 'massiv'; did you mean 'massive'?"),
    ],
)
def test_a_file_or_format_that_is_not_there_is_named(tmp_path, name, format, message):
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(LowresError) as error:
        read_utterances(Reference(path=name, format=format, licence="unknown"), tmp_path)
    assert str(error.value).replace(f"{tmp_path}/", "") == message


def test_a_file_with_nothing_in_it_is_refused_everywhere(tmp_path):
    table = own(tmp_path, "l.tsv", "source\ttarget\n", "table")
    with pytest.raises(LowresError, match="l.tsv: no entry; at least one entry"):
        list(read_entries(table, tmp_path, source="eng"))
    with pytest.raises(LowresError, match="no cell of a paradigm"):
        list(read_inflections(own(tmp_path, "p.tsv", "\n", "unimorph"), tmp_path))
    with pytest.raises(LowresError, match="no text"):
        list(read_texts(own(tmp_path, "t.txt", "\n", "lines"), tmp_path))


def test_a_users_lexicon_has_the_source_language_on_the_left(tmp_path):
    rows = list(read_entries(own(tmp_path, "l.tsv", "source\ttarget\nbook\tkitabu\n", "table"), tmp_path, source="eng"))
    assert [(one.entry.left, one.entry.right, one.reverse, one.lexicon) for one in rows] == [
        ("book", "kitabu", False, "l")
    ]


def test_a_frequency_list_counts_as_often_as_it_says(tmp_path):
    listed = own(tmp_path, "a.csv", 'sentence,count\n"Ndiyo, bwana.",12\n', "counted")
    text = own(tmp_path, "b.txt", "Ndiyo ndiyo!\n", "lines")
    assert read_frequencies([listed, text], tmp_path) == {"ndiyo": 14, "bwana": 12}


def test_bitexts_are_aligned_by_line_or_key(tmp_path):
    left, right = own(tmp_path, "l", "a\nb\n", "lines"), own(tmp_path, "r", "x\ny\n", "lines")
    assert list(read_bitexts(left, right, tmp_path)) == [("1", "a", "x"), ("2", "b", "y")]
    first = own(tmp_path, "v", "1\ta\n2\tb\n", "verses")
    assert list(read_bitexts(first, own(tmp_path, "w", "2\ty\n3\tz\n", "verses"), tmp_path)) == [("2", "b", "y")]
    assert list(read_bitexts(own(tmp_path, "t", "en\tsw\na\tx\n", "bitext"), None, tmp_path)) == [("2", "a", "x")]
    with pytest.raises(LowresError, match="v: no key shared with u"):
        list(read_bitexts(first, own(tmp_path, "u", "9\ty\n", "verses"), tmp_path))


def test_a_digest_changes_with_the_bytes_and_the_reference(tmp_path):
    reference = own(tmp_path, "a", XSID, "xsid")
    before = digest(reference, tmp_path)
    assert digest(reference, tmp_path) == before
    assert digest(reference.model_copy(update={"partition": "test"}), tmp_path) != before
    (tmp_path / "a").write_text(XSID + "\n", encoding="utf-8")
    assert digest(reference, tmp_path) != before


def test_what_a_bitext_depends_on_is_both_of_its_sides(tmp_path):
    verses, both = Reference(dataset="bible-swh"), own(tmp_path, "t", "en\tsw\na\tx\n", "bitext")
    assert bitext_references([verses, both], "eng") == [verses, Reference(dataset="bible-eng"), both]


@pytest.mark.parametrize(
    ("licence", "may"),
    [("Unicode-3.0", True), ("CC-BY-SA-3.0", True), ("CC-BY-NC-4.0", False), ("CC-BY-ND-4.0", False), ("unknown", False)],
)
def test_what_anybody_may_publish(licence, may):
    assert may_be_redistributed(licence) is may


# --- real data

LABELLED = {
    ("massive", "en-US"): {"train": 11514, "dev": 2033, "test": 2974},
    ("massive", "cy-GB"): {"train": 11514, "dev": 2033, "test": 2974},
    ("injongo", "sw-KE"): {"train": 2240, "dev": 320, "test": 640},
    ("injongo", "yo-NG"): {"train": 2240, "dev": 320, "test": 640},
    ("injongo", "en-US"): {"train": 1779, "test": 622},
    ("xsid", "kk"): {"dev": 300, "test": 500},
    ("snips", "en-US"): {"train": 13784, "dev": 700},
    ("sib200", "sw"): {"train": 701, "dev": 99, "test": 204},
}
COUNTS = {
    "freedict-eng-swh": 1450, "freedict-swh-eng": 2399, "freedict-kmr-eng": 5208, "freedict-wol-fra": 635,
    "wiktionary-cym": 10103, "wiktionary-bli-swh": 7316, "afromt-eng-swh": 34810, "apertium-isl-eng": 23421,
    "unimorph-swc": 10092, "unimorph-cym": 10641, "unimorph-lug": 4895, "unimorph-shared-swh": 25753,
    "sigmorphon2023-swh": 12000, "ud-text-cym": 2617, "ud-text-urd": 1087,
    "ud-english-pud": 1000, "lafand-eng-swh": 3626, "linguameta": 7511, "glottolog": 8167, "subtitles-urd": 1048,
    "ntrex128": 7 * 1997, "sib200-labels": 7, "lang2vec-codes": 204,
}  # fmt: skip
SLOW = {"massive", "ud-english-ewt", "lang2vec", "unimorph-eng", "unimorph-isl"}


@real
@pytest.mark.parametrize(("name", "locale"), LABELLED)
def test_published_utterances_have_the_published_counts(name, locale):
    found = read_utterances(Reference(dataset=name, locale=locale), MIRROR, MIRROR)
    assert Counter(one.partition for one in found) == LABELLED[name, locale]
    assert len({one.id for one in found}) == len(found)
    assert {one.locale for one in found} == {locale}
    assert name == "sib200" or sum(len(one.slots) for one in found) > len(found) / 3


@real
@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_every_file_of_the_mirror_is_read_whole(kind):
    for one in read_catalog().values():
        if one.kind == kind and one.name not in SLOW:
            fields = [
                {"locale": m.locale, "partition": m.partition or None} if kind == "utterances" else {}
                for m in one.files
            ]
            reader = FORMATS[kind][one.format]
            read = [sum(1 for _ in reader(MIRROR / m.path, **more)) for m, more in zip(one.files, fields, strict=True)]
            assert min(read) > 0, one.name
            assert sum(read) == COUNTS.get(one.name, sum(read)), one.name


@real
def test_spans_of_decomposed_yoruba_are_the_published_words():
    import json
    import unicodedata

    found = read_utterances(Reference(dataset="injongo", locale="yo-NG", partition="test"), MIRROR, MIRROR)
    with open(MIRROR / "injongo/yor/test.jsonl", encoding="utf-8") as lines:
        targets = [unicodedata.normalize("NFC", json.loads(line)["target"]) for line in lines]
    for one, target in zip(found, targets, strict=True):
        words = " $$ ".join(f"{slot.name}: {one.slot_text(slot)}" for slot in one.slots)
        assert sorted(words.split(" $$ ")) == sorted(part.strip() for part in target.split(" $$ ")), one.id


@real
def test_a_lexicon_is_turned_so_that_the_source_is_on_the_left():
    rows = list(read_entries(Reference(dataset="freedict-swh-eng"), MIRROR, source="eng", mirror=MIRROR))
    assert all(one.reverse for one in rows)
    assert ("book", "kitabu") in {(one.entry.left, one.entry.right) for one in rows}
    with pytest.raises(LowresError, match="freedict-wol-fra: a lexicon of wol and fra; one with eng on a side"):
        list(read_entries(Reference(dataset="freedict-wol-fra"), MIRROR, source="eng", mirror=MIRROR))


@real
def test_ntrex_is_aligned_between_languages():
    left, right = (Reference(dataset="ntrex128", locale=locale) for locale in ("en", "cy"))
    assert [path.name for path, _ in locate(right, MIRROR, MIRROR)] == ["newstest2019-ref.cym.txt"]
    assert sum(1 for _ in read_bitexts(left, right, MIRROR, MIRROR)) == 1997


@real
@pytest.mark.parametrize(("language", "count"), [("swh", 7853), ("hye", 3779)])
def test_verses_are_aligned_by_their_id(language, count):
    left, right = Reference(dataset="bible-eng"), Reference(dataset=f"bible-{language}")
    assert sum(1 for _ in read_bitexts(left, right, MIRROR, MIRROR)) == count
