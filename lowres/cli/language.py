"""Verbs of a recipe: from data to report."""

from pathlib import Path
from typing import Annotated

import typer

from lowres.cli.options import Force, Jobs, Json, Mirror, RecipePath, Registry, Runs, app, say


def _open(recipe: Path, runs: Path, mirror: Path | None, jobs: int = 1):
    from lowres.recipe import read_recipe
    from lowres.run import open_run

    return open_run(read_recipe(recipe), runs, mirror=mirror, jobs=jobs)


def _stage(name: str, recipe: Path, runs: Path, mirror: Path | None, jobs: int, force: bool):
    from lowres.run import do_stage
    from lowres.stages import STAGES

    run = _open(recipe, runs, mirror, jobs)
    worked = do_stage(run, STAGES[name], force=force)
    say(f"{name}: {'done' if worked else 'fresh'}, {run.folder / name}")
    return run


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
def synthesize(recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, jobs: Jobs = 1, force: Force = False) -> None:
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
def run(recipe: RecipePath, runs: Runs = Path("runs"), mirror: Mirror = None, jobs: Jobs = 1, force: Force = False) -> None:
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
    rows = ablate(run, plan, lambda done, total, name: say(f"ablate: row {done + 1} of {total}, {name}"))
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


@app.command("app")
def app_(
    runs: Runs = Path("runs"),
    database: Annotated[str, typer.Option(metavar="URL", envvar="LOWRES_DATABASE", help="of collections: a file, or postgresql://…")] = "",
    host: Annotated[str, typer.Option(metavar="H", help="the address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="the port to listen on")] = 8501,
    sign_in: Annotated[bool, typer.Option("--sign-in", help="people sign in, by invitation links; without it, you alone")] = False,
) -> None:
    """Open the workbench in a browser: languages, pairs, the model to talk to, and collections. Serves this machine alone.

    Example:  lowres app --runs runs --port 8501
    """
    from lowres.workbench.serve import serve

    serve(runs, port, database=database, host=host, sign_in=sign_in)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="languages, recipes, datasets, formats, rules, bases, runs or adapters")] = "",
    runs: Runs = Path("runs"),
    registry: Registry = "",
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="adapters of a language: ISO 639-3, or a locale")] = "",
    everything: Annotated[bool, typer.Option("--all", help="adapters that were yanked, too")] = False,
    json: Json = False,
) -> None:
    """List what there is to name in a recipe, or the adapters of a registry.

    Example:  lowres list datasets

    Example:  lowres list adapters --language swh
    """
    if what == "adapters" or (not what and (registry or language)):
        from lowres.stages.adapters import list_adapters

        print(list_adapters(registry, language=language, everything=everything, json=json, warn=say), end="")
        return
    from lowres.stages.listing import listing

    print(listing(what or "recipes", runs))


@app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="recipe, pretrain or distil")] = "recipe",
) -> None:
    """Print the JSON Schema that editors use to check recipes while you type.

    Example:  lowres schema > recipe.schema.json
    """
    from lowres.stages.listing import schema_of

    print(schema_of(what))
