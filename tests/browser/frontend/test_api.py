"""Every way to get an error ends in one shape with plain words."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Request, Response

from tests.browser.frontend.conftest import Server, problem

Run = Callable[..., Any]
SESSION = {"token": "one", "expires_in": 600, "board": {"connected": True}, "forums": []}
ASK = """async (load) => {
  const { Session } = await load('lib/session.js');
  const { ApiClient } = await load('lib/api.js');
  const api = new ApiClient(new Session(async () => 'jwt'));
  try { return { answer: await api.get('/thing') }; }
  catch (error) { return { code: error.code, title: error.title, status: error.status, wait: error.retryAfter, passing: error.isPassing }; }
}"""


@pytest.mark.console_errors_expected
def test_a_token_that_ran_out_is_replaced_once(run: Run, server: Server) -> None:
    tokens = iter(("old", "new"))
    server.answers["POST /session"] = lambda _asked: {**SESSION, "token": next(tokens)}

    def thing(asked: Request) -> Response | dict[str, bool]:
        return {"fine": True} if asked.headers["Authorization"] == "Bearer new" else problem(401, "token_expired")

    server.answers["GET /thing"] = thing
    assert run(ASK) == {"answer": {"fine": True}}
    assert (server.times("POST /session"), server.times("GET /thing")) == (2, 2)


@pytest.mark.console_errors_expected
def test_a_token_that_is_never_taken_is_an_error_not_a_loop(run: Run, server: Server) -> None:
    server.answers = {"POST /session": SESSION, "GET /thing": lambda _asked: problem(401, "unauthenticated")}
    assert run(ASK)["code"] == "unauthenticated"
    assert server.times("GET /thing") == 2


@pytest.mark.console_errors_expected
def test_a_problem_document_keeps_its_code_and_its_wait(run: Run, server: Server) -> None:
    server.answers = {"POST /session": SESSION, "GET /thing": lambda _asked: problem(429, "too_many_requests", retry_after=7)}
    assert run(ASK) == {"code": "too_many_requests", "title": "too_many_requests", "status": 429, "wait": 7, "passing": True}


@pytest.mark.console_errors_expected
def test_html_from_a_proxy_is_said_in_plain_words(run: Run, server: Server) -> None:
    server.answers = {"POST /session": SESSION, "GET /thing": lambda _asked: Response("<h1>Bad gateway</h1>", 502)}
    said = run(ASK)
    assert (said["code"], said["title"], said["passing"]) == ("unreadable", "Closeloop answered oddly", True)


def test_many_questions_open_one_session(run: Run, server: Server) -> None:
    server.answers = {"POST /session": SESSION, "GET /thing": {"fine": True}}
    run(
        """async (load) => {
          const { Session } = await load('lib/session.js');
          const { ApiClient } = await load('lib/api.js');
          const api = new ApiClient(new Session(async () => 'jwt'));
          await Promise.all([1, 2, 3].map(() => api.get('/thing')));
        }"""
    )
    assert (server.times("POST /session"), server.times("GET /thing")) == (1, 3)


@pytest.mark.console_errors_expected
def test_no_connection_and_no_answer_have_their_own_words(run: Run, server: Server) -> None:
    codes = run(
        """async (load) => {
          const { send } = await load('lib/api.js');
          const kept = window.fetch, codes = [];
          window.fetch = async () => { throw new TypeError('Failed to fetch'); };
          await send('GET', '/x').catch((error) => codes.push(error.code));
          window.fetch = (_url, { signal }) => new Promise((_resolve, reject) => {
            if (signal.aborted) reject(signal.reason);
            signal.addEventListener('abort', () => reject(signal.reason));
          });
          await send('GET', '/x', { timeout: 10 }).catch((error) => codes.push(error.code));
          const stop = new AbortController(); stop.abort();
          await send('GET', '/x', { signal: stop.signal }).catch((error) => codes.push(error.name));
          window.fetch = kept;
          return codes;
        }"""
    )
    assert codes == ["offline", "timeout", "AbortError"]
