"""Verbs of models that recipes build on: bases and taggers."""

from pathlib import Path
from typing import Annotated

import typer

from lowres.cli.options import Mirror, app


@app.command()
def pretrain(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="a pretraining file")],
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="where the base goes")] = Path("models"),
    begin_at: Annotated[str, typer.Option("--continue", metavar="BASE", help="begin at a base's weights: a name or a folder")] = "",
    mirror: Mirror = None,
) -> None:
    """Train a tokenizer and a small multilingual base; goes on from its checkpoint.

    Example:  lowres pretrain resources/models/lowres-mini.yaml --folder models

    Example:  lowres pretrain calls.yaml --continue lowres-mini
    """
    from lowres.model import base_folder
    from lowres.pretraining import read_pretrain_config
    from lowres.pretraining.training import pretrain
    from lowres.progress import training_bar

    settings = read_pretrain_config(config)
    with training_bar("pretrain", unit="pieces") as on_progress:
        base = Path(base_folder(begin_at)) if begin_at else None
        pretrain(settings, folder / settings.name, mirror=mirror, on_progress=on_progress, data_from=config.parent, base=base)


@app.command()
def distil(
    teacher: Annotated[str, typer.Argument(metavar="TEACHER", help="a base or any encoder: a name, a folder, a name on the Hub")],
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="a smaller one, likewise")],
    config: Annotated[Path, typer.Option("--on", metavar="CONFIG", help="a distillation file: which text, how long")],
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="where the distilled base goes")] = Path("models"),
    mirror: Mirror = None,
) -> None:
    """Teach a small encoder what a larger one makes of text without labels; goes on from its checkpoint.

    Example:  lowres distil models/teacher lowres-mini --on small.yaml
    """
    from lowres.pretraining.config import read_distil_config
    from lowres.pretraining.distilling import distil
    from lowres.progress import training_bar

    settings = read_distil_config(config)
    with training_bar("distil", unit="pieces") as on_progress:
        distil(settings, teacher, student, folder / settings.name, mirror, on_progress, data_from=config.parent)


@app.command()
def probe(
    base: Annotated[str, typer.Argument(metavar="BASE", help="lowres-mini, a folder, or a name on the Hub whose heads are beside it")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where tables and map go")] = Path("probe"),
    mirror: Mirror = None,
    limit: Annotated[int, typer.Option("--limit", min=0, metavar="N", help="texts of each set at most; 0 for all")] = 0,
    locale: Annotated[list[str] | None, typer.Option("--locale", metavar="TAG", help="a locale of MASSIVE; again for more")] = None,
) -> None:
    """Look inside a base: translations found, zero-shot labels, pieces per word, and a map of the languages.

    Example:  lowres probe lowres-mini --mirror ../shared/data --out probe
    """
    from lowres.stages.probe import format_probe
    from lowres.stages.probe import probe as look_inside

    print(format_probe(look_inside(base, out, mirror=mirror, limit=limit, locales=locale or ())), end="")


@app.command()
def tagger(
    treebanks: Annotated[list[Path], typer.Argument(metavar="TREEBANK...", help="CoNLL-U; named twice, one counts twice")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where weights and card go; a recipe's source_tagger")],
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="ISO 639-3; eng: clitics and requests as in English")] = "",
    spoken: Annotated[bool, typer.Option("--spoken", help="learn each sentence in lower case without punctuation, too")] = False,
    epochs: Annotated[int, typer.Option("--epochs", min=1, max=1000)] = 6,
    dev: Annotated[list[Path] | None, typer.Option("--dev", metavar="FILE", help="a treebank to measure on")] = None,
    licence: Annotated[str, typer.Option("--licence", help="of the treebanks, for the card")] = "",
) -> None:
    """Train a tagger that reads source utterances: part of speech, features, lemma.

    Example:  lowres tagger de_gsd-ud-train.conllu --out models/german-tagger --language deu --spoken
    """
    from lowres.stages.tagger import make_tagger

    card = make_tagger(treebanks, out, language=language, copies=spoken, epochs=epochs, dev=dev or (), licence=licence)
    print(card, end="")
