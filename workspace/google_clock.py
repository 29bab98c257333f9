"""How far Google's clock and this machine's are apart."""

import time
from email.utils import parsedate_to_datetime

from errors.google import TryLater
from workspace.origins import Origins
from workspace.refusals import understand
from workspace.transport import Transport

SECONDS = 10.0


def seconds_ahead(origins: Origins) -> float:
    """Return by how many seconds Google's clock is ahead, to about one second.

    Asks for the certificates that signatures are checked with, so an answer says that those can be
    had as well. Raises TryLater.
    """
    transport = Transport(proxies=not origins.simulated)
    transport.limit(SECONDS)
    asked = time.time()
    try:
        answer, _ = transport.request(origins.oidc_certs_url)
        # The header leaves out the fraction of the second.
        google = parsedate_to_datetime(answer["date"]).timestamp() + 0.5
    except (KeyError, ValueError) as error:
        raise TryLater(reason="no Date in the answer") from error
    except Exception as error:
        raise understand(error, wrote=False) from error
    finally:
        transport.close()
    if answer.status != 200:
        raise TryLater(reason=f"HTTP {answer.status}")
    return google - (asked + time.time()) / 2
