"""Requests to replies: which adapter reads, and where the slots are in the caller's own string."""

import unicodedata

import pytest

from lowres.errors import LowresError
from lowres.identifier import learn_profile
from lowres.serving.assistant import Assistant, Broken, Request

SWAHILI = ["niamshe saa moja asubuhi", "cheza muziki wa leo", "zima taa ya jikoni", "hali ya hewa ikoje kesho", "nikumbushe kesho"]
ENGLISH = ["wake me at seven tomorrow", "play some music", "turn off the kitchen light", "what is the weather", "remind me later"]
WELSH = ["deffra fi am saith", "chwarae cerddoriaeth", "diffodd y golau", "sut fydd y tywydd yfory", "atgoffa fi yfory"]


@pytest.fixture(scope="module")
def assistant(kitchen, adapters, tmp_path_factory) -> Assistant:
    folder = tmp_path_factory.mktemp("profiles")
    learn_profile("x", SWAHILI).write(folder / "swh.safetensors")
    learn_profile("y", WELSH).write(folder / "cym.safetensors")
    (folder / "bad.safetensors").write_bytes(b"no")
    installed = [
        kitchen.installed(adapters["whole"], "sw-KE", "swh", profile=folder / "swh.safetensors"),
        kitchen.installed(adapters["twin"], "sw-KE", "swh", version="2.1.0"),
        kitchen.installed(adapters["labels"], "cy-GB", "cym", profile=folder / "cym.safetensors"),
        kitchen.installed(kitchen.folder / "gone", "hy-AM", "hye", profile=folder / "bad.safetensors"),
    ]
    profiles = [learn_profile("en-US", ENGLISH)]
    return Assistant("small", installed, base_from=kitchen.folder, launched=["en-US", "de-DE"], profiles=profiles, fast=False)


ROUTES = [
    (Request(text="x", adapter="twin"), "twin", "2.1.0", "sw-KE", "adapter"),
    (Request(text="x", adapter="twin@2.1.0", locale="cy-GB"), "twin", "2.1.0", "sw-KE", "adapter"),
    (Request(text="x", locale="sw-KE"), "whole", "1.0.0", "sw-KE", "locale"),
    (Request(text="x", locale="SW_ke"), "whole", "1.0.0", "sw-KE", "locale"),
    (Request(text="x", locale="sw"), "whole", "1.0.0", "sw-KE", "language"),
    (Request(text="x", locale="sw-TZ"), "whole", "1.0.0", "sw-KE", "language"),
    (Request(text="x", locale="swh"), "whole", "1.0.0", "sw-KE", "language"),
    (Request(text="x", locale="cym-Latn-GB"), "labels", "1.0.0", "cy-GB", "language"),
    (Request(text="x", locale="en-GB"), "", "", "en-US", "language"),
    (Request(text="x", locale="de-DE"), "", "", "de-DE", "locale"),
    (Request(text="cheza muziki kesho asubuhi"), "whole", "1.0.0", "sw-KE", "identified"),
    (Request(text="sut fydd y tywydd yfory"), "labels", "1.0.0", "cy-GB", "identified"),
    (Request(text="turn off the music"), "", "", "en-US", "identified"),
    (Request(text="12 30"), "", "", "", "unsure"),
]


@pytest.mark.parametrize("request_, name, version, locale, way", ROUTES, ids=str)
def test_routes(assistant, request_, name, version, locale, way):
    (reply,) = assistant.read([request_])
    assert (reply.adapter, reply.version, reply.locale, reply.route) == (name, version, locale, way)


def test_a_batch_of_all_routes_is_each_of_them_alone(assistant):
    requests = [row[0] for row in ROUTES]
    together, alone = assistant.read(requests), [assistant.read([one])[0] for one in requests]
    for a, b in zip(together, alone, strict=True):
        assert (a.intent, a.adapter) == (b.intent, b.adapter)
        assert [(s.name, s.start, s.end) for s in a.slots] == [(s.name, s.start, s.end) for s in b.slots]
        assert a.confidence == pytest.approx(b.confidence, rel=1e-4)


