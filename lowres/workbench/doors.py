"""Addresses beside the pages: to come in by a link and to leave, the language of the interface, fonts, and whether all is well.

A link is followed by a button, so that no preview of a messenger uses it up; what changes something is posted from a page of ours.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from lowres.errors import LowresError
from lowres.workbench import access, people, wording
from lowres.workbench.fonts import faces, font_file
from lowres.workbench.markup import safe
from lowres.workbench.tokens import COOKIE, LONGEST, Refused, find_secret

_YEAR = 365 * 24 * 60 * 60
_STYLE = """body {font-family: "Source Sans", system-ui, sans-serif; max-width: 32rem; margin: 12vh auto; padding: 0 1rem; line-height: 1.5;
color: #222; background: #fff} button {font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: .4rem; background: #0a5c8f;
color: #fff; cursor: pointer} a {color: #0a5c8f} @media (prefers-color-scheme: dark) {body {color: #eee; background: #171614}
a {color: #8ecbf0}}"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[Route]:
    """What the server has beside Streamlit's own addresses."""
    return [
        Route("/healthz", _health),
        Route("/enter", _ask, methods=["GET"]),
        Route("/enter", _enter, methods=["POST"]),
        Route("/leave", _ask_leave, methods=["GET"]),
        Route("/leave", _leave, methods=["POST"]),
        Route("/language/{code}", _speak),
        Route("/fonts/faces.css", _faces),
        Route("/fonts/{name}", _font),
        Route("/languages", lambda request: RedirectResponse("/")),  # where the first page is
    ]


def _health(request: Request) -> Response:
    """Whether collections can be read."""
    try:
        with access.book_of(access.database()).reading():
            return PlainTextResponse("ok")
    except Exception as error:  # whatever a driver raises, the answer is no
        return PlainTextResponse(f"the database: {type(error).__name__}", 503)


# --- in and out


def _ask(request: Request) -> Response:
    """What following the link would do, and a button."""
    token = request.query_params.get("token", "")
    if _has_account(request):
        return _as_account(token)
    try:
        with _book().reading() as state:
            invited = people.look_at(state, _secret(), token)
    except LowresError as error:
        return _refused(request, error)
    language, role = wording.language_name(invited.language, _language(request)), _say(request, invited.role)
    said = _say(request, "You are invited to work on {language} as {role}.", language=language, role=role)
    name = _say(request, "Others will see a pseudonym, never your name. This device will remember you.")
    button = _say(request, "Come in")
    inside = f'<input type="hidden" name="token" value="{safe(token)}"><button>{safe(button)}</button>'
    form = f'<form method="post" action="/enter">{inside}</form>'
    return _page(request, _say(request, "Welcome"), f"<p>{safe(said)}</p><p>{safe(name)}</p>{form}")


async def _enter(request: Request) -> Response:
    if refusal := _foreign(request):
        return refusal
    form = await request.form(max_files=0, max_fields=4, max_part_size=4096)
    token = str(form.get("token", ""))
    return _as_account(token) if _has_account(request) else await run_in_threadpool(_redeem, request, token)


def _has_account(request: Request) -> bool:
    """Whether an account of a provider is signed in, by Streamlit's own cookie: pages alone can say whose it is."""
    return access.has_oidc() and "_streamlit_user" in request.cookies


def _as_account(token: str) -> Response:
    """The page on which the account, and no new pseudonym, takes the role."""
    return RedirectResponse(f"/?{urlencode({access.INVITATION: token})}", 303, headers=_HEADERS)


def _redeem(request: Request, token: str) -> Response:
    secret, before = _secret(), _visitor(request)
    try:
        person = people.redeem(_book(), secret, token, before.id if before else "")
    except LowresError as error:
        return _refused(request, error)
    answer = RedirectResponse("/", 303, headers=_HEADERS)
    answer.set_cookie(
        access.COOKIE_NAME, people.cookie_of(secret, person), max_age=LONGEST[COOKIE], httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


def _ask_leave(request: Request) -> Response:
    person = _visitor(request)
    if person is None:
        return RedirectResponse("/", 303)
    said = _say(request, "You are {name}. To come back you need a new link.", name=person.pseudonym)
    button = f'<form method="post" action="/leave"><button>{safe(_say(request, "Sign out"))}</button></form>'
    return _page(request, _say(request, "Sign out"), f"<p>{safe(said)}</p>{button}{_home(request)}")


def _leave(request: Request) -> Response:
    if refusal := _foreign(request):
        return refusal
    answer = RedirectResponse("/", 303, headers=_HEADERS)
    answer.delete_cookie(access.COOKIE_NAME, httponly=True, samesite="lax")
    return answer


def _foreign(request: Request) -> Response | None:
    """A refusal of what another site's page posted in the name of whoever is signed in here."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site == "same-origin" if site else origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    return None if ours else _refused(request, Refused("form", "sent from another site", "open the link here, and press its button", 403))


def _visitor(request: Request) -> people.Person | None:
    cookie = request.cookies.get(access.COOKIE_NAME, "")
    with _book().reading() as state:
        return people.cookie_person(state, _secret(), cookie) if cookie else None


def _book() -> Any:
    return access.book_of(access.database())


def _secret() -> str:
    return find_secret(access.database())


# --- the language of the interface, and fonts


def _speak(request: Request) -> Response:
    """Remember the language, and go back to where it was chosen."""
    back = urlsplit(request.headers.get("referer", ""))
    inside = back.netloc == request.headers.get("host") and back.path.startswith("/") and not back.path.startswith("//")
    answer = RedirectResponse(back.path if inside else "/", 303)
    if (code := request.path_params["code"]) in wording.interface_languages():
        answer.set_cookie(wording.COOKIE_NAME, code, max_age=_YEAR, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def _faces(request: Request) -> Response:
    return PlainTextResponse(faces(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def _font(request: Request) -> Response:
    path = font_file(request.path_params["name"])
    if path is None:
        return PlainTextResponse("no such font", 404)
    return FileResponse(path, headers={"Cache-Control": f"public, max-age={_YEAR}", "X-Content-Type-Options": "nosniff"})


# --- pages of these addresses


def _language(request: Request) -> str:
    accepted = (one.partition(";")[0].strip() for one in request.headers.get("accept-language", "").split(","))
    return wording.best_language(request.cookies.get(wording.COOKIE_NAME), *accepted)


def _say(request: Request, text: str, **values: object) -> str:
    return wording.translated(_language(request), text, **values)


def _refused(request: Request, error: LowresError) -> Response:
    """What is wrong, in a sentence, and a way on."""
    said = ". ".join(_say(request, one)[:1].upper() + _say(request, one)[1:] for one in (error.found, error.allowed) if one)
    return _page(request, _say(request, "That did not work"), f"<p>{safe(said)}.</p>{_home(request)}", getattr(error, "status", 400))


def _home(request: Request) -> str:
    return f'<p><a href="/">{safe(_say(request, "To the workbench"))}</a></p>'


def _page(request: Request, title: str, body: str, status: int = 200) -> Response:
    language = _language(request)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{safe(title)}</title><style>{_STYLE}</style>'
    html = f'<!doctype html><html lang="{language}" dir="{wording.interface_direction(language)}"><head>{head}</head>'
    return HTMLResponse(f"{html}<body><main><h1>{safe(title)}</h1>{body}</main></body></html>", status, headers=_HEADERS)
