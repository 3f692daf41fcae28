"""URIEL's arrays and codes."""

import numpy as np
import pytest

from lowres.errors import LowresError
from lowres.formats.lang2vec import read_lang2vec, read_language_codes
from tests.formats.samples import refusal, rows


def write(path, data, **others):
    arrays = {"feats": np.array(["S_SVO", "S_SOV"]), "langs": np.array(["swh"]), "data": data} | others
    np.savez(path, **arrays)
    return path


def test_a_feature_is_the_mean_of_the_sources_that_know_it(tmp_path):
    path = write(tmp_path / "a.npz", np.array([[[1.0, 0.0, -1.0], [-1.0, -1.0, -1.0]]], dtype=np.float32))
    assert list(read_lang2vec(path)) == [("swh", {"S_SVO": 0.5})]


@pytest.mark.parametrize("data", [np.zeros((1, 3, 1)), np.zeros((1, 2)), np.zeros((1, 2, 1), dtype=int)])
def test_arrays_that_do_not_fit_are_refused(tmp_path, data):
    with pytest.raises(LowresError, match="a.npz: data of shape"):
        list(read_lang2vec(write(tmp_path / "a.npz", data)))


def test_pickles_are_never_loaded(tmp_path):
    path = write(tmp_path / "a.npz", np.zeros((1, 2, 1)), langs=np.array([{}], dtype=object))
    with pytest.raises(LowresError, match="allow_pickle=False"):
        list(read_lang2vec(path))


def test_codes(tmp_path):
    assert rows(read_language_codes, tmp_path, '{"sw": "swa"}') == [("sw", "swa")]
    assert refusal(read_language_codes, tmp_path, '{"sw": 1}').startswith("a.tsv: no object of codes")
