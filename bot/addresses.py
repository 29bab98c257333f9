"""When two e-mail addresses are one: only the case of ASCII letters does not matter.

Folding as for words would take ``ß`` for ``ss`` and the kelvin sign for ``k``: somebody else's
address, whoever can register one.
"""

import re
import string
import unicodedata

LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3); one that is longer may have been cut short."""
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
UNSEEN = frozenset(["Cc", "Cf", "Cn", "Co", "Cs"])
"""Unicode's categories of signs that nobody sees."""

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(address: str) -> str:
    """Return an address, or an ``@domain``, as it is compared."""
    return address.translate(_LOWER)


def is_address(text: str) -> bool:
    """Say whether this is a person's whole address, and nothing in it is unseen."""
    if len(text) > LONGEST or ADDRESS.fullmatch(text) is None:
        return False
    return not any(unicodedata.category(sign) in UNSEEN for sign in text)


def is_entry(text: str) -> bool:
    """Say whether this can stand in a list: an address or an ``@domain``, neither with a star."""
    return "*" not in text and is_address(f"a{text}" if text.startswith("@") else text)
