"""A YAML file with the line of everything in it, and what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from tasks.project.problem import Problem

Where = tuple[str, ...]
"""The keys that lead to a place in the file."""


class Source:
    """Holds the ``data`` of a file of keys and values; what is noted as ``wrong`` adds up."""

    def __init__(self, folder: Path, file: PurePosixPath) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[Where, int] = {}
        self.data = self._read(folder / file)

    def line(self, *where: str) -> int:
        """Return the line of this place, or of what it would stand under."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def wrong(self, where: Where | int, en: str, ja: str) -> None:
        line = where if isinstance(where, int) else self.line(*where)
        self.problems.append(Problem(self.file, line, en, ja))

    def mapping(self, value: Any, *where: str) -> dict[Any, Any]:
        """Return the keys and values that should stand there."""
        if value is None or isinstance(value, dict):
            return value or {}
        name = where[-1]
        self.wrong(where, f"{name} has to have lines under it", f"{name} の下に項目が必要です")
        return {}

    def _read(self, path: Path) -> dict[Any, Any]:
        try:
            loader = yaml.SafeLoader(path.read_bytes())
            node = loader.get_single_node()
            data = loader.construct_document(node) if node else {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.wrong(line, f"{error.problem}", f"YAML の書き方に誤りがあります: {error.problem}")
        except (yaml.YAMLError, ValueError, OSError) as error:
            # PyYAML lets the errors of dates and encodings through as they are.
            self.wrong(1, f"{error}", f"読み込めません: {error}")
        else:
            for where, line in _lines(loader, node):
                if where in self._lines:
                    key = where[-1]
                    self.wrong(line, f"{key} stands here twice", f"{key} が重複しています")
                self._lines[where] = line
            if isinstance(data, dict):
                return data
            self.wrong(1, "this is not a list of questions", "質問の一覧になっていません")
        return {}


def _lines(
    loader: yaml.SafeLoader, node: yaml.Node | None, above: Where = ()
) -> Iterator[tuple[Where, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # As it is found in the data: YAML reads the key ``on`` as a truth.
            where = (*above, str(loader.construct_object(key)))
            yield where, key.start_mark.line + 1
            yield from _lines(loader, value, where)
