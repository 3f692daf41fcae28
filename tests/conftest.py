"""The toy language in a folder of its own, a tiny base for it, the mirror, and the command line in forked processes.

A process of its own imports torch once and forks a child for each command, which may be killed at any write.
"""

import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TOY = TESTS / "fixtures" / "qaa"
MIRROR = TESTS.parent.parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit status (-9: killed), what it printed, the paths it wrote under its folder."""

    rc: int
    out: str
    err: str
    writes: tuple[str, ...]


Command = Callable[..., Done]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder with the public data sets."""
    if not MIRROR.is_dir():
        pytest.skip("no mirror of the data sets beside the checkout")
    return MIRROR


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory) -> Path:
    """A base of one layer of 16 with random weights and the bundled tokenizer."""
    import torch
    from transformers import AutoTokenizer, XLMRobertaConfig, XLMRobertaModel

    from lowres.resources import resources_folder

    folder = tmp_path_factory.mktemp("base") / "tiny"
    tokenizer = AutoTokenizer.from_pretrained(resources_folder() / "models" / "lowres-mini")
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    torch.manual_seed(0)
    config = XLMRobertaConfig(vocab_size=len(tokenizer), max_position_embeddings=130, pad_token_id=0, **sizes)
    XLMRobertaModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def toy(tmp_path) -> Path:
    """A folder with the toy language's recipe, `toy.yaml`, and all it names but the base."""
    return shutil.copytree(TOY, tmp_path / "toy")


@pytest.fixture
def whole_toy(toy, tiny_base) -> Path:
    """The toy's folder with its base, too."""
    shutil.copytree(tiny_base, toy / "tiny")
    return toy


@pytest.fixture(scope="session")
def finished(tmp_path_factory, tiny_base, lowres) -> Path:
    """The toy's folder after an uninterrupted `lowres run`; for reading only."""
    folder = shutil.copytree(TOY, tmp_path_factory.mktemp("finished") / "toy")
    shutil.copytree(tiny_base, folder / "tiny")
    done = lowres("run", "toy.yaml", cwd=folder)
    assert done.rc == 0, done.err
    (folder / "printed.txt").write_text(done.out + done.err, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def lowres() -> Iterator[Command]:
    """`lowres(*args, cwd=, stdin=, limit=, die=)`: bytes a file may have; the (part of a path, n-th write) to die at."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"PYTHONHASHSEED": "0"}
    environment = {key: value for key, value in os.environ.items() if key != "LOWRES_MIRROR"} | threads
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, __file__, scratch]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

        def run(*args: object, cwd: Path, stdin: str | bytes = "", limit: int | None = None, die=None) -> Done:
            said = stdin.encode() if isinstance(stdin, str) else stdin
            (Path(scratch) / "in").write_bytes(said)
            order = {"args": list(map(str, args)), "cwd": str(cwd), "limit": limit, "die": die}
            server.stdin.write(json.dumps(order) + "\n")
            server.stdin.flush()
            rc = json.loads(server.stdout.readline())
            out, err, writes = ((Path(scratch) / name).read_text(encoding="utf-8") for name in ("out", "err", "writes"))
            return Done(rc, out, err, tuple(writes.splitlines()))

        yield run
        server.stdin.close()
        server.wait(timeout=10)


def serve(scratch: Path) -> None:
    """Read orders, a JSON object a line, and answer each with an exit status."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import lowres.adapter
    import lowres.cli
    import lowres.evaluation.plots  # noqa: F401
    from lowres.analysis import english
    from lowres.catalog import read_catalog
    from lowres.language import macrolanguages

    english(), read_catalog(), macrolanguages()
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _child(json.loads(line), scratch)
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        answers.flush()


def _child(order: dict, scratch: Path) -> None:
    """Become the command; never returns."""
    for number, name in enumerate(("in", "out", "err")):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(scratch / name, flags, 0o600), number)
    os.chdir(order["cwd"])
    _watch(order["die"], os.open(scratch / "writes", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), order["cwd"])
    if order["limit"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], resource.RLIM_INFINITY))
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    os._exit(_status(order["args"]))


def _status(args: list[str]) -> int:
    """The exit status of `lowres args`, a traceback on standard error as Python would leave it."""
    import lowres.cli

    sys.argv = ["lowres", *args]
    try:
        lowres.cli.main()
        status = 0
    except SystemExit as error:
        status = error.code or 0
    except Exception:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def _watch(die: list | None, log: int, folder: str) -> None:
    """Note every write under `folder`; die before the n-th whose path holds the text `die[0]`."""
    count = 0

    def hook(event: str, args: tuple) -> None:
        nonlocal count
        if event == "open":
            path, writes = args[0], bool(args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        else:
            path, writes = (args[0] if args else None), event in _WRITES
        if not writes or not isinstance(path, (str, os.PathLike)):
            return
        name = os.path.relpath(os.path.join(os.getcwd(), path), folder)
        if name.startswith(".."):
            return
        os.write(log, f"{event} {name}\n".encode())
        if die and die[0] in name:
            count += 1
            if count == die[1]:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
