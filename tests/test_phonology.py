"""Sounds: tables found by code and script, transcription, segments and distances; epitran and panphon where installed."""

import subprocess
import sys
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres import phonology
from lowres.errors import LowresError
from lowres.language import read_language

needs_epitran = pytest.mark.skipif(find_spec("epitran") is None, reason="epitran is not installed: pip install 'lowres[sound]'")
needs_panphon = pytest.mark.skipif(find_spec("panphon") is None, reason="panphon is not installed: pip install 'lowres[sound]'")
ipa = st.text(st.sampled_from("ptkbdɡmnŋfvszʃhlrjwaeiouəɛɔ"), max_size=8)
ABSENT = {"epitran": ("table_of", "swh"), "panphon": ("segments", "pata")}


@pytest.fixture
def fresh_caches():
    """Nothing that an earlier test loaded counts, and nothing that this one loads stays."""
    cached = (phonology._tables, phonology._transcriber, phonology._features, phonology.transcribe_word, phonology.distance)
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


@pytest.mark.parametrize("package", ABSENT)
def test_without_the_package_one_line_says_how_to_get_it(package, monkeypatch, fresh_caches):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    function, argument = ABSENT[package]
    with pytest.raises(LowresError, match=rf"{package} is not installed.*lowres\[sound\]") as error:
        getattr(phonology, function)(read_language(argument) if package == "epitran" else argument)
    assert "\n" not in str(error.value)


def test_importing_the_module_loads_neither_package():
    asked = "import sys, lowres.phonology; print([n for n in ('epitran', 'panphon', 'pandas') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@needs_epitran
@pytest.mark.parametrize(("code", "table"), [("swh", "swa-Latn"), ("amh", "amh-Ethi"), ("urd", "urd-Arab")])
def test_a_table_is_found_by_code_or_macrolanguage_and_script(code, table):
    assert phonology.table_of(read_language(code)) == table


@needs_epitran
def test_a_language_without_a_table_is_named():
    with pytest.raises(LowresError, match="isl.*no table isl-Latn"):
        phonology.table_of(read_language("isl"))


@needs_epitran
def test_words_are_transcribed_one_by_one_whatever_their_case():
    swahili = read_language("swh")
    said = phonology.transcribe("Chakula  CHEMA", swahili)
    assert said == " ".join(phonology.transcribe(word, swahili) for word in ("chakula", "chema"))
    assert said.startswith("t͡ʃa") and len(said.split()) == 2
    assert phonology.transcribe("", swahili) == ""


@needs_panphon
def test_an_affricate_is_one_segment():
    assert phonology.segments("t͡ʃakula") == ["t͡ʃ", "a", "k", "u", "l", "a"]
    assert phonology.segments("") == []


@needs_panphon
def test_like_sounds_are_nearer_than_unlike_ones():
    assert phonology.distance("pata", "bata") < phonology.distance("pata", "mata") < phonology.distance("pata", "i")


@needs_panphon
@settings(deadline=None, max_examples=60)
@given(ipa, ipa)
def test_distance_is_a_symmetric_share_and_zero_for_the_same(a, b):
    assert phonology.distance(a, a) == 0
    assert 0 <= phonology.distance(a, b) <= 1
    assert phonology.distance(a, b) == pytest.approx(phonology.distance(b, a))


@needs_panphon
@settings(deadline=None, max_examples=60)
@given(ipa)
def test_segments_make_up_the_string(a):
    assert "".join(phonology.segments(a)) == a
