"""Plain text, aligned text, verses, and the border they stand on."""

import pytest

from lowres.errors import LowresError
from lowres.formats.lines import read_aligned, read_lines, read_numbered
from lowres.formats.verses import read_verses
from tests.formats.samples import refusal, rows


def test_lines_are_keyed_by_their_number(tmp_path):
    assert rows(read_lines, tmp_path, "a\n\n b \n") == [("1", "a"), ("3", "b")]


def test_text_is_nfc_unless_asked_otherwise(tmp_path):
    path = tmp_path / "a"
    path.write_text("e\u0301", encoding="utf-8")
    assert [text for _, text in read_numbered(path)] == ["\u00e9"]
    assert [text for _, text in read_numbered(path, normal=False)] == ["e\u0301"]


def test_aligned_files_skip_lines_that_are_empty_on_a_side(tmp_path):
    left, right = tmp_path / "l", tmp_path / "r"
    left.write_text("a\nb\nc\n", encoding="utf-8")
    right.write_bytes(b"x\r\n\r\nz")
    assert list(read_aligned(left, right)) == [("1", "a", "x"), ("3", "c", "z")]


@pytest.mark.parametrize("shorter", ["l", "r"])
def test_aligned_files_have_as_many_lines(tmp_path, shorter):
    for name in "lr":
        (tmp_path / name).write_text("a\n" if name == shorter else "a\nb\n", encoding="utf-8")
    with pytest.raises(LowresError) as error:
        list(read_aligned(tmp_path / "l", tmp_path / "r"))
    longer = "r" if shorter == "l" else "l"
    assert str(error.value) == f"{tmp_path}/{shorter}:2: the file ends; as many lines as {tmp_path}/{longer}"


def test_verses_have_an_id(tmp_path):
    assert rows(read_verses, tmp_path, "b.MAT.1.1\tHapo\nb.MAT.1.2\t\n") == [("b.MAT.1.1", "Hapo")]
    assert refusal(read_verses, tmp_path, "Hapo\n") == "a.tsv:1: 'Hapo'; an id and a text, separated by a tab"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.tsv: an empty file; at least one line"),
        (b"a\nb\0c\n", "a.tsv:2: a NUL byte; text"),
        (b"a\ncaf\xe9\n", "a.tsv:2: byte 3 is not utf-8; utf-8 text"),
        ("a\n".encode("utf-16"), "a.tsv:1: a NUL byte; text"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path, data, message):
    assert refusal(read_lines, tmp_path, data) == message
    assert refusal(read_lines, tmp_path, b"x", "b.gz").startswith("b.gz:1: broken gzip data (Not a gzipped file")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(LowresError, match="Is a directory; a file that can be read"):
        list(read_lines(tmp_path))
