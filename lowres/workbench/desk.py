"""The open pair on the page: its sounds, its steps, the alternatives of its words, and the form that corrects one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import streamlit as st

from lowres.collection.events import ROLES
from lowres.corrections import (
    LICENCE,
    LONGEST,
    Correction,
    add_correction,
    file_to_write,
    lexicon_files,
    make_correction,
    read_corrections,
    take_back,
)
from lowres.errors import LowresError
from lowres.language import Language
from lowres.rules import Resources
from lowres.stages.gloss import Glossed
from lowres.synthesis import Kept
from lowres.workbench.access import may, signs_in, visitor
from lowres.workbench.fixes import (
    PARTS,
    Bench,
    Change,
    Choice,
    choices_of,
    count_changed,
    count_having,
    open_bench,
    remade,
    resources_with,
    sounds_of,
    steps_of,
)
from lowres.workbench.fixes_markup import choices_list, own_table, steps_list
from lowres.workbench.look import direct
from lowres.workbench.markup import pair_card, safe_markdown
from lowres.workbench.page import friendly
from lowres.workbench.pairs import PairIndex
from lowres.workbench.runs import changed_at, command_to_make, find_recipe
from lowres.workbench.wording import _

FOR, SOURCE, UPOS, TARGET, AUTHOR, TRIED, TOLD = (
    "correction for", "fix_source", "fix_upos", "fix_target", "fix_author", "tried correction", "told of a correction"
)  # fmt: skip

_PATIENCE = 0.3  # seconds to wait for what is nearly there


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A pair that is open, and what it is made with where the run's recipe and data are here."""

    folder: Path
    index: PairIndex
    kept: Kept
    language: Language
    source: str  # locale
    place: Path | None  # the recipe's folder, by which the language's own files are found
    bench: Bench | None
    corrections: Sequence[Correction]

    @property
    def resources(self) -> Resources | None:
        return resources_with(self.bench, self.corrections) if self.bench else None


# --- what the process holds


def bench_of(folder: Path) -> Bench:
    """What a run's pairs are made with, read once for all until its recipe or its pairs change."""
    recipe = find_recipe(folder)
    return _bench(str(folder), changed_at(*([recipe] if recipe else []), folder / "synthesize" / "stamp.json"))


@st.cache_resource(max_entries=3, show_spinner=False)
def _bench(folder: str, changed: int) -> Bench:
    with st.spinner(_("Reading the dictionaries, once …")):
        return open_bench(Path(folder))


def corrections_of(language: Language, folder: Path | None) -> Sequence[Correction]:
    """The language's own entries, read again when a file of them has changed."""
    return _corrections(language, folder, changed_at(*lexicon_files(language.iso639_3, folder)))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs={Language: lambda one: one.iso639_3 + one.script})
def _corrections(language: Language, folder: Path | None, changed: int) -> Sequence[Correction]:
    return tuple(read_corrections(language, folder))


def recipe_folder_of(folder: Path) -> Path | None:
    """Where the run's recipe lies."""
    recipe = find_recipe(folder)
    return recipe.parent if recipe else None


# --- the open pair


def show_pair(folder: Path, index: PairIndex, kept: Kept, language: Language, source: str, place) -> None:
    """Everything about one pair, whose card is in `place`."""
    with friendly():
        opened = _open(folder, index, kept, language, source)
        if opened.bench:
            show_made(opened)
        else:
            show_form(opened, [])
        show_sounds(opened, place)


def show_sounds(opened: _Opened, place) -> None:
    """The card with its IPA, or one line on why there is none."""
    language, kept = opened.language, opened.kept
    reading = _sounds_read(language, opened.place)
    reading.join(_PATIENCE)
    if reading.is_alive():
        st.caption(_("The tables of sounds are being read, once: IPA comes with your next click."))
        return
    ipa, why = sounds_of([word.form for word in kept.words if word.form], language, opened.place)
    if ipa:
        place.html(pair_card(kept, language.direction, opened.source, ipa))
    else:
        st.caption(_("No IPA: {why}", why=safe_markdown(why)))


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs={Language: lambda one: one.iso639_3 + one.script})
def _sounds_read(language: Language, place: Path | None) -> Thread:
    """The thread that reads a language's tables: it takes seconds, and nobody should wait for them before a word is corrected."""
    reading = Thread(target=sounds_of, args=(["a"], language, place), daemon=True)
    reading.start()
    return reading


