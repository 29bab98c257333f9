"""The fonts that documents are set in. They come with Kakari, so every machine sets the same."""

from importlib.resources import files

FONTS = (
    ("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
    ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
)


def font_files() -> list[str]:
    """Return the files: regular and bold."""
    return [str(files(package) / name) for package, name in FONTS]
