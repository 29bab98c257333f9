"""All tables of the ledger: whoever needs every one of them, and not one table's model, asks here."""

from ledger import models, projects, schedule, sheet_writes
from ledger.database import Base

MODULES = (models, projects, schedule, sheet_writes)
"""Those that hold models: a table is known once its module is loaded."""

METADATA = Base.metadata
