"""The process that sets documents: it has a folder to read, and nothing else.

It is a process of its own so that a document template cannot reach further (effects/confined.py).
A package of typst's, which may lie on the machine, is none of its files either.
"""

from typing import Any

import typst

from effects.confined import Answer, serve
from effects.fonts import font_files

MEMORY = 1024 * 1024 * 1024
"""Bytes: the fonts take some sixty million, a page that is drawn as an image ten."""
SECONDS = 60
"""Of the processor, of which typst takes as many as there are."""
NO_PACKAGES = "/dev/null"


def main() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[path.rpartition("/")[0] for path in font_files()],
    )
    serve(lambda order: _answer(order, fonts), memory=MEMORY, seconds=SECONDS)


def _answer(order: dict[str, Any], fonts: typst.Fonts) -> Answer:
    compiler = typst.Compiler(
        root=order["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=NO_PACKAGES,
        package_cache_path=NO_PACKAGES,
    )
    try:
        made = compiler.compile(
            input=f"{order['root']}/{order['file']}",
            format=order["format"],
            sys_inputs={"paper": order["paper"]},
            timestamp=order["timestamp"],
            ppi=order["ppi"],
        )
    except typst.TypstError as error:
        return {"problem": error.message, "where": error.diagnostic}, []
    assert made is not None
    pages = made if isinstance(made, list) else [made]
    return {}, pages


if __name__ == "__main__":
    main()
