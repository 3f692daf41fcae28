"""`lowres app`: the workbench, served to this machine alone or to people who sign in; nothing is asked of any other machine."""

import importlib.util
import os
import socket
import sys
import tomllib
from pathlib import Path
from typing import Any

from lowres.errors import LowresError
from lowres.resources import bundled_folder

LOCAL = "127.0.0.1"
RUNS, DATABASE, SIGN_IN = "LOWRES_RUNS", "LOWRES_DATABASE", "LOWRES_SIGN_IN"
_OPTIONS = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # the default box links a traceback to outside services
    "client.showErrorLinks": False,
    "global.developmentMode": False,
    "logger.hideWelcomeMessage": True,  # it asks another machine for this one's address
}


def serve(runs: Path, port: int, *, database: str = "", host: str = LOCAL, sign_in: bool = False) -> None:
    """Serve the workbench over the run folders in `runs` until it is stopped; raises LowresError where it cannot start."""
    if importlib.util.find_spec("streamlit") is None:
        raise LowresError("app", "streamlit is not installed", "pip install 'lowres[app]'")
    if runs.exists() and not runs.is_dir():
        raise LowresError(runs, "not a folder", "--runs DIR: a folder of runs, or one that is not there yet")
    sign_in = sign_in or _names_provider()
    _check_host(host, sign_in)
    _check_free(host, port)
    os.environ |= {RUNS: str(runs.absolute()), "HF_HUB_OFFLINE": "1", SIGN_IN: "1" if sign_in else ""}
    os.environ[DATABASE] = database or collections_file()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    _greet(address, sign_in)
    _warm()
    _app(host, sign_in).run(config=_OPTIONS | {"server.address": host, "server.port": port, **_themes()})


def collections_file() -> str:
    """Where collections are when nobody says: a file among the runs."""
    return str(Path(os.environ.get(RUNS, "runs")).absolute() / "collections.db")


def _themes() -> dict[str, str]:
    """The font in both themes; one for all would be a theme of its own, and light alone."""
    from lowres.workbench.look import FONT

    return {"theme.light.font": FONT, "theme.dark.font": FONT}


def _names_provider() -> bool:
    """Whether Streamlit's secrets name somebody to sign in with; read here, as Streamlit would read its settings with them, too early."""
    files = (folder / ".streamlit" / "secrets.toml" for folder in (Path.home(), Path.cwd()))
    try:
        return any("auth" in tomllib.loads(file.read_text(encoding="utf-8")) for file in files if file.is_file())
    except ValueError as error:
        raise LowresError("secrets.toml", str(error), "a TOML file") from None


def _check_host(host: str, sign_in: bool) -> None:
    if host not in (LOCAL, "localhost") and not sign_in:
        allowed = "--sign-in (invitation links), or [auth] of a provider in .streamlit/secrets.toml"
        raise LowresError(f"host {host}", "anybody who reaches it could change everything: nobody has to sign in", allowed)


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror as error:
            raise LowresError(f"host {host}", error.strerror or str(error), "an address of this machine: --host H") from None
        except OSError as error:
            raise LowresError(f"{host} port {port}", error.strerror or str(error), "another one: --port N") from None


def _greet(address: str, sign_in: bool) -> None:
    """Where to look; where people sign in and nobody is admin yet, a link for the first one. Fails here where the database does."""
    from lowres.workbench.access import book_of, database
    from lowres.workbench.people import EVERY, administered, invite, local_person
    from lowres.workbench.tokens import find_secret

    book = book_of(database())
    print(f"workbench: {address}", file=sys.stderr)
    if not sign_in:
        return
    secret, local = find_secret(database()), local_person(book)
    with book.reading() as state:
        admins = [one for one in state.people if one != local.id and EVERY in administered(state, one)]
    if not admins:
        token = invite(book, secret, local.id, "admin", EVERY, days=1)
        print(f"for its first admin, once, today: {address}/enter?token={token}", file=sys.stderr)


def _warm() -> None:
    """Read what the first page needs before anybody can ask for it, so that nobody waits for imports."""
    import lowres.workbench.languages
    import lowres.workbench.room  # noqa: F401
    from lowres.catalog import read_catalog
    from lowres.workbench.wording import interface_languages, translated

    read_catalog()
    for language in interface_languages():
        translated(language, "Languages")


def _app(host: str, sign_in: bool) -> Any:
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit.starlette import App

    from lowres.workbench.doors import routes
    from lowres.workbench.look import show_failure

    # a page elsewhere whose name is made to mean this machine gets nothing
    guards = [] if sign_in else [Middleware(TrustedHostMiddleware, allowed_hosts=[host, LOCAL, "localhost"])]
    return App(bundled_folder("apps") / "workbench.py", routes=routes(), middleware=guards, on_script_error=show_failure)
