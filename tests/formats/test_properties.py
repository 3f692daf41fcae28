"""What holds of every reader: valid objects or one line of LowresError, whatever the bytes."""

import dataclasses
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.catalog import read_catalog
from lowres.errors import LowresError
from lowres.formats import FORMATS, UTTERANCES
from lowres.utterance import Utterance
from tests.formats.samples import BINARY, SAMPLES, readers, write

ALL = [pytest.param(kind, name, reader, id=f"{kind}-{name}") for kind, name, reader in readers()]
TEXTUAL = [one for one in ALL if (one.values[0], one.values[1]) not in BINARY]


def read(reader, path):
    """The rows, or None where the file was refused in one line that names it."""
    try:
        return list(reader(path))
    except LowresError as error:
        assert len(str(error).splitlines()) == 1
        assert path.name in str(error)
        return None


def sample(kind, name):
    if (kind, name) not in BINARY:
        return SAMPLES[kind, name].encode()
    file = io.BytesIO()
    data = np.array([[[1.0, -1.0], [-1.0, -1.0]]], dtype=np.float32)
    np.savez(file, feats=np.array(["S_SVO", "S_SOV"]), langs=np.array(["swh"]), sources=np.array(["A", "B"]), data=data)
    return file.getvalue()


def test_every_data_set_has_a_reader_and_every_reader_a_sample():
    assert all(one.format in FORMATS[one.kind] for one in read_catalog().values())
    assert {(kind, name) for kind, name, _ in readers()} == set(SAMPLES) | BINARY


@pytest.mark.parametrize(("kind", "name", "reader"), ALL)
def test_a_valid_file_is_read(tmp_path, kind, name, reader):
    assert read(reader, write(tmp_path, kind, name, sample(kind, name)))


@pytest.mark.parametrize(("kind", "name", "reader"), TEXTUAL)
def test_a_bom_and_crlf_are_read_as_if_not_there(tmp_path, kind, name, reader):
    plain = read(reader, write(tmp_path, kind, name, sample(kind, name)))
    marked = b"\xef\xbb\xbf" + sample(kind, name).replace(b"\n", b"\r\n")
    assert read(reader, write(tmp_path, kind, name, marked)) == plain


@pytest.mark.parametrize(("kind", "name", "reader"), TEXTUAL)
def test_a_gzipped_file_is_read_and_a_truncated_one_refused(tmp_path, kind, name, reader):
    path = tmp_path / ("a.csv.gz" if name == "counted" else "a.gz")
    packed = gzip.compress(sample(kind, name))
    path.write_bytes(packed)
    assert read(reader, path) == read(reader, write(tmp_path, kind, name, sample(kind, name)))
    path.write_bytes(packed[:-6])
    with pytest.raises(LowresError, match="broken gzip data"):
        list(reader(path))


@pytest.mark.parametrize(("kind", "name", "reader"), ALL)
def test_an_empty_file_is_refused(tmp_path, kind, name, reader):
    assert read(reader, write(tmp_path, kind, name, b"")) is None


@pytest.mark.parametrize(("kind", "name", "reader"), ALL)
def test_a_file_that_is_not_there_is_refused(tmp_path, kind, name, reader):
    assert read(reader, tmp_path / "nowhere") is None


@pytest.mark.parametrize(("kind", "name", "reader"), TEXTUAL)
def test_a_nul_byte_is_refused(tmp_path, kind, name, reader):
    path = write(tmp_path, kind, name, sample(kind, name)[:-2] + b"\0" + sample(kind, name)[-2:])
    with pytest.raises(LowresError, match="NUL"):
        list(reader(path))


@pytest.mark.parametrize(("kind", "name", "reader"), [one for one in TEXTUAL if one.values[1] != "snips"])
def test_a_wrong_encoding_is_refused_with_its_line(tmp_path, kind, name, reader):
    path = write(tmp_path, kind, name, sample(kind, name) + b"caf\xe9 \n")
    with pytest.raises(LowresError, match="is not utf-8"):
        list(reader(path))


@pytest.mark.parametrize(("kind", "name", "reader"), ALL)
@settings(max_examples=60, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(tmp_path_factory, kind, name, reader, data):
    check(reader, write(tmp_path_factory.getbasetemp(), kind, name, data))


@st.composite
def damaged(draw, whole):
    """A valid file cut short, without some of its separators, with bytes flipped or pieces of it repeated."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["cut", "drop", "flip", "double", "swap"])):
            case "cut":
                del data[place:]
            case "drop":
                place = data.find(draw(st.sampled_from([b"\t", b",", b'"', b"]", b"}", b"\n", b">"])), place)
                del data[max(place, 0) : max(place, 0) + 1]
            case "flip" if data:
                data[place] = draw(st.integers(0, 255))
            case "double":
                data[place:place] = data[place : place + draw(st.integers(1, 40))]
            case "swap":
                data[place:place] = draw(
                    st.sampled_from([b"\\ud800", b"\\u0000", b"true", b"-1", b"1e999", b"9" * 5000, b"[", b"\xcc\x81"])
                )
    return bytes(data)


@pytest.mark.parametrize(("kind", "name", "reader"), ALL)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, kind, name, reader, data):
    check(reader, write(tmp_path_factory.getbasetemp(), kind, name, data.draw(damaged(sample(kind, name)))))


def check(reader, path):
    rows = read(reader, path)
    for row in rows or ():
        for text in strings(row):
            assert "\0" not in text
            text.encode()  # no half of a surrogate pair
        if reader in UTTERANCES.values():
            assert isinstance(row, Utterance)
            assert all(row.slot_text(slot).strip() == row.slot_text(slot) for slot in row.slots)
            assert row.intent
            assert row.partition in (None, "train", "dev", "test")


def strings(value):
    """Every text inside a row."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        yield from strings(dataclasses.astuple(value))
    elif isinstance(value, dict):
        yield from strings(list(value.items()))
    elif isinstance(value, (list, tuple, frozenset)):
        for one in value:
            yield from strings(one)
