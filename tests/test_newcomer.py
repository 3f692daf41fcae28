"""`lowres new`: what is written for a language nobody prepared reads back, and what is missing is said."""

import pytest

from lowres.errors import LowresError
from lowres.language import read_card
from lowres.newcomer import uriel, write_newcomer
from lowres.recipe import read_recipe


@pytest.fixture(autouse=True)
def nothing_at_hand(tmp_path, monkeypatch):
    """No mirror and an empty cache; the network is never asked."""
    monkeypatch.delenv("LOWRES_MIRROR", raising=False)
    monkeypatch.setenv("LOWRES_CACHE", str(tmp_path / "cache"))

    def asked(*args, **options):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("lowres.catalog._download", asked)


def found(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("found: ")]


def missing(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.startswith("missing: "))


@pytest.mark.parametrize(
    ("locale", "dataset", "code", "english", "word_order", "script", "tested"),
    [
        ("yo-NG", "injongo", "yor", "Yoruba", "SVO", "Latn", "yo-NG"),
        ("kk", "xsid", "kaz", "Kazakh", "SOV", "Cyrl", "kk"),
        ("kaz", None, "kaz", "Kazakh", "SOV", "Cyrl", "kk"),
    ],
)
def test_from_a_mirror_come_card_and_recipe(
    tmp_path, mirror, locale, dataset, code, english, word_order, script, tested
):
    said = write_newcomer(locale, tmp_path, dataset=dataset, mirror=mirror)
    card = read_card(tmp_path / "languages" / code / "card.yaml")
    assert (card.name, card.typology.word_order, card.script) == (english, word_order, script)
    assert card.glottocode and card.direction == "ltr" and card.bcp47 == tested[:2]
    file = read_recipe(tmp_path / f"{code}-{dataset or 'xsid'}.yaml")
    assert file.recipe.language == code and file.recipe.evaluate[0].locale == tested == file.locale
    assert card.features.agree == {} and {"auxiliaries", "drop_articles", "order"} <= set(file.recipe.synthesize.rules)
    assert file.recipe.source.locale.startswith("en") and file.recipe.resources.lexicons
    assert "word order from URIEL" in said and f"recipe: {tmp_path}" in said and "next: lowres check" in said


def test_without_a_mirror_what_is_missing_is_said_with_its_cost(tmp_path):
    said = write_newcomer("yo-NG", tmp_path, dataset="injongo")
    assert "no glottocode" in missing(said) and "the card says SVO" in missing(said)
    card = read_card(tmp_path / "languages/yor/card.yaml")
    assert (card.name, card.bcp47, card.script, card.glottocode) == ("Yoruba", "yo", "Latn", "")
    assert read_recipe(tmp_path / "yor-injongo.yaml").recipe.language == "yor"
    assert any("to be fetched from" in line for line in found(said))


def test_a_language_with_nothing_at_all_is_told_so(tmp_path):
    said = write_newcomer("qab", tmp_path)
    for lack in ("test utterances", "a dictionary", "a UniMorph table", "text"):
        assert lack in missing(said)
    file = read_recipe(tmp_path / "qab-massive.yaml")
    assert file.recipe.evaluate == () and file.locale == "qab" and not file.recipe.resources.lexicons
    assert "inflect" not in file.recipe.synthesize.rules


def test_names_numbers_and_clock_are_cldrs_or_asked_for(tmp_path):
    """What CLDR has is used by default; what nobody wrote is asked for, and read once it is there."""
    said = write_newcomer("yo-NG", tmp_path, dataset="injongo")
    recipe = read_recipe(tmp_path / "yor-injongo.yaml").recipe
    assert recipe.resources.cldr and "countries of CLDR (Unicode-3.0)" in said
    assert recipe.synthesize.rules[:4] == ("look_up", "localise", "clock", "numbers")
    beside = tmp_path / "languages" / "yor"
    for lack in (f"local names: {beside / 'entities.tsv'}", f"number words: {beside / 'numbers.tsv'}", "the clock: a section 'clock'"):
        assert lack in missing(said)
    (beside / "numbers.tsv").write_text("value\tform\n1\tọ̀kan\n", encoding="utf-8")
    (beside / "entities.tsv").write_text("kind\tname\nplace\tÌbàdàn\n", encoding="utf-8")
    said = write_newcomer("yo-NG", tmp_path, dataset="injongo")
    assert "local names" not in missing(said) and "found: number words" in said
    assert "found: number words" in write_newcomer("kk", tmp_path)


def test_a_language_that_cldr_lacks_has_no_names_of_it(tmp_path):
    write_newcomer("qab", tmp_path)
    assert not read_recipe(tmp_path / "qab-massive.yaml").recipe.resources.cldr


def test_right_to_left_scripts_are_written_so(tmp_path):
    write_newcomer("ckb", tmp_path)
    assert read_card(tmp_path / "languages/ckb/card.yaml").direction == "rtl"


