"""What becomes of stored credentials when an admin changes some of them. Pure."""

from collections.abc import Mapping, Sequence

from powerup.errors import InvalidError
from powerup.integrations.forums.base import CredentialField


def merged(fields: Sequence[CredentialField], stored: Mapping[str, str], given: Mapping[str, str] | None, *, moved: bool) -> dict[str, str]:
    """All credentials after a change: what is not given stays, what is given empty goes.

    :param given: None keeps everything, an empty mapping forgets everything (the forum is then read anonymously).
    :param moved: the forum's address is another one now.

    Raises InvalidError when a stored secret would be sent to another place than the one that it was entered for: else whoever may
    change an address, and may not see the secret, could have it sent to themselves.
    """
    if given is not None and not given:
        return {}
    wanted = {**stored, **(given or {})}
    result = {name: value for name, value in wanted.items() if value}
    entered = given or {}
    kept = [field for field in fields if field.secret and stored.get(field.name) and result.get(field.name) and not entered.get(field.name)]
    elsewhere = moved or any(field.place and stored.get(field.name, "") != result.get(field.name, "") for field in fields)
    if kept and elsewhere:
        why = "Enter it again: what is stored was for another address."
        problems = [{"field": f"credentials.{field.name}", "message": why} for field in kept]
        raise InvalidError("For a new address the credentials have to be entered again.", errors=problems)
    return result


def shown(fields: Sequence[CredentialField], stored: Mapping[str, str]) -> dict[str, str]:
    """What an admin may see again of what is stored: never a secret."""
    return {field.name: stored[field.name] for field in fields if not field.secret and stored.get(field.name)}
