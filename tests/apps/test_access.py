"""Who comes in, what they may do, and what is refused: links, cookies, forms; without a browser."""

import os
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowres.collection.book import Book
from lowres.collection.events import ROLES, digest_of
from lowres.collection.journal import Journal
from lowres.errors import LowresError
from lowres.workbench import people, tokens
from lowres.workbench.people import EVERY, call_back, cookie_of, cookie_person, grant, invite, local_person, redeem, subject_person
from lowres.workbench.pseudonyms import new_pseudonym
from lowres.workbench.tokens import COOKIE, INVITATION, SECRET, Refused, find_secret, read, sign

KEY = "k" * 40


@pytest.fixture
def book(tmp_path) -> Book:
    return Book(Journal(str(tmp_path / "c.db")))


@pytest.fixture
def admin(book) -> str:
    return local_person(book).id


def roles(book: Book, person: str, language: str) -> set[str]:
    with book.reading() as state:
        return set(state.roles(person, language))


# --- people


def test_whoever_sits_at_the_machine_is_one_person_who_may_do_everything(book):
    first, second = local_person(book), local_person(Book(book.journal))
    assert first == second and roles(book, first.id, "swh") == set(ROLES)


def test_an_account_is_one_person_kept_as_a_digest(book, tmp_path):
    one, other = subject_person(book, "issuer|anna@example.org"), subject_person(book, "issuer|ben")
    assert subject_person(book, "issuer|anna@example.org") == one != other and not roles(book, one.id, "swh")
    assert b"anna" not in (tmp_path / "c.db").read_bytes() + (tmp_path / "c.db-wal").read_bytes()
    with book.reading() as state:
        assert state.subjects[digest_of("issuer|ben")] == other.id


def test_an_invitation_makes_somebody_new_with_that_role_alone(book, admin):
    person = redeem(book, KEY, invite(book, KEY, admin, "judge", "swh"))
    assert roles(book, person.id, "swh") == {"judge"} and roles(book, person.id, "urd") == set()
    with book.reading() as state:
        assert people.person_of(state, person.id) == person and person.pseudonym.split()[1].isdigit()


def test_an_invitation_gives_the_role_to_who_is_signed_in(book, admin):
    person = redeem(book, KEY, invite(book, KEY, admin, "judge", "swh"))
    assert redeem(book, KEY, invite(book, KEY, admin, "contributor", "swh"), person.id) == person
    assert roles(book, person.id, "swh") == {"judge", "contributor"}


def test_a_link_is_used_as_often_as_it_says(book, admin):
    token = invite(book, KEY, admin, "contributor", "swh", uses=2)
    first = redeem(book, KEY, token)
    assert redeem(book, KEY, token, first.id) == first  # a second click of the same person is no use
    assert redeem(book, KEY, token) != first
    with pytest.raises(Refused, match="used already") as refused:
        redeem(book, KEY, token)
    assert refused.value.status == 410


def test_a_link_followed_by_many_at_once_lets_one_in(book, admin):
    token, let_in = invite(book, KEY, admin, "contributor", "swh"), []

    def follow() -> None:
        try:
            let_in.append(redeem(Book(Journal(str(book.journal.engine.url))), KEY, token))
        except Refused:
            pass

    threads = [threading.Thread(target=follow) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(let_in) == 1


def test_links_that_are_forged_of_elsewhere_expired_or_void_are_refused(book, admin, monkeypatch):
    token = invite(book, KEY, admin, "judge", "swh", days=1)
    for bad, status in (
        (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), 400), ("", 400), ("x" * 10_000, 400),
        (sign("other" * 9, INVITATION, ["l", ""]), 400),
        (sign(KEY, COOKIE, ["l", ""]), 400), (sign(KEY, INVITATION, ["no such link", ""]), 404),
        (invite(book, KEY, admin, "judge", "swh", days=-1), 410),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            redeem(book, KEY, bad)
        assert refused.value.status == status, bad
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="milliseconds")
    monkeypatch.setattr(people, "now", lambda: later)
    with pytest.raises(Refused, match="expired"):
        redeem(book, KEY, token)


def test_a_link_of_who_is_no_admin_any_longer_is_void(book, admin):
    other = redeem(book, KEY, invite(book, KEY, admin, "admin", "swh"))
    token = invite(book, KEY, other.id, "judge", "swh")
    grant(book, admin, other.id, "admin", "swh", False)
    with pytest.raises(Refused, match="no admin"):
        redeem(book, KEY, token)


def test_admins_of_a_language_stay_within_it(book, admin):
    person = redeem(book, KEY, invite(book, KEY, admin, "admin", "swh"))
    grant(book, person.id, person.id, "judge", "swh", True)
    for language in ("urd", EVERY):
        with pytest.raises(LowresError, match="no admin"):
            grant(book, person.id, person.id, "admin", language, True)
        with pytest.raises(LowresError, match="no admin"):
            invite(book, KEY, person.id, "contributor", language)
    with pytest.raises(LowresError, match="no admin"):  # it would make them an admin of every language
        call_back(book, KEY, person.id, admin)
    with book.reading() as state:
        shown = {one.id: held for one, held in people.listed(state, person.id).items()}
    assert shown == {admin: [], person.id: [("admin", "swh"), ("judge", "swh")]}


