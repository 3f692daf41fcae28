"""Treebanks as they are trained on: joint tags, whole words, spoken copies, commands; and the verb that trains."""

import shutil

import pytest

from lowres.analysis import analyse, source_tagger
from lowres.errors import LowresError
from lowres.stages.tagger import make_tagger
from lowres.tagger.files import TAGGER
from lowres.treebank import accuracy, joint_tag, read_tagged, spoken, with_commands


@pytest.mark.parametrize(
    ("upos", "feats", "tag"),
    [
        ("VERB", "Mood=Imp|VerbForm=Fin|Person=2", "VERB|2;IMP"), ("NOUN", "Number=Plur", "NOUN|PL"), ("ADP", "_", "ADP|"),
        ("ADJ", "Degree=Sup|Number=Sing", "ADJ|SPRL"), ("VERB", "Mood=Ind|Number=Plur|Person=1|Tense=Pres", "VERB|PRS"),
        ("AUX", "Mood=Ind|Number=Sing|Person=3|Tense=Pres", "AUX|3;PRS;SG"), ("VERB", "Person=3|Tense=Past", "VERB|PST"),
    ],
)  # fmt: skip
def test_tags_are_learnt_from_universal_dependencies(upos, feats, tag):
    assert joint_tag(upos, feats) == tag


def test_agreement_of_verbs_stays_in_other_languages():
    assert joint_tag("VERB", "Mood=Ind|Number=Plur|Person=1|Tense=Pres", "spa") == "VERB|1;PL;PRS"


def conllu(*sentences: str) -> str:
    """Sentences of "form/lemma/UPOS/FEATS" as CoNLL-U; a word before "+" is written together with those after it."""
    lines = []
    for sentence in sentences:
        number = 0
        for written in sentence.split():
            parts = written.split("+")
            if len(parts) > 1:
                lines.append("\t".join([f"{number + 1}-{number + len(parts) - 1}", parts.pop(0), *"________"]))
            for form, lemma, upos, feats in (part.split("/") for part in parts):
                number += 1
                lines.append("\t".join([str(number), form, lemma, upos, "_", feats, *"____"]))
        lines.append("")
    return "\n".join([*lines, ""])


# An invented language: verbs end in -o, plural nouns in -ak, "sul" is "su" (in) and "il" (the) written as one.
INVENTED = conllu(
    "Lumo/lumi/VERB/Mood=Imp il/il/DET/_ batak/bat/NOUN/Number=Plur ././PUNCT/_",
    "kemo/kemi/VERB/Mood=Imp il/il/DET/_ dorak/dor/NOUN/Number=Plur",
    "il/il/DET/_ bat/bat/NOUN/Number=Sing",
    "sul+su/su/ADP/_+il/il/DET/_ dor/dor/NOUN/Number=Sing lumo/lumi/VERB/Mood=Imp",
    "kemo/kemi/VERB/Mood=Imp sul+su/su/ADP/_+il/il/DET/_ fenak/fen/NOUN/Number=Plur",
    "vano/vani/VERB/Mood=Imp il/il/DET/_ bat/bat/NOUN/Number=Sing",
    "don't/don't/NOUN/Number=Sing kemo/kemi/VERB/Mood=Imp",
)


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """The folder of a tagger for the invented language."""
    folder = tmp_path_factory.mktemp("invented")
    (folder / "qaa-train.conllu").write_text(INVENTED, encoding="utf-8")
    card = make_tagger([folder / "qaa-train.conllu"] * 2, folder / "tagger", language="qaa", copies=True, epochs=4,
                       dev=[folder / "qaa-train.conllu"], licence="CC0-1.0")  # fmt: skip
    assert card == (folder / "tagger" / "README.md").read_text(encoding="utf-8")
    assert "--language qaa --spoken --epochs 4" in card and "CC0-1.0" in card and "| qaa-train.conllu | 2 |" in card
    assert "| qaa-train.conllu | 100.0% | 100.0% |" in card
    return folder / "tagger"


