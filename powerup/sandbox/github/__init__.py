"""A repository on a GitHub Enterprise Server: Issues by REST, Discussions by GraphQL, webhooks."""

from powerup.sandbox.github.double import GithubDouble

__all__ = ["GithubDouble"]
