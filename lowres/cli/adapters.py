"""Verbs of adapters: talking to them, publishing, pulling and serving them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lowres.cli.options import ADAPTER_HELP, Force, Json, Mirror, Registry, Runs, Signed, app, say
from lowres.errors import LowresError


@app.command()
def predict(
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT...", help="utterances; read from standard input where none")] = None,
    adapter: Annotated[str, typer.Option("--adapter", metavar="DIR|NAME", help=ADAPTER_HELP)] = "",
    locale: Annotated[str, typer.Option("--locale", metavar="TAG", help="the adapter of that language that was pulled")] = "",
    signed: Signed = False,
    json: Json = False,
    ipa: Annotated[bool, typer.Option("--ipa", help="show the sounds, too (needs lowres[sound])")] = False,
) -> None:
    """Read intent and slots from utterances, by a run's adapter or by one that was pulled; without either by the one whose language it is.

    Example:  lowres predict "niamshe saa moja asubuhi" --locale sw-KE

    Example:  lowres predict "niamshe saa moja asubuhi" --adapter runs/swh-demo
    """
    from lowres.stages.talk import find_adapter, print_predictions, print_routed

    try:
        lines = texts or list(sys.stdin)
    except UnicodeDecodeError as error:
        raise LowresError("standard input", f"byte {error.start} is not UTF-8", "UTF-8 text") from None
    lines = [line for line in lines if line.strip()]
    if ipa and not (adapter or locale):
        raise LowresError("--ipa", "no language", "--adapter or --locale beside it")
    if not (adapter or locale):
        print_routed(lines, json=json, signed=signed)
    else:
        print_predictions(find_adapter(adapter, locale, signed=signed), lines, json=json, ipa=ipa)


@app.command()
def replay(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="a saved session: its file, or its name among the runs")],
    adapter: Annotated[str, typer.Option("--adapter", metavar="DIR|NAME", help=ADAPTER_HELP)],
    runs: Runs = Path("runs"), signed: Signed = False, json: Json = False,
) -> None:  # fmt: skip
    """Say a session of the workbench's page Talk once more to an adapter; exit 1 where something that was right is wrong now.

    Example:  lowres replay morning-alarms --adapter swh-massive@1.0.0

    Example:  lowres replay runs/sessions/morning-alarms.jsonl --adapter runs/swh-demo --json
    """
    from lowres.stages.talk import find_adapter
    from lowres.workbench.sessions import find_session, print_replay

    print_replay(find_session(runs, session), find_adapter(adapter, "", signed=signed), json=json)


@app.command()
def serve(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="adapters that were pulled; all of them where none is named")
    ] = None,
    base: Annotated[str, typer.Option("--base", metavar="NAME", help="the one base that all of them are over")] = "lowres-mini",
    host: Annotated[str, typer.Option("--host", help="who may reach it: this machine alone, unless you say otherwise")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N")] = 8757,
    memory: Annotated[
        int, typer.Option("--memory", min=1, metavar="MB", help="of adapters held at once; the least recently used goes")
    ] = 512,
    threads: Annotated[int, typer.Option("--threads", min=1, metavar="N", help="that compute")] = 1,
    rate: Annotated[float, typer.Option("--rate", min=0.001, metavar="N", help="requests a second of one client")] = 200.0,
    signed: Signed = False,
) -> None:
    """Serve every adapter that was pulled over HTTP, with one base in memory: POST /v1/read, /docs, /healthz, /metrics.

    Example:  lowres serve --port 8757

    Then:  curl -H "content-type: application/json" -d '{"text": "niamshe saa moja asubuhi"}' 127.0.0.1:8757/v1/read
    """
    from lowres.stages.serve import serve_shelf

    serve_shelf(names or (), base=base, host=host, port=port, memory=memory << 20, threads=threads, rate=rate, signed=signed, say=say)


@app.command()
def gate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a recipe, or its run folder")],
    against: Annotated[str, typer.Option("--against", metavar="NAME@VERSION", help="what is live: what changes for its users, both ways")] = "",
    registry: Registry = "", runs: Runs = Path("runs"), mirror: Mirror = None, force: Force = False,
) -> None:  # fmt: skip
    """Whether an adapter may be published: gain, what other languages lose, licences; or an update beside what is live.

    Example:  lowres gate recipes/swh-massive.yaml

    Example:  lowres gate recipes/swh-massive.yaml --against swh-massive@1.0.0
    """
    from lowres.stages.publish import gate_run, open_run_folder

    done = open_run_folder(run, runs, mirror)
    print(gate_run(done, against=against, url=registry, force=force), end="")


@app.command()
def publish(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a recipe, or its run folder")],
    registry: Registry = "", runs: Runs = Path("runs"), mirror: Mirror = None,
    key: Annotated[str, typer.Option("--key", metavar="NAME", help="sign with an own key of `lowres keys`")] = "",
    private: Annotated[bool, typer.Option("--private", help="a source may not be passed on: the package says so, keep it to yourselves")] = False,
) -> None:  # fmt: skip
    """Pack a run's adapter and put it into a registry, if the gate lets it pass.

    Example:  lowres publish recipes/swh-massive.yaml --registry ../adapters --key team
    """
    from lowres.progress import bytes_bar
    from lowres.stages.publish import open_run_folder, publish_run

    done = open_run_folder(run, runs, mirror)
    package = publish_run(done, registry, key=key, private=private, say=say, progress=bytes_bar)
    say(f"published: {package.spec}, {package.bytes / 1e6:.1f} MB")


@app.command()
def pull(
    name: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="the newest version where none is named")],
    registry: Registry = "", signed: Signed = False,
    most: Annotated[int, typer.Option("--max-mb", min=1, metavar="N", help="refuse what is larger")] = 256,
) -> None:  # fmt: skip
    """Bring an adapter from a registry, every byte checked; an interrupted pull goes on.

    Example:  lowres pull swh-massive

    Example:  lowres pull swh-massive@1.0.0 --registry hf://our-team --signed
    """
    from lowres.progress import bytes_bar
    from lowres.registry import pull as bring

    found = bring(name, registry, signed=signed, most=most << 20, progress=bytes_bar)
    print(f"{found.package.spec}\t{found.package.locale}\t{found.folder}")


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="NAME[@VERSION]")], registry: Registry = "") -> None:
    """Show an adapter's card: what it is for, scores with intervals, data and licences, weak points.

    Example:  lowres show swh-massive@1.0.0
    """
    from lowres.stages.adapters import show_adapter

    print(show_adapter(name, registry), end="")


@app.command()
def verify(
    place: Annotated[str, typer.Argument(metavar="PATH", help="a package folder, or an adapter that was pulled")], signed: Signed = False
) -> None:
    """Check a package: hashes, files, base, labels, signature.

    Example:  lowres verify runs/swh-massive/publish/package --signed
    """
    from lowres.stages.adapters import verify_place

    print(verify_place(place, signed=signed))


@app.command()
def yank(
    name: Annotated[str, typer.Argument(metavar="NAME@VERSION")],
    registry: Registry = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
) -> None:
    """Hide a version: it is no longer listed or taken as the newest, and stays for those who name it.

    Example:  lowres yank swh-massive@1.0.0 --registry ../adapters --reason "wrong clock"
    """
    from lowres.registry import open_registry
    from lowres.registry.release import parse_spec

    plain, version = parse_spec(name)
    if version is None:
        raise LowresError(f"adapter {name}", "no version", "NAME@VERSION")
    if not registry:
        raise LowresError("--registry", "none named", "where the version is to be hidden")
    open_registry(registry).yank(plain, version, reason)
    say(f"yanked: {name}")


@app.command()
def keys(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="list, make or trust")] = "list",
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="of the new key; the public key to trust")] = "",
) -> None:
    """List the keys whose signatures count, make one, or trust another's public key.

    Example:  lowres keys make team

    Example:  lowres keys trust colleague.pub
    """
    from lowres.registry.keys import make_key, trust_key
    from lowres.stages.adapters import keys_lines

    work = {"list": lambda: None, "make": lambda: make_key(name), "trust": lambda: trust_key(Path(name))}
    if what not in work or (what != "list" and not name):
        raise LowresError("keys", f"'{what} {name}'".rstrip(), "list, make NAME or trust FILE")
    work[what]()
    print("\n".join(keys_lines()))
