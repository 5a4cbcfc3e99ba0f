"""Files behind redirects and scans, and what "Test connection" says."""

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import CredentialsRefusedError, GoneError, IntegrationError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import Draft, Feature, ForumConfig
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.models import StoredFile
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.contract.forum.asking import elsewhere
from tests.integrations.zendesk.conftest import Open


def stored(desk: ZendeskDouble, body: bytes = b"log") -> StoredFile:
    file = desk.store.add_file("crash.log", "text/plain", body)
    desk.store.open_thread("Question", NewPost("mei", "See.", file_ids=[file.id]))
    return file


def test_a_file_comes_from_the_storage_without_our_credentials(desk: ZendeskDouble, forum: Zendesk) -> None:
    # The storage refuses whoever brings credentials along.
    file = forum.file(str(stored(desk).id))
    assert (file.name, file.content_type, file.content) == ("crash.log", "text/plain", b"log")


def test_a_picture_in_the_text_is_shown_where_it_stands(desk: ZendeskDouble, forum: Zendesk) -> None:
    file = desk.store.add_file("shot.png", "image/png", b"png")
    html = f'<p><img src="{desk.file_path(file)}"></p>'
    thread = desk.store.open_thread("Question", NewPost("mei", "See.", html=html, file_ids=[file.id]))
    message = forum.read(str(thread.id)).messages[0]
    assert message.attachments[0].shown_as == desk.content_url(file)
    assert f'src="{desk.content_url(file)}"' in message.html
    assert "token" not in message.attachments[0].reference


def test_malware_and_giants_are_not_fetched(desk: ZendeskDouble, opened: Open) -> None:
    bad, big = stored(desk), stored(desk, b"x" * 5_000)
    desk.malware.add(bad.id)
    for number in (bad.id, big.id):
        with pytest.raises(RejectedError):
            opened(most=4_000).file(str(number))
    assert not desk.faults.requests.count(path="/attachments/token")


@pytest.mark.parametrize("reference", ["", "0", "../1", "1.json", "http://127.0.0.1/", "1?x", "１", "9" * 40])
def test_what_is_no_number_is_no_file(desk: ZendeskDouble, forum: Zendesk, reference: str) -> None:
    with pytest.raises(GoneError) as caught:
        forum.file(reference)
    assert not caught.value.sent and not desk.faults.requests.count()


def serving(httpserver: HTTPServer, content_url: str) -> Zendesk:
    item = {"id": 7, "file_name": "a.log", "content_url": content_url, "content_type": "text/plain", "size": 3}
    httpserver.expect_request("/api/v2/attachments/7.json").respond_with_json({"attachment": item})
    config = ForumConfig(httpserver.url_for("").rstrip("/"), {"email": "a@b.example", "api_token": "t"})
    return Zendesk(config, HttpPolicy(1, 2, ("localhost", "127.0.0.1"), retry_pause=0.001))


def test_a_file_elsewhere_is_not_asked_for_unless_encrypted(httpserver: HTTPServer) -> None:
    with elsewhere() as (url, seen), serving(httpserver, f"{url}/f") as forum:
        with pytest.raises(RejectedError):
            forum.file("7")
        assert seen == []


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1:1/f", "ftp://x/f", "not an address", "https://me@acme.example/f", "https://[x/f", "http://[x/f", "https://x:y/f"],
)
def test_an_address_that_leads_nowhere_is_one_of_our_errors(httpserver: HTTPServer, address: str) -> None:
    with serving(httpserver, address) as forum, pytest.raises(IntegrationError):
        forum.file("7")


def test_a_page_to_sign_in_is_not_taken_for_the_file(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/attachments/token/x/").respond_with_data("<!doctype html><h1>Sign in</h1>", content_type="text/html")
    with serving(httpserver, httpserver.url_for("/attachments/token/x/?name=a.log")) as forum, pytest.raises(NotPermittedError):
        forum.file("7")


def test_an_admin_may_do_everything_but_what_zendesk_cannot(desk: ZendeskDouble, forum: Zendesk) -> None:
    check = forum.check()
    assert (check.site_name, check.acting_as, check.problems) == (desk.store.title, "ada", ())
    assert check.missing.keys() == {Feature.acknowledge}


def test_an_agent_is_told_what_an_admin_would_see(desk: ZendeskDouble, opened: Open) -> None:
    desk.store.people["ben"].extra["ticket_restriction"] = "groups"
    check = opened("ben").check()
    assert check.problems == ()
    assert len(check.warnings) == 2 and Feature.reply in check.features


def test_a_light_agent_may_only_write_notes(desk: ZendeskDouble, opened: Open) -> None:
    desk.light_agents.add("ben")
    check = opened("ben").check()
    assert Feature.internal_note in check.features and Feature.search in check.features
    assert {Feature.reply, Feature.assign_person, Feature.assign_team, Feature.resolve, Feature.tag} <= check.missing.keys()


def test_a_customer_is_no_agent(desk: ZendeskDouble, opened: Open) -> None:
    check = opened("mei").check()
    assert "customer" in check.problems[0] and not check.features


def test_nobody_is_told_to_sign_in(desk: ZendeskDouble, opened: Open) -> None:
    thread = desk.store.open_thread("Question", NewPost("mei", "Text."))
    stranger = opened(email="", api_token="")
    assert "API token" in stranger.check().problems[0]
    with pytest.raises(CredentialsRefusedError):
        stranger.read(str(thread.id))
    with pytest.raises(CredentialsRefusedError):
        stranger.post(str(thread.id), Draft("Answer.", False, "m"), look_first=True)


def test_an_oauth_token_will_do(desk: ZendeskDouble, opened: Open) -> None:
    desk.oauth_tokens["bearer-of-ben"] = "ben"
    assert opened(oauth_token="bearer-of-ben").check().acting_as == "ben"
    assert opened(oauth_token="stolen").check().problems


def test_an_address_without_a_help_desk_is_told(httpserver: HTTPServer) -> None:
    message = "There is no help desk configured at this address. This means that the address is available."
    answer = {"error": {"title": "No help desk at nowhere.zendesk.com", "message": message}}
    httpserver.expect_request("/api/v2/users/me.json").respond_with_json(answer, status=404)
    config = ForumConfig(httpserver.url_for("").rstrip("/"), {"email": "a@b.example", "api_token": "t"})
    with Zendesk(config, HttpPolicy(1, 2, (httpserver.host,), retry_pause=0.001)) as forum:
        assert "no Zendesk at" in forum.check().problems[0]
