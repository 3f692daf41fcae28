"""The same registry in a bucket, against moto's server."""

import logging
import threading

import pytest

from lowres.registry.client import pull
from lowres.registry.files import FileRegistry
from lowres.registry.package import Refused, read_package
from tests.registry.toy_package import make_package

pytest.importorskip("s3fs")
moto = pytest.importorskip("moto.server")


@pytest.fixture(scope="module")
def endpoint():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(endpoint, monkeypatch, request):
    import boto3
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    boto3.client("s3").create_bucket(Bucket="adapters")
    return f"s3://adapters/{request.node.name.replace('_', '-')}"


def test_publish_list_pull_yank(url, tmp_path):
    package = make_package(tmp_path / "a")
    registry = FileRegistry(url)
    registry.publish(tmp_path / "a", package)
    registry.publish(tmp_path / "b", make_package(tmp_path / "b", version="1.0.1", fill=1))
    assert [row.spec for row in registry.rows()] == ["toy@1.0.0", "toy@1.0.1"]
    assert pull("toy@1.0.0", url).package == package
    registry.yank("toy", "1.0.1")
    assert FileRegistry(url).versions("toy") == ["1.0.0"]
    assert FileRegistry(url).index().serial == 3
    with pytest.raises(Refused, match="never change"):
        registry.publish(tmp_path / "a", package)


def test_exclusive_creation_is_the_buckets_own(url):
    store = FileRegistry(url).store
    assert store.create("x", b"1")
    assert not store.create("x", b"2")
    assert store.read("x", 10) == b"1"
    with pytest.raises(Refused, match="size"):
        store.read("x", 0)


def test_eight_at_once_one_wins(url, tmp_path):
    for i in range(8):
        make_package(tmp_path / str(i), fill=i)
    ends, start = [], threading.Event()

    def racer(i: int) -> None:
        start.wait()
        try:
            FileRegistry(url).publish(tmp_path / str(i), read_package(tmp_path / str(i)))
            ends.append(i)
        except Refused:
            pass

    threads = [threading.Thread(target=racer, args=(i,)) for i in range(8)]
    for one in threads:
        one.start()
    start.set()
    for one in threads:
        one.join(60)
    assert len(ends) == 1
    assert pull("toy", url).package == read_package(tmp_path / str(ends[0]))
