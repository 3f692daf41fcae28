"""The Hub's endpoints, as far as a registry needs them, on 127.0.0.1."""

import base64
import hashlib
import http.server
import json
import threading
from urllib.parse import parse_qs, unquote, urlparse

import pytest

from lowres.errors import LowresError
from lowres.registry.client import pull, shelf_folder
from lowres.registry.hub import HubRegistry
from lowres.registry.package import Refused
from tests.registry.toy_package import make_package


class Hub(http.server.BaseHTTPRequestHandler):
    """Repositories as {name: {"commits": {oid: files}, "head": oid, "tags": {tag: oid}}}."""

    repositories: dict
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body, **headers) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), "Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def log_message(self, *args):
        pass

    def parts(self) -> list[str]:
        return [unquote(part) for part in urlparse(self.path).path.strip("/").split("/")]

    def repository(self, name: str) -> dict | None:
        found = self.repositories.get(name)
        if found is None:
            self.answer(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
        return found

    def do_GET(self):
        parts, query = self.parts(), parse_qs(urlparse(self.path).query)
        if parts == ["api", "models"]:
            author = query["author"][0]
            self.answer(200, [{"id": name, "modelId": name} for name in self.repositories if name.startswith(author + "/")])
        elif parts[:2] == ["api", "models"]:
            found = self.repository("/".join(parts[2:4]))
            if found is None:
                return
            if parts[4:] == ["refs"]:
                tags = [{"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": oid} for tag, oid in found["tags"].items()]
                self.answer(200, {"branches": [], "converts": [], "tags": tags})
            elif len(parts) > 4 and parts[4] == "tree":
                files = found["commits"][found["head"]]
                self.answer(200, [{"type": "file", "path": name, "size": len(data), "oid": "0" * 40} for name, data in files.items()])
            else:
                files = found["commits"][found["head"]]
                self.answer(200, {"id": "/".join(parts[2:4]), "sha": found["head"], "siblings": [{"rfilename": name} for name in files]})
        elif parts[2:3] == ["resolve"]:
            found = self.repository("/".join(parts[:2]))
            data = found and found["commits"].get(parts[3], {}).get("/".join(parts[4:]))
            if found:
                self.answer(404 if data is None else 200, b"" if data is None else data, Content_Type="application/octet-stream")

    do_HEAD = do_GET

    def do_POST(self):
        parts, data = self.parts(), self.body()
        if parts == ["api", "repos", "create"]:
            record = json.loads(data)
            name = f"{record['organization']}/{record['name']}"
            new = name not in self.repositories
            self.repositories.setdefault(name, {"commits": {"0" * 40: {}}, "head": "0" * 40, "tags": {}})
            self.answer(200 if new else 409, {"url": f"http://127.0.0.1/{name}", "name": name, "id": name})
            return
        if parts == ["api", "validate-yaml"]:
            self.answer(200, {"errors": [], "warnings": []})
            return
        found = self.repository("/".join(parts[2:4]))
        if parts[4] == "preupload":
            files = json.loads(data)["files"]
            self.answer(200, {"files": [{"path": one["path"], "uploadMode": "regular", "shouldIgnore": False} for one in files]})
        elif parts[4] == "commit":
            self.answer(200, self.commit(found, data))
        elif parts[4] == "tag":
            tag = json.loads(data)["tag"]
            if tag in found["tags"]:
                self.answer(409, {"error": "Tag reference exists already"})
                return
            found["tags"][tag] = parts[5]
            self.answer(200, {})

    def commit(self, found: dict, data: bytes) -> dict:
        files = dict(found["commits"][found["head"]])
        for line in map(json.loads, data.splitlines()):
            if line["key"] == "file":
                files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            elif line["key"] == "deletedFile":
                files.pop(line["value"]["path"])
        oid = hashlib.sha1(data + found["head"].encode()).hexdigest()
        found["commits"][oid], found["head"] = files, oid
        return {"commitUrl": f"http://127.0.0.1/x/y/commit/{oid}", "commitOid": oid, "pullRequestUrl": None}


@pytest.fixture
def hub(monkeypatch):
    """The repositories of a Hub that `hf://org` means."""
    repositories: dict = {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OneHub", (Hub,), {"repositories": repositories}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HF_TOKEN", "hf_test")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", endpoint)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", endpoint + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    yield repositories
    server.shutdown()
    server.server_close()


def test_publish_list_pull_yank(hub, tmp_path):
    registry = HubRegistry("hf://org")
    first = make_package(tmp_path / "a")
    registry.publish(tmp_path / "a", first)
    registry.publish(tmp_path / "b", make_package(tmp_path / "b", version="1.0.1", fill=1))
    assert [row.spec for row in registry.rows()] == ["toy@1.0.0", "toy@1.0.1"]
    assert pull("toy@1.0.0", "hf://org").package == first
    assert registry.card(registry.release("toy", "1.0.0").package) == "# toy@1.0.0\n"
    assert pull("toy", "hf://org").package.version == "1.0.1"
    registry.yank("toy", "1.0.1", "wrong")
    assert registry.versions("toy") == ["1.0.0"]
    assert [row.yanked for row in registry.rows()] == [False, True]
    with pytest.raises(LowresError, match="did you mean 'toy'"):
        pull("toi", "hf://org")


def test_a_version_is_published_once(hub, tmp_path):
    registry = HubRegistry("hf://org")
    package = make_package(tmp_path / "a")
    registry.publish(tmp_path / "a", package)
    other = make_package(tmp_path / "b", fill=1)
    with pytest.raises(Refused, match="never change"):
        registry.publish(tmp_path / "b", other)
    registry._tags = lambda name: {}  # it looked before the other had its tag
    with pytest.raises(Refused, match="never change"):
        registry.publish(tmp_path / "b", other)
    assert pull("toy", "hf://org").package == package


def test_a_moved_tag_is_refused(hub, tmp_path):
    import shutil

    registry = HubRegistry("hf://org")
    for i in range(2):
        registry.publish(tmp_path / str(i), make_package(tmp_path / str(i), version=f"1.0.{i}", fill=i))
    pull("toy@1.0.0", "hf://org")
    shutil.rmtree(shelf_folder())
    tags = hub["org/toy"]["tags"]
    tags["v1.0.0"] = tags["v1.0.1"]
    with pytest.raises(Refused, match=r"of toy@1\.0\.1"):
        pull("toy@1.0.0", "hf://org")


def test_a_changed_file_is_refused(hub, tmp_path):
    registry = HubRegistry("hf://org")
    registry.publish(tmp_path / "a", make_package(tmp_path / "a"))
    files = hub["org/toy"]["commits"][hub["org/toy"]["tags"]["v1.0.0"]]
    for change in (lambda data: b"X" + data[1:], lambda data: data + b"x", lambda data: data[:-1]):
        kept = files["labels.json"]
        files["labels.json"] = change(kept)
        with pytest.raises(Refused, match=r"labels\.json"):
            pull("toy", "hf://org")
        files["labels.json"] = kept
    del files["glosses.tsv"]
    with pytest.raises(Refused, match="missing"):
        pull("toy", "hf://org")


def test_a_hub_that_is_gone(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
    with pytest.raises(LowresError, match="reached"):
        HubRegistry("hf://org").versions("toy")
    with pytest.raises(LowresError, match="hf://ORG"):
        HubRegistry("hf://")
