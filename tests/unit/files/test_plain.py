"""What the office wrote is read from plain files only: no link, no pipe, no device, never too much."""

import os
import socket
from pathlib import Path

import pytest

from errors.settings import FileRefused
from files import plain, toml


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "issuer.toml").write_bytes(b"name = 1")
    (tmp_path / "key.json").write_text("secret")
    return folder


def refused(root: Path, below: str) -> str:
    with pytest.raises(FileRefused) as refusal:
        plain.read(root, below, 1000)
    assert Path(below).parts[0] in refusal.value.say("ja")
    return str(refusal.value.values["reason"])


def test_a_plain_file_is_read_whole(office: Path) -> None:
    assert plain.read(office, "documents/issuer.toml") == b"name = 1"


def test_the_folder_that_is_named_may_be_a_link_and_what_lies_below_may_not(office: Path) -> None:
    mounted = office.with_name("mounted")
    mounted.symlink_to(office)
    assert plain.read(mounted, "documents/issuer.toml") == b"name = 1"
    (office / "elsewhere").symlink_to(office / "documents")
    assert refused(mounted, "elsewhere/issuer.toml") == "this is a symbolic link"


@pytest.mark.parametrize("target", ["../../key.json", "/etc/passwd", "nowhere", "note.svg"])
def test_a_link_is_refused_wherever_it_leads(office: Path, target: str) -> None:
    (office / "documents" / "note.svg").symlink_to(target)
    assert refused(office, "documents/note.svg") == "this is a symbolic link"


def test_a_pipe_a_socket_and_a_folder_are_refused_and_nobody_waits(office: Path) -> None:
    os.mkfifo(office / "pipe.toml")
    (office / "folder.toml").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(office / "socket.toml"))
        for name in ("pipe.toml", "folder.toml", "socket.toml"):
            assert refused(office, name) == "this is not a plain file"


def test_a_device_that_never_ends_is_refused() -> None:
    assert refused(Path("/dev"), "zero") == "this is not a plain file"


@pytest.mark.parametrize(
    "below", ["../key.json", "documents/../../key.json", "/etc/passwd", "a\0b"]
)
def test_a_path_never_leads_out(office: Path, below: str) -> None:
    with pytest.raises(FileRefused):
        plain.read(office, below)


def test_a_file_of_two_gigabytes_is_refused_by_its_size(office: Path) -> None:
    with (office / "large.typ").open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(FileRefused, match="larger than 10 MB"):
        plain.read(office, "large.typ")


def test_a_file_that_says_it_is_empty_and_is_not_is_capped_too() -> None:
    with pytest.raises(FileRefused):
        plain.read_named(Path("/proc/self/smaps"), 10)


def test_a_file_that_a_setting_names_may_be_a_link_but_no_pipe(office: Path) -> None:
    link = office / "permissions.toml"
    link.symlink_to(office / "documents" / "issuer.toml")
    assert plain.read_named(link) == b"name = 1"
    os.mkfifo(office / "pipe")
    piped = office / "piped.toml"
    piped.symlink_to(office / "pipe")
    with pytest.raises(FileRefused, match=r"piped\.toml.*not a plain file"):
        plain.read_named(piped)


def test_what_is_not_there_is_the_readers_to_tell(office: Path) -> None:
    for below in ("none.toml", "none/issuer.toml", "documents/issuer.toml/x"):
        with pytest.raises(OSError, match=r"No such file|Not a directory"):
            plain.read(office, below)


def test_toml_may_begin_with_a_mark_and_is_never_too_deep() -> None:
    assert toml.parse(b"\xef\xbb\xbfa = 1\r\n") == {"a": 1}
    with pytest.raises(ValueError, match="too deep"):
        toml.parse(b"a = " + b"[" * 100_000)
