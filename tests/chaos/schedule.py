"""What befalls an installation, drawn from a seed: the same seed draws the same disturbances."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

KILL, STOP, FAULT = "kill", "stop", "fault"
PAUSES = (0.2, 0.9)
"""Seconds from one disturbance to the next."""
STOPPED = (0.3, 3.0)
"""Seconds a process is stopped: less than its lease, and more."""
DOWN = (0.0, 0.8)
"""Seconds until a killed process is started again."""
FAULTS = ("429", "503", "apply-then-drop")
METHODS = (
    "drive.files.create",
    "drive.files.*",
    "chat.spaces.messages.create",
    "chat.spaces.messages.*",
)
STRIKES = (1, 6)
"""How many calls a fault befalls."""


@dataclass(frozen=True)
class Disturbance:
    """``what`` befalls a process or, for a fault, the calls of a method."""

    pause: float
    """Seconds since the one before."""
    what: str
    target: str
    seconds: float = 0.0
    """How long the process is away."""
    fault: str = ""
    strikes: int = 0

    @property
    def label(self) -> str:
        """What it is counted as."""
        return f"{self.what} {self.fault or self.target.partition('-')[0]}"


def disturbances(seed: int, processes: Sequence[str]) -> Iterator[Disturbance]:
    """Yield disturbances without end."""
    draw = random.Random(seed)
    while True:
        pause = draw.uniform(*PAUSES)
        match draw.choice((KILL, STOP, STOP, FAULT)):
            case "kill":
                yield Disturbance(pause, KILL, draw.choice(processes), draw.uniform(*DOWN))
            case "stop":
                yield Disturbance(pause, STOP, draw.choice(processes), draw.uniform(*STOPPED))
            case _:
                method, fault = draw.choice(METHODS), draw.choice(FAULTS)
                strikes = draw.randint(*STRIKES)
                yield Disturbance(pause, FAULT, method, fault=fault, strikes=strikes)
