"""What a simulated Chat gets of messages that many spaces are owed, on both databases."""

from tests.contract.google import calm, clients, simulator

__all__ = ["calm", "clients", "simulator"]
