"""The process that sets documents: it has a folder to read, and nothing else.

It is a process of its own so that a document template cannot reach further: its environment holds
no secret, every address leads nowhere, and one that never ends is killed. It reads one order a
line and answers each with a line and the bytes that line tells of.
"""

import json
import sys
from typing import Any

import typst

from effects.fonts import font_files


def main() -> None:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[path.rpartition("/")[0] for path in font_files()],
    )
    out = sys.stdout.buffer
    for line in sys.stdin:
        head, pages = _answer(json.loads(line), fonts)
        out.write(json.dumps(head).encode() + b"\n")
        out.write(b"".join(pages))
        out.flush()


def _answer(order: dict[str, Any], fonts: typst.Fonts) -> tuple[dict[str, Any], list[bytes]]:
    compiler = typst.Compiler(root=order["root"], font_paths=fonts, ignore_system_fonts=True)
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
    return {"sizes": [len(page) for page in pages]}, pages


if __name__ == "__main__":
    main()
