"""Time until `lowres --help` has answered, and what the command line imports: no torch to synthesize, epitran only when asked.

    python benchmarks/startup.py

The command is run ten times in processes of its own, taking turns with an interpreter that does nothing. What is
imported is read from sys.modules at the end of a process that ran the command on the embedded demo.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from statistics import median

from _measure import seconds, verdict

BAR = 0.5
HEAVY = ("torch", "transformers", "peft", "streamlit", "pandas", "panphon", "epitran")
COMMAND = """
import json, sys
from lowres.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
SOUND = """
import json, sys
from lowres.language import read_language
from lowres.phonology import transcribe
before = sorted(sys.modules)
print(transcribe("habari za asubuhi", read_language("swh")))
print(json.dumps([before, sorted(sys.modules)]), file=sys.stderr)
"""


def wall(*arguments: str) -> float:
    """Seconds of a Python process."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def last_line(*arguments: str) -> list:
    """The JSON on the last line of a Python process's standard error."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stderr.splitlines()[-1])


def heavy(modules: list[str]) -> str:
    """Those of HEAVY among `modules`."""
    return ", ".join(name for name in HEAVY if name in modules) or "none"


def print_imports(run_folder: str) -> None:
    """What the verbs that need no model leave imported."""
    print(f"heavy packages looked for: {', '.join(HEAVY)}")
    for arguments in (["--help"], ["list"], ["check", "swh-demo"], ["synthesize", "swh-demo", "--force"]):
        runs = ["--runs", run_folder] if len(arguments) > 1 else []
        print(f"lowres {' '.join(arguments)}: imports {heavy(last_line('-c', COMMAND, *arguments, *runs))}")


def print_sound() -> None:
    """epitran is there once a transcription was asked for, and not before."""
    if find_spec("epitran") is None:
        print("lowres.phonology: epitran is not installed, nothing to show")
        return
    before, after = last_line("-c", SOUND)
    print(f"lowres.phonology imported: {heavy(before)}; after one transcription: {heavy(after)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--no-sound", action="store_true", help="leave out epitran, which takes seconds to load")
    options = parser.parse_args()
    turns = [(wall("-m", "lowres", "--help"), wall("-c", "pass")) for _ in range(options.repetitions)]
    ours, bare = (median(column) for column in zip(*turns, strict=True))
    print(f"lowres --help {seconds(ours)}, median of {options.repetitions}; bar {seconds(BAR)}: {verdict(ours < BAR)}")
    print(f"ratio {ours / bare:.1f}x a Python that does nothing ({seconds(bare)})")
    with tempfile.TemporaryDirectory() as folder:
        print_imports(folder)
    if not options.no_sound:
        print_sound()


if __name__ == "__main__":
    main()
