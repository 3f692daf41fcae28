"""`lowres tagger`: a tagger for a source language from treebanks, and the card beside it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lowres.errors import LowresError
from lowres.progress import progress_bar
from lowres.run import write_whole
from lowres.tagger import TaggedWord, Tagger
from lowres.tagger.files import TAGGER, write_tagger
from lowres.tagger.training import train_tagger
from lowres.treebank import accuracy, read_tagged, spoken, with_commands


def make_tagger(
    treebanks: Sequence[Path], folder: Path, *, language: str = "", copies: bool = False, epochs: int = 6,
    dev: Sequence[Path] = (), licence: str = "",
) -> str:  # fmt: skip
    """Train on CoNLL-U files (one named several times counts as often), write weights and card into `folder`.

    `copies`: sentences also as they are spoken. Gives the card.
    """
    sentences = [sentence for path in treebanks for sentence in lessons(path, language, copies)]
    if not sentences:
        raise LowresError(treebanks[0] if treebanks else folder, "no sentence", "a treebank in CoNLL-U")
    with progress_bar("tagger", epochs) as advance:
        tagger = train_tagger(sentences, epochs=epochs, language=language, on_epoch=lambda _: advance(1))
    folder.mkdir(parents=True, exist_ok=True)
    write_tagger(folder / TAGGER, tagger)
    card = _card(tagger, treebanks, folder, copies, epochs, dev, licence)
    write_whole(folder / "README.md", card)
    return card


def lessons(path: Path, language: str, copies: bool) -> list[list[TaggedWord]]:
    """The sentences of a treebank as they are trained on."""
    out = []
    for sentence in read_tagged([path], language):
        said = spoken(sentence)
        if language == "eng" and said == sentence:
            sentence = said = with_commands(sentence)
        out += [sentence, said] if copies and said and said != sentence else [sentence]
    return out


def _card(tagger: Tagger, treebanks, folder: Path, copies: bool, epochs: int, dev, licence: str) -> str:
    times = Counter(treebanks)
    options = [f"--language {tagger.language}"] * bool(tagger.language) + ["--spoken"] * copies + [f"--epochs {epochs}"]
    options += [f"--dev {path.name}" for path in dev] + [f'--licence "{licence}"'] * bool(licence)
    lines = [f"# Tagger of {folder.name}", "", "Averaged perceptron and lemma edits, trained by", ""]
    lines += [f"    lowres tagger {' '.join(path.name for path in treebanks)} --out {folder.name} {' '.join(options)}", ""]
    lines += [f"Licence: {licence or 'that of the treebanks'}. {len(tagger.tags)} tags, {len(tagger.weights):,} features.", ""]
    lines += ["| trained on | times |", "|---|---:|", *(f"| {path.name} | {n} |" for path, n in times.items())]
    if dev:
        lines += ["", "| words of the treebank, as written and cased | UPOS | UPOS and features |", "|---|---:|---:|"]
    for path in dev:
        shares = accuracy(tagger, read_tagged([path], tagger.language))
        lines.append(f"| {path.name} | {' | '.join(f'{share:.1%}' for share in shares)} |")
    return "\n".join([*lines, ""])
