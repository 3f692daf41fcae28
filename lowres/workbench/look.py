"""What every page looks like: fonts for all scripts, both themes, narrow screens, right-to-left; and what stands in the sidebar."""

import streamlit as st

from lowres.language import Direction
from lowres.workbench.access import has_account, roles_of, signs_in, visitor
from lowres.workbench.fonts import FAMILY, NASTALIQ
from lowres.workbench.markup import STYLE, safe, safe_markdown
from lowres.workbench.wording import _, chosen_language, interface_direction, interface_languages, language_name

FONT = f'"Source Sans", "{FAMILY}", sans-serif'
# Urdu and its neighbours are read in Nastaliq, which needs the height of two lines.
_NASTALIQ = ":is(:lang(ur), :lang(urd), :lang(ks), :lang(pnb)):not(html)"
_LOOK = f"""<style>
@import url("/fonts/faces.css");
[lang]:where(:not(html)) {{font-family: {FONT}}}
{_NASTALIQ} {{font-family: "Source Sans", "{NASTALIQ}", "{FAMILY}", sans-serif; line-height: 2.3}}
{_NASTALIQ}:is(b, i, span, bdi, small):not(.lr-slot) {{display: inline-block}}
[data-testid="stCaptionContainer"] {{color: inherit; opacity: .82}}
[data-testid="stCaptionContainer"] *, [data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] * {{color: inherit}}
[data-testid="stSliderThumbValue"] {{color: light-dark(#2f2d2b, #edebe8)}}
.stApp button kbd {{color: inherit; opacity: 1}}
:focus-visible {{outline: 2px solid #0072B2; outline-offset: 1px}}
[data-testid="stSidebarUserContent"] :has(> .st-key-foot), .st-key-foot {{order: 1}}
.lr-languages {{display: flex; flex-wrap: wrap; gap: .1rem .8rem; font-size: .9rem}}
.lr-languages a {{padding: .25rem 0; color: inherit; text-decoration: underline; text-underline-offset: .2em}}
.lr-languages a[aria-current] {{font-weight: 600; text-decoration: none}}
.lr-keys {{border-collapse: collapse; font-size: .95rem}}
.lr-keys td, .lr-keys th {{padding: .15rem .6rem .15rem 0; text-align: start; vertical-align: top; border: 0}}
.lr-keys caption {{text-align: start; font-weight: 600; padding: .5rem 0 .2rem}}
kbd {{font: inherit; font-size: .85em; white-space: nowrap; padding: .05rem .35rem; border: 1px solid currentColor; border-radius: .25rem}}
@media (max-width: 640px) {{
  [data-testid="stMainBlockContainer"] {{padding: 4rem .9rem 3rem}}
  h1 {{font-size: 1.7rem !important}}
  [data-testid="stMain"] table {{display: block; overflow-x: auto}}
}}
</style>"""
# The page's language for screen readers, "?" for the help on keys, wide tables within the keyboard's reach; nothing of a user's is in it.
_SCRIPT = """<script>
document.documentElement.lang = "{language}";
if (!window.lowresKeys) {{
  window.lowresKeys = true;
  document.addEventListener("keydown", (event) => {{
    if (event.key !== "?" || event.target.closest("input, textarea, [contenteditable]")) return;
    document.querySelector(".st-key-keys button")?.click();
  }});
  const reach = () => document.querySelectorAll("[data-testid=stMain] table").forEach((table) => {{
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }});
  let due = false;
  new MutationObserver(() => {{
    if (due) return;
    due = true;
    setTimeout(() => {{ due = false; reach(); }}, 100);
  }}).observe(document.body, {{childList: true, subtree: true}});
}}
</script>"""


def dress() -> None:
    """Style and language of the page; once, before anything of it."""
    language = chosen_language()
    st.html(STYLE + _LOOK)
    st.html(_SCRIPT.format(language=language), unsafe_allow_javascript=True)
    if interface_direction(language) == "rtl":
        st.html("<style>[data-testid=stApp] {direction: rtl}</style>")


def direct(key: str, direction: Direction) -> None:
    """Make the inputs of the widget or container with that key write in a language's direction, in letters that are easy to read."""
    box = f".st-key-{key} :is(input, textarea)"
    st.html(f"<style>{box} {{direction: {direction}; text-align: start; font-size: 1.15rem; font-family: {FONT}}}</style>")


def show_failure(error: Exception) -> bool:
    """A page's bug as a sentence, instead of Streamlit's own; the log of the server has the rest."""
    st.error(_("Something went wrong on this page, and was written into the log of the server. What you saved is safe."))
    return True


def show_sidebar() -> None:
    """Who is here, the languages of the interface, and the help on keys, below the pages and what a page itself puts there."""
    with st.sidebar.container(key="foot"):
        _show_person()
        with st.popover(_("Keys: ?"), key="keys"):
            st.html(keys_table())
        st.html(_languages())


def _show_person() -> None:
    person = visitor()
    if person is None:
        st.html(f'<a href="/enter" target="_self">{safe(_("Not signed in"))}</a>' if signs_in() else "&nbsp;")
        return
    held = ", ".join(f"{_(role)} ({language_name(language, chosen_language())})" for role, language in roles_of(person))
    st.markdown(_("You are **{name}**", name=safe_markdown(person.pseudonym)), help=held or _("No role yet: ask an admin for one."))
    if has_account():
        st.button(_("Sign out"), on_click=st.logout)
    elif signs_in():
        st.html(f'<p class="lr-languages"><a href="/leave" target="_self">{safe(_("Sign out"))}</a></p>')


def _languages() -> str:
    now = chosen_language()
    links = "".join(
        f'<a href="/language/{code}" target="_self" lang="{code}"{" aria-current=true" if code == now else ""}>{safe(name)}</a>'
        for code, name in interface_languages().items()
    )
    return f'<nav class="lr-languages" aria-label="{safe(_("Language of the interface"))}">{links}</nav>'


def keys_table() -> str:
    """Which key does what, by page."""
    parts = {
        _("Everywhere"): {"?": _("this help"), "Tab": _("the next field or button"), "Esc": _("close what has opened")},
        _("Collect, Judge, Adjudicate"): {
            "Ctrl + S": _("save, and on to the next"),
            "Alt + N": _("skip (Collect)"),
            "Alt + Z": _("take back the newest"),
        },
        _("Marking slots"): {
            "← →": _("mark the word on that side"),
            "Shift + ← →": _("mark one more word"),
            "Ctrl + ← →": _("mark by letters"),
            "1 … 9": _("give what is marked that slot name"),
            "Delete": _("take the slot away"),
            "Esc": _("mark nothing"),
        },
    }
    return "".join(_table(title, keys) for title, keys in parts.items())


def _table(title: str, keys: dict[str, str]) -> str:
    rows = "".join(f'<tr><th scope="row" dir="ltr">{_kbd(key)}</th><td>{safe(what)}</td></tr>' for key, what in keys.items())
    return f'<table class="lr-keys"><caption>{safe(title)}</caption><tbody>{rows}</tbody></table>'


def _kbd(keys: str) -> str:
    return " + ".join(f"<kbd>{safe(key)}</kbd>" for key in keys.split(" + "))
