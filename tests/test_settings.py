"""Settings files: YAML 1.2 values, what is refused and where, and what is written read back."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from lowres.errors import LowresError
from lowres.settings import description, dotted, fields_at, format_yaml, parse_document, read_document, validate
from lowres.text import nfc

HERE = Path("here.yaml")


class Strict(BaseModel):
    """What every settings type of lowres is."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lora(Strict):
    """A section within a section."""

    r: int = Field(16, description="rank")
    dropout: float = 0.1


class Adapt(Strict):
    """A section."""

    learning_rate: float = 1e-3
    lora: Lora = Lora()


class Recipe(Strict):
    """A small settings type, with a list of sections."""

    name: str = Field(description="the file's stem")
    adapt: Adapt = Adapt()
    tests: tuple[Lora, ...] = ()


def refused(text: str) -> str:
    """The error that reading `text` as a Recipe gives."""
    with pytest.raises(LowresError) as error:
        validate(Recipe, parse_document(text, HERE))
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("off", "off"), ("Yes", "Yes"), ("y", "y"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01"),
        ("1.2.0", "1.2.0"), ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("3e-4", 3e-4),
        ("-3E+4", -3e4), ("1e3", 1000.0), (".5", 0.5), ("3.", 3.0), ("010", 10), ("0x10", 16), ("0o17", 15), ("+3", 3),
        ("'7'", "7"), ("swh", "swh"), ("sw-KE", "sw-KE"), ("e\u0301", "é"),
    ],
)  # fmt: skip
def test_values_are_those_of_yaml_1_2(written, value):
    found = parse_document(f"key: {written}\n", HERE).value["key"]
    assert found == value and type(found) is type(value)


def test_keys_are_words_even_where_they_look_otherwise():
    assert parse_document("no: 1\n7: 2\n~: 3\n", HERE).value == {"no": 1, "7": 2, "~": 3}


def test_every_key_knows_its_line():
    document = parse_document("name: x\n\nadapt:\n  lora: {r: 1}\ntests:\n  - r: 2\n  - r: 3\n", HERE)
    assert document.where("adapt", "lora", "r") == "here.yaml:4"
    assert document.where("tests", 1, "r") == "here.yaml:7"
    assert document.where("adapt", "not there") == "here.yaml:3"


def test_settings_are_read_into_their_type():
    recipe = validate(Recipe, parse_document("name: x\nadapt: {learning_rate: 3e-4, lora: {r: 8}}\ntests: [{r: 1}]\n", HERE))
    assert recipe == Recipe(name="x", adapt=Adapt(learning_rate=3e-4, lora=Lora(r=8)), tests=(Lora(r=1),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nadpat: {}\n", "here.yaml:2: unknown key 'adpat'; did you mean 'adapt'?"),
        ("name: x\nadapt:\n  lora:\n    rr: 1\n", "here.yaml:4: unknown key 'adapt.lora.rr'; did you mean 'r'?"),
        ("name: x\ntests:\n- r: 1\n- {drop: 1}\n", "here.yaml:4: unknown key 'tests[1].drop'; did you mean 'dropout'?"),
        ("name: x\nzzz: 1\n", "here.yaml:2: unknown key 'zzz'; allowed: adapt, name, tests"),
        ("adapt: {}\n", "here.yaml:1: file: the key 'name' is missing; the file's stem"),
        ("name: x\nadapt: {lora: {r: many}}\n", "here.yaml:2: adapt.lora.r: 'many';"),
        ("name: x\nadapt: 7\n", "here.yaml:2: adapt: 7;"),
    ],
)
def test_a_wrong_key_or_value_names_file_line_and_the_nearest(text, said):
    assert refused(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x\nname: y\n", "here.yaml:2: name: written twice; each key once"),
        ("name: x\nadapt: {lora: {r: 1, r: 2}}\n", "here.yaml:2: adapt.lora.r: written twice"),
        ("\u00e9: 1\ne\u0301: 2\n", "here.yaml:2: é: written twice"),
        ("name: &x a\n", "here.yaml:1: name: an anchor or alias; every value written out"),
        ("name: x\nadapt: &a {}\ntests: [*a]\n", "here.yaml:2: adapt: an anchor or alias"),
        ("name: x\nadapt: {lora: !env {r: 1}, learning_rate: !env RATE}\n", "here.yaml:2: adapt.learning_rate: the tag '!env'"),
        ("name: x\nadapt: !section {}\n", "here.yaml:2: a tag; plain values"),
        ("name: x\ntests: !!set {}\n", "here.yaml:2: a tag"),
        ("name: !!bool 7\n", "here.yaml:1: a tag"),
        ("&here name: x\n", "here.yaml:1: an anchor; plain values"),
        ("%YAML 1.1\n---\nname: no\n", "here.yaml:1: a directive"),
        ("name: x\n<<: {adapt: {}}\n", "here.yaml:2: unknown key '<<'"),
        ("? [a]\n: 1\n", "here.yaml:1: file: a key that is a sequence; a word"),
        ("name: !!int x\n", "here.yaml:1: name: 'x'; a number"),
        ("- name\n", "here.yaml:1: a list; lines 'key: value'"),
        ("name\n", "here.yaml:1: a text; lines 'key: value'"),
        ("", "here.yaml:1: no keys; lines 'key: value'"),
        ("# nothing\n", "here.yaml:1: no keys"),
        ("name: [1\n", "here.yaml:2: not YAML"),
        ("name: x\n\tadapt: 1\n", "here.yaml:2: not YAML"),
        ("name: x\n---\nname: y\n", "here.yaml:2: not YAML"),
        ("name: " + "[" * 600, "here.yaml"),
        ("name: *unknown\n", "here.yaml:1: not YAML"),
        ("name: a\x00b\n", "here.yaml:1: not YAML"),
    ],
)  # fmt: skip
def test_what_is_not_plain_values_is_refused(text, said):
    assert refused(text).startswith(said)


