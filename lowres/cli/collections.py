"""`lowres collection`: what people wrote and judged in the workbench, exported, imported, backed up."""

from pathlib import Path
from typing import Annotated

import typer

from lowres.cli.options import app, say

collection = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="What people wrote and judged: list, export, import, backup, restore."
)
app.add_typer(collection, name="collection")

Database = Annotated[
    str,
    typer.Option(
        "--database", metavar="URL", envvar="LOWRES_DATABASE", help="an SQLite file or postgresql://…; runs/collections.db where none"
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="of the collection")]
Format = Annotated[str, typer.Option("--format", metavar="F", help="massive, conll, csv, cldf or huggingface")]


@collection.command("list")
def list_(database: Database = "") -> None:
    """The collections of a database, a line each.

    Example:  lowres collection list
    """
    from lowres.stages.collections import collection_lines

    for line in collection_lines(database):
        print(line)


@collection.command("export")
def export_(
    name: Name,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="a file; a folder for cldf and huggingface")],
    format: Format = "massive",
    status: Annotated[
        str, typer.Option("--status", metavar="A,B", help="open, disputed, accepted, corrected, rejected")
    ] = "accepted,corrected",
    database: Database = "",
) -> None:
    """Write a collection's items; nothing of who withdrew is among them.

    Example:  lowres collection export swh-home swh-home.jsonl

    Example:  lowres collection export swh-home swh-home --format cldf
    """
    from lowres.stages.collections import export_collection

    n_items = export_collection(name, path, format, database, tuple(filter(None, status.split(","))))
    say(f"exported: {n_items} items to {path}")


@collection.command("import")
def import_(
    name: Name,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="what `export` wrote, or a file of that format by others")],
    format: Format = "massive",
    locale: Annotated[str, typer.Option("--locale", metavar="TAG", help="where the file does not say")] = "",
    partition: Annotated[str, typer.Option("--partition", metavar="P", help="train, dev or test, where the file does not say")] = "",
    licence: Annotated[str, typer.Option("--licence", metavar="SPDX", help="where the file does not say")] = "",
    database: Database = "",
) -> None:
    """Add a file's items to a collection, all or none.

    Example:  lowres collection import swh-home field.csv --format csv --partition test
    """
    from lowres.stages.collections import import_collection

    say(f"imported: {import_collection(name, path, format, database, locale, partition, licence)} items from {path}")


@collection.command()
def backup(path: Annotated[Path, typer.Argument(metavar="FILE", help="gzipped lines of JSON")], database: Database = "") -> None:
    """All events of a database in one file, whatever kind of database it is.

    Example:  lowres collection backup collections.jsonl.gz
    """
    from lowres.stages.collections import back_up_collections

    say(f"backed up: {back_up_collections(path, database)} events to {path}")


@collection.command()
def restore(path: Annotated[Path, typer.Argument(metavar="FILE", help="what `backup` wrote")], database: Database = "") -> None:
    """Put a backup into a new, empty database; SQLite's may go into PostgreSQL, and back.

    Example:  lowres collection restore collections.jsonl.gz --database postgresql://localhost/lowres
    """
    from lowres.stages.collections import restore_collections

    say(f"restored: {restore_collections(path, database)} events from {path}")
