"""The workbench's navigation; `lowres app` runs it."""

import streamlit as st

from lowres.workbench.access import is_admin, show_invitation
from lowres.workbench.look import dress, show_sidebar
from lowres.workbench.wording import _

st.set_page_config(page_title="lowres workbench", layout="wide")
dress()
sections = {
    "": {"languages": _("Languages")},
    _("Language and model"): {
        "runs": _("Runs"), "pairs": _("Pairs"), "talk": _("Talk"), "map": _("Map"), "adapters": _("Adapters")
    },
    _("Collection"): {"collect": _("Collect"), "judge": _("Judge"), "adjudicate": _("Adjudicate"), "testsets": _("Collections")},
    _("Admin"): {"people": _("People")} if is_admin() else {},
}  # fmt: skip
pages = {
    section: [st.Page(f"{name}.py", title=title, default=name == "languages") for name, title in named.items()]
    for section, named in sections.items()
    if named
}
chosen = st.navigation(pages, expanded=True)
show_invitation()
show_sidebar()  # before the page, which may end early
chosen.run()
