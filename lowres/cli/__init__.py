"""The command line: one function per verb, no logic; exit 0 done, 1 a LowresError in one line, 2 usage."""

import errno
import os
import sys

from lowres.cli import language  # noqa: F401 (each brings its verbs, in the order of --help)

# isort: split
from lowres.cli import adapters, bases  # noqa: F401

# isort: split
from lowres.cli import collections  # noqa: F401
from lowres.cli.options import app, say
from lowres.errors import LowresError

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)


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
    say(f"lowres: {line}")
    raise SystemExit(code)
