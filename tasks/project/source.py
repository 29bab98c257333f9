"""A YAML file with the line of everything in it, and what is wrong with it."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from errors.settings import FileRefused
from files import plain
from tasks.project.problem import Problem

Where = tuple[str, ...]
"""The keys that lead to a place in the file."""

MOST_BYTES = 128 * 1024
"""Of a definition; one with ninety questions of a hundred choices would be larger."""
MOST_NODES = 20_000
"""Of keys and values, each as often as an alias repeats it."""
TOO_MUCH = "it holds more than can be read", "内容が多すぎて読み込めません"
TOO_DEEP = "the brackets are nested too deep", "入れ子が深すぎます"
CIRCLE = "an alias stands for what it is a part of", "エイリアスが循環しています"
UNSAYABLE = "it holds a sign that cannot be written", "使えない文字が含まれています"

_UNSAYABLE = re.compile("[\ud800-\udfff\0]")


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
            root = path.parents[2]  # what the setting names; projects/ is below it
            data = self._parsed(plain.read(root, path.relative_to(root), MOST_BYTES))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.wrong(line, f"{error.problem}", f"YAML の書き方に誤りがあります: {error.problem}")
        except FileRefused as error:
            self.wrong(1, error.values["reason"], error.values["reason_ja"])
        except RecursionError:
            self.wrong(1, *TOO_DEEP)
        except Exception as error:  # noqa: BLE001 - PyYAML lets through what its readers of dates,
            # numbers and encodings raise, and the system what it says of the file.
            said = " ".join(str(error).split()) or type(error).__name__
            self.wrong(1, said, f"読み込めません: {said}")
        else:
            if isinstance(data, dict):
                return data
            if not self.problems:
                self.wrong(1, "this is not a list of questions", "質問の一覧になっていません")
        return {}

    def _parsed(self, text: bytes) -> Any:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return {}
        # First how much it would come to: an alias of aliases doubles what it stands for.
        for scalar in self._measured(node):
            if _UNSAYABLE.search(scalar.value):
                self.wrong(scalar.start_mark.line + 1, *UNSAYABLE)
        if self.problems:
            return None
        data = loader.construct_document(node)
        for where, line in _lines(loader, node):
            if where in self._lines:
                key = where[-1]
                self.wrong(line, f"{key} stands here twice", f"{key} が重複しています")
            self._lines[where] = line
        return data

    def _measured(self, root: yaml.Node) -> list[yaml.ScalarNode]:
        """Return the scalars, once each; note if they come to too much."""
        sizes: dict[int, int] = {}
        open_: set[int] = set()
        scalars: list[yaml.ScalarNode] = []

        def size(node: yaml.Node) -> int:
            known = sizes.get(id(node))
            if known is not None:
                return known
            if id(node) in open_:
                self.wrong(node.start_mark.line + 1, *CIRCLE)
                return 1
            open_.add(id(node))
            if isinstance(node, yaml.ScalarNode):
                scalars.append(node)
                total = 1
            elif isinstance(node, yaml.MappingNode):
                total = 1 + sum(size(key) + size(value) for key, value in node.value)
            else:
                total = 1 + sum(size(each) for each in node.value)
            open_.discard(id(node))
            sizes[id(node)] = total
            if total > MOST_NODES and not self.problems:
                self.wrong(node.start_mark.line + 1, *TOO_MUCH)
            return total

        size(root)
        return scalars


def _lines(
    loader: yaml.SafeLoader, node: yaml.Node | None, above: Where = ()
) -> Iterator[tuple[Where, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # As it is found in the data: YAML reads the key ``on`` as a truth.
            where = (*above, str(loader.construct_object(key)))
            yield where, key.start_mark.line + 1
            yield from _lines(loader, value, where)
