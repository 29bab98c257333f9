"""Sheets' own words for what it will not do."""

from simulator.answers import ApiError, bad_request
from simulator.sheets.a1 import Area, column_name, full_name
from simulator.sheets.spreadsheet import Sheet


def not_found() -> ApiError:
    return ApiError(404, "Requested entity was not found.")


def no_permission() -> ApiError:
    return ApiError(403, "The caller does not have permission")


def no_spreadsheet() -> ApiError:
    """Refuse a file of another kind."""
    return ApiError(
        400, "This operation is not supported for this document", status="FAILED_PRECONDITION"
    )


def not_a_range(text: str) -> ApiError:
    return bad_request(f"Unable to parse range: {text}")


def no_grid(sheet_id: int) -> ApiError:
    return bad_request(f"No grid with id: {sheet_id}")


def outside_grid(sheet: Sheet, area: Area) -> ApiError:
    return bad_request(
        f"Range ({full_name(sheet.title, area)}) exceeds grid limits. "
        f"Max rows: {len(sheet.rows)}, max columns: {len(sheet.columns)}"
    )


def outside_range(sheet: Sheet, area: Area, *, row: int | None = None, column: int = 0) -> ApiError:
    tried = f"row [{row + 1}]" if row is not None else f"column [{column_name(column)}]"
    return bad_request(
        f"Requested writing within range [{full_name(sheet.title, area)}], but tried writing to "
        f"{tried}"
    )


def no_fields() -> ApiError:
    return bad_request(
        "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
    )


def protected() -> ApiError:
    return bad_request(
        "You are trying to edit a protected cell or object. Please contact the spreadsheet owner "
        "to remove protection if you need to edit."
    )


def too_often(what: str, whose: str) -> ApiError:
    """Refuse a call beyond the quota of a minute."""
    limit = f"{what} requests per minute{whose}"
    consumer = "project_number:123456789012"
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{what} requests' and limit '{limit}' of service "
        f"'sheets.googleapis.com' for consumer '{consumer}'.",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "service": "sheets.googleapis.com",
                    "consumer": "projects/123456789012",
                    "quota_metric": f"sheets.googleapis.com/{what.lower()}_requests",
                    "quota_limit": "".join(word.capitalize() for word in limit.split()),
                    "quota_limit_value": "60" if whose else "300",
                    "quota_location": "global",
                },
            }
        ],
    )
