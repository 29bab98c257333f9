"""What goes wrong on purpose. The gateway asks here before and after every call."""

import random
import threading
import time
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Self

from simulator.answers import ApiError
from simulator.drive.refusals import no_permission
from simulator.tokens import invalid_credentials

KINDS = (
    "slow",
    "429",
    "403",
    "no-permission",
    "500",
    "503",
    "expired-token",
    "drop-before-apply",
    "apply-then-drop",
)


class ConnectionDropped(ConnectionError):
    """The caller gets no answer, whether or not the call was applied."""


@dataclass
class Fault:
    method: str
    """A method id, or a pattern over method ids such as ``drive.files.*``."""
    kind: str
    probability: float = 1.0
    times: int | None = None
    """How often it still strikes; None for as long as it is switched on."""
    seconds: float = 0.0
    """How long ``slow`` waits, and ``429`` asks its caller to wait."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}; not {self.kind}")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data)


class Faults:
    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        """Seconds added to every answer of Google's."""
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def set(self, faults: list[Fault]) -> None:
        with self._lock:
            self._faults = list(faults)

    def to_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def wait(self) -> None:
        """Wait as the network would: once a request, also for a batch of many calls."""
        if self.delay:
            time.sleep(self.delay)

    def strike(self, method_id: str) -> Fault | None:
        """Draw the fault that befalls this call, if any; a counted one is used up by it."""
        with self._lock:
            for fault in self._faults:
                if fault.times == 0 or not fnmatchcase(method_id, fault.method):
                    continue
                if random.random() >= fault.probability:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    @staticmethod
    def before(fault: Fault | None) -> None:
        match fault and fault.kind:
            case "slow":
                assert fault
                time.sleep(fault.seconds)
            case "429":
                assert fault
                raise too_many(fault.seconds)
            case "403":
                raise rate_limited()
            case "no-permission":
                raise no_permission()
            case "500":
                raise ApiError(500, "Internal Error")
            case "503":
                raise ApiError(503, "The service is currently unavailable.")
            case "expired-token":
                raise invalid_credentials()
            case "drop-before-apply":
                raise ConnectionDropped

    @staticmethod
    def after(fault: Fault | None) -> None:
        if fault and fault.kind == "apply-then-drop":
            raise ConnectionDropped


def too_many(seconds: float) -> ApiError:
    """Google's answer to whoever calls too often, with the seconds to wait where it names them."""
    headers = [("Retry-After", f"{seconds:.0f}")] if seconds else []
    return ApiError(429, "Resource has been exhausted (e.g. check quota).", headers=headers)


def rate_limited() -> ApiError:
    """Drive's answer to a user who calls too often; Google's client retries this one."""
    return ApiError(
        403,
        "User Rate Limit Exceeded. Rate of requests for user exceed configured project quota.",
        reason="userRateLimitExceeded",
        domain="usageLimits",
    )
