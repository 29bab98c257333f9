"""The methods of ``spreadsheets.values``."""

from contextlib import AbstractContextManager
from typing import Any

from simulator.call import Behaviours, Call, Result
from simulator.sheets import filters
from simulator.sheets.access import Access, Limits
from simulator.sheets.draft import Draft
from simulator.sheets.numbered import numbered
from simulator.sheets.ranges import named_cells
from simulator.sheets.reading import Reader, Rendering
from simulator.sheets.writing import Input, append, clear, update

Json = dict[str, Any]


class Values:
    def __init__(self, access: Access, limits: Limits) -> None:
        self._access = access
        self._limits = limits

    def behaviours(self) -> Behaviours:
        reads = {
            "get": self.get,
            "batchGet": self.batch_get,
            "batchGetByDataFilter": self.batch_get_by_filter,
        }
        writes = {
            "update": self.update,
            "append": self.append,
            "clear": self.clear,
            "batchUpdate": self.batch_update,
            "batchClear": self.batch_clear,
            "batchUpdateByDataFilter": self.batch_update_by_filter,
            "batchClearByDataFilter": self.batch_clear_by_filter,
        }
        prefix = "sheets.spreadsheets.values."
        return {
            prefix + name: self._limits.counted(what, handle)
            for what, methods in (("Read", reads), ("Write", writes))
            for name, handle in methods.items()
        }

    # Reading

    def get(self, call: Call) -> Result:
        book, _ = self._access.opened(call.grant.user, call["spreadsheetId"])
        reader = Reader(book, Rendering.of(call.parameters))
        return reader.value_range(*named_cells(book, call["range"]))

    def batch_get(self, call: Call) -> Result:
        book, _ = self._access.opened(call.grant.user, call["spreadsheetId"])
        reader = Reader(book, Rendering.of(call.parameters))
        found = []
        for index, text in enumerate(call.get("ranges", ())):
            with numbered("range", index):
                found.append(reader.value_range(*named_cells(book, text)))
        return {"spreadsheetId": book.id} | ({"valueRanges": found} if found else {})

    def batch_get_by_filter(self, call: Call) -> Result:
        book, _ = self._access.opened(call.grant.user, call["spreadsheetId"])
        reader = Reader(book, Rendering.of(call.body))
        found = [
            {"valueRange": reader.value_range(*place), "dataFilters": [data_filter]}
            for data_filter in call.body.get("dataFilters", ())
            for place in filters.cells(book, data_filter)
        ]
        return {"spreadsheetId": book.id} | ({"valueRanges": found} if found else {})

    # Writing

    def update(self, call: Call) -> Result:
        given = Input.of(call.body, call.parameters)
        with self._editing(call) as draft:
            given.refuse_other_range(draft.book, call["range"])
            return update(draft, *named_cells(draft.book, call["range"]), given)

    def batch_update(self, call: Call) -> Result:
        with self._editing(call) as draft:
            answers = []
            for index, data in enumerate(call.body.get("data", ())):
                with numbered("data", index):
                    place = named_cells(draft.book, data.get("range", ""))
                    answers.append(update(draft, *place, Input.of(data, call.body)))
            return _totals(draft, answers)

    def batch_update_by_filter(self, call: Call) -> Result:
        with self._editing(call) as draft:
            answers = []
            for data in call.body.get("data", ()):
                data_filter = data.get("dataFilter", {})
                for place in filters.cells(draft.book, data_filter):
                    answer = update(draft, *place, Input.of(data, call.body))
                    del answer["spreadsheetId"]
                    answers.append(answer | {"dataFilter": data_filter})
            return _totals(draft, answers)

    def append(self, call: Call) -> Result:
        given = Input.of(call.body, call.parameters)
        insert_rows = call.get("insertDataOption") == "INSERT_ROWS"
        with self._editing(call) as draft:
            given.refuse_other_range(draft.book, call["range"])
            place = named_cells(draft.book, call["range"])
            return append(draft, *place, given, insert_rows=insert_rows)

    def clear(self, call: Call) -> Result:
        with self._editing(call) as draft:
            cleared = clear(draft, *named_cells(draft.book, call["range"]))
            return {"spreadsheetId": draft.book.id, "clearedRange": cleared}

    def batch_clear(self, call: Call) -> Result:
        with self._editing(call) as draft:
            cleared = []
            for index, text in enumerate(call.body.get("ranges", ())):
                with numbered("range", index):
                    cleared.append(clear(draft, *named_cells(draft.book, text)))
            return {"spreadsheetId": draft.book.id, "clearedRanges": cleared}

    def batch_clear_by_filter(self, call: Call) -> Result:
        with self._editing(call) as draft:
            cleared = [
                clear(draft, *place)
                for data_filter in call.body.get("dataFilters", ())
                for place in filters.cells(draft.book, data_filter)
            ]
            return {"spreadsheetId": draft.book.id, "clearedRanges": cleared}

    def _editing(self, call: Call) -> AbstractContextManager[Draft]:
        return self._access.editing(call.grant.user, call["spreadsheetId"])


def _totals(draft: Draft, answers: list[Json]) -> Json:
    totals = {
        f"totalUpdated{what}": sum(answer.get(f"updated{what}", 0) for answer in answers)
        for what in ("Rows", "Columns", "Cells")
    }
    sheets = {answer["updatedRange"].rpartition("!")[0] for answer in answers}
    return {
        "spreadsheetId": draft.book.id,
        **{key: total for key, total in totals.items() if total},
        **({"totalUpdatedSheets": len(sheets)} if sheets else {}),
        "responses": answers,
    }
