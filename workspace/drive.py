"""Google Drive, as tasks look at it and effects change it.

Everything Kakari makes has an id chosen beforehand and carries the job it was made for. So a
second send is refused with 409, and whether what is there is ours can be answered by looking.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from errors.google import (
    DriveFolderMissing,
    DriveRefused,
    GoogleError,
    NotOurs,
    OutcomeUnknown,
    TryLater,
)
from workspace.batch import PARTS
from workspace.batches import Batches
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.drive_file import (
    FIELDS,
    MADE_FIELDS,
    DriveFile,
    Made,
    NewFile,
    NewFolder,
    OpenFolder,
)
from workspace.quota import Bucket, Quota, drive_reads, drive_writes
from workspace.refusals import AlreadyThere, NotFound

if TYPE_CHECKING:
    from workspace.clients import GoogleClients

WRITE_SECONDS = 30.0
UPLOAD_SECONDS = 90.0
READ_SECONDS = 15.0
ONE_REQUEST_BYTES = 5 * 1024 * 1024
"""Up to this size a file goes in one request (Drive API, Upload file data)."""
CHUNK_BYTES = 4 * 1024 * 1024
INSIDE = 100
"""How many names are asked of a folder that should be empty. One would do, but the fewer are asked
for, the likelier is a page without any before the last."""


class Drive:
    """The Drive API for one caller, shared drives included."""

    def __init__(
        self,
        clients: "GoogleClients",
        quota: Quota,
        caller: Caller | None = None,
        *,
        writes: Callable[[str], Bucket] = drive_writes,
    ) -> None:
        """Make the port; ``writes`` makes the bucket from the account, where a setting changes it."""
        self._clients = clients
        self._quota = quota
        self._caller = caller or Caller()
        self._calls = Calls(clients, self._caller, refused=DriveRefused)
        self._batches = Batches(clients, self._calls, self._caller, quota)
        self._writes = writes(clients.account)
        self._reads = drive_reads(clients.account)

    def new_ids(self, count: int) -> list[str]:
        """Return ids that files and folders can be made with, Google's own formats excepted."""
        ids: list[str] = []
        while len(ids) < count:
            request = self._clients.drive_files.generateIds(
                count=min(count - len(ids), 1000), fields="ids"
            )
            ids += self._read(request)["ids"]
        return ids

    def address(self, file_id: str) -> str:
        """Return where people will find a file, also before it is made."""
        return self._clients.origins.drive_file_url.format(file=file_id)

    def get(self, file_id: str) -> DriveFile | None:
        """Return the file or folder, trashed ones too; None if it is not there for us."""
        return self.get_many([file_id])[0]

    def get_many(self, file_ids: Sequence[str]) -> list[DriveFile | None]:
        """Return the files in the order of their ids, None for each that is not there for us."""
        found: list[DriveFile | None] = []
        for start in range(0, len(file_ids), PARTS):
            requests = [
                self._clients.drive_files.get(fileId=each, fields=FIELDS, supportsAllDrives=True)
                for each in file_ids[start : start + PARTS]
            ]
            found += [_found(answer) for answer in self._batch(requests, Sort.READ)]
        return found

    def may_edit(self, file_id: str) -> bool:
        """Say whether we may edit a file; not if it is not there for us."""
        fields = "capabilities(canEdit)"
        get = self._clients.drive_files.get(fileId=file_id, fields=fields, supportsAllDrives=True)
        (answer,) = self._batch([get], Sort.READ)
        if isinstance(answer, NotFound):
            return False
        if isinstance(answer, GoogleError):
            raise answer
        return bool(answer["capabilities"]["canEdit"])

    def children(self, folder_id: str) -> Iterator[DriveFile]:
        """Yield what lies directly in the folder, by name. Raises DriveFolderMissing."""
        page: str | None = None
        while True:
            request = self._clients.drive_files.list(
                q=_lies_in(folder_id),
                orderBy="name_natural",
                pageSize=1000,
                pageToken=page,
                fields=f"nextPageToken,files({FIELDS})",
                supportsAllDrives=True,
                includeItemsFromAllDrives=True,
            )
            try:
                answer = self._read(request)
            except NotFound as error:
                raise DriveFolderMissing(folder=folder_id, reason=error.values["reason"]) from error
            for each in answer.get("files", ()):
                yield DriveFile.of(each)
            page = answer.get("nextPageToken")
            if page is None:
                return

    def open_folders(self, folder_ids: Sequence[str]) -> list[OpenFolder | None]:
        """Look at up to 50 folders and into them, in one request.

        Drive answers “'a' in parents or 'b' in parents” with too little or nothing at times
        (issuetracker.google.com/149522397), so each folder has a list of its own.
        """
        requests = [
            *(
                self._clients.drive_files.get(fileId=each, fields=FIELDS, supportsAllDrives=True)
                for each in folder_ids
            ),
            *(
                self._clients.drive_files.list(
                    q=_lies_in(each),
                    pageSize=INSIDE,
                    fields="nextPageToken,files(id)",
                    supportsAllDrives=True,
                    includeItemsFromAllDrives=True,
                )
                for each in folder_ids
            ),
        ]
        answers = self._batch(requests, Sort.READ)
        folders, lists = answers[: len(folder_ids)], answers[len(folder_ids) :]
        return [
            None if folder is None else OpenFolder(folder, _first_of(listed))
            for folder, listed in zip(map(_found, folders), lists, strict=True)
        ]

    def trash(self, file_ids: Sequence[str]) -> list[GoogleError | None]:
        """Put up to 100 files and folders into the trash, in one request; one result for each.

        None where it is there now, or is gone altogether. Raises as ``create_folders`` does.
        """
        requests = [
            self._clients.drive_files.update(
                fileId=each, body={"trashed": True}, fields="id", supportsAllDrives=True
            )
            for each in file_ids
        ]
        try:
            answers = self._batch(requests, Sort.KNOWN)
        except GoogleError as error:
            return [error] * len(file_ids)
        return [
            each if isinstance(each, GoogleError) and not isinstance(each, NotFound) else None
            for each in answers
        ]

    def create_folders(self, folders: Sequence[NewFolder]) -> list[Made | GoogleError]:
        """Make up to 100 folders whose parents exist, in one request; one result for each.

        What is there already is looked at: ours is adopted, anything else is NotOurs. Raises only
        what concerns no single folder: Stopping, and what ``before_send`` raises.
        """
        requests = [
            self._clients.drive_files.create(
                body=each.body, fields=MADE_FIELDS, supportsAllDrives=True
            )
            for each in folders
        ]
        try:
            answers = self._batch(requests, Sort.KNOWN)
        except GoogleError as error:
            return [error] * len(folders)
        results = [self._result(new, answer) for new, answer in zip(folders, answers, strict=True)]
        there = [at for at, answer in enumerate(answers) if isinstance(answer, AlreadyThere)]
        if there:
            adopted = self._adopt([folders[at] for at in there])
            for at, result in zip(there, adopted, strict=True):
                results[at] = result
        return results

    def create_file(self, new: NewFile) -> Made:
        """Make a file whose parent exists, in one request if it is small.

        What is there already is adopted if it is ours and unchanged. Raises NotOurs if it is not,
        DriveFolderMissing, and the other GoogleErrors.
        """
        from googleapiclient.http import MediaIoBaseUpload

        media = MediaIoBaseUpload(
            io.BytesIO(new.content),
            mimetype=new.mime_type,
            chunksize=CHUNK_BYTES,
            resumable=len(new.content) > ONE_REQUEST_BYTES,
        )
        request = self._clients.drive_files.create(
            body=new.body, media_body=media, fields=MADE_FIELDS, supportsAllDrives=True
        )
        self._take(self._writes, 1)
        try:
            answer: Any = self._calls.send(request, Sort.KNOWN, seconds=UPLOAD_SECONDS)
        except AlreadyThere:
            (result,) = self._adopt([new])
        except NotFound as error:
            result = self._result(new, error)
        else:
            result = self._result(new, answer)
        if isinstance(result, GoogleError):
            raise result
        return result

    def find(self, news: Sequence[NewFolder | NewFile]) -> list[Made | NotOurs | None]:
        """Look whether an earlier attempt got through: None where nothing has our id."""
        results: list[Made | NotOurs | None] = []
        for new, found in zip(news, self.get_many([new.id for new in news]), strict=True):
            if found is None:
                results.append(None)
            elif new.is_there(found):
                results.append(Made(found.id, found.link, adopted=True))
            else:
                results.append(NotOurs(name=new.name, reason=f"id {new.id}"))
        return results

    def _adopt(self, news: Sequence[NewFolder | NewFile]) -> list[Made | GoogleError]:
        """Look at what has our ids. It was refused as there, so its absence is worth a retry."""
        try:
            return [each or TryLater(reason="409, then 404") for each in self.find(news)]
        except GoogleError as error:
            return [OutcomeUnknown(reason=error.values.get("reason"))] * len(news)

    def _result(self, new: NewFolder | NewFile, answer: Any) -> Made | GoogleError:
        if isinstance(answer, NotFound):  # of a create: its parent
            return DriveFolderMissing(folder=new.parent, reason=answer.values["reason"])
        if isinstance(answer, GoogleError):
            return answer
        return Made(answer["id"], answer.get("webViewLink"))

    def _read(self, request: Any) -> Any:
        self._take(self._reads, 1)
        return self._calls.send(request, Sort.READ, seconds=READ_SECONDS)

    def _batch(self, requests: Sequence[Any], sort: Sort) -> list[Any]:
        """Send up to 100 requests as one; return each one's answer or GoogleError."""
        if sort is Sort.READ:
            return self._batches.send(requests, sort, self._reads, seconds=READ_SECONDS)
        return self._batches.send(requests, sort, self._writes, seconds=WRITE_SECONDS)

    def _take(self, bucket: Bucket, n: int) -> None:
        self._quota.take(bucket, n, stop=self._caller.stop, on_wait=self._caller.on_wait)


def _found(answer: Any) -> DriveFile | None:
    if isinstance(answer, NotFound):
        return None
    if isinstance(answer, GoogleError):
        raise answer
    return DriveFile.of(answer)


def _first_of(listed: Any) -> str | None:
    if isinstance(listed, NotFound):  # and yet the folder was found
        raise TryLater(reason=listed.values["reason"])
    if isinstance(listed, GoogleError):
        raise listed
    if files := listed.get("files"):
        first: str = files[0]["id"]
        return first
    if "nextPageToken" in listed:
        raise TryLater(reason="an empty page that is not the last")
    return None


def _lies_in(folder_id: str) -> str:
    quoted = folder_id.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{quoted}' in parents and trashed = false"
