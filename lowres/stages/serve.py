"""`lowres serve`: the adapters of the shelf behind one port."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lowres.errors import LowresError, nearest
from lowres.serving.installed import Installed, installed_adapters


def serve_shelf(
    names: Sequence[str],
    *,
    base: str,
    host: str,
    port: int,
    memory: int,
    threads: int,
    rate: float,
    signed: bool,
    say: Callable[[str], None],
) -> None:
    """Serve until the process is told to end."""
    from lowres.serving.assistant import Assistant
    from lowres.serving.limits import Limits
    from lowres.serving.server import serve

    adapters = chosen(installed_adapters(base, signed=signed), names)
    assistant = Assistant(base, adapters, memory=memory, threads=threads)
    listed = ", ".join(f"{one.name}@{one.version} ({one.locale})" for one in adapters) or "no adapter: lowres pull NAME brings one"
    say(f"serve: {base} in {assistant.runs_on}; {listed}")
    say(f"serve: http://{host}:{port}/docs")
    serve(assistant, host=host, port=port, limits=replace(Limits(), rate=rate, burst=max(1, int(2 * rate))))


def chosen(adapters: Sequence[Installed], names: Sequence[str]) -> list[Installed]:
    """The adapters of these names, all where there are none; LowresError for a name that was not pulled."""
    known = {one.name: one for one in adapters}
    for name in names:
        if name not in known:
            raise LowresError(f"adapter {name}", "not pulled", f"lowres pull NAME; {nearest(name, known)}")
    return [known[name] for name in names] if names else list(adapters)
