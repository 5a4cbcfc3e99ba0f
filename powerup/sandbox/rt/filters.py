"""Conditions as JSON, pages with holes, and `fields`: what all of RT's collections have in common."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import request

Json = dict[str, Any]


class Known(Protocol):
    """Anything that can be listed. `columns` is what conditions and orders know of it."""

    @property
    def id(self) -> int: ...

    @property
    def columns(self) -> Json: ...


T = TypeVar("T", bound=Known)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a page, before it is cut to the fields that were asked for. `visible`: our rights; a hidden row leaves a hole."""

    kind: str
    id: int
    shown: Callable[[], Json]
    """What `fields` can ask for."""
    visible: bool = True


def page_of(rows: Sequence[T], form: Callable[[T], Listed], base: str, *, total_known: bool, filtered: bool = True) -> Json:
    """One page as RT answers it."""
    kept = _kept(rows) if filtered else list(rows)
    for field, order in reversed(list(zip(request.args.getlist("orderby"), _orders(), strict=False))):
        kept.sort(key=lambda row, field=field: row.columns.get(field, row.id), reverse=order == "DESC")  # type: ignore[misc]
    per_page, page = min(_number("per_page", 20), 100), _number("page", 1)
    cut = [row for row in map(form, kept[(page - 1) * per_page : page * per_page]) if row.visible]
    fields = [name for name in request.args.get("fields", "").split(",") if name]
    pages = -(-len(kept) // per_page)
    answer: Json = {
        "page": page,
        "pages": pages if total_known else None,
        "per_page": per_page,
        "count": len(cut),
        "total": len(kept) if total_known else None,
        "items": [_cut(row, fields, base) for row in cut],
    }
    if total_known and page < pages:
        answer["next_page"] = f"{base}{request.path.removeprefix('/REST/2.0')}?page={page + 1}&per_page={per_page}"
    if total_known and page > 1:
        answer["prev_page"] = f"{base}{request.path.removeprefix('/REST/2.0')}?page={page - 1}&per_page={per_page}"
    return answer


def reference(kind: str, number: object, base: str) -> Json:
    """How RT points at something else."""
    return {"type": kind, "id": number, "_url": f"{base}/{kind}/{number}"}


def expanded(name: str, given: Json, known: Json) -> Json:
    """A reference with what `fields[Name]` asks for in addition."""
    more = [field for field in request.args.get(f"fields[{name}]", "").split(",") if field]
    return {**given, **{field: known.get(field, "") for field in more}}


def _cut(row: Listed, fields: Sequence[str], base: str) -> Json:
    item = reference(row.kind, str(row.id), base)
    if fields:
        shown = row.shown()
        item.update({name: shown.get(name, "") for name in fields})
    return item


def _kept(rows: Sequence[T]) -> list[T]:
    given = request.args.get("query", "")
    by_field: dict[str, Callable[[Any], bool]] = {}
    for one in json.loads(given) if given.lstrip().startswith("[") else []:
        field, test = str(one.get("field")), _test(str(one.get("operator", "=")).upper(), one.get("value"))
        before = by_field.get(field)
        # The trap of the real one: conditions on one and the same field are alternatives unless they say otherwise.
        by_field[field] = test if before is None else _both(before, test) if one.get("entry_aggregator") == "AND" else _either(before, test)
    kept = list(rows)
    for field, test in by_field.items():
        kept = [row for row in kept if field not in row.columns or test(row.columns[field])]
    return kept


def _both(one: Callable[[Any], bool], other: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda has: one(has) and other(has)


def _either(one: Callable[[Any], bool], other: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda has: one(has) or other(has)


def _test(operator: str, wanted: Any) -> Callable[[Any], bool]:
    """Texts are compared in either case, as the database does."""
    text = str(wanted).lower()
    match operator:
        case "=":
            return lambda has: str(has).lower() == text
        case "!=":
            return lambda has: str(has).lower() != text
        case ">":
            return lambda has: int(has) > int(text)
        case "<":
            return lambda has: int(has) < int(text)
        case "IN":
            several = {str(one).lower() for one in wanted}
            return lambda has: str(has).lower() in several
        case "LIKE":
            return lambda has: text.strip("%") in str(has).lower()
        case "STARTSWITH":
            return lambda has: str(has).lower().startswith(text)
        case "IS":
            return lambda has: not has
        case _:
            return lambda has: True


def _orders() -> list[str]:
    orders = [order.upper() for order in request.args.getlist("order")]
    return orders + ["ASC"] * len(request.args.getlist("orderby"))


def _number(name: str, otherwise: int) -> int:
    value = request.args.get(name, "")
    return int(value) if value.isdigit() and int(value) > 0 else otherwise
