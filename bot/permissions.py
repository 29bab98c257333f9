"""Who may ask Kakari for anything at all. Nobody, unless the settings name them."""

from dataclasses import dataclass

from bot.event import Event


@dataclass(frozen=True)
class Permissions:
    """The domains, people and spaces that the settings allow.

    A person must be named by e-mail or by domain; where spaces are named, the event must come
    from one of them or from a direct message.
    """

    domains: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    spaces: frozenset[str] = frozenset()

    def allow(self, event: Event) -> bool:
        email = event.user.email.casefold()
        _, at, domain = email.rpartition("@")
        if not at or not (email in self.people or domain in self.domains):
            return False
        if not self.spaces or event.space is None or event.space.is_direct_message:
            return True
        return event.space.name in self.spaces
