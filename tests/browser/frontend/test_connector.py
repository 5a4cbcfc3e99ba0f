"""The manifest is true: it names what the connector offers, in a file that Trello's portal is filled in from."""

import json
from collections.abc import Callable
from typing import Any

from powerup.settings import ROOT
from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]


def test_the_manifest_lists_the_connectors_capabilities(run: Run) -> None:
    offered = run(
        """async (load) => {
          let offered;
          window.TrelloPowerUp = { initialize: (capabilities) => { offered = Object.keys(capabilities); } };
          await load('connector.js');
          return offered;
        }"""
    )
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["capabilities"]) == sorted(offered)


def test_the_manifests_addresses_exist() -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    assert (ROOT / manifest["icon"]["url"]).is_file()
    assert manifest["connectors"]["iframe"]["url"] == "/connector"
    assert {"name", "details", "icon", "author", "capabilities", "connectors"} <= set(manifest)


def test_foreign_addresses_are_let_go_without_a_question(run: Run) -> None:
    asked = run(
        """async (load) => {
          const { formatUrl } = await load('capabilities/format-url.js');
          const { cardFromUrl } = await load('capabilities/card-from-url.js');
          const t = { isMemberSignedIn: () => false, NotHandled: () => Object.assign(new Error('no'), { code: 'not handled' }) };
          const said = [];
          for (const ask of [formatUrl, cardFromUrl]) {
            await ask(t, { url: 'https://elsewhere.test/x' }).catch((error) => said.push(error.code));
          }
          return said;
        }"""
    )
    assert asked == ["not handled", "not handled"]


def test_a_card_made_of_a_private_thread_tells_nothing_of_it(run: Run, server: Server) -> None:
    url = "https://forum.test/t/licence-of-acme/7"
    forum = {"id": 1, "kind": "discourse", "name": "Forum", "base_url": "https://forum.test"}
    ticket = {"private": True, "subject": "Licence of Acme", "excerpt": "Our key", "url": url, "forum": forum}
    server.answers = {
        "POST /session": {"token": "t", "expires_in": 600, "board": {"connected": True}, "forums": [forum]},
        "POST /previews": {"previews": {url: {"ours": True, "forum": forum, "ticket": ticket}}},
    }
    made = run(
        """async (load, url) => {
          const { cardFromUrl } = await load('capabilities/card-from-url.js');
          return cardFromUrl({ isMemberSignedIn: () => true, jwt: async () => 'jwt', NotHandled: () => new Error('no') }, { url });
        }""",
        url,
    )
    assert made == {"name": "Private customer thread", "desc": "A private thread on Forum."}
