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
    TooMany,
    TryLater,
)
from errors.work import Stopping
from workspace.batch import PARTS, Batch
from workspace.caller import Caller
from workspace.calls import Calls, Sort
from workspace.drive_file import FIELDS, MADE_FIELDS, DriveFile, Made, NewFile, NewFolder
from workspace.quota import Bucket, Quota, drive_reads, drive_writes
from workspace.refusals import AlreadyThere, NotFound

if TYPE_CHECKING:
    from workspace.clients import GoogleClients

WRITE_SECONDS = 30.0
UPLOAD_SECONDS = 90.0
READ_SECONDS = 15.0
PAUSE = 1.0
"""Seconds before the parts of a batch that Google was too busy for are sent again."""
LONGEST_PAUSE = 10.0
"""Where Google asks for a longer one, the caller is told instead."""

ONE_REQUEST_BYTES = 5 * 1024 * 1024
"""Up to this size a file goes in one request (Drive API, Upload file data)."""
CHUNK_BYTES = 4 * 1024 * 1024


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
            for answer in self._batch(requests, Sort.READ):
                if isinstance(answer, NotFound):
                    found.append(None)
                elif isinstance(answer, GoogleError):
                    raise answer
                else:
                    found.append(DriveFile.of(answer))
        return found

    def children(self, folder_id: str) -> Iterator[DriveFile]:
        """Yield what lies directly in the folder, by name. Raises DriveFolderMissing."""
        page: str | None = None
        while True:
            request = self._clients.drive_files.list(
                q=f"'{_quoted(folder_id)}' in parents and trashed = false",
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
        """Send the requests as one; those that Google was too busy for a second time.

        Return each one's answer or GoogleError.
        """
        answers = self._batch_once(requests, sort)
        busy = [at for at, answer in enumerate(answers) if isinstance(answer, TryLater)]
        if busy:
            asked = [
                answers[at].retry_after or 0 for at in busy if isinstance(answers[at], TooMany)
            ]
            pause = PAUSE + max(asked, default=0)
            if pause > LONGEST_PAUSE or self._caller.stop.wait(pause):
                return answers
            for at, answer in zip(busy, self._again(requests, busy, sort), strict=True):
                in_doubt = isinstance(answers[at], OutcomeUnknown)
                answers[at] = _in_doubt(answer) if in_doubt else answer
        return answers

    def _again(self, requests: Sequence[Any], busy: Sequence[int], sort: Sort) -> list[Any]:
        """Send the busy ones again; what stops them must not take the others' answers along."""
        try:
            return self._batch_once([requests[at] for at in busy], sort)
        except GoogleError as error:
            return [error] * len(busy)
        except Stopping:
            return [TryLater(reason="stopping")] * len(busy)

    def _batch_once(self, requests: Sequence[Any], sort: Sort) -> list[Any]:
        reading = sort is Sort.READ
        self._take(self._reads if reading else self._writes, len(requests))
        batch = Batch(self._clients.drive, requests)
        answers = [
            self._calls.understand(each, sort) if isinstance(each, Exception) else each
            for each in self._calls.send(
                batch, sort, seconds=READ_SECONDS if reading else WRITE_SECONDS
            )
        ]
        if batch.sent > 1 and not reading:
            return [_in_doubt(each) for each in answers]
        return answers

    def _take(self, bucket: Bucket, n: int) -> None:
        self._quota.take(bucket, n, stop=self._caller.stop, on_wait=self._caller.on_wait)


def _in_doubt(answer: Any) -> Any:
    """Return what an answer says where an earlier attempt was not answered.

    A refusal now says nothing about that attempt; that it is there already says enough.
    """
    if isinstance(answer, GoogleError) and not isinstance(answer, AlreadyThere):
        return OutcomeUnknown(reason=answer.values.get("reason"))
    return answer


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