def _open(folder: Path, index: PairIndex, kept: Kept, language: Language, source: str) -> _Opened:
    try:
        bench = bench_of(folder)
    except LowresError as error:
        st.info(_("This pair cannot be made again: {why}", why=safe_markdown(error)))
        bench = None
    place = recipe_folder_of(folder)
    return _Opened(folder=folder, index=index, kept=kept, language=language, source=source, place=place, bench=bench,
                   corrections=corrections_of(language, place))  # fmt: skip


def show_made(opened: _Opened) -> None:
    """The pair as it would be made now, where that is not what the run has; then its steps, and the form."""
    language, resources = opened.language, opened.resources
    made = remade(opened.bench, opened.kept.utterance.id, resources)
    choices = choices_of(opened.bench, made, resources)
    if made.kept is None or made.kept.utterance.text != opened.kept.utterance.text:
        show_again(_("As it is made now, with the entries of today"), made, opened)
    correct, steps = st.tabs([_("Words and their translations"), _("Rule by rule")])
    with correct:
        st.html(choices_list(choices, language, opened.source))
        show_form(opened, choices)
    with steps:
        st.html(steps_list(steps_of(opened.bench, made, resources), language, opened.source))


def show_again(title: str, made: Glossed, opened: _Opened) -> None:
    st.markdown(f"**{title}**")
    if made.kept is None:
        st.warning(_("The rules reject it: {reason}", reason=safe_markdown(made.rejected)))
        return
    st.html(pair_card(made.kept, opened.language.direction, opened.source))


# --- the form


def show_form(opened: _Opened, choices: Sequence[Choice]) -> None:
    """An entry for a word: tried out first, then saved. Only for those who take part in the language."""
    told(opened)
    if not any(may(role, opened.language.iso639_3) for role in ROLES):
        st.caption(_("Who takes part in this language may correct its dictionary: ask an admin for a role."))
        return
    st.markdown(f"**{_('Correct a word')}**")
    number = ask_word(opened, choices)
    fill(opened, choices, number)
    direct(TARGET, opened.language.direction)
    with st.form("correction", border=False):
        first, second, third, fourth = st.columns([3, 2, 3, 2])
        first.text_input(_("Source word or phrase"), key=SOURCE, max_chars=LONGEST["source"])
        second.selectbox(_("Part of speech"), PARTS, key=UPOS, format_func=lambda tag: tag or _("any"))
        third.text_input(_("Translation, as a dictionary has it"), key=TARGET, max_chars=LONGEST["target"])
        fourth.text_input(_("Your name"), key=AUTHOR, max_chars=LONGEST["author"], disabled=signs_in())
        with st.container(horizontal=True):
            tries = st.form_submit_button(_("Try it"))
            saves = st.form_submit_button(_("Save"), type="primary")
    if tries or saves:
        st.session_state[TRIED] = typed(opened)
    tried = st.session_state.get(TRIED)
    if tried and tries | saves:
        with friendly():
            save(opened, tried) if saves else show_tried(opened, tried)
    place = safe_markdown(file_to_write(opened.language.iso639_3, opened.place))
    st.caption(_("Enter tries it. Saved, it goes to {place}, with your name and the date, under {licence}: free for everybody.",
                 place=place, licence=LICENCE))  # fmt: skip


def ask_word(opened: _Opened, choices: Sequence[Choice]) -> int:
    """The number of the word that is to be corrected."""
    if not choices:
        return 0
    # names that an entry does not change: the box would forget what it had chosen
    names = [f"{number} · {one.text}" for number, one in enumerate(choices, 1)]
    if st.session_state.get(FOR, ("",))[0] != opened.kept.utterance.id:
        st.session_state["fix_word"] = 0
    return st.selectbox(_("Word of this pair"), range(len(choices)), key="fix_word", format_func=names.__getitem__)


def fill(opened: _Opened, choices: Sequence[Choice], number: int) -> None:
    """Write what the word suggests into the fields, once for every word; before the fields are made."""
    wanted = (opened.kept.utterance.id, number)
    if st.session_state.get(FOR) != wanted or TARGET not in st.session_state:
        st.session_state[FOR], st.session_state[TRIED] = wanted, None
        st.session_state[SOURCE] = choices[number].key[: LONGEST["source"]] if choices else ""
        st.session_state[UPOS] = choices[number].upos if choices else ""
        st.session_state[TARGET] = ""
    person = visitor()
    if person and (signs_in() or not st.session_state.get(AUTHOR)):
        st.session_state[AUTHOR] = person.pseudonym


