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
    cached = (phonology._epitran_maps, phonology._tables, phonology._transcriber, phonology._features,
              phonology.transcribe_word, phonology.distance)  # fmt: skip
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
@pytest.mark.parametrize(("code", "table"), [("swh", "swa-Latn"), ("amh", "amh-Ethi"), ("cym", "cym-Latn")])
def test_a_table_is_found_by_code_or_macrolanguage_and_script(code, table):
    assert phonology.table_of(read_language(code)) == table


@needs_epitran
def test_a_language_without_a_table_is_named():
    with pytest.raises(LowresError, match=r"eng.*no table eng-Latn.*languages/eng/ipa\.csv"):
        phonology.table_of(read_language("eng"))
    assert phonology.sounds(["alarm"], read_language("eng")) is None


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


# Pronunciations as dictionaries give them (the English Wiktionary among others), stress and syllables left out.
KNOWN = {
    "hye": """տուն tun ջուր d͡ʒuɾ հաց hɑt͡sʰ մարդ mɑɾtʰ որդի vɔɾtʰi երբ jɛɾpʰ շուն ʃun գիրք ɡiɾkʰ բարև bɑɾɛv սպասել əspɑsɛl
        մկնիկ məknik կյանք kjɑŋkʰ փոքր pʰɔkʰəɾ խնձոր χənd͡zɔɾ ձմեռ d͡zəmɛr ծառ t͡sɑr Հայաստան hɑjɑstɑn եմ ɛm ով ɔv""",
    "isl": """hestur hɛstʏr barn partn takk tʰahk maður maːðʏr hús huːs fjall fjatl nafn napn vatn vahtn epli ɛhplɪ hjarta çar̥ta
        dagur taːɣʏr mjólk mjoul̥k bók pouːk hvítur kʰviːtʏr kýr cʰiːr steinn steitn köttur kʰœhtʏr gera cɛːra ég jɛːɣ
        skóli skouːlɪ""",
    "urd": "پانی pɑːniː آج ɑːd͡ʒ گھر ɡ̤əɾ اچھا ət͡ʃʰɑː دن d̪ən یاد jɑːd̪ وقت ʋəqt̪ ایک eːk لڑکی ləɽkiː کتا kət̪ɑː",
}


@needs_epitran
@pytest.mark.parametrize(("code", "word", "ipa"), [
    (code, *pair) for code, known in KNOWN.items() for pair in zip(known.split()[::2], known.split()[1::2], strict=True)
])  # fmt: skip
def test_our_own_maps_say_words_as_dictionaries_do(code, word, ipa):
    assert phonology.transcribe(word, read_language(code)) == ipa


@needs_epitran
@pytest.mark.parametrize("code", KNOWN)
def test_panphon_knows_every_sound_of_our_own_maps(code):
    for sound in phonology.letters_of(phonology.table_of(read_language(code))).values():
        assert "".join(phonology.segments(sound)) == sound or sound == "\u0303"


@needs_epitran
@pytest.mark.parametrize("text", ["\u0301", "\u0651", "hello", "123 ?!", "ա" * 10_000, "\u200d", "日本"])
def test_what_a_table_does_not_know_is_left_out(text):
    assert phonology.transcribe(text, read_language("hye")) == ""


@needs_epitran
@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80), st.sampled_from(["hye", "isl", "urd", "swh"]))
def test_any_text_is_transcribed_without_an_error(text, code):
    assert set(phonology.transcribe(text, read_language(code))).isdisjoint("\t\n")


def card_with(folder, **files: str | bytes):
    """The Icelandic card among cards of the user's own, with files beside it."""
    place = folder / "languages" / "isl"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / f"ipa.{name.replace('_', '.')}").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_language("isl")


@needs_epitran
def test_a_map_of_the_users_own_with_its_rules_comes_first(tmp_path):
    language = card_with(tmp_path, csv="Orth,Phon\na,ɑ\nsh,ʃ\ns,s\n", pre_txt="% a note\nz -> s / _\n", post_txt="s -> θ / # _\n")
    assert phonology.transcribe("zasha sb", language, tmp_path) == "θɑʃɑ θ"


@needs_epitran
@pytest.mark.parametrize(("files", "error"), [
    ({"csv": ""}, r"ipa\.csv: an empty file"),
    ({"csv": b"Orth,Phon\n\xff,b\n"}, r"ipa\.csv:2: byte 0 is not utf-8"),
    ({"csv": 'Orth,Phon\n"a,b\n'}, r"ipa\.csv:2: a cell that cannot be read"),
    ({"csv": "a,b\n"}, r"ipa\.csv:1: no column 'Orth' in the header"),
    ({"csv": "Orth,Phon\n"}, "no letters"),
    ({"csv": "Orth,Phon\na,b,c\n"}, r"ipa\.csv:2"),
    ({"csv": "Orth,Phon\na,b\na,c\n"}, r"ipa\.csv:3: the letters 'a' again"),
    ({"csv": "Orth,Phon\na,b\n", "post_txt": "no rule\n"}, r"ipa\.post\.txt.*Line 1"),
    ({"csv": "Orth,Phon\na,b\n", "pre_txt": "a -> b / ::x:: _\n"}, r"ipa\.pre\.txt.*::x::"),
    ({"csv": "Orth,Phon\na,b\n", "pre_txt": "( -> b / _\n"}, r"ipa\.pre\.txt"),
])  # fmt: skip
def test_a_broken_map_is_one_line(tmp_path, files, error):
    language = card_with(tmp_path, **files)
    with pytest.raises(LowresError, match=error) as caught:
        phonology.transcribe("a", language, tmp_path)
    assert "\n" not in str(caught.value)


@needs_panphon
def test_segment_distances_are_near_for_voice_and_infinite_for_other_lengths():
    found = phonology.segment_distances(["t", "d", "a", "ta", "da", ""])
    assert found[0, 0] == 0 < found[0, 1] < found[0, 2] < 20
    assert found[3, 4] == found[0, 1] == found[1, 0]
    assert found[0, 3] == found[0, 5] == float("inf")
