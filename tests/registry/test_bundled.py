"""The registry that comes with lowres: what a user has right after the installation, without a network."""

import pytest

from lowres.recipe import read_recipe
from lowres.registry.client import bundled_registry, open_registry, pull
from lowres.sources import may_be_redistributed

ROWS = open_registry("").rows()


def test_it_holds_the_adapters_of_recipes():
    assert {"swh-massive", "cym-massive", "urd-massive"} <= {row.name for row in ROWS}
    for row in ROWS:
        recipe = read_recipe(row.name).recipe
        assert (recipe.name, recipe.language) == (row.name, row.language)
    assert open_registry("").index().rows == tuple(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.spec)
def test_each_is_small_free_and_whole(row):
    assert stored(row) <= 4_000_000 and not row.private
    found = pull(row.spec)  # every check passes, the bundled base among them
    assert all(may_be_redistributed(source.licence) for source in found.package.sources)
    assert found.package.scores[0].gain.low > 0
    assert max(one.routed.value for one in found.package.flips) <= 0.02


def stored(row) -> int:
    """Bytes of a release's files as they lie in the registry."""
    files = open_registry("").release(row.name, row.version).package.files.values()
    blobs = [path for one in files for path in (bundled_registry() / "blobs" / "sha256" / one.sha256[:2]).glob(f"{one.sha256}*")]
    assert len(blobs) == len(files)
    return sum(path.stat().st_size for path in blobs)


def test_pulled_it_reads_by_locale(tmp_path):
    from lowres.adapter import read_adapter
    from lowres.reading import predict
    from lowres.registry import from_shelf
    from lowres.utterance import Utterance

    pull("swh-massive")
    said = Utterance(id="1", text="niamshe saa moja asubuhi", locale="sw-KE")
    read = predict(read_adapter(from_shelf("sw-KE").folder), [said])[0].utterance
    assert read.intent == "alarm_set" and [read.slot_text(slot) for slot in read.slots] == ["saa moja asubuhi"]


def test_what_changed_on_the_shelf_is_not_served_and_takes_nobody_with_it():
    from lowres.serving.assistant import Assistant, Broken, Request
    from lowres.serving.installed import installed_adapters

    for name in ("swh-massive", "cym-massive"):
        pull(name)
    adapters = installed_adapters("lowres-mini")
    path = next(one.folder for one in adapters if one.name == "swh-massive") / "labels.json"
    path.write_text(path.read_text().replace('"alarm_set"', '"alarm_sat"'))
    swahili, welsh = Assistant("lowres-mini", adapters, fast=False).read_each(
        [Request(text="niamshe saa moja asubuhi", locale="sw-KE"), Request(text="deffra fi am saith", locale="cy-GB")]
    )
    assert isinstance(swahili, Broken) and "hash" in str(swahili)
    assert welsh.intent == "alarm_set" and welsh.adapter == "cym-massive"


def test_nobody_wrote_into_it():
    names = {path.name for path in bundled_registry().iterdir()}
    assert names <= {"registry.json", "index.json.gz", "releases", "blobs", "yanks"}
