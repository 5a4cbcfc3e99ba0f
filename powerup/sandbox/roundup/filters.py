"""Which rows of a class are wanted, in what order, and the page of them (`get_collection` of 2.6.0)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from powerup.sandbox.roundup.changes import Refused
from powerup.sandbox.roundup.shapes import Json, Link, Props, Shapes, Value

KNOWN: Mapping[str, str] = {
    "issue": "activity actor assignedto creation creator files id keyword messages nosy priority status superseder title",
    "msg": "activity actor author content creation creator date files id inreplyto messageid recipients summary type",
    "user": "activity address creation creator id realname roles timezone username",
    "file": "activity content creation creator id name type",
    "status": "id name order",
    "keyword": "id name",
}
"""The properties of each class; others are refused."""


def matching(shapes: Shapes, cls: str, args: MultiDict[str, str]) -> list[tuple[str, Props]]:
    """The rows that every filter lets through, sorted. What begins with "@" and is not known is ignored, as on the real one."""
    ids = args.getlist("id")
    if ids:
        rows = {one: _row(shapes, cls, one) for one in ids}
        found = [(number, props) for number, props in rows.items() if props is not None]
    else:
        found = list(shapes.tables[cls]().items())
    found = [(number, props) for number, props in found if not shapes.retired(cls, number)]
    for key in args:
        if key.startswith("@") or key == "id":
            continue
        name, exact = key.rstrip(":~"), key.endswith(":")
        if name.split(".")[0] not in KNOWN[cls].split():
            raise Refused(400, f"Field {name} is not valid for {cls} class.")
        if "." in name:
            raise Refused(400, f"Multilink Traversal not allowed: {name}")
        for wanted in args.getlist(key):
            # Nothing is ever found by a message's content.
            found = [one for one in found if name != "content" and _fits(one[1].get(name), wanted, exact=exact)]
    return _sorted(found, args.get("@sort", "id"), cls)


def page_of(shapes: Shapes, cls: str, rows: list[tuple[str, Props]], args: MultiDict[str, str], url: str) -> Json:
    """A page of them; only with `@page_size` are there links."""
    try:
        size, index, verbose = int(args.get("@page_size", "0")), int(args.get("@page_index", "1")), int(args.get("@verbose", "1"))
    except ValueError as error:
        raise Refused(400, f"When using @page_size: {error}") from None
    fields = [name for name in args.get("@fields", "").split(",") if name]
    for name in fields:
        if name not in KNOWN[cls].split():
            raise Refused(400, f"'Unknown property: {name}'")
    if verbose > 1:
        fields.append(shapes.LABELS[cls])
    start = (index - 1) * size if size else 0
    shown = rows[start : start + size] if size else rows
    answer: dict[str, Any] = {
        "collection": [
            {"id": number, "link": shapes.link(cls, number), **shapes.shown(cls, props, list(dict.fromkeys(fields)), verbose)}
            for number, props in shown
        ]
    }
    if size:
        pages = {"next": index + 1} if len(rows) - start > size else {}
        pages |= {"prev": index - 1} if index > 1 else {}
        rest = "&".join(f"{name}={value}" for name, value in args.items(multi=True) if name != "@page_index")
        answer["@links"] = {
            rel: [{"rel": rel, "uri": f"{url}/rest/data/{cls}?@page_index={number}&{rest}"}]
            for rel, number in {**pages, "self": index}.items()
        }
    # Behind the end it is the place that was asked for.
    answer["@total_size"] = max(len(rows), start)
    return answer


def _row(shapes: Shapes, cls: str, number: str) -> Props | None:
    try:
        return shapes.row(cls, number) if number.isdigit() else None
    except KeyError:
        return None


def _fits(value: Value, wanted: str, *, exact: bool) -> bool:
    """A text holds what is wanted, in either case; a link is one of several numbers, -1 being none."""
    if isinstance(value, list):
        return bool({one.id for one in value} & set(wanted.split(",")))
    if isinstance(value, Link) or (value is None and wanted == "-1"):
        return (value.id if value else "-1") in wanted.split(",")
    if not isinstance(value, str):
        return False
    return value == wanted if exact else wanted.lower() in value.lower()


def _sorted(rows: list[tuple[str, Props]], order: str, cls: str) -> list[tuple[str, Props]]:
    for step in reversed(order.split(",")):
        name = step.lstrip("+-")
        if name not in KNOWN[cls].split():
            raise Refused(403, f'User does not have search permission on "{cls}.{name}"')
        rows = sorted(rows, key=lambda row, name=name: _key(row, name), reverse=step.startswith("-"))  # type: ignore[misc]
    return rows


def _key(row: tuple[str, Props], name: str) -> Any:
    return int(row[0]) if name == "id" else row[1].get(name)
