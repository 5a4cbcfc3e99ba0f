"""Which kinds of forum there are, and how to open one. A new kind is one more name in `_KINDS`."""

from powerup.errors import InvalidError
from powerup.integrations.forums.base import Forum, ForumConfig
from powerup.integrations.forums.discourse import Discourse
from powerup.integrations.forums.email import Email
from powerup.integrations.forums.github import GitHubForum
from powerup.integrations.forums.nodebb import NodeBB
from powerup.integrations.forums.roundup import Roundup
from powerup.integrations.forums.rt import Rt
from powerup.integrations.forums.tender import Tender
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.http import HttpPolicy

_KINDS: dict[str, type[Forum]] = {
    adapter.kind: adapter for adapter in (Discourse, Tender, NodeBB, Zendesk, GitHubForum, Email, Rt, Roundup)
}


def kinds() -> tuple[type[Forum], ...]:
    """Every adapter, for the settings form; in the order in which it offers them."""
    return tuple(_KINDS.values())


def adapter_of(kind: str) -> type[Forum]:
    """The adapter of a kind; raises InvalidError naming what there is."""
    if kind not in _KINDS:
        known = ", ".join(_KINDS)
        raise InvalidError(f"There is no forum kind “{kind}”.", errors=[{"field": "kind", "message": f"must be one of: {known}"}])
    return _KINDS[kind]


def open_forum(kind: str, config: ForumConfig, http_policy: HttpPolicy) -> Forum:
    """A forum ready to be asked; close it, or use it as a context manager. For one thread."""
    return adapter_of(kind)(config, http_policy)
