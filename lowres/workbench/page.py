"""What the pages share of Streamlit: the chosen run, cached reading, and errors as one friendly line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from lowres.errors import LowresError
from lowres.language import Language
from lowres.run import RECIPE
from lowres.stages.data import PAIRS
from lowres.workbench.markup import STYLE, safe_markdown
from lowres.workbench.pairs import PairIndex, read_index
from lowres.workbench.runs import changed_at, list_runs, make_demo_pairs, read_card_of, source_locale
from lowres.workbench.serve import RUNS
from lowres.workbench.wording import _, in_words

_CHOSEN = "chosen run"


def start(title: str) -> Path:
    """Head of a page; the run that was chosen in the sidebar. The page ends here where there is no run yet."""
    st.html(STYLE)
    st.title(title)
    runs = Path(os.environ.get(RUNS, "runs"))
    folders = {path.name: path for path in list_runs(runs)}
    if not folders:
        st.info(_("No run in {folder} yet. This makes one from the embedded data, in a few minutes:", folder=safe_markdown(runs)))
        st.code(f"lowres run swh-demo --runs {runs}", language=None, wrap_lines=True)
        st.caption(_("Then reload this page."))
        _offer_demo(runs)
        st.stop()
    return folders[_choose(list(folders))]


def _offer_demo(runs: Path) -> None:
    """The demo's pairs, made here in seconds, so that there is something to look at before anybody opens a terminal."""
    if st.button(_("Make the demo's pairs now (some seconds)"), type="primary"):
        with friendly(), st.spinner(_("Making the pairs of the demo …")):
            make_demo_pairs(runs)
            st.rerun()


def _choose(names: list[str]) -> str:
    # written before the widget is made: what another page's widget left behind would be forgotten
    kept = st.session_state.get(_CHOSEN)
    st.session_state[_CHOSEN] = kept if kept in names else names[0]
    return st.sidebar.selectbox(_("Run"), names, key=_CHOSEN)


@contextmanager
def friendly() -> Iterator[None]:
    """A user's mistake or a broken file is one line on the page; the rest of the page goes on."""
    try:
        yield
    except LowresError as error:
        st.error(safe_markdown(in_words(error)))


def card_of(folder: Path) -> Language:
    """The run's language; the page ends where its card cannot be read."""
    try:
        return _card(str(folder), changed_at(folder / "language.yaml"))
    except LowresError as error:
        st.error(safe_markdown(error))
        st.stop()


@st.cache_resource(max_entries=64, show_spinner=False)
def _card(folder: str, changed: int) -> Language:
    return read_card_of(Path(folder))


def cached_source(folder: Path) -> str:
    """BCP 47 tag of the run's source utterances."""
    return _source(str(folder), changed_at(folder / RECIPE))


@st.cache_resource(max_entries=64, show_spinner=False)
def _source(folder: str, changed: int) -> str:
    return source_locale(Path(folder))


def cached_pairs(folder: Path) -> PairIndex:
    """A run's pairs with all that can be asked of them, read again only when the file has changed; not to be changed."""
    return _pairs(str(folder), changed_at(folder / "synthesize" / PAIRS))


# A resource, not data: copying tens of thousands of pairs for every click would cost more than reading shows.
@st.cache_resource(max_entries=4, show_spinner=False)
def _pairs(folder: str, changed: int) -> PairIndex:
    with st.spinner(_("Reading the pairs …")):
        return read_index(Path(folder) / "synthesize")
