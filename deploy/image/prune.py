"""Takes out of the image what no process of Kakari reads: `python prune.py SITE_PACKAGES`.

Of some 330 MB this is a third. A rule that finds nothing ends the build: an upgrade has moved what
it named, and would bring it back unnoticed. `loaded.py` runs after it, and shows what is left to
be whole.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """Files and folders that match one pattern, and why they are not needed."""

    pattern: str
    why: str
    keep: tuple[str, ...] = ()
    """Patterns of the names among them that stay; each has to be there."""

    def matches(self, packages: Path) -> Iterator[Path]:
        """Yield what goes. Raises LookupError if there is nothing, or too little that stays."""
        found = sorted(packages.glob(self.pattern))
        for pattern in self.keep:
            if not any(path.match(pattern) for path in found):
                raise LookupError(f"{self.pattern}: there is no {pattern} to keep any more")
        gone = [path for path in found if not any(path.match(pattern) for pattern in self.keep)]
        if not gone:
            raise LookupError(f"{self.pattern}: there is none any more ({self.why})")
        yield from gone


RULES = (
    Rule(
        "googleapiclient/discovery_cache/documents/*.json",
        "these APIs are called, or spoken by the simulator, and no other",
        keep=(
            "chat.v1.json",
            "drive.v3.json",
            "sheets.v4.json",
            "gmail.v1.json",
            "calendar.v3.json",
        ),
    ),
    Rule(
        "babel/locale-data/*.dat",
        "Kakari speaks Japanese and English",
        keep=("root.dat", "en.dat", "en_US.dat", "ja.dat", "ja_JP.dat"),
    ),
    Rule("holidays/locale", "holidays are looked up by their days, never called by their names"),
    Rule(
        "fontTools/*",
        "effects/glyphs.py reads which signs a font has; none is drawn or changed",
        keep=("__init__.py", "config", "encodings", "misc", "pens", "ttLib", "unicode.py"),
    ),
    Rule("fontTools/*/*.c", "the same"),
    Rule("fontTools/*/*.so", "the same; these are quicker twins of modules"),
    Rule(
        "fontTools/ttLib/tables/*",
        "the same: of a font's tables one is read",
        keep=("__init__.py", "DefaultTable.py", "D_S_I_G_.py", "_c_m_a_p.py"),
    ),
    Rule(
        "pygments/lexers/*.py",
        "Copier colours these two when it asks on a terminal, which Kakari never has it do",
        keep=("__init__.py", "_mapping.py", "data.py"),
    ),
    Rule("wcwidth/table_grapheme_overrides/_known_*.py", "widths of signs on a terminal"),
    Rule("wcwidth/_wcwidth_c.*", "the same; a quicker twin of modules"),
    Rule(
        "sqlalchemy/dialects/*",
        "the ledger knows these two databases",
        keep=("__init__.py", "_typing.py", "postgresql", "sqlite"),
    ),
    Rule("*/testing", "for the tests of SQLAlchemy's, Alembic's and Mako's own dialects"),
    Rule("*/tests", "tests"),
    Rule("**/*.pyi", "types, for checkers"),
)

STRIPPED = (
    "cryptography/hazmat/bindings/_rust.*.so",
    "hiredis/hiredis.*.so",
    "sqlalchemy/**/*_cy.*.so",
    "typst/_typst.*.so",
    "yaml/_yaml.*.so",
)
"""Libraries whose wheels come with the symbols that only a debugger reads."""


def prune(packages: Path) -> None:
    for rule in RULES:
        for path in rule.matches(packages):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for pattern in STRIPPED:
        libraries = list(packages.glob(pattern))
        if not libraries:
            raise LookupError(f"{pattern}: there is none any more")
        subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)


if __name__ == "__main__":
    prune(Path(sys.argv[1]))