def test_who_lost_their_device_is_themself_again_unless_the_role_is_gone(book, admin):
    person = redeem(book, KEY, invite(book, KEY, admin, "judge", "swh"))
    assert redeem(book, KEY, call_back(book, KEY, admin, person.id)) == person
    token = call_back(book, KEY, admin, person.id)
    grant(book, admin, person.id, "judge", "swh", False)
    with pytest.raises(Refused, match="taken away"):
        redeem(book, KEY, token)
    assert roles(book, person.id, "swh") == set()


def test_a_role_is_for_somebody_who_is_there(book, admin):
    with pytest.raises(LowresError, match="nobody"):
        grant(book, admin, "nobody", "judge", "swh", True)
    with book.reading() as state:
        assert "nobody" not in state.grants


def test_pseudonyms_are_never_given_twice():
    taken: set[str] = set()
    for _ in range(3000):
        name = new_pseudonym(taken)
        assert name not in taken
        taken.add(name)


# --- cookies and the secret


def test_a_cookie_is_of_who_got_it_and_of_nobody_when_changed(book, admin):
    person = local_person(book)
    cookie = cookie_of(KEY, person)
    with book.reading() as state:
        assert cookie_person(state, KEY, cookie) == person
        assert cookie_person(state, "another" * 8, cookie) is None
        assert cookie_person(state, KEY, sign(KEY, INVITATION, person.id)) is None
        assert cookie_person(state, KEY, sign(KEY, COOKIE, "nobody")) is None


@settings(max_examples=60)
@given(st.text(max_size=80), st.integers(0, 400))
def test_no_text_but_a_signed_one_is_read(text, place):
    good = sign(KEY, COOKIE, "person-1")
    changed = good[: place % len(good)] + text + good[place % len(good) + 1 :]
    for one in (text, changed):
        if one != good:
            with pytest.raises(Refused):
                read(KEY, COOKIE, one)


def test_one_signature_has_one_spelling():
    good = sign(KEY, COOKIE, "person-1")
    assert read(KEY, COOKIE, good) == "person-1"
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_":
        if last != good[-1]:
            with pytest.raises(Refused):
                read(KEY, COOKIE, good[:-1] + last)


def test_a_cookie_expires(monkeypatch):
    good = sign(KEY, COOKIE, "person-1")
    monkeypatch.setitem(tokens.LONGEST, COOKIE, -1)
    with pytest.raises(Refused, match="too old"):
        read(KEY, COOKIE, good)


def test_the_secret_lies_beside_the_database_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv(SECRET, raising=False)
    first = find_secret(str(tmp_path / "new" / "c.db"))
    path = tmp_path / "new" / "c.db.secret"
    assert path.stat().st_mode & 0o777 == 0o600 and len(first) > 40
    assert find_secret(f"sqlite:///{tmp_path}/new/c.db") == first and [one.name for one in path.parent.iterdir()] == [path.name]
    os.chmod(path, 0o644)
    with pytest.raises(LowresError, match="chmod 600"):
        find_secret(str(tmp_path / "new" / "c.db"))


def test_the_secret_may_be_given_and_must_be_for_a_database_that_is_no_file(monkeypatch):
    monkeypatch.delenv(SECRET, raising=False)
    with pytest.raises(LowresError, match=SECRET):
        find_secret("postgresql://localhost/lowres")
    monkeypatch.setenv(SECRET, "short")
    with pytest.raises(LowresError, match="at least 32"):
        find_secret("postgresql://localhost/lowres")
    monkeypatch.setenv(SECRET, KEY)
    assert find_secret("postgresql://localhost/lowres") == KEY


# --- the addresses


@pytest.fixture
def client(tmp_path, monkeypatch):
    """The addresses beside the pages, over a database of its own."""
    pytest.importorskip("streamlit", reason="no streamlit: pip install 'lowres[app]'")
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from lowres.workbench.doors import routes

    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "c.db"))
    monkeypatch.setenv(SECRET, KEY)
    return TestClient(Starlette(routes=routes()), base_url="http://workbench.example", follow_redirects=False)


OURS = {"Origin": "http://workbench.example"}


def test_looking_at_a_link_does_not_follow_it(client, book, admin):
    token = invite(book, KEY, admin, "judge", "swh")
    for _ in range(3):
        shown = client.get(f"/enter?token={token}")
        assert shown.status_code == 200 and "judge" in shown.text and "Swahili" in shown.text and "set-cookie" not in shown.headers
    with book.reading() as state:
        assert not state.uses[token]


