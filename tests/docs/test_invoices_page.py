"""The invoices' page says what is so: its file can be read, its headers are the known ones."""

import re
from pathlib import Path

from tasks import document_sheets
from tasks.document_sheets import DocumentSheets

PAGE = (Path(__file__).parents[2] / "docs" / "invoices.md").read_text(encoding="utf-8")


def test_the_file_on_the_page_can_be_read_and_names_every_setting(tmp_path: Path) -> None:
    text = PAGE.partition("```toml\n")[2].partition("```")[0].replace("AbC…", "AbCdefghij")
    file = tmp_path / "documents.toml"
    file.write_text(text, encoding="utf-8")
    read = document_sheets.read(file)
    assert read.model_fields_set == set(DocumentSheets.model_fields)
    for name in DocumentSheets.model_fields:
        place = getattr(read, name)
        assert place.spreadsheet == "1AbCdefghij"
        assert place.model_fields_set | {"columns"} == set(type(place).model_fields), name
    assert read.documents
    assert read.documents.names["party"] == ("請求先",)


def test_the_headers_on_the_page_are_those_that_are_known() -> None:
    tables = re.findall(r"^\| `\[(\w+)\]` \|.*\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert {name for name, _ in tables} == set(DocumentSheets.model_fields)
    for name, table in tables:
        rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE))
        (place, _) = DocumentSheets.model_fields[name].annotation.__args__  # type: ignore[union-attr]
        assert {field: tuple(said.split(", ")) for field, said in rows.items()} == place.HEADERS
