"""Shapes and settings of a Discourse for the adapter's tests."""

from typing import Any

from pytest_httpserver import HTTPServer

from powerup.integrations.forums.base import ForumConfig
from powerup.integrations.http import HttpPolicy

KEYS = {"api_key": "k" * 64, "api_username": "ada"}
TOPIC: dict[str, Any] = {
    "id": 42,
    "title": "My step fails",
    "slug": "my-step-fails",
    "created_at": "2026-11-23T12:00:00.000Z",
    "posts_count": 1,
    "post_stream": {"posts": [], "stream": []},
}
POST: dict[str, Any] = {
    "id": 7,
    "topic_id": 42,
    "topic_slug": "my-step-fails",
    "post_number": 2,
    "post_type": 1,
    "cooked": "<p>x</p>",
    "created_at": "2026-11-23T12:01:00.000Z",
    "username": "ada",
    "user_id": 1,
}


def policy(server: HTTPServer) -> HttpPolicy:
    return HttpPolicy(1, 2, (f"{server.host}:{server.port}",), retry_pause=0.001)


def config(server: HTTPServer, credentials: dict[str, str] | None = None, groups: frozenset[str] = frozenset()) -> ForumConfig:
    return ForumConfig(server.url_for("").rstrip("/"), KEYS if credentials is None else credentials, frozenset(), groups)


def serve(server: HTTPServer, answers: dict[str, Any]) -> None:
    """Answer each path with JSON."""
    for path, data in answers.items():
        server.expect_request(path).respond_with_json(data)
