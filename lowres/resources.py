"""Where the files that come with lowres lie: beside the package in a checkout, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
PREFIX = "resources:"


def bundled_folder(name: str) -> Path:
    """The folder `name` ('resources', 'recipes' or 'apps') of this checkout, else of the installed wheel."""
    # Without pyproject.toml beside it, the parent is site-packages, and a folder 'resources' there is somebody else's.
    checkout = _PACKAGE.parent
    inside = checkout / name
    return inside if (checkout / "pyproject.toml").is_file() and inside.is_dir() else _PACKAGE / "_bundled" / name


def resources_folder() -> Path:
    """The folder with languages, catalogue, demo and models."""
    return bundled_folder("resources")


def resolve(path: Path | str, folder: Path) -> Path:
    """The absolute path meant by `path` in a file of `folder`; `resources:demo/x` is the bundled resources' demo/x."""
    text = str(path)
    if text.startswith(PREFIX):
        return resources_folder() / text.removeprefix(PREFIX)
    return (folder / Path(text).expanduser()).absolute()
