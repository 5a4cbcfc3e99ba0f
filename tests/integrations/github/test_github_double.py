"""The double against GitHub's own documents: keys of the documented examples, field names of the real GraphQL schema, Link headers."""

import json
from typing import Any

import pytest

from powerup.integrations.http import HttpClient
from powerup.sandbox.github.schema import Discussions
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import discussion, pull_request


def rest(case: GithubCase, path: str, **params: object) -> Any:
    """The double's answer to Ada."""
    return case.double.app.test_client().get(
        f"/api/v3{path}", query_string=params, headers={"Authorization": f"Bearer {case.credentials()['token']}"}
    )


def ask(case: GithubCase, query: str, **variables: object) -> Any:
    """GraphQL's answer to Ada, whole."""
    headers = {"Authorization": f"bearer {case.credentials()['token']}"}
    return case.double.app.test_client().post("/api/graphql", json={"query": query, "variables": variables}, headers=headers).get_json()


def test_an_issue_has_the_documented_keys(case: GithubCase, samples: Any) -> None:
    documented, number = samples["events"]["issues"]["issue"], case.double.thread_id(case.thread("One", "Text."))
    issue = rest(case, f"/repos/northwind/support/issues/{number}").get_json()
    # `draft` is there by mistake; the example is older than `state_reason`.
    assert documented.keys() - {"draft"} <= issue.keys() | {"performed_via_github_app"}
    assert issue["user"].keys() == set(samples["user_keys"])


def test_a_comment_has_the_documented_keys(case: GithubCase, samples: Any) -> None:
    thread_id = case.thread("One", "Text.")
    comment = case.reply(thread_id, "Two.")
    found = rest(case, f"/repos/northwind/support/issues/comments/{comment}").get_json()
    assert samples["events"]["issue_comment"]["comment"].keys() <= found.keys()


@pytest.mark.parametrize("event", ["issue_comment", "discussion_comment"])
def test_a_webhook_has_the_documented_keys(case: GithubCase, samples: Any, event: str) -> None:
    documented = samples["events"][event]
    subject = event.partition("_")[0]
    thread_id = discussion(case) if subject == "discussion" else case.thread("One", "Text.")
    case.reply(thread_id, "Two.")
    headers, body = case.hook(thread_id, "secret")
    found = json.loads(body)
    assert headers["x-github-event"] == event
    assert documented.keys() <= found.keys()
    assert documented[subject].keys() - {"draft"} <= found[subject].keys()
    assert documented["comment"].keys() - {"reactions"} <= found["comment"].keys()


def test_no_field_of_graphql_is_made_up(case: GithubCase, real_schema: Any) -> None:
    schema = Discussions(case.double).schema()
    for name, fields in real_schema.items():
        if name.endswith("Connection"):
            assert {"nodes", "pageInfo", "totalCount"} <= set(fields)
        else:
            assert schema[name].keys() <= set(fields), name


def test_a_field_that_there_is_not_is_refused(case: GithubCase) -> None:
    query = 'query($n: Int!) { repository(owner: "northwind", name: "support") { discussion(number: $n) { nonsense } } }'
    answer = ask(case, query, n=case.double.thread_id(discussion(case)))
    assert answer["errors"][0]["extensions"]["code"] == "undefinedField"


def test_a_connection_without_a_size_is_refused_unless_it_is_counted(case: GithubCase) -> None:
    number = case.double.thread_id(discussion(case))
    query = 'query($n: Int!) { repository(owner: "northwind", name: "support") { discussion(number: $n) { comments { %s } } } }'
    assert ask(case, query % "nodes { id }", n=number)["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    assert ask(case, query % "totalCount", n=number)["data"]["repository"]["discussion"] == {"comments": {"totalCount": 0}}
    assert "Parse error" in ask(case, "{ viewer { login ")["errors"][0]["message"] or ask(case, "{ viewer")["errors"]


def test_lists_are_paged_by_the_link_header(case: GithubCase) -> None:
    with case.store.lock:
        for one in range(5):
            case.thread(f"Thread {one}", "Text.")
        pull_request(case)
    path = "/repos/northwind/support/issues"
    middle = rest(case, path, per_page=2, page=2)
    assert len(middle.get_json()) == 2
    assert {part.split("; ")[1] for part in middle.headers["Link"].split(", ")} == {
        'rel="prev"', 'rel="first"', 'rel="next"', 'rel="last"'
    }  # fmt: skip
    assert "Link" not in rest(case, path).headers
    assert rest(case, path, per_page=100, page=101).status_code == 422


def test_who_asks_without_a_token_is_counted_by_sixty(case: GithubCase) -> None:
    case.thread("One", "Text.")
    with HttpClient(case.policy(), vendor="GitHub") as client:
        answer = client.request("GET", f"{case.double.api_url}/issues")
    assert answer.headers["x-ratelimit-limit"] == "60"


def test_texts_come_in_the_form_that_was_asked_for(case: GithubCase) -> None:
    number = case.double.thread_id(case.thread("One", "It *fails*."))
    client, url = case.double.app.test_client(), f"/api/v3/repos/northwind/support/issues/{number}"
    plain = client.get(url, headers={"Accept": "application/vnd.github+json"}).get_json()
    full = client.get(url, headers={"Accept": "application/vnd.github.full+json"}).get_json()
    assert "body_html" not in plain and plain["body"] == "It *fails*."
    assert "<em>fails</em>" in full["body_html"]
