"""The command, and the options that several verbs share."""

import sys
from pathlib import Path
from typing import Annotated

import typer

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
ADAPTER_HELP = "a run folder, an adapter folder, or NAME[@VERSION] that was pulled"
Registry = Annotated[
    str,
    typer.Option(
        "--registry", metavar="URL", envvar="LOWRES_REGISTRY", help="a folder, s3://, https:// or hf://ORG; the bundled one where none"
    ),
]
Signed = Annotated[bool, typer.Option("--signed", help="refuse what no key of `lowres keys list` signed")]


def say(text: str) -> None:
    """A line on standard error."""
    print(text, file=sys.stderr)
