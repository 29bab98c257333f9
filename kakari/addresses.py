"""What is asked of the addresses among the settings. Their own parsers' words may show a password."""

from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def has_port(url: str) -> bool:
    """Say whether the port, if there is one, is a number: what is none may be half a password."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def is_database_url(url: str) -> bool:
    try:
        make_url(url)
    except (ArgumentError, ValueError):
        return False
    return True
