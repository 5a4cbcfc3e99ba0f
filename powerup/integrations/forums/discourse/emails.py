"""A customer's e-mail address, where an admin chose that we ask for it, and only one that the site itself stands for.

Sources (Discourse's own code and https://docs.discourse.org):
* `Admin::UsersController#show`, `GET /admin/users/{id}.json`, for admins and moderators, 404 for others: `active` and `staged`
  (`AdminUserListSerializer`). Anybody's profile (`GET /u/{username}.json`) tells staff `staged` and nobody `active`.
* `active` becomes true when the link in the activation mail is followed, or by whom the site trusts to know: an admin, its single sign-on.
  `staged` is a customer who only ever wrote mail (or was imported): the address is what that mail claimed.
* `UsersController#check_emails`, `GET /u/{username}/emails.json`: `email`, `secondary_emails`, `unconfirmed_emails`. `email` is in use;
  a new one stands among the unconfirmed until its link was followed. For admins, and for moderators where the setting
  `moderators_view_emails` is on (`UserGuardian#can_check_emails?`); 403 `{"failed": "FAILED"}` for others. Each look at somebody else's
  is an entry "check email" in the log of staff actions; one's own may be looked at by everybody and is not logged.
* A key whose scope leaves a route out is refused there in the words for a wrong key (`DefaultCurrentUserProvider#lookup_api_user`).
* An anonymised account (`UserAnonymizer`) stays active, and its address ends in `@anonymized.invalid`.
"""

from powerup.integrations.errors import CredentialsRefusedError, GoneError, NotPermittedError
from powerup.integrations.forums.base import CredentialField, ForumConfig
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.http import maybe, need

FIELD = CredentialField(
    "emails",
    "Recognise customers on other forums",
    False,
    "yes: customers are recognised by the e-mail address that this forum has verified. Needs an admin's key. Discourse logs each look-up "
    "among its staff actions, and it takes up to two more requests for a customer when their threads are read. Empty: no.",
    choices=("no", "yes"),
)
_MOST_KEPT = 2_000
_REFUSED = (GoneError, NotPermittedError, CredentialsRefusedError)


class Emails:
    """Looks addresses up; each once in the life of an adapter."""

    def __init__(self, site: Site, config: ForumConfig) -> None:
        self._site = site
        self.wanted = config.credentials.get("emails", "").strip().lower() == "yes"
        """Whether an admin chose so; without a key nothing is asked all the same."""
        self._refused = False
        self._known: dict[str, str | None] = {}

    def verified(self, user_id: str) -> str | None:
        """The account's verified address; None where there is none, or it is not for us to see."""
        if not self.wanted or not self._site.signed_in or self._refused or not (user_id.isascii() and user_id.isdigit()):
            return None
        if user_id not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[user_id] = self._looked_up(user_id)
        return self._known[user_id]

    def may_look(self, username: str, user_id: int) -> bool:
        """Whether the key's scope lets us ask, tried on our own account, whose look-up is not logged."""
        try:
            self._site.get(f"/admin/users/{user_id}.json")
            self._site.get(f"/u/{segment(username)}/emails.json")
        except _REFUSED:
            return False
        return True

    def _looked_up(self, user_id: str) -> str | None:
        try:
            user = need(self._site.get(f"/admin/users/{user_id}.json"), "", dict, vendor=VENDOR)
            # Only a clear yes counts, of the account that we asked for.
            if user.get("active") is not True or user.get("staged") is not False or str(user.get("id")) != user_id:
                return None
            username = need(user, "username", str, vendor=VENDOR)
            email = maybe(self._site.get(f"/u/{segment(username)}/emails.json"), "email", str, vendor=VENDOR) or ""
        except GoneError:
            return None
        except _REFUSED:
            # Whoever may not see one may see none.
            self._refused = True
            return None
        return email if "@" in email and not email.lower().endswith(".invalid") else None
