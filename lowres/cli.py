"""The command line: one function per verb, no logic; exit 0 done, 1 a LowresError in one line, 2 usage."""

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lowres.errors import LowresError

app = typer.Typer(
    name="lowres",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Bring a new language to a voice assistant from a dictionary and a grammar table.\n\n"
    "Start with:  lowres run swh-demo",
)  # fmt: skip

RecipePath = Annotated[Path, typer.Argument(metavar="RECIPE", help="a recipe file, or the name of a bundled recipe")]
Runs = Annotated[Path, typer.Option("--runs", metavar="DIR", help="where run folders are")]
Mirror = Annotated[Path | None, typer.Option("--mirror", metavar="DIR", envvar="LOWRES_MIRROR", help="a folder that holds the data sets")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="for synthesis; the result is the same")]
Force = Annotated[bool, typer.Option("--force", help="make it again even if it is fresh")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)
ADAPTER_HELP = "a run folder or an adapter folder"


def _open(recipe: Path, runs: Path, mirror: Path | None, jobs: int = 1):
    from lowres.recipe import read_recipe
    from lowres.run import open_run

    return open_run(read_recipe(recipe), runs, mirror=mirror, jobs=jobs)


def _stage(name: str, recipe: Path, runs: Path, mirror: Path | None, jobs: int, force: bool):
    from lowres.run import do_stage
    from lowres.stages import STAGES

    run = _open(recipe, runs, mirror, jobs)
    worked = do_stage(run, STAGES[name], force=force)
    _say(f"{name}: {'done' if worked else 'fresh'}, {run.folder / name}")
    return run


def _say(text: str) -> None:
    print(text, file=sys.stderr)


@app.command()
def new(
    locale: Annotated[str, typer.Argument(metavar="LOCALE", help="a BCP 47 tag such as yo-NG, or an ISO 639-3 code")],
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="where the recipe goes")] = Path("recipes"),
    dataset: Annotated[str | None, typer.Option("--dataset", help="labelled utterances to learn from and to test on")] = None,
    mirror: Mirror = None,
) -> None:
    """Write a card and a recipe for a language nobody prepared, and say what is missing.

    Example:  lowres new yo-NG --dataset injongo --mirror ../shared/data
    """
    from lowres.newcomer import write_newcomer

    print(write_newcomer(locale, folder, dataset=dataset, mirror=mirror))


@app.command()
def fetch(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="data sets of the catalogue")],
    mirror: Mirror = None,
) -> None:
    """Bring data sets into the cache, every file checked against its hash.

    Example:  lowres fetch massive unimorph-swc
    """
    from lowres.catalog import fetch_all

    for path, origin in fetch_all(names, mirror=mirror):
        print(f"{path}\t{origin}")


@app.command()
def check(recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None) -> None:
    """Read everything that a recipe names; prove that training and test are apart; say what is fresh.

    Example:  lowres check recipes/swh-massive.yaml
    """
    from lowres.stages.check import check_run

    print(check_run(_open(recipe, runs, mirror)))


@app.command()
def synthesize(
    recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, jobs: Jobs = 1, force: Force = False
) -> None:
    """Make pseudo-labelled utterances of the language: pairs.jsonl and its report.

    Example:  lowres synthesize recipes/swh-massive.yaml --jobs 2
    """
    _stage("synthesize", recipe, runs, mirror, jobs, force)


@app.command()
def gloss(
    recipe: RecipePath,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="of pairs (12:0) or of source utterances (12)")] = None,
    intent: Annotated[str, typer.Option("--intent", metavar="NAME", help="pairs of an intent instead of ids")] = "",
    n: Annotated[int, typer.Option("--n", min=1, help="how many of the intent")] = 5,
    steps: Annotated[bool, typer.Option("--steps", help="the pair after each rule that changes it, too")] = False,
    ipa: Annotated[bool, typer.Option("--ipa", help="show the sounds, too (needs lowres[sound])")] = False,
    runs: Runs = Path("runs"), mirror: Mirror = None, json: Json = False,
) -> None:  # fmt: skip
    """Show pairs word by word: interlinear glosses in the Leipzig manner, with lemma, features and origin.

    Example:  lowres gloss swh-demo 12 31:1 --steps
    """
    from lowres.stages.gloss import gloss_pairs, print_glosses

    run = _open(recipe, runs, mirror)
    print_glosses(run, gloss_pairs(run, ids or [], intent=intent, n=n, steps=steps), steps=steps, ipa=ipa, json=json)


@app.command()
def adapt(recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, force: Force = False) -> None:
    """Train the language's adapter on the pairs; goes on from a checkpoint.

    Example:  lowres adapt recipes/swh-massive.yaml
    """
    _stage("adapt", recipe, runs, mirror, 1, force)


