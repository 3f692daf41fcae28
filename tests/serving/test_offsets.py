"""Places in the text that is read are places in the caller's own string."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.serving.offsets import clean

_DROPPED = "\u200b\u2060\ufeff\u00ad"
_HARD = "a e o\u0301\u0323\u0308 \n\t\u200b\ufeff\u00ad\u1100\u1161\u11a8\uac00\u0d46\u0d3e\u09c7\u09be\u2000\u200d"
WORDS = ["café", "ñandú", "한국어", "saa", "ọ́jọ́", "ሰላም"]
RAW = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(_HARD)), max_size=14)


@settings(max_examples=500, deadline=None)
@given(RAW, st.data())
def test_offsets_lead_back_into_the_callers_string(raw, data):
    found = clean(raw)
    kept = "".join(letter for letter in raw if letter not in _DROPPED)
    assert found.text == " ".join(unicodedata.normalize("NFC", kept).split())
    assert len(found.starts) == len(found.ends) == len(found.text)
    assert list(found.starts) == sorted(found.starts) and list(found.ends) == sorted(found.ends)
    if found.text:
        start = data.draw(st.integers(0, len(found.text) - 1))
        begin, end = found.span(start, data.draw(st.integers(start + 1, len(found.text))))
        assert 0 <= begin < end <= len(raw)
        assert clean(raw[slice(*found.span(0, len(found.text)))]).text == found.text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.sampled_from(["NFC", "NFD"]), st.data())
def test_every_word_is_found_again_in_whatever_form_it_was_written(words, form, data):
    raw, places = "", []
    for word in words:
        raw += data.draw(st.sampled_from([" ", "\n ", "\ufeff\t", "\u200b  "]))
        written = unicodedata.normalize(form, word)
        at = data.draw(st.integers(0, len(written)))
        places.append((len(raw), len(raw) + len(written) + (0 < at < len(written))))
        raw += written[:at] + ("\u00ad" if 0 < at < len(written) else "") + written[at:]
    found, at = clean(raw), 0
    for word, place in zip(words, places, strict=True):
        word = unicodedata.normalize("NFC", word)
        assert found.text[at : at + len(word)] == word and found.span(at, at + len(word)) == place
        at += len(word) + 1


def test_plain_text_is_as_it_is():
    assert clean("wake me").text == "wake me" and clean("wake me").span(5, 7) == (5, 7)
    assert clean(" \n\u200b").text == "" and clean("").text == ""
