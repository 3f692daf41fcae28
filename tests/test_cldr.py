"""CLDR's names as a dictionary: what a language has of its own, in its script, and nothing inherited."""

from dataclasses import replace

import pytest

from lowres.cldr import cldr_entries, cldr_locale
from lowres.language import Language, read_language
from lowres.lexicon import build_lexicon

SWAHILI = read_language("swh")


def language(tag: str, script: str = "Latn") -> Language:
    return replace(SWAHILI, bcp47=tag, script=script)


def names(tag: str, script: str = "Latn") -> dict[str, str]:
    return {one.entry.left: one.entry.right for one in cldr_entries(language(tag, script))}


@pytest.mark.parametrize(
    ("tag", "script", "english", "name"),
    [
        ("sw", "Latn", "monday", "Jumatatu"),
        ("sw", "Latn", "january", "Januari"),
        ("sw", "Latn", "morning", "asubuhi"),  # not alfajiri, which ends at dawn
        ("cy", "Latn", "tuesday", "Dydd Mawrth"),
        ("cy", "Latn", "noon", "canol dydd"),
        ("is", "Latn", "germany", "Þýskaland"),
        ("hy", "Armn", "january", "հունվար"),  # as it stands alone, not the genitive of dates
        ("ur", "Arab", "friday", "جمعہ"),
        ("am", "Ethi", "kenya", "ኬንያ"),
        ("yo", "Latn", "wednesday", "Ọjọ́rú"),
        ("kk", "Cyrl", "turkey", "Түркия"),
        ("wo", "Latn", "monday", "Altine"),
        ("sr", "Latn", "friday", "petak"),
        ("sr", "Cyrl", "friday", "петак"),
        ("sw", "Latn", "us dollar", "dola ya Marekani"),
        ("sw", "Latn", "english", "Kiingereza"),
    ],
)
def test_names_are_those_of_the_language_in_its_script(tag, script, english, name):
    assert names(tag, script)[english] == name


@pytest.mark.parametrize(("tag", "script"), [("qab", "Latn"), ("nap", "Latn"), ("rw", "Latn")])
def test_what_cldr_does_not_know_is_not_made_up(tag, script):
    """No "Sun" and no "M01" of the root, no name of another language."""
    found = names(tag, script)
    assert found.get("sunday") in (None, "Ku cyumweru") and found.get("january") in (None, "Mutarama")
    assert "kenya" not in found and cldr_locale(language("qab")) == ""


def test_other_scripts_are_left_out():
    assert names("sw", "Arab") == {} and len(names("sw")) > 700


def test_one_language_does_not_change_another():
    before = names("wo")
    names("rw")
    assert names("wo") == before and before["january"] == "Samwiyee"


def test_they_are_entries_like_others():
    lexicon = build_lexicon(cldr_entries(SWAHILI))
    found = lexicon.translations["ivory coast" if "ivory coast" in lexicon.translations else "côte d'ivoire"]
    assert found[0].lexicon == "cldr" and lexicon.translations["monday"][0].upos == "PROPN"
    assert "myanmar" in lexicon.translations  # without "(Burma)"
