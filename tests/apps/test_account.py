"""Signing in with an account: a provider of OpenID Connect on this machine, and Debian's Chromium."""

import pytest

from lowres.collection.book import Book
from lowres.collection.journal import Journal
from lowres.workbench.people import local_person
from tests.apps.chromium import see, settle
from tests.apps.server import Served, free_port, serve

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider, in its own libraries


@pytest.fixture(scope="module")
def provider():
    mock = pytest.importorskip("oidc_provider_mock", reason="no provider: pip install 'lowres[test]'")
    with mock.run_server_in_thread() as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def served(provider, tmp_path):
    port = free_port()
    auth = {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback", "cookie_secret": "only of this test", "client_id": "lowres",
        "client_secret": "known", "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }  # fmt: skip
    (tmp_path / ".streamlit").mkdir()
    lines = "".join(f'{key} = "{value}"\n' for key, value in auth.items())
    (tmp_path / ".streamlit" / "secrets.toml").write_text(f"[auth]\n{lines}", encoding="utf-8")
    with serve(tmp_path, port=port) as running:
        yield running


def sign_in(page, served: Served, subject: str) -> None:
    """As the account `subject`, through the provider's own page, whose style sheet lies elsewhere and is left out."""
    page.route("**/pico.min.css", lambda route: route.fulfill(body=""))
    page.goto(f"{served.url}/collect")
    page.get_by_role("button", name="Sign in with your account").click()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    page.get_by_role("button", name="Sign out").wait_for()
    settle(page)


def sign_out(page) -> None:
    """Here, and on the provider's page, which asks once more."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.get_by_text("Not signed in").wait_for()


def holders(served: Served) -> dict[str, set[str]]:
    """The roles of everybody who has one, but the local user, who invites."""
    book = Book(Journal(served.database))
    local = local_person(book).id
    with book.reading() as state:
        return {person: {role for role, _ in held} for person, held in state.grants.items() if person != local}


def test_an_account_comes_in_takes_a_role_by_a_link_and_leaves(served, page_at):
    page = page_at(f"{served.url}/collect")
    see(page, "Who are you?")
    sign_in(page, served, "asha")
    name = page.locator(".st-key-foot strong").inner_text()
    page.goto(f"{served.url}/collect")
    see(page, "in which you are contributor")

    page.goto(served.invitation("contributor", "swh"))
    see(page, "You are invited to work on Swahili as contributor")
    assert holders(served) == {}, "a link alone gives nothing"
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="Come in").wait_for(state="detached")
    settle(page)
    assert page.locator(".st-key-foot strong").inner_text() == name, "the same pseudonym: the role went to the account"
    assert list(holders(served).values()) == [{"contributor"}]

    sign_out(page)
    sign_in(page, served, "asha")
    assert page.locator(".st-key-foot strong").inner_text() == name, "known again"


def test_two_accounts_on_one_device_are_two_people(served, page_at):
    page = page_at(served.url)
    names = []
    for subject in ("asha", "juma"):
        sign_in(page, served, subject)
        names.append(page.locator(".st-key-foot strong").inner_text())
        sign_out(page)
    assert names[0] != names[1]
