"""The money engine: amounts, tax, withholding and due dates. Pure: it reads and writes nothing.

What is exact stays exact: quantities and prices are Decimals, what lies between is a Fraction, and
an amount is rounded where a rule says so and nowhere else. The rules are those of Japan's qualified
invoices (consumption tax circular 1-8-1 to 1-8-21); rates are dated data, in ``tax.toml``.
"""
