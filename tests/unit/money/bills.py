"""Bills as tests write them down: a category, a quantity and a price for each line."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from money.bill import Bill, Line
from money.rates import Category, Rates

TAX_FILE = Path(__file__).parents[3] / "templates/documents/tax.toml"
RATES = Rates.read(TAX_FILE)
DAY = date(2026, 11, 22)
STANDARD, REDUCED = Category.STANDARD, Category.REDUCED


def line(category: Category, price: str, quantity: str = "1", **more: Any) -> Line:
    given: dict[str, Any] = {"supplied": DAY, "text": "設計", **more}
    return Line(category=category, price=Decimal(price), quantity=Decimal(quantity), **given)


def bill(*lines: Line, **more: Any) -> Bill:
    return Bill(lines=lines, **more)
