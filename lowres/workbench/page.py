"""What the pages share of Streamlit: the chosen run, cached reading, and errors as one friendly line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from lowres.errors import LowresError
from lowres.language import Language
from lowres.stages.data import PAIRS, read_kept
from lowres.synthesis import Kept
from lowres.workbench.markup import STYLE, safe_markdown
from lowres.workbench.pairs import Facets, facets
from lowres.workbench.runs import changed_at, list_runs, read_card_of
from lowres.workbench.serve import RUNS
from lowres.workbench.talk import Readers, adapter_file, read_readers

_CHOSEN = "chosen run"


def start(title: str) -> Path:
    """Head of a page; the run that was chosen in the sidebar. The page ends here where there is no run yet."""
    st.html(STYLE)
    st.title(title)
    runs = Path(os.environ.get(RUNS, "runs"))
    folders = {path.name: path for path in list_runs(runs)}
    if not folders:
        st.info(f"No run in {safe_markdown(runs)} yet. This makes one from the embedded data, in a few minutes:")
        st.code(f"lowres run swh-demo --runs {runs}", language=None)
        st.caption("Then reload this page.")
        st.stop()
    return folders[_choose(list(folders))]


def _choose(names: list[str]) -> str:
    # written before the widget is made: what another page's widget left behind would be forgotten
    kept = st.session_state.get(_CHOSEN)
    st.session_state[_CHOSEN] = kept if kept in names else names[0]
    return st.sidebar.selectbox("Run", names, key=_CHOSEN)


@contextmanager
def friendly() -> Iterator[None]:
    """A user's mistake or a broken file is one line on the page; the rest of the page goes on."""
    try:
        yield
    except LowresError as error:
        st.error(safe_markdown(error))


def card_of(folder: Path) -> Language:
    """The run's language; the page ends where its card cannot be read."""
    try:
        return read_card_of(folder)
    except LowresError as error:
        st.error(safe_markdown(error))
        st.stop()


def cached_pairs(folder: Path) -> tuple[list[Kept], Facets]:
    """A run's pairs and what they can be filtered by, read again only when the file has changed; not to be changed."""
    return _pairs(str(folder), changed_at(folder / "synthesize" / PAIRS))


# A resource, not data: copying tens of thousands of pairs for every click would cost more than reading shows.
@st.cache_resource(max_entries=4, show_spinner="Reading the pairs …")
def _pairs(folder: str, changed: int) -> tuple[list[Kept], Facets]:
    pairs = read_kept(Path(folder) / "synthesize")
    return pairs, facets(pairs)


def cached_readers(folder: Path) -> Readers:
    """A run's models, once per process until the adapter changes."""
    return _readers(str(folder), changed_at(adapter_file(folder)))


@st.cache_resource(max_entries=2, show_spinner="Reading the model …")
def _readers(folder: str, changed: int) -> Readers:
    return read_readers(Path(folder))
