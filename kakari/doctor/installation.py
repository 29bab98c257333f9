"""The installation that is looked at: its settings, and the ways to its parts."""

from functools import cached_property

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kakari.bootstrap import origins_of, redis_of
from kakari.settings import Settings, Survey
from ledger.database import Ledger
from workspace import google_clock
from workspace.clients import GoogleClients
from workspace.quota import Quota

REDIS_SECONDS = 5.0


class Installation:
    """The parts are made when the first check asks for them.

    Checks run in threads side by side; a check that uses another one's part names it in ``needs``.
    """

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.quota = Quota()

    @property
    def settings(self) -> Settings:
        """The settings; a check may use those that it names."""
        return self.survey.settings

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.ledger_url)

    @cached_property
    def redis(self) -> redis.Redis:
        return redis_of(
            self.settings,
            retry=Retry(NoBackoff(), retries=0),
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )

    @cached_property
    def clients(self) -> GoogleClients:
        """Google's clients. Raises KeyRefused if the key file cannot be used."""
        return GoogleClients(origins_of(self.settings), self.settings.google_key_file)

    @cached_property
    def google_ahead(self) -> float:
        """By how many seconds Google's clock is ahead of this machine's. Raises TryLater."""
        return google_clock.seconds_ahead(origins_of(self.settings))

    def close(self) -> None:
        """Close what was opened."""
        opened = vars(self)
        for part in ("ledger", "redis", "clients"):
            if part in opened:
                opened[part].close()
