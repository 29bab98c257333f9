"""``messages.list``: what was said in a space, filtered, a page at a time."""

import operator
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulator.answers import bad_request
from simulator.call import Call, Result
from simulator.chat.membership import Membership
from simulator.chat.state import ChatState, Message

PAGE = 25
LONGEST_PAGE = 1000
COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CONDITION = re.compile(
    r"createTime\s*(?P<compare><=|>=|<|>)\s*\"(?P<time>[^\"]+)\"|thread\.name\s*=\s*(?P<thread>\S+)",
    re.IGNORECASE,
)


AND = re.compile(" AND ", re.IGNORECASE)


class History:
    def __init__(self, chat: ChatState, membership: Membership) -> None:
        self._chat = chat
        self._membership = membership

    def list(self, call: Call) -> Result:
        space = self._membership.space(call, call["parent"])
        reader = self._membership.caller(call)["name"]
        holds = _filter(call.get("filter", ""))
        found = [
            message
            for message in self._chat.messages(space.name)
            if _may_see(message, reader) and all(condition(message) for condition in holds)
        ]
        match call.get("orderBy", "").upper().split():
            case [] | ["CREATETIME"] | ["CREATETIME", "ASC"]:
                pass
            case ["CREATETIME", "DESC"]:
                found.reverse()
            case _:
                raise bad_request("Messages can be ordered by createTime only.", "order_by")
        start = _start(call.get("pageToken"))
        end = start + min(call.get("pageSize") or PAGE, LONGEST_PAGE)
        answer: dict[str, Any] = {"messages": found[start:end]}
        if end < len(found):
            answer["nextPageToken"] = str(end)
        return answer


def _may_see(message: Message, reader: str) -> bool:
    viewer = message.get("privateMessageViewer", {}).get("name")
    return viewer is None or reader in {viewer, message["sender"]["name"]}


def _filter(text: str) -> list[Callable[[Message], bool]]:
    plain = " ".join(text.split())
    return [_condition(term) for term in AND.split(plain)] if plain else []


def _condition(term: str) -> Callable[[Message], bool]:
    match = CONDITION.fullmatch(term.strip())
    if match is None:
        raise bad_request(f"Invalid filter: {term}", "filter")
    if match["thread"]:
        return lambda message: bool(message["thread"]["name"] == match["thread"])
    try:
        moment = datetime.fromisoformat(match["time"])
        compare = COMPARISONS[match["compare"]]
        compare(datetime.fromisoformat("2026-01-01T00:00:00Z"), moment)
    except (ValueError, TypeError) as error:
        raise bad_request(f"Invalid filter: {term}", "filter") from error
    return lambda message: compare(datetime.fromisoformat(message["createTime"]), moment)


def _start(page_token: str | None) -> int:
    if page_token and not page_token.isdecimal():
        raise bad_request("Invalid page token.", "page_token")
    return int(page_token or 0)
