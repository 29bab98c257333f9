"""What the names of messages and threads may look like."""

import re

from simulator.answers import ApiError, bad_request

CLIENT_ID = re.compile(r"client-[a-z0-9-]{1,56}")
THREAD_NAME = re.compile(r"spaces/[^/]+/threads/[^/]+")
THREAD_KEY_LENGTH = 4000


def check_message_id(message_id: str) -> str:
    """``client-`` and lower-case letters, digits and hyphens, 63 characters in all."""
    if not CLIENT_ID.fullmatch(message_id):
        raise bad_request(
            "The message ID must start with client- and have at most 63 lower-case letters, "
            "digits and hyphens.",
            "message_id",
        )
    return message_id


def check_thread_name(name: str, space_name: str) -> str:
    if not THREAD_NAME.fullmatch(name) or not name.startswith(f"{space_name}/"):
        raise bad_request("Invalid thread resource name.", "message.thread.name")
    return name


def check_thread_key(key: str) -> str:
    if len(key) > THREAD_KEY_LENGTH:
        raise bad_request("The thread key is too long.", "message.thread.thread_key")
    return key


def is_client_name(message_name: str) -> bool:
    return message_name.rpartition("/")[2].startswith("client-")


def not_found(what: str) -> ApiError:
    return ApiError(404, f"{what} not found.")