def test_another_language_is_read_from_its_treebank(invented):
    tokens = analyse("rumo il sorak!", source_tagger(invented))
    assert [(t.form, t.upos) for t in tokens] == [("rumo", "VERB"), ("il", "DET"), ("sorak!", "NOUN")]
    assert tokens[0].features == {"IMP"} and tokens[2].features == {"PL"}
    assert (tokens[0].lemma, tokens[2].lemma) == ("rumi", "sor")


def test_what_is_written_together_is_one_word_with_the_tag_of_its_first_content_word(invented):
    token = analyse("sul bat", source_tagger(invented))[0]
    assert (token.upos, token.lemma) == ("ADP", "su")


def test_english_clitics_and_requests_are_left_alone(invented):
    tokens = analyse("don't kemo", source_tagger(invented))
    assert (tokens[0].lemma, tokens[0].features) == ("don't", {"SG"})
    assert "NEG" in analyse("don't go")[0].features


def test_a_recipe_names_its_tagger_and_is_stale_when_it_changes(toy, tiny_base, invented, lowres):
    shutil.copytree(tiny_base, toy / "tiny")
    shutil.copytree(invented, toy / "mine")
    plain = lowres("synthesize", "toy.yaml", cwd=toy)
    english = (toy / "runs/toy/synthesize/pairs.jsonl").read_text(encoding="utf-8")
    text = (toy / "toy.yaml").read_text(encoding="utf-8")
    (toy / "toy.yaml").write_text(text.replace("language: qaa", "source_tagger: mine\nlanguage: qaa"), encoding="utf-8")
    done = lowres("synthesize", "toy.yaml", cwd=toy)
    assert plain.rc == 0 and done.rc == 0 and "synthesize: done" in done.err
    assert (toy / "runs/toy/synthesize/pairs.jsonl").read_text(encoding="utf-8") != english
    (toy / "mine" / TAGGER).write_bytes(b"")
    done = lowres("synthesize", "toy.yaml", cwd=toy)
    assert done.rc == 1 and done.err.count("\n") == 1 and "not a tagger" in done.err


def test_the_tagger_is_read_once(invented):
    assert source_tagger(invented) is source_tagger(invented)


def test_no_sentence_is_an_error_of_one_line(tmp_path):
    (tmp_path / "a.conllu").write_text("# text = nothing\n\n", encoding="utf-8")
    with pytest.raises(LowresError, match=r"a\.conllu.*no sentence"):
        make_tagger([tmp_path / "a.conllu"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_treebank_is_read_in_syntactic_words_for_english_and_as_written_for_others(tmp_path):
    (tmp_path / "a.conllu").write_text(conllu("Don't+Do/do/AUX/_+n't/not/PART/_ Go/go/VERB/_ ././PUNCT/_"), encoding="utf-8")
    syntactic, written = (next(read_tagged([tmp_path / "a.conllu"], language)) for language in ("eng", "qaa"))
    assert [form for form, _, _ in syntactic] == ["Do", "n't", "Go", "."]
    assert [form for form, _, _ in written] == ["Don't", "Go", "."]
    assert spoken(written) == [("don't", "AUX|", "do"), ("go", "VERB|", "go")]


def test_a_bare_verb_in_front_of_a_request_is_a_command():
    show = [("please", "INTJ|", "please"), ("show", "VERB|NFIN", "show"), ("flights", "NOUN|PL", "flight")]
    assert [tag for _, tag, _ in with_commands(show)] == ["INTJ|", "VERB|2;IMP", "NOUN|PL"]
    subject = [("i", "PRON|", "i"), ("show", "VERB|PRS", "show")]
    assert with_commands(subject) == subject


def test_accuracy_counts_words(invented):
    gold = [[("kemo", "VERB|IMP", "kemi"), ("batak", "NOUN|SG", "bat"), ("il", "ADP|", "il"), ("il", "DET|", "il")]]
    assert accuracy(source_tagger(invented), gold) == (0.75, 0.5)
