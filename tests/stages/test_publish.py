"""What a package says that it was made from."""

from types import SimpleNamespace

from lowres.corrections import Correction
from lowres.registry.package import Source
from lowres.stages import publish


def test_people_who_corrected_the_dictionary_are_named_once(monkeypatch):
    run = SimpleNamespace(recipe=SimpleNamespace(language="swh"))
    said = [Correction(source=word, target="taa", upos="", author=who, date="2026-01-02") for word, who in (("a", "Asha"), ("b", "Juma"), ("c", "Asha"))]
    monkeypatch.setattr(publish, "corrections_of", lambda run: said)
    assert publish._corrections(run) == [Source(name="corrections-swh", use="corrections", licence="CC0-1.0", citation="Asha, Juma")]
    monkeypatch.setattr(publish, "corrections_of", lambda run: [])
    assert publish._corrections(run) == []
