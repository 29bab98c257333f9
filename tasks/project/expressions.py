"""What Copier takes for an expression, and for yes and no."""


def is_expression(text: object) -> bool:
    return isinstance(text, str) and any(sign in text for sign in ("{{", "{%", "{#"))


def truth(value: object) -> bool:
    """Return what Copier takes for yes and no in ``when`` and in a switch's default."""
    word = str(value).strip().lower()
    if word in {"n", "no", "f", "false", "off", "~", "null", "none", ""}:
        return False
    try:
        return bool(float(word))
    except ValueError:
        return True
