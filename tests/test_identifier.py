"""Languages told apart by rows that are each learnt alone."""

import numpy as np
import pytest

from lowres.errors import LowresError
from lowres.identifier import N_BUCKETS, Identifier, LanguageProfile, learn_profile, read_profile

TEXTS = {
    "sw-KE": ["niamshe saa moja asubuhi", "cheza muziki wa leo", "zima taa ya jikoni", "hali ya hewa ikoje kesho", "nikumbushe kesho"],
    "en-US": ["wake me at seven tomorrow", "play some music", "turn off the kitchen light", "what is the weather", "remind me later"],
    "el-GR": ["ξύπνα με στις επτά", "παίξε μουσική", "σβήσε το φως", "τι καιρό θα κάνει αύριο", "θύμισέ μου"],
}


@pytest.fixture(scope="module")
def profiles() -> list[LanguageProfile]:
    return [learn_profile(name, texts) for name, texts in TEXTS.items()]


def test_short_utterances_are_told_apart(profiles):
    identifier = Identifier(profiles)
    for text, name in (("cheza leo", "sw-KE"), ("play the weather", "en-US"), ("ΤΙ ΚΑΙΡΌ", "el-GR"), ("Zima   taa!", "sw-KE")):
        ranked = identifier.identify(text)
        assert ranked[0][0] == name and sorted(one for one, _ in ranked) == sorted(TEXTS)
        assert sum(share for _, share in ranked) == pytest.approx(1, abs=1e-4)
        assert identifier.choose(text) == name


def test_what_has_no_letters_is_no_language(profiles):
    identifier = Identifier(profiles)
    for text in ("", "7 30", "  "):
        assert all(share == pytest.approx(1 / 3, abs=1e-4) for _, share in identifier.identify(text))
        assert identifier.choose(text) == ""
    assert Identifier([]).identify("cheza") == [] and Identifier([]).choose("cheza") == ""


def test_another_language_changes_no_row(profiles):
    two, three = Identifier(profiles[:2]), Identifier(profiles)
    before, after = dict(two.identify("cheza muziki leo")), dict(three.identify("cheza muziki leo"))
    assert before["sw-KE"] / before["en-US"] == pytest.approx(after["sw-KE"] / after["en-US"], rel=1e-3)


def test_a_profile_is_read_back_and_is_small(profiles, tmp_path):
    path = tmp_path / "profile.safetensors"
    profiles[0].write(path)
    found = read_profile(path)
    assert found.name == "sw-KE" and np.array_equal(found.row, profiles[0].row) and found.row.dtype == np.float16
    assert path.stat().st_size < 2 * N_BUCKETS + 512


def test_a_profile_is_what_safetensors_reads(profiles, tmp_path):
    from safetensors.numpy import load_file

    profiles[0].write(tmp_path / "p.safetensors")
    (row,) = load_file(tmp_path / "p.safetensors").values()
    assert np.array_equal(row, profiles[0].row)


SPOILS = [lambda b: b[:-2], lambda b: b"", lambda b: b"\xff" * 40, lambda b: b[:-16] + b"\xff\x7f" * 8, lambda b: b[:30]]


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_broken_profile_is_refused_in_one_line(profiles, tmp_path, spoil):
    path = tmp_path / "p.safetensors"
    profiles[0].write(path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(LowresError) as error:
        read_profile(path)
    assert "\n" not in str(error.value)


def test_a_thousand_languages_are_compared_at_once(profiles):
    identifier = Identifier([LanguageProfile(name=f"l{i}", row=np.roll(profiles[0].row, i)) for i in range(1000)])
    ranked = identifier.identify("niamshe saa moja")
    assert ranked[0][0] == "l0" and len(ranked) == 1000
