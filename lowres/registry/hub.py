"""The Hugging Face Hub as a registry, hf://ORG: one repository per adapter, a tag v<version> per version.

Tags can be moved, so the commit that a tag names is read once and everything is fetched from that commit; and what was
pulled once under a version is remembered (`memory`). A version is hidden by a second tag, yanked-v<version>.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from lowres.errors import LowresError, nearest
from lowres.registry.package import CARD, MANIFEST, OWN, SIGNATURE, Package, Refused, version_key
from lowres.registry.release import Release, Row, format_release, parse_release, row_of
from lowres.registry.store import capped

TAG, YANKED = "v", "yanked-v"
_CHUNK = 1 << 18


class HubRegistry:
    """Publish, list, read and yank, as `files.FileRegistry`; HF_ENDPOINT and HF_TOKEN are the Hub's own."""

    def __init__(self, url: str) -> None:
        from huggingface_hub import HfApi

        self.url, self.organisation = url.rstrip("/"), url.removeprefix("hf://").strip("/")
        if not self.organisation or "/" in self.organisation:
            raise LowresError(f"registry {url}", "no organisation", "hf://ORG")
        self.api, self._commits = HfApi(), dict[str, str]()

    # --- reading

    def rows(self, on_broken: Callable[[LowresError], None] = lambda error: None) -> list[Row]:
        """Every release, by name and version; a broken one is handed to `on_broken` and left out."""
        found = []
        for name in self._names():
            tags = self._tags(name)
            for version in sorted((tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)), key=_key):
                try:
                    found.append(row_of(self.release(name, version)).model_copy(update={"yanked": YANKED + version in tags}))
                except LowresError as error:
                    on_broken(error)
        return found

    def versions(self, name: str) -> list[str]:
        """Versions of a name that are not yanked, oldest first."""
        tags = self._tags(name)
        found = [tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG) and YANKED + tag.removeprefix(TAG) not in tags]
        if not found:
            raise LowresError(f"adapter {name}", f"not in {self.url}", nearest(name, self._names()))
        return sorted(found, key=_key)

    def release(self, name: str, version: str) -> Release:
        """One release, from the commit that its tag names."""
        commit = self._tags(name).get(TAG + version)
        if commit is None:
            raise LowresError(f"adapter {name}@{version}", f"not in {self.url}", "a version of `lowres list adapters`")
        self._commits[f"{name}@{version}"] = commit
        where = f"{self.url}/{name}@{version}"
        manifest = self._read(name, commit, MANIFEST, OWN[MANIFEST])
        if manifest is None:
            raise Refused(where, f"release: no {MANIFEST}", "a repository that `lowres publish` made")
        signature = self._read(name, commit, SIGNATURE, OWN[SIGNATURE])
        try:
            data = format_release(manifest.decode(), signature.decode() if signature is not None else None)
        except UnicodeDecodeError:
            raise Refused(where, f"release: {MANIFEST} or {SIGNATURE} is not UTF-8", "files of lowres") from None
        return parse_release(data, name, version, where)

    def fetch(self, package: Package, name: str, target: Path, on_bytes: Callable[[int], None] = lambda n: None) -> None:
        """Copy a file of a package to `target`; what arrives is not checked but for its length."""
        with open(target, "wb") as file:

            def write(chunk: bytes) -> None:
                file.write(chunk)
                on_bytes(len(chunk))

            if not self._stream(package.name, self._commits[package.spec], name, package.files[name].bytes, write):
                raise Refused(f"{self.url}/{package.spec}/{name}", "file: missing", "the registry as it was published")

    def card(self, package: Package) -> str:
        """README.md of a package."""
        one = package.files[CARD]
        data = self._read(package.name, self._commits[package.spec], CARD, one.bytes) or b""
        if sha256(data).hexdigest() != one.sha256:
            raise Refused(f"{self.url}/{package.spec}/{CARD}", "hash: not the published bytes", "the registry as it was published")
        return data.decode()

    def _names(self) -> list[str]:
        found = self._asked("list", lambda: [one.id for one in self.api.list_models(author=self.organisation, filter="lowres")])
        return sorted(one.rpartition("/")[2] for one in found)

    def _tags(self, name: str) -> dict[str, str]:
        """Tag to commit; empty where there is no such repository."""
        from huggingface_hub.errors import RepositoryNotFoundError

        try:
            return {tag.name: tag.target_commit for tag in self.api.list_repo_refs(self._repository(name)).tags}
        except RepositoryNotFoundError:
            return {}
        except Exception as error:  # of the network and of HTTP, many kinds
            raise self._failed(name, error) from error

    def _read(self, name: str, commit: str, file: str, most: int) -> bytes | None:
        found = bytearray()
        return bytes(found) if self._stream(name, commit, file, most, found.extend) else None

    def _stream(self, name: str, commit: str, file: str, most: int, use: Callable[[bytes], Any]) -> bool:
        """Hand over a file in pieces; whether it is there. The Hub's own download neither resumes nor checks hashes, so it gains nothing."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.utils import build_hf_headers, get_session

        address = hf_hub_url(self._repository(name), file, revision=commit, endpoint=self.api.endpoint)
        try:
            with get_session().stream("GET", address, headers=build_hf_headers(), follow_redirects=True) as answer:
                if answer.status_code == 404:
                    return False
                answer.raise_for_status()
                for chunk in capped(answer.iter_bytes(_CHUNK), most, f"{self.url}/{name}/{file}"):
                    use(chunk)
        except LowresError:
            raise
        except Exception as error:
            raise self._failed(f"{name}/{file}", error) from error
        return True

    # --- writing

    def publish(self, folder: Path, package: Package, on_bytes: Callable[[int], None] = lambda n: None) -> None:
        """One commit with all files, then the tag, which one publisher alone can create: without it there is no version."""
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        if TAG + package.version in self._tags(package.name):
            raise _taken(package)
        repository = self._repository(package.name)
        self._asked("created", lambda: self.api.create_repo(repository, private=package.private, exist_ok=True))
        here = {path.name for path in folder.iterdir()}
        there = set(self._asked("read", lambda: self.api.list_repo_files(repository)))
        operations = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=str(folder / name)) for name in sorted(here)]
        operations += [CommitOperationDelete(path_in_repo=name) for name in sorted(there - here - {".gitattributes"})]
        commit = self._asked("written", lambda: self.api.create_commit(repository, operations, commit_message=f"{package.spec}"))
        self._tag(package, TAG + package.version, commit.oid)
        on_bytes(package.bytes)

    def _tag(self, package: Package, tag: str, commit: str) -> None:
        from huggingface_hub.errors import HfHubHTTPError

        try:
            self.api.create_tag(self._repository(package.name), tag=tag, revision=commit, exist_ok=False)
        except HfHubHTTPError as error:
            if error.response is not None and error.response.status_code == 409:
                raise _taken(package) from None
            raise self._failed(package.name, error) from error

    def yank(self, name: str, version: str, reason: str = "") -> None:
        """Hide a version from lists and from those that name no version."""
        self.release(name, version)
        commit = self._commits[f"{name}@{version}"]
        self._asked(
            "written",
            lambda: self.api.create_tag(self._repository(name), tag=YANKED + version, revision=commit, tag_message=reason, exist_ok=True),
        )

    def _repository(self, name: str) -> str:
        return f"{self.organisation}/{name}"

    def _asked(self, what: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except LowresError:
            raise
        except Exception as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: Exception) -> LowresError:
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        return LowresError(f"{self.url} ({what})", first, "a Hub that can be reached, and HF_TOKEN where it is needed")


def _key(version: str) -> tuple[int, ...]:
    """Of tags that are no version, before all others."""
    return version_key(version) if all(part.isdecimal() for part in version.split(".")) else (-1,)


def _taken(package: Package) -> Refused:
    return Refused(f"adapter {package.spec}", "version: published already, and versions never change", "a higher `version` in the recipe")
