"""One mistake in a template: where it stands and what it is, in both languages."""

from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from errors.work import TemplateBroken

DEFINITION = PurePosixPath("copier.yml")


@dataclass(frozen=True, order=True)
class Problem:
    file: PurePath
    """Relative to the template's folder; ``check`` puts that folder before it."""
    line: int
    en: str
    ja: str

    def broken(self, template: str) -> TemplateBroken:
        """Return it as the error that ends a job."""
        return TemplateBroken(
            template=template,
            file=str(self.file),
            line=self.line,
            problem=self.en,
            problem_ja=self.ja,
        )


def of(error: TemplateBroken) -> Problem:
    """Return the mistake that ended a rendering."""
    found = error.values
    return Problem(
        PurePosixPath(found["file"]), found["line"], found["problem"], found["problem_ja"]
    )