@app.command()
def evaluate(recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, force: Force = False) -> None:
    """Compare the adapter and its controls on human utterances; makes the controls where they are not fresh.

    Example:  lowres evaluate recipes/swh-massive.yaml
    """
    run = _stage("evaluate", recipe, runs, mirror, 1, force)
    _summarise(run)


@app.command()
def run(
    recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, jobs: Jobs = 1, force: Force = False
) -> None:
    """Do all stages that are not fresh, and print what came out.

    Example:  LOWRES_MIRROR=../shared/data lowres run recipes/swh-massive.yaml
    """
    from lowres.stages import STAGES

    for name in STAGES:
        done = _stage(name, recipe, runs, mirror, jobs, force)
    _summarise(done)


def _summarise(run) -> None:
    from lowres.stages.summary import print_summary

    print_summary(run.folder)


@app.command()
def ablate(
    recipe: RecipePath,
    rules: Annotated[str, typer.Option("--rules", metavar="A,B+C", help="leave out only these, one by one or together")] = "",
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="of each row")] = 1,
    variants: Annotated[int, typer.Option("--variants", min=1, help="pairs per source utterance")] = 1,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="train on a sample of N source utterances")] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="times that each row is trained")] = 1,
    closeness_only: Annotated[bool, typer.Option("--closeness-only", help="train nothing: words shared with human translations")] = False,
    runs: Runs = Path("runs"), mirror: Mirror = None, jobs: Jobs = 1, json: Json = False,
) -> None:  # fmt: skip
    """What each rule of a recipe is worth: the recipe without it, scored on the human dev part; goes on where it was stopped.

    Example:  lowres ablate recipes/swh-massive.yaml --limit 3000 --rules swh.clock,swh_nouns.nouns
    """
    from lowres.stages.ablate import Plan, ablate, print_ablation

    run = _open(recipe, runs, mirror, jobs)
    plan = Plan(rules=tuple(filter(None, rules.split(","))), epochs=epochs, variants=variants, limit=limit, seeds=seeds,
                closeness_only=closeness_only)  # fmt: skip
    rows = ablate(run, plan, lambda done, total, name: _say(f"ablate: row {done + 1} of {total}, {name}"))
    print_ablation(run, plan, rows, json=json)


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")],
    new: Annotated[Path, typer.Argument(metavar="RUN", help="another one, on the same test utterances")],
    json: Json = False,
) -> None:
    """What changed between two runs, both ways, and why each lost utterance was lost.

    Example:  lowres compare runs/swh-massive runs/swh-massive-afromt
    """
    from lowres.stages.compare import compare_runs

    print(compare_runs(old, new, json=json))


@app.command()
def predict(
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", help="utterances; read from standard input where none")] = None,
    adapter: Annotated[Path, typer.Option("--adapter", metavar="DIR", help=ADAPTER_HELP)] = Path("runs/swh-demo"),
    json: Json = False,
    ipa: Annotated[bool, typer.Option("--ipa", help="show the sounds, too (needs lowres[sound])")] = False,
) -> None:
    """Read intent and slots from utterances.

    Example:  lowres predict "niamshe saa moja asubuhi" --adapter runs/swh-massive
    """
    from lowres.stages.talk import print_predictions

    try:
        lines = texts or list(sys.stdin)
    except UnicodeDecodeError as error:
        raise LowresError("standard input", f"byte {error.start} is not UTF-8", "UTF-8 text") from None
    print_predictions(adapter, [line for line in lines if line.strip()], json=json, ipa=ipa)


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


@app.command("app")
def app_(
    runs: Runs = Path("runs"),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="of 127.0.0.1")] = 8501,
) -> None:
    """Open the workbench in a browser: runs, their pairs, and the model to talk to. Serves this machine alone.

    Example:  lowres app --runs runs --port 8501
    """
    from lowres.workbench.serve import serve

    serve(runs, port)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="languages, recipes, datasets, formats, rules, bases or runs")] = "recipes",
    runs: Runs = Path("runs"),
) -> None:
    """List what there is to name in a recipe.

    Example:  lowres list datasets
    """
    from lowres.stages.listing import listing

    print(listing(what, runs))


@app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="recipe, pretrain or distil")] = "recipe",
) -> None:
    """Print the JSON Schema that editors use to check recipes while you type.

    Example:  lowres schema > recipe.schema.json
    """
    from lowres.stages.listing import schema_of

    print(schema_of(what))


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error."""
    try:
        app()
    except LowresError as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        _fail("interrupted; finished stages and checkpoints are kept", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.errno not in _DISK and not error.filename:
            raise
        allowed = "a disk with room that can be written" if error.errno in _DISK else "a place that can be read or written"
        _fail(f"{error.filename or 'output'}: {error.strerror}; {allowed}", 1)


def _fail(line: str, code: int) -> None:
    _say(f"lowres: {line}")
    raise SystemExit(code)