ERRORS = [
    (Request(text="x", locale="swq-KE"), "did you mean 'sw-KE'"),
    (Request(text="x", locale="zz"), "allowed: cy-GB, de-DE, en-US, hy-AM, sw-KE"),
    (Request(text="x", adapter="twim"), "did you mean 'twin'"),
    (Request(text=" \n\u200b "), "nothing in it"),
    (Request(text="a\0b"), "NUL"),
    (Request(text="a\ud800b"), "surrogate"),
]


@pytest.mark.parametrize("request_, message", ERRORS, ids=[message for _, message in ERRORS])
def test_what_cannot_be_read_is_said_in_one_line(assistant, request_, message):
    with pytest.raises(LowresError, match=message.replace("(", r"\(")) as error:
        assistant.read([request_])
    assert "\n" not in str(error.value) and not isinstance(error.value, Broken)
    found = assistant.read_each([Request(text="saa moja", locale="sw"), request_, Request(text="wake me", locale="en")])
    assert [isinstance(one, LowresError) for one in found] == [False, True, False]


def test_a_broken_adapter_is_not_the_callers_fault_and_takes_nobody_along(assistant):
    found = assistant.read_each([Request(text="x", locale=tag) for tag in ("sw-KE", "hy-AM", "en-US")])
    assert isinstance(found[1], Broken) and "adapter gone 1.0.0" in str(found[1])
    assert [one.adapter for one in (found[0], found[2])] == ["whole", ""]


@pytest.mark.parametrize("wild", [
    "  niamshe\n saa\u200b  moja ", "\ufeffniamshe sáa moja", unicodedata.normalize("NFD", "niamshe sáa ọ́jọ́ moja"), "a\u00adb c",
])  # fmt: skip
def test_slots_are_in_the_callers_own_string(assistant, wild):
    from lowres.serving.offsets import clean

    wanted = clean(wild)
    found, plain = assistant.read([Request(text=wild, locale="sw"), Request(text=wanted.text, locale="sw")])
    assert [slot.text for slot in found.slots] == [wild[slot.start : slot.end] for slot in found.slots]
    assert [(s.name, clean(s.text).text) for s in found.slots] == [(s.name, s.text) for s in plain.slots]
    assert found.confidence == pytest.approx(plain.confidence, rel=1e-5)


def test_confidences_are_probabilities_of_parts_and_of_the_whole(assistant):
    for reply in assistant.read([row[0] for row in ROUTES]):
        shares = [reply.confidence, reply.intent_confidence, *(slot.confidence for slot in reply.slots)]
        assert all(0 <= one <= 1 for one in shares) and reply.confidence <= min(shares) + 1e-9


def test_the_bundled_base_knows_where_it_was_launched():
    from pathlib import Path

    from lowres.model import base_folder
    from lowres.serving.assistant import launched_locales

    assert {"en-US", "de-DE", "ja-JP"} <= set(launched_locales(Path(base_folder("lowres-mini"))))
    assert launched_locales(Path("nowhere")) == []


def test_without_profiles_of_the_base_nothing_is_guessed(kitchen, adapters, tmp_path):
    learn_profile("x", SWAHILI).write(tmp_path / "p")
    installed = kitchen.installed(adapters["whole"], "sw-KE", "swh", profile=tmp_path / "p")
    found = Assistant("small", [installed], base_from=kitchen.folder, fast=False).read([Request(text=SWAHILI[0])])[0]
    assert (found.adapter, found.route) == ("", "unsure")


def test_the_fast_path_says_the_same_and_a_missing_one_is_survived(kitchen, adapters, monkeypatch):
    import sys

    pytest.importorskip("onnxruntime")
    installed = [kitchen.installed(adapters["whole"], "sw-KE", "swh")]
    requests = [Request(text=text, locale="sw") for text in SWAHILI]
    fast, plain = (Assistant("small", installed, base_from=kitchen.folder, fast=one) for one in (True, False))
    assert (fast.runs_on, plain.runs_on) == ("onnxruntime", "torch")
    for a, b in zip(fast.read(requests), plain.read(requests), strict=True):
        assert a.intent == b.intent and a.confidence == pytest.approx(b.confidence, rel=1e-3)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert Assistant("small", installed, base_from=kitchen.folder).runs_on == "torch"
    with pytest.raises(LowresError, match="onnxruntime is not installed"):
        Assistant("small", installed, base_from=kitchen.folder, fast=True)