def test_the_script_of_the_tag_is_kept(tmp_path):
    write_newcomer("kk-Latn", tmp_path)
    assert read_card(tmp_path / "languages/kaz/card.yaml").script == "Latn"


@pytest.mark.parametrize(
    ("locale", "part"),
    [
        ("swa", "a macrolanguage, it covers swc, swh"),
        ("que", "a macrolanguage"),
        ("xx-YY", "no such language code"),
        ("", "no such language code"),
        ("Yoruba!", "no such language code"),
    ],
)
def test_what_names_no_individual_language_is_refused(tmp_path, locale, part):
    with pytest.raises(LowresError, match=part) as caught:
        write_newcomer(locale, tmp_path)
    assert "\n" not in str(caught.value) and not list(tmp_path.glob("*.yaml"))


def test_an_unknown_data_set_is_told_the_nearest_before_anything_is_written(tmp_path):
    with pytest.raises(LowresError, match="--dataset: no labelled English data set 'masive'; did you mean 'massive'?"):
        write_newcomer("yo-NG", tmp_path, dataset="masive")
    assert not list(tmp_path.iterdir())


def test_files_that_are_there_are_kept(tmp_path):
    write_newcomer("yo-NG", tmp_path, dataset="injongo")
    card, recipe = tmp_path / "languages/yor/card.yaml", tmp_path / "yor-injongo.yaml"
    for path in (card, recipe):
        path.write_text("# mine\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = card.read_bytes(), recipe.read_bytes()
    said = write_newcomer("yo-NG", tmp_path, dataset="injongo")
    assert (card.read_bytes(), recipe.read_bytes()) == before and "kept as it is" in said and f"a card, {card}" in said


def test_a_bundled_card_is_used(tmp_path):
    said = write_newcomer("sw-KE", tmp_path, dataset="injongo")
    assert "found: a card, " in said and not (tmp_path / "languages").exists()
    assert read_recipe(tmp_path / "swh-injongo.yaml").recipe.evaluate[0].locale == "sw-KE"


def test_half_a_data_set_is_not_at_hand(tmp_path, mirror):
    """Only one of lang2vec's files: what is not whole is not used, and the network is not asked for the rest."""
    from lowres.catalog import read_catalog

    first = read_catalog()["lang2vec"].files[0].path
    (tmp_path / "half" / first).parent.mkdir(parents=True)
    (tmp_path / "half" / first).write_bytes((mirror / first).read_bytes())
    assert uriel("kaz", tmp_path / "half") == {}
    assert "no URIEL at hand" in write_newcomer("kk", tmp_path, mirror=tmp_path / "half")


def test_uriel_prefers_what_sources_say(mirror):
    values = uriel("kaz", mirror)
    assert (
        values["S_SOV"] > values["S_SVO"]
        and all(0 <= value <= 1 for value in values.values())
        and uriel("qab", mirror) == {}
    )


def test_verses_with_an_english_side_are_aligned(tmp_path, mirror):
    said = write_newcomer("zul", tmp_path, mirror=mirror)
    resources = read_recipe(tmp_path / "zul-massive.yaml").recipe.resources
    assert [one.dataset for one in resources.bitexts] == ["bible-zul"] and "bible-zul has an English side" in said
    write_newcomer("yo-NG", tmp_path, dataset="injongo", mirror=mirror)
    assert not read_recipe(tmp_path / "yor-injongo.yaml").recipe.resources.bitexts


@pytest.mark.parametrize(
    ("locale", "code", "related"),
    [
        ("nap", "nap-xsid", ["gatitos-scn"]),
        ("kk", "kaz-xsid", ["gatitos-bak"]),
        ("rw", "kin-massive", ["gatitos-run"]),
        ("th", "tha-massive", []),  # Shan is near and writes otherwise
        ("gsw", "gsw-xsid", []),
        ("qab", "qab-massive", []),
    ],
)
def test_words_are_borrowed_from_the_nearest_relative(tmp_path, mirror, locale, code, related):
    said = write_newcomer(locale, tmp_path, mirror=mirror)
    recipe = read_recipe(tmp_path / f"{code}.yaml").recipe
    assert [one.dataset for one in recipe.resources.related] == related
    assert ("cognates" in recipe.synthesize.rules) is bool(related) is ("near relative" in said)


def test_english_function_words_that_nothing_renders_stay(tmp_path):
    """Left out they cost a new language more than they hid: benchmarks/README.md."""
    write_newcomer("tr-TR", tmp_path)
    rules = read_recipe(tmp_path / "tur-massive.yaml").recipe.synthesize.rules
    assert rules.index("cases") < rules.index("order") < rules.index("transliterate") and "drop_function_words" not in rules


def test_what_may_not_be_redistributed_is_named_and_left_out(tmp_path):
    said = write_newcomer("is-IS", tmp_path, dataset="massive")
    assert "subtitles-isl (unknown, to be fetched from" in said and "left out, its licence allows experiments only" in said
    text = (tmp_path / "isl-massive.yaml").read_text(encoding="utf-8")
    assert "subtitles-isl" not in text and "udhr-isl" in text
