"""What can go wrong, one sentence each, in the person's language.

A class's docstring is its English sentence and ``ja`` its Japanese one; both may name values
in braces. The sentence says what to do and is all a person sees; the log has the rest.
"""

from errors.base import KakariError

__all__ = ["KakariError"]
