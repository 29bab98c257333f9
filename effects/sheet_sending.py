"""Sends what one job writes into a spreadsheet, once, and knows afterwards what was sent."""

from collections.abc import Mapping, Sequence

from effects import sheet_requests as requests
from effects.base import World
from errors.google import GoogleError, OutcomeUnknown, WrittenBefore
from ledger import sheet_writes
from workspace.sheets import Cell, Span


class SheetSending:
    """The calls of one job to one spreadsheet, each under a number that Google takes once."""

    def __init__(self, spreadsheet: str, world: World) -> None:
        self.spreadsheet = spreadsheet
        self.world = world

    def arrived(self) -> dict[str, int]:
        """Return by key which rows an earlier call has written whose answer nobody has read."""
        with self.world.the_ledger.read() as tx:
            return sheet_writes.arrived(tx, self.spreadsheet, self.world.job)

    def send(
        self,
        sent: Sequence[requests.Json],
        title: str,
        spans: Sequence[Span] = (),
        placed: Mapping[str, int] | None = None,
    ) -> list[tuple[int, list[Cell]]]:
        """Carry requests out and return what stands in the tab's spans then.

        ``placed`` says by key which rows they write. Raises what keeps from it, WrittenBefore where
        an earlier call came first.
        """
        ledger, spreadsheet, job = self.world.the_ledger, self.spreadsheet, self.world.job
        with ledger.write() as tx:
            number = sheet_writes.number(tx, spreadsheet)
            before = sheet_writes.send(tx, spreadsheet, number, job, placed or {})
        try:
            rows = self.world.google_sheets.write(spreadsheet, number, sent, title, spans)
        except GoogleError as error:
            others_came = isinstance(error, WrittenBefore)
            if others_came or not isinstance(error, OutcomeUnknown):  # it has changed nothing
                with ledger.write() as tx:
                    if placed:
                        sheet_writes.note(tx, spreadsheet, number, job, before)
                    if others_came:
                        sheet_writes.taken(tx, spreadsheet, number, by=None)
            raise
        with ledger.write() as tx:
            sheet_writes.taken(tx, spreadsheet, number, by=job)
        return rows