PIECES = ["a", "é", "e\u0301", ": ", "\n", "  ", "- ", "? ", "&a", "*a", "!t ", "!!int ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "#",
          "%YAML 1.1\n", "---\n", "...\n", "<<", "~", "1", "0x", "e9", ".inf", "\t", "\x00", "\ufeff", "\\x"]  # fmt: skip


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
@example("a: 1_\n")
@example("%YAML 3.0\n---\na: b")
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        validate(Recipe, parse_document(text, HERE))
    except LowresError as error:
        assert str(error).startswith("here.yaml") and "\n" not in str(error)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    try:
        read_document(path)
    except LowresError as error:
        assert str(path) in str(error) and "\n" not in str(error)


def test_a_byte_order_mark_and_crlf_are_read_as_if_not_there(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfname: x\r\nadapt:\r\n  lora: {r: 1}\r\n")
    document = read_document(tmp_path / "a.yaml")
    assert document.value == {"name": "x", "adapt": {"lora": {"r": 1}}}
    assert document.where("adapt", "lora").endswith("a.yaml:3")


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "swh-massive.yaml").write_bytes(b"name: x\n")
    (tmp_path / "bytes.yaml").write_bytes(b"name: \xff\n")
    (tmp_path / "large.yaml").write_bytes(b"#" * (1 << 20) + b"#\n")
    for name, said in [
        ("swh-masive.yaml", "no such file; did you mean 'swh-massive.yaml'?"), ("bytes.yaml", "byte 6 is not UTF-8"),
        ("large.yaml", "1048578 bytes"), (".", "cannot be read"), ("a\0b", "cannot be read"),
    ]:  # fmt: skip
        with pytest.raises(LowresError) as error:
            read_document(tmp_path / name)
        assert said in str(error.value)


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf"]), max_size=12).map(nfc)
SCALARS = WORDS | st.sampled_from(["no", "null", "~", "3e-4", "1.2.0", "a: b", "- a", "# a", "yes", "0x1", "12:30", "", " a "])
SCALARS |= st.booleans() | st.none() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.from_regex("[a-z][a-z_0-9]{0,8}", fullmatch=True)
FLOW = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)
VALUES = st.recursive(FLOW, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), WORDS)
def test_what_is_formatted_is_read_back(values, comment):
    text = format_yaml(values, comment, dict.fromkeys(values, comment))
    assert parse_document(text, HERE).value == values


def test_the_format_is_one_that_people_write():
    values = {"name": "swh-massive", "version": "1.2.0", "rules": ["look_up", "swh.order"], "adapt": {"rate": 3e-4, "lora": {"r": 8}}}
    values |= {"evaluate": [{"dataset": "massive", "locale": "no"}], "note": "a: b", "none": None}
    assert format_yaml(values, "Swahili.\nTwo lines.", {"adapt": "how"}).splitlines() == [
        "# Swahili.", "# Two lines.", "name: swh-massive", "version: 1.2.0", "rules: [look_up, swh.order]", "# how", "adapt:",
        "  rate: 0.0003", "  lora:", "    r: 8", "evaluate:", '  - {dataset: massive, locale: "no"}', 'note: "a: b"', "none: null",
    ]  # fmt: skip


def test_keys_are_named_with_dots_and_fields_found_inside_lists():
    assert dotted(("evaluate", 1, "locale")) == "evaluate[1].locale" and dotted(()) == "file"
    assert fields_at(Recipe, ("tests", 0)) == fields_at(Recipe, ("adapt", "lora")) == ["r", "dropout"]
    assert fields_at(Recipe, ("nothing",)) == []
    assert description(Recipe, ("tests", 0, "r")) == "rank" and description(Recipe, ("adapt",)) == ""
