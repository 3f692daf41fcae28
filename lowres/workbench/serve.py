"""`lowres app`: Streamlit serves the workbench to this machine alone; nothing is asked of any other."""

import importlib.util
import os
import socket
import sys
from pathlib import Path

from lowres.errors import LowresError
from lowres.resources import bundled_folder

HOST, RUNS = "127.0.0.1", "LOWRES_RUNS"
_OPTIONS = {
    "server.headless": "true",
    "server.address": HOST,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",  # the default box links a traceback to outside services
    "client.showErrorLinks": "false",
    "global.developmentMode": "false",
}


def serve(runs: Path, port: int) -> None:
    """Become the server of the workbench over the run folders in `runs`; raises LowresError where it cannot start."""
    if importlib.util.find_spec("streamlit") is None:
        raise LowresError("app", "streamlit is not installed", "pip install 'lowres[app]'")
    if runs.exists() and not runs.is_dir():
        raise LowresError(runs, "not a folder", "--runs DIR: a folder of runs, or one that is not there yet")
    _check_free(port)
    os.environ |= {RUNS: str(runs.absolute()), "HF_HUB_OFFLINE": "1"}
    os.execv(sys.executable, command(port))


def command(port: int) -> list[str]:
    """What is executed."""
    options = [f"--{name}={value}" for name, value in (_OPTIONS | {"server.port": str(port)}).items()]
    return [sys.executable, "-m", "streamlit", "run", str(bundled_folder("apps") / "workbench.py"), *options]


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LowresError(f"port {port}", error.strerror or str(error), "another one: --port N") from None
