"""The page docs/settings.md, made from the settings themselves: ``python -m kakari.settings_page``."""

from pathlib import Path

from kakari.settings import PREFIX, Settings

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable. One that Kakari does not know is refused by name, since it
is most likely a misspelt one. This page is made from `kakari/settings.py`, and a test holds it to it.

| variable | default | meaning |
|---|---|---|
"""


def page() -> str:
    """Return the page as it should be."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "**must be set**" if field.is_required() else _shown(field.get_default())
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |\n")
    return HEAD + "".join(rows)


def _shown(value: object) -> str:
    return "none" if value is None else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
