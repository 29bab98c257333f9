"""Requests on what lies on the cells: filters, named and protected ranges, rules, bands."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.answers import bad_request
from simulator.sheets import fields
from simulator.sheets.a1 import Area
from simulator.sheets.draft import Draft
from simulator.sheets.ranges import grid_range, sheet_by_id
from simulator.sheets.requests.arrangement import sort
from simulator.sheets.spreadsheet import Sheet

Json = dict[str, Any]
Request = Callable[[Draft, Json], Json | None]


@dataclass(frozen=True)
class Family:
    """A kind of object with an id, of which a sheet can have many."""

    stored: str
    """Its name in a ``Sheet``."""
    given: str
    """Its name in a request."""
    schema: str
    id: str

    def add(self, draft: Draft, request: Json) -> Json:
        item = dict(request.get(self.given, {}))
        known = {each[self.id] for each in self._all(draft)}
        item.setdefault(self.id, random.randrange(1, 2**31))
        if item[self.id] in known:
            raise bad_request(f"{self.schema} with id {item[self.id]} already exists.")
        if self.stored == "protectedRanges":
            item["editors"] = _with_editor(item.get("editors", {}), draft.user)
        sheet, _ = grid_range(draft.book, item.get("range", {}))
        sheet.objects.setdefault(self.stored, []).append(item)
        return {self.given: item}

    def update(self, draft: Draft, request: Json) -> None:
        tree = fields.read(request, self.schema)
        given = request.get(self.given, {})
        sheet, index = self._find(draft, given.get(self.id))
        old = sheet.objects[self.stored][index]
        sheet.objects[self.stored][index] = fields.changed(old, given, tree) | {
            self.id: old[self.id]
        }

    def delete(self, draft: Draft, request: Json) -> None:
        given = request.get("filterId" if self.id == "filterViewId" else self.id)
        sheet, index = self._find(draft, given)
        del sheet.objects[self.stored][index]

    def _find(self, draft: Draft, item_id: int | None) -> tuple[Sheet, int]:
        for sheet in draft.book.sheets:
            for index, each in enumerate(sheet.objects.get(self.stored, ())):
                if each[self.id] == item_id:
                    return sheet, index
        raise bad_request(f"No {self.given} with id: {item_id}")

    def _all(self, draft: Draft) -> list[Json]:
        return [each for s in draft.book.sheets for each in s.objects.get(self.stored, ())]


FILTER_VIEWS = Family("filterViews", "filter", "FilterView", "filterViewId")
PROTECTED = Family("protectedRanges", "protectedRange", "ProtectedRange", "protectedRangeId")
BANDS = Family("bandedRanges", "bandedRange", "BandedRange", "bandedRangeId")


def _with_editor(editors: Json, user: str) -> Json:
    """Nobody locks themselves out."""
    users = editors.get("users", [])
    return editors | {"users": users if user in users else [*users, user]}


def set_basic_filter(draft: Draft, request: Json) -> None:
    given = request.get("filter", {})
    sheet, box = grid_range(draft.book, given.get("range", {}))
    draft.allow(sheet, box)
    sheet.objects["basicFilter"] = [given]
    if given.get("sortSpecs"):
        below_header = Area(box.top + 1, box.bottom, box.left, box.right)
        sort(draft, sheet, sheet.box(below_header), given["sortSpecs"])


def clear_basic_filter(draft: Draft, request: Json) -> None:
    sheet_by_id(draft.book, request.get("sheetId", 0)).objects.pop("basicFilter", None)


def add_named_range(draft: Draft, request: Json) -> Json:
    item = dict(request.get("namedRange", {}))
    item.setdefault("namedRangeId", secrets.token_hex(6))
    _refuse_name(draft, item)
    grid_range(draft.book, item.get("range", {}))
    draft.book.named_ranges.append(item)
    return {"namedRange": item}


def update_named_range(draft: Draft, request: Json) -> None:
    tree = fields.read(request, "NamedRange")
    given = request.get("namedRange", {})
    index = _named(draft, given.get("namedRangeId"))
    old = draft.book.named_ranges[index]
    new = fields.changed(old, given, tree) | {"namedRangeId": old["namedRangeId"]}
    _refuse_name(draft, new)
    draft.book.named_ranges[index] = new


def delete_named_range(draft: Draft, request: Json) -> None:
    del draft.book.named_ranges[_named(draft, request.get("namedRangeId"))]


def _named(draft: Draft, range_id: str | None) -> int:
    for index, each in enumerate(draft.book.named_ranges):
        if each["namedRangeId"] == range_id:
            return index
    raise bad_request(f"No named range with id: {range_id}")


def _refuse_name(draft: Draft, item: Json) -> None:
    name = item.get("name", "")
    if not name or not name.replace("_", "").isalnum() or name[0].isdigit():
        raise bad_request(f"Invalid name for a named range: {name}")
    for each in draft.book.named_ranges:
        is_other = each["namedRangeId"] != item["namedRangeId"]
        if is_other and each["name"].casefold() == name.casefold():
            raise bad_request(f"A named range with the name {name} already exists.")


# Rules of conditional formats have no id, only a place in the list.


def add_rule(draft: Draft, request: Json) -> None:
    rule = request.get("rule", {})
    ranges = rule.get("ranges", [])
    if not ranges:
        raise bad_request("rule.ranges: must specify at least one range")
    sheet, _ = grid_range(draft.book, ranges[0])
    rules = sheet.objects.setdefault("conditionalFormats", [])
    rules.insert(request.get("index", 0), rule)


def update_rule(draft: Draft, request: Json) -> Json:
    rules = _rules(draft, request)
    index = request.get("index", 0)
    old = rules[index]
    if "newIndex" in request:
        rules.insert(request["newIndex"], rules.pop(index))
        return {"oldRule": old, "newRule": old, "oldIndex": index, "newIndex": request["newIndex"]}
    rules[index] = request.get("rule", {})
    return {"oldRule": old, "newRule": rules[index], "newIndex": index}


def delete_rule(draft: Draft, request: Json) -> Json:
    rules = _rules(draft, request)
    return {"rule": rules.pop(request.get("index", 0))}


def _rules(draft: Draft, request: Json) -> list[Json]:
    sheet_id = request.get("sheetId", 0)
    if "sheetId" not in request and request.get("rule", {}).get("ranges"):
        sheet_id = request["rule"]["ranges"][0].get("sheetId", 0)
    sheet = sheet_by_id(draft.book, sheet_id)
    rules = sheet.objects.get("conditionalFormats", [])
    index = request.get("index", 0)
    if index >= len(rules):
        raise bad_request(f"No conditional format on sheet: {sheet_id} at index: {index}")
    return rules


REQUESTS: dict[str, Request] = {
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
    "addFilterView": FILTER_VIEWS.add,
    "updateFilterView": FILTER_VIEWS.update,
    "deleteFilterView": FILTER_VIEWS.delete,
    "addProtectedRange": PROTECTED.add,
    "updateProtectedRange": PROTECTED.update,
    "deleteProtectedRange": PROTECTED.delete,
    "addBanding": BANDS.add,
    "updateBanding": BANDS.update,
    "deleteBanding": BANDS.delete,
}
