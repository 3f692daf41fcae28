"""Which adapter a text goes to when nobody says whose language it is."""

import pytest

from lowres.identifier import learn_profile
from lowres.serving.installed import Installed
from lowres.serving.routing import Router

ENGLISH = ["wake me at seven", "play some music", "turn the light off", "what is the weather like"]
SWAHILI = ["niamshe saa moja", "cheza muziki", "zima taa ya jikoni", "hali ya hewa ikoje"]


@pytest.fixture
def installed(tmp_path):
    """An adapter for a locale, with a profile of texts."""

    def make(locale: str, language: str, texts: list[str]) -> Installed:
        path = tmp_path / f"{locale}.safetensors"
        learn_profile(locale, texts).write(path)
        return Installed(name=locale, version="1.0.0", language=language, locale=locale, folder=tmp_path, profile=path)

    return make


@pytest.mark.parametrize("locale", ["en-GB", "EN_gb", "eng-GB", "eng"])
def test_a_language_of_the_base_is_not_taken_away_by_a_guess(installed, locale):
    """The adapter's profile fits the texts better than the base's own: it would be sure, if it were asked."""
    british, swahili = installed(locale, "eng", 5 * ENGLISH), installed("sw-KE", "swh", SWAHILI)
    router = Router([british, swahili], ["en-US"], [learn_profile("en-US", ENGLISH)], sure=0.5)
    assert router.identified == ["en-US", "sw-KE"]
    assert [(router.route(text).adapter, router.route(text).locale) for text in ENGLISH] == [(None, "en-US")] * len(ENGLISH)
    assert router.route(SWAHILI[0]).adapter is swahili
    assert router.route(ENGLISH[0], locale=locale).adapter is british and router.route("", adapter=locale).adapter is british
