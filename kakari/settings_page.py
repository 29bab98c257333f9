"""What is said of the settings, made from them: ``python -m kakari.settings_page``.

The page docs/settings.md, and in .env.example all that stands below its mark.
"""

from pathlib import Path

import yaml
from pydantic.fields import FieldInfo

from kakari.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "settings.md"
EXAMPLE = ROOT / ".env.example"
COMPOSE = ROOT / "compose.yml"
HEAD = """# Settings

Every setting is an environment variable. One that Kakari does not know is refused by name, since it
is most likely a misspelt one. A secret may stand in a file instead, named like its variable in
lower case, in `/run/secrets` or where `CREDENTIALS_DIRECTORY` says. This page is made from
`kakari/settings.py`, and a test holds it to it.

| variable | default | meaning |
|---|---|---|
"""
MARK = "# -- Kakari's settings --\n"


def page() -> str:
    """Return the page as it should be."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "**must be set**" if field.is_required() else _shown(field.get_default())
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |\n")
    return HEAD + "".join(rows)


def example() -> str:
    """Return .env.example as it should be: what stands above the mark is written by hand."""
    head = EXAMPLE.read_text(encoding="utf-8").partition(MARK)[0]
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    by_compose = {name for each in services.values() for name in each.get("environment", ())}
    fields = Settings.model_fields.items()
    return head + MARK + "".join(_entry(name, field, by_compose) for name, field in fields)


def _entry(name: str, field: FieldInfo, by_compose: set[str]) -> str:
    variable = PREFIX + name.upper()
    if variable in by_compose:
        return f"\n# {field.description}\n# compose.yml sets it.\n#{variable}=\n"
    if field.is_required():
        return f"\n# {field.description}\n{variable}={(field.examples or [''])[0]}\n"
    default = field.get_default()
    return f"\n# {field.description}\n#{variable}={'' if default is None else default}\n"


def _shown(value: object) -> str:
    return "none" if value is None else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    EXAMPLE.write_text(example(), encoding="utf-8")
