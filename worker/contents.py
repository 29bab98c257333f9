"""Where an effect's bytes come from: the ledger's blobs, an issued document, or a template's files."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from errors.settings import FileRefused
from errors.work import TemplateChanged
from files import plain
from ledger import blobs, documents
from ledger.database import Ledger
from ledger.plan import Content, bind


@dataclass(frozen=True)
class StoredContents:
    """The contents of one job's plan, with its slots bound."""

    ledger: Ledger
    templates: Path
    bindings: Mapping[str, str]

    def read(self, content: Content) -> bytes:
        """Return the bytes. Raises TemplateChanged if a template's file is no longer those."""
        if content.document is not None:
            with self.ledger.read() as tx:
                return documents.pdf(tx, content.document)
        if content.template is None:
            with self.ledger.read() as tx:
                data = blobs.read(tx, content.sha256)
        else:
            data = self._template_file(content)
        return bind(data.decode(), self.bindings).encode() if content.slots else data

    def _template_file(self, content: Content) -> bytes:
        assert content.template is not None
        assert content.path is not None
        file = Path("projects", content.template, content.path)
        try:
            data = plain.read(self.templates, file)
        except (FileRefused, OSError) as error:
            raise TemplateChanged(template=content.template) from error
        if hashlib.sha256(data).hexdigest() != content.sha256:
            raise TemplateChanged(template=content.template)
        return data