def typed(opened: _Opened) -> Correction | None:
    """What is in the form, None with one line on the page where that is no entry."""
    state = st.session_state
    with friendly():
        return make_correction(state[SOURCE], state[TARGET], state[UPOS], state[AUTHOR], opened.language, where=_("Your entry"))
    return None


def change_of(opened: _Opened, tried: Correction) -> Change:
    """What the entry would do to all pairs of the run."""
    if not opened.bench:
        return count_having(opened.index, tried.source)
    after = resources_with(opened.bench, [*opened.corrections, tried])
    return count_changed(opened.bench, opened.index, opened.resources, after, tried.source)


def show_tried(opened: _Opened, tried: Correction) -> None:
    """The pair with the entry, and how many pairs it would change."""
    change = change_of(opened, tried)
    if opened.bench:
        resources = resources_with(opened.bench, [*opened.corrections, tried])
        show_again(_("With this entry, not saved yet"), remade(opened.bench, opened.kept.utterance.id, resources), opened)
    st.info(said_of(change, opened.bench is not None))


def said_of(change: Change, counted: bool) -> str:
    """The change in a sentence that says how it is known."""
    figures = {"n": f"{change.n:,}", "of": f"{change.of:,}", "having": f"{change.having:,}", "tried": f"{change.tried:,}"}
    if not counted:
        return _("{having} of {of} pairs have this word in their source; how many of them change is not known.", **figures)
    if change.estimated:
        return _("Would change about {n} of {of} pairs: estimated from {tried} of the {having} that have the word.", **figures)
    return _("Would change {n} of {of} pairs; {having} have the word.", **figures)


def save(opened: _Opened, tried: Correction) -> None:
    """Write the entry, and show the page anew."""
    newest = next((one for one in reversed(opened.corrections) if (one.source, one.upos) == (tried.source, tried.upos)), None)
    if newest and newest.target == tried.target:
        raise LowresError(_("Your entry"), _("it is there already, by {author}", author=newest.author))
    change = change_of(opened, tried)
    path = file_to_write(opened.language.iso639_3, opened.place)
    add_correction(path, tried)
    st.session_state[TOLD] = (opened.kept.utterance.id, str(path), said_of(change, opened.bench is not None))
    st.session_state[FOR] = (opened.kept.utterance.id, None)  # the fields are filled anew
    st.rerun()


def told(opened: _Opened) -> None:
    """What was saved a moment ago, once."""
    id, path, change = st.session_state.get(TOLD) or ("", "", "")
    if id != opened.kept.utterance.id:
        return
    st.session_state[TOLD] = None
    st.success(_("Saved in {path}. {change} The run has them when it is made again:", path=safe_markdown(path), change=change))
    st.code(command_to_make(opened.folder), language=None)


# --- the language's own entries


def show_own(folder: Path, language: Language, source: str) -> None:
    """All entries of the language that people made, the newest first, and the way to take one back."""
    place = recipe_folder_of(folder)
    corrections = list(reversed(corrections_of(language, place)))
    label = _("Own entries of {language}: {n}", language=safe_markdown(language.name), n=f"{len(corrections):,}")
    with st.expander(label):
        if not corrections:
            st.write(_("None yet. Open a pair above and correct one of its words: it comes first in every recipe of the language."))
            return
        st.html(own_table(corrections, language, source))
        if any(may(role, language.iso639_3) for role in ROLES):
            take_one_back(corrections, language, place)


def take_one_back(corrections: list[Correction], language: Language, place: Path | None) -> None:
    names = [f"{one.source} ({one.upos or _('any')}) → {one.target} · {one.author} {one.date}" for one in corrections]
    with st.form("take back", border=False):
        number = st.selectbox(_("Entry to take back"), range(len(names)), format_func=names.__getitem__, key="back_entry")
        takes = st.form_submit_button(_("Take back"))
    st.caption(_("It moves to taken_back.tsv beside the lexicon: nothing is lost."))
    if takes:
        person = visitor()
        with friendly():
            take_back(corrections[number], person.pseudonym if person else "", language, place)
            st.toast(_("Taken back: {entry}", entry=safe_markdown(names[number])))
            st.rerun()
