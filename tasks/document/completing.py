"""What the form leaves to the schedule and to the price list, as if it had been typed."""

from typing import TypeVar

from tasks.base import Look
from tasks.document.pages import Head, Source
from tasks.document.prices import priced
from tasks.document.project_price import from_project

D = TypeVar("D", bound=Head)


def completed(request: D, look: Look) -> D:
    """Return the request with its project's line, or its lines' prices, in it.

    Raises as ``from_project`` and ``priced`` do.
    """
    source = getattr(request, "source", Source.TYPED)
    if source is Source.PROJECT:
        return request.model_copy(update=from_project(request, look.the_ledger))
    if source is Source.TYPED:
        lines = priced(getattr(request, "lines", ()), request, look)
        return request.model_copy(update={"lines": lines})
    return request
