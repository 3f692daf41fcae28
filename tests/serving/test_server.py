"""The server: what it answers, what it refuses, what it counts, and how it ends."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lowres.errors import LowresError
from lowres.identifier import learn_profile
from lowres.serving.assistant import Assistant, Request
from lowres.serving.batching import Batcher, Failed, Full
from lowres.serving.limits import Limits, Rates

pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def assistant(kitchen, adapters) -> Assistant:
    installed = [
        kitchen.installed(adapters["whole"], "sw-KE", "swh"),
        kitchen.installed(adapters["labels"], "cy-GB", "cym"),
        kitchen.installed(kitchen.folder / "gone", "hy-AM", "hye"),
    ]
    english = learn_profile("en-US", ["wake me at seven", "play some music"])
    return Assistant("small", installed, base_from=kitchen.folder, launched=["en-US"], profiles=[english], fast=False)


def client(assistant: Assistant, **limits):
    from starlette.testclient import TestClient

    from lowres.serving.server import make_app

    return TestClient(make_app(assistant, Limits(**limits)))


@pytest.fixture(scope="module")
def server(assistant):
    with client(assistant, burst=10_000, body=20_000) as opened:
        yield opened


def test_one_text_has_one_reply(server, assistant):
    done = server.post("/v1/read", json={"text": "niamshe  saa moja", "locale": "sw"})
    (reply,) = assistant.read([Request(text="niamshe  saa moja", locale="sw")])
    found = done.json()
    assert done.status_code == 200 and (found["intent"], found["adapter"], found["version"]) == (reply.intent, "whole", "1.0.0")
    assert [(s["name"], s["start"], s["end"], s["text"]) for s in found["slots"]] == [(s.name, s.start, s.end, s.text) for s in reply.slots]
    assert found["confidence"] == pytest.approx(reply.confidence, abs=1e-3)


def test_each_of_a_list_has_a_reply_or_an_error_of_its_own(server):
    asked = [{"text": "x", "locale": tag} for tag in ("sw", "hy-AM", "zz", "en-US")] + [{"text": " "}]
    done = server.post("/v1/read", json=asked)
    found = done.json()
    assert done.status_code == 200 and [set(one) == {"error"} for one in found] == [False, True, True, False, True]
    assert found[1]["error"] == "adapter gone 1.0.0 is broken" and "locale 'zz'" in found[2]["error"]


def test_a_broken_adapter_is_an_error_of_the_server_and_says_no_path(server):
    done = server.post("/v1/read", json={"text": "x", "locale": "hy"})
    assert done.status_code == 500 and done.json() == {"error": "adapter gone 1.0.0 is broken"}


MALFORMED = {
    "half": (b'{"text"', 400), "empty": (b"", 422), "no utf-8": (b'{"text":"\xff"}', 400), "surrogate": (b'{"text":"\\ud800"}', 422),
    "nul": (b'{"text":"a\\u0000"}', 422), "deep": (b"[" * 9000, 400), "number": (b'{"text":1}', 422), "none": (b"[]", 422),
    "null": (b"null", 422), "no text": (b"{}", 422), "unknown key": (b'{"text":"x","txt":"y"}', 422), 
    "long": (b'{"text":"%s"}' % (b"x" * 1001), 422),
    "many": (b"[" + b",".join([b'{"text":"x"}'] * 65) + b"]", 422), "large": (b'"%s"' % (b"x" * 30_000), 413), "digits": (b"1" * 6000, 400),
    "locale": (b'{"text":"x","locale":"zz"}', 422), "locale type": (b'{"text":"x","locale":["sw"]}', 422), "nan": (b"NaN", 422),
    "adapter": (b'{"text":"x","adapter":"\\u0000"}', 422), "long locale": (b'{"text":"x","locale":"%s"}' % (b"a" * 65), 422),
    "surrogate key": (b'{"text":"x","\\udfff":1}', 422),
}  # fmt: skip


@pytest.mark.parametrize("body, status", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused_in_one_line(server, body, status):
    done = server.post("/v1/read", content=body, headers=JSON)
    assert done.status_code == status
    assert set(done.json()) == {"error"} and "\n" not in done.json()["error"] and len(done.json()["error"]) < 400


def test_other_types_methods_and_paths_are_refused(server):
    for headers in ({}, {"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}):
        assert server.post("/v1/read", content=b'{"text":"x"}', headers=headers).status_code == 415
    loud = {"content-type": "Application/JSON; charset=utf-8"}
    assert server.post("/v1/read", content='{"text":"x","locale":"sw"}', headers=loud).status_code == 200
    assert [server.get("/v1/read").status_code, server.get("/nothing").status_code, server.post("/healthz").status_code] == [405, 404, 405]


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(server):
    done = server.post("/v1/read", content=(b"x" * 1000 for _ in range(100)), headers=JSON)
    assert done.status_code == 413
    done = server.post("/v1/read", content=(part for part in (b'{"text":"x",', b'"locale":"sw"}')), headers=JSON)
    assert done.status_code == 200


def test_a_client_that_is_too_fast_is_told_to_wait(assistant):
    with client(assistant, burst=3, rate=0.5) as opened:
        found = [opened.post("/v1/read", json={"text": "x", "locale": "sw"}) for _ in range(5)]
        assert [one.status_code for one in found] == [200, 200, 200, 429, 429] and found[-1].headers["retry-after"] == "2"
        assert opened.get("/healthz").status_code == 200


def test_buckets_fill_again_and_their_number_is_bounded():
    now = [0.0]
    rates = Rates(Limits(rate=2, burst=2, clients=3), lambda: now[0])
    assert [rates.wait("a") for _ in range(3)] == [0, 0, 0.5]
    now[0] = 0.6
    assert rates.wait("a") == 0 and rates.wait("a") > 0
    for name in "bcdefg":
        rates.wait(name)
    assert len(rates) == 3


def test_pages_for_people_and_machines(server):
    rows = server.get("/v1/adapters").json()
    assert rows[0] == {"name": "whole", "version": "1.0.0", "language": "swh", "locale": "sw-KE", "identified": False}
    assert server.get("/healthz").json() == {"status": "ok", "base": "small", "runs_on": "torch"}
    schema = server.get("/openapi.json").json()
    assert {"/v1/read", "/v1/adapters", "/healthz", "/metrics"} <= set(schema["paths"])
    assert {"413", "415", "422", "429", "503"} <= set(schema["paths"]["/v1/read"]["post"]["responses"])


def test_metrics_count_what_happened(assistant):
    with client(assistant) as opened:
        for body in ({"text": "x", "locale": "sw"}, {"text": "x", "locale": "zz"}, [{"text": "x", "locale": "hy-AM"}]):
            opened.post("/v1/read", json=body)
        opened.get("/secret")
        page = opened.get("/metrics").text
    for line in (
        'lowres_requests_total{path="/v1/read",status="200"} 2.0', 'lowres_requests_total{path="/v1/read",status="422"} 1.0',
        'lowres_requests_total{path="other",status="404"} 1.0', 'lowres_texts_total{route="language"} 1.0',
        'lowres_errors_total{kind="locale"} 1.0', 'lowres_errors_total{kind="broken_adapter"} 1.0', "lowres_batch_texts_count 3.0",
        'lowres_request_seconds_count{path="/v1/read"} 3.0', "lowres_installed_adapters 3.0", "lowres_waiting_texts 0.0",
    ):  # fmt: skip
        assert line in page, page
    assert "lowres_resident_bytes" in page and "lowres_resident_adapters" in page


class Slow:
    """An assistant that takes its time and notes the batches that it saw."""

    def __init__(self, seconds: float = 0.05) -> None:
        self.seconds, self.batches = seconds, []

    def read_each(self, requests):
        time.sleep(self.seconds)
        self.batches.append([one.text for one in requests])
        if any(one.text == "bad" for one in requests):
            raise ValueError("a fault")
        return [one.text.upper() for one in requests]


def batched(slow: Slow, limits: Limits, work):
    async def main():
        batcher = Batcher(slow, limits)
        await batcher.start()
        found = await work(batcher)
        await batcher.stop()
        return found

    return asyncio.run(main())


def test_what_waits_is_read_together():
    slow = Slow()

    async def work(batcher):
        return await asyncio.gather(*(batcher.read([Request(text=f"t{i}")]) for i in range(10)))

    assert batched(slow, Limits(batch=6), work) == [[f"T{i}"] for i in range(10)]
    assert len(slow.batches) <= 3 and max(map(len, slow.batches)) <= 6


def test_a_fault_in_a_batch_fails_the_one_text_that_has_it():
    async def work(batcher):
        return await batcher.read([Request(text=text) for text in ("a", "bad", "c")])

    found = batched(Slow(0), Limits(), work)
    assert found[0] == "A" and found[2] == "C" and isinstance(found[1], Failed) and isinstance(found[1], LowresError)


def test_more_than_may_wait_is_refused_and_those_who_left_are_passed_over():
    slow = Slow()

    async def work(batcher):
        first = asyncio.create_task(batcher.read([Request(text="a")]))
        await asyncio.sleep(0.01)
        gone = asyncio.create_task(batcher.read([Request(text="b"), Request(text="c")]))
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await batcher.read([Request(text="d")])
        gone.cancel()
        return await first

    assert batched(slow, Limits(queue=2), work) == ["A"]
    assert [text for batch in slow.batches for text in batch] == ["a"]


def test_a_full_queue_is_503(assistant):
    with client(assistant, queue=1) as opened:
        done = opened.post("/v1/read", json=[{"text": "x", "locale": "sw"}] * 2)
        assert done.status_code == 503 and done.headers["retry-after"] == "1"


SERVER = """
import sys, time
from pathlib import Path
from lowres.serving.assistant import Assistant
from lowres.serving.installed import Installed
from lowres.serving.server import serve
base, adapter, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
one = Installed(name="whole", version="1.0.0", language="swh", locale="sw-KE", folder=adapter)
assistant = Assistant("small", [one], base_from=base, launched=["en-US"], fast=False)
read = assistant.read_each
assistant.read_each = lambda requests: (time.sleep(1), read(requests))[1]
serve(assistant, port=port)
"""


def test_on_sigterm_what_was_accepted_is_answered(kitchen, adapters):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", SERVER, str(kitchen.folder), str(adapters["whole"]), str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as opened:
            _until_up(opened, process)
            with ThreadPoolExecutor(8) as pool:
                body = {"text": "saa moja", "locale": "sw"}
                asked = [pool.submit(httpx.post, f"http://127.0.0.1:{port}/v1/read", json=body, timeout=20) for _ in range(8)]
                _until(lambda: _number(opened, "lowres_waiting_texts") + _number(opened, "lowres_batch_texts_sum") == 8)
                process.send_signal(signal.SIGTERM)
                assert [one.result().status_code for one in asked] == [200] * 8
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()


def test_a_port_that_is_taken_is_said_in_one_line(assistant):
    from lowres.serving.server import serve

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LowresError, match=r"another one: --port N"):
            serve(assistant, port=taken.getsockname()[1])


def _until_up(opened, process) -> None:
    for _ in range(600):
        assert process.poll() is None, process.stderr.read()
        try:
            if opened.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def _number(opened, name: str) -> float:
    """A counter of the server."""
    return next(float(line.split()[1]) for line in opened.get("/metrics").text.splitlines() if line.startswith(name + " "))


def _until(reached) -> None:
    for _ in range(400):
        if reached():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def test_json_numbers_are_short(server):
    text = server.post("/v1/read", json={"text": "saa moja", "locale": "sw"}).text
    assert all(len(str(value)) <= 6 for value in (json.loads(text)["confidence"], json.loads(text)["intent_confidence"]))
