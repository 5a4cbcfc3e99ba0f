"""A board never makes a request per card, and never suffers from ours."""

from collections.abc import Callable
from typing import Any

from tests.browser.frontend.conftest import Server

Run = Callable[..., Any]
FACTS = {"tickets": 1, "waiting_on": "us", "waiting_since": None, "resolution": None, "failed": 0, "pending": 0}
SESSION = {"token": "t", "expires_in": 600, "board": {"connected": True}, "forums": []}

CACHE = """async (load, { cards, options }) => {
  const { BadgeCache } = await load('lib/badges.js');
  const asked = [];
  const ask = async (ids) => { asked.push(ids.length); return Object.fromEntries(ids.map((id) => [id, { tickets: 1 }])); };
  const cache = new BadgeCache(ask, options);
  const found = await Promise.all(Array.from({ length: cards }, (_, at) => cache.get(String(at))));
  return { asked, found: found.filter(Boolean).length };
}"""


def test_a_thousand_cards_are_one_request(run: Run) -> None:
    assert run(CACHE, {"cards": 1000, "options": {}}) == {"asked": [1000], "found": 1000}


def test_more_than_the_api_takes_is_split(run: Run) -> None:
    assert run(CACHE, {"cards": 2500, "options": {}}) == {"asked": [1000, 1000, 500], "found": 2500}


def test_the_capability_asks_once_for_a_whole_board_and_a_refresh_costs_nothing(run: Run, server: Server) -> None:
    server.answers = {"POST /session": SESSION, "POST /badges": lambda asked: {"cards": dict.fromkeys(asked.json["cards"], FACTS)}}
    texts = run(
        """async (load) => {
          const { cardBadges } = await load('capabilities/card-badges.js');
          const cards = Array.from({ length: 1000 }, (_, at) => ({
            getContext: () => ({ card: at.toString(16).padStart(24, '0') }), isMemberSignedIn: () => true, jwt: async () => 'jwt' }));
          const badges = await Promise.all(cards.map((t) => cardBadges(t, {})));
          const shown = await Promise.all(badges.map(([first]) => first.dynamic()));
          return [...new Set(shown.map(({ text, color, refresh }) => `${text} ${color} ${refresh}`))];
        }"""
    )
    assert texts == ["Waiting on us orange 30"]
    assert (server.times("POST /session"), server.times("POST /badges")) == (1, 1)


def test_an_old_answer_is_shown_while_a_new_one_is_fetched(run: Run) -> None:
    result = run(
        """async (load) => {
          const { BadgeCache } = await load('lib/badges.js');
          let now = 0, asked = 0, settle;
          const cache = new BadgeCache((ids) => { asked += 1; const tickets = asked;
            return new Promise((resolve) => { settle = () => resolve({ a: { tickets } }); if (asked === 1) settle(); });
          }, { now: () => now, pause: 0 });
          const first = await cache.get('a');
          now = 29_000; await cache.get('a');
          const before = asked;
          now = 31_000;
          const old = await cache.get('a');
          while (asked === 1) await new Promise((resolve) => setTimeout(resolve, 1));
          settle();
          let fresh = old;
          while (fresh.tickets === 1) { await new Promise((resolve) => setTimeout(resolve, 1)); fresh = await cache.get('a'); }
          return [first.tickets, before, old.tickets, fresh.tickets, asked];
        }"""
    )
    assert result == [1, 1, 1, 2, 2]


def test_a_slow_server_leaves_the_board_alone(run: Run) -> None:
    result = run(
        """async (load) => {
          const { BadgeCache } = await load('lib/badges.js');
          const cache = new BadgeCache(() => new Promise(() => {}), { pause: 0, patience: 20, firstPatience: 20 });
          return (await cache.get('a')) ?? 'nothing';
        }"""
    )
    assert result == "nothing"


def test_a_broken_server_gives_no_badges_and_is_not_asked_again_at_once(run: Run) -> None:
    result = run(
        """async (load) => {
          const { BadgeCache } = await load('lib/badges.js');
          let asked = 0;
          const cache = new BadgeCache(async () => { asked += 1; throw new Error('down'); }, { pause: 0 });
          const found = [await cache.get('a'), await cache.get('b'), await cache.get('a')];
          return { found: found.map((each) => each ?? null), asked };
        }"""
    )
    assert result == {"found": [None, None, None], "asked": 1}


def test_a_changed_card_is_asked_again(run: Run) -> None:
    result = run(
        """async (load) => {
          const { BadgeCache } = await load('lib/badges.js');
          let asked = 0;
          const cache = new BadgeCache(async () => ({ a: { tickets: ++asked } }), { pause: 0 });
          await cache.get('a');
          cache.forget('a');
          const known = await cache.get('a');
          while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 1));
          return [known.tickets, asked];
        }"""
    )
    assert result == [2, 2]