def test_the_button_signs_in_and_a_second_time_does_not(client, book, admin):
    token = invite(book, KEY, admin, "judge", "swh")
    done = client.post("/enter", data={"token": token}, headers=OURS)
    assert done.status_code == 303 and done.headers["location"] == "/"
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    client.cookies.clear()
    again = client.post("/enter", data={"token": token}, headers=OURS)
    assert again.status_code == 410 and "used already" in again.text and "set-cookie" not in again.headers


def test_the_cookie_is_for_https_alone_where_that_is_how_one_came(client, book, admin):
    token = invite(book, KEY, admin, "judge", "swh")
    done = client.post("https://workbench.example/enter", data={"token": token}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "secure" in done.headers["set-cookie"].lower()


def test_an_account_takes_no_role_at_the_door(client, book, admin, monkeypatch):
    monkeypatch.setattr("lowres.workbench.access.has_oidc", lambda: True)
    token = invite(book, KEY, admin, "judge", "swh")
    client.cookies.set("_streamlit_user", "whatever it holds")
    for answer in (client.get("/enter", params={"token": token}), client.post("/enter", data={"token": token}, headers=OURS)):
        assert answer.status_code == 303 and answer.headers["location"] == f"/?{urlencode({'invitation': token})}"
        assert "set-cookie" not in answer.headers
    with book.reading() as state:
        assert not any(state.uses.values())


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"} | OURS],
)
@pytest.mark.parametrize("path", ["/enter", "/leave"])
def test_forms_of_other_sites_are_refused(client, book, admin, headers, path):
    token = invite(book, KEY, admin, "judge", "swh")
    done = client.post(path, data={"token": token}, headers=headers)
    assert done.status_code == 403 and "set-cookie" not in done.headers
    with book.reading() as state:
        assert not any(state.uses.values())


@pytest.mark.parametrize("token", ["", "forged", '"><script>alert(1)</script>', "\ud800".encode("utf-8", "surrogatepass"), "a" * 3000])
def test_what_is_no_link_is_a_page_that_says_so(client, token):
    for answer in (client.get("/enter", params={"token": token}), client.post("/enter", data={"token": token}, headers=OURS)):
        assert 400 <= answer.status_code < 500
        assert "Traceback" not in answer.text and "<script>" not in answer.text and 'href="/"' in answer.text


def test_no_page_of_ours_can_be_framed_or_run_a_script(client):
    policy = client.get("/enter").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def test_signing_out_asks_first_and_takes_the_cookie(client, book, admin):
    client.post("/enter", data={"token": invite(book, KEY, admin, "judge", "swh")}, headers=OURS)
    assert 'method="post"' in client.get("/leave").text
    assert client.cookies.get("lowres")
    assert client.post("/leave", headers=OURS).status_code == 303
    assert not client.cookies.get("lowres") and client.get("/leave").status_code == 303


def test_the_language_is_remembered_and_only_ours_are_gone_back_to(client):
    answer = client.get("/language/sw", headers={"Referer": "http://workbench.example/talk?x=1"})
    assert answer.headers["location"] == "/talk" and client.cookies.get("lowres_language") == "sw"
    for elsewhere in ("http://evil.example/x", "http://workbench.example//evil.example", "javascript:alert(1)", ""):
        assert client.get("/language/fr", headers={"Referer": elsewhere}).headers["location"] == "/"
    assert "set-cookie" not in client.get("/language/xx").headers
    assert client.get("/language/..%2f..%2fetc").status_code in (303, 404)


def test_it_says_whether_all_is_well(client):
    assert client.get("/healthz").text == "ok"


def test_fonts_are_those_that_were_found_and_no_other_file(client):
    for name in ("passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/secret", "NotoSans-Regular.ttf%00"):
        assert client.get(f"/fonts/{name}").status_code == 404
    assert client.get("/fonts/faces.css").headers["content-type"].startswith("text/css")


# --- accounts of a provider


class Account(dict):
    """What Streamlit says of who signed in."""

    is_logged_in = True


def test_an_account_of_a_provider_is_one_person_and_has_no_role_yet(tmp_path, monkeypatch):
    access = pytest.importorskip("lowres.workbench.access", reason="no streamlit: pip install 'lowres[app]'")
    monkeypatch.setenv("LOWRES_DATABASE", str(tmp_path / "c.db"))
    monkeypatch.setenv("LOWRES_SIGN_IN", "1")
    monkeypatch.setattr(access, "has_oidc", lambda: True)
    found = []
    for issuer, subject in (("https://one", "7"), ("https://one", "7"), ("https://two", "7")):
        monkeypatch.setattr(access.st, "user", Account(iss=issuer, sub=subject, email="anna@example.org"))
        found.append(access.visitor())
    assert found[0] == found[1] != found[2]
    assert access.roles_of(found[0]) == [] and not access.is_admin() and not access.may("judge", "swh")
