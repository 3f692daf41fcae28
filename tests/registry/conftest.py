"""Every test has a shelf, keys and memory of its own."""

import pytest

from tests.registry.toy_package import make_package


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LOWRES_KEYS", str(tmp_path / "keys"))


@pytest.fixture
def package(tmp_path):
    """A package folder."""
    folder = tmp_path / "package"
    make_package(folder)
    return folder
