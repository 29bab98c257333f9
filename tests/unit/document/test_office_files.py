"""The documents' folder holds plain files: a template prints no file that lies elsewhere."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from errors.settings import FileRefused, IssuerFileBroken
from tasks.document.office import Office

SHIPPED = Path("templates")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "documents", tmp_path / "templates" / "documents")
    (tmp_path / "key.json").write_text("private")
    return tmp_path / "templates"


def test_a_folder_of_plain_files_is_an_office(templates: Path) -> None:
    office = Office.read(templates)
    assert b"private" not in b"".join(office.layout.files.values())


def link(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(file.parents[2] / "key.json")


def pipe(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def sparse(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(2 << 30)


@pytest.mark.parametrize("made", [link, pipe, sparse])
@pytest.mark.parametrize("name", ["note.svg", "invoice.typ", "logo.svg", "issuer.toml", "tax.toml"])
def test_a_link_a_pipe_and_an_endless_file_are_refused_by_name(
    templates: Path, made: Callable[[Path], None], name: str
) -> None:
    made(templates / "documents" / name)
    with pytest.raises((FileRefused, IssuerFileBroken), match=name):
        Office.read(templates)


def test_the_folder_itself_is_no_link(templates: Path) -> None:
    documents = templates / "documents"
    documents.rename(templates / "real")
    documents.symlink_to("real")
    with pytest.raises(FileRefused, match="symbolic link"):
        Office.read(templates)


def test_the_templates_may_be_mounted_by_a_link(templates: Path) -> None:
    mounted = templates.with_name("mounted")
    mounted.symlink_to(templates)
    assert Office.read(mounted).layout == Office.read(templates).layout
