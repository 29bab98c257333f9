"""Drive's own words for what it will not do."""

from simulator.answers import ApiError


def not_found(file_id: str) -> ApiError:
    """Also the answer for what the caller may not see."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound", location="fileId")


def drive_not_found(drive_id: str) -> ApiError:
    return ApiError(
        404, f"Shared drive not found: {drive_id}", reason="notFound", location="driveId"
    )


def invalid(parameter: str, message: str = "Invalid Value") -> ApiError:
    return ApiError(400, message, reason="invalid", location=parameter)


def id_in_use() -> ApiError:
    return ApiError(409, "A file already exists with the provided ID.", reason="fileIdInUse")


def no_permission() -> ApiError:
    return ApiError(
        403,
        "The user does not have sufficient permissions for this file.",
        reason="insufficientFilePermissions",
    )


def no_storage() -> ApiError:
    """Refuse a service account in a My Drive: it can own nothing."""
    return ApiError(
        403,
        "Service Accounts do not have storage quota. Leverage shared drives "
        "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use "
        "OAuth delegation (http://support.google.com/a/answer/7281227) instead.",
        reason="storageQuotaExceeded",
        domain="usageLimits",
    )


def not_writable(message: str | None = None) -> ApiError:
    return ApiError(
        403,
        message or "The resource body includes fields which are not directly writable.",
        reason="fieldNotWritable",
    )
