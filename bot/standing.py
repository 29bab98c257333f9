"""Tells the admin space how it stands with the permissions file: of each bad save, and the end."""

import structlog

from bot.permissions import Permissions
from cards.sentences import Sentence
from ledger import notices
from ledger.database import Ledger

ABOUT = "permissions"
BAD = Sentence(
    "{why} Until it is mended nobody can approve, change or take back anything, and after 15"
    " minutes nobody can ask for anything either; till then people ask by the last good save.",
    "{why}修正されるまで、承認・変更・取り消しはできません。依頼は直前の正しい設定で 15 分間だけ受け付けます。",
)
GOOD = Sentence(
    "The permissions file can be used again: what it says holds now.",
    "権限ファイルを読み取れるようになりました。現在の内容で動作しています。",
)

log = structlog.get_logger()


class Standing:
    """Remembers what this process has told, so that most events cost nothing."""

    def __init__(self, ledger: Ledger, permissions: Permissions, space: str | None) -> None:
        self.ledger = ledger
        self.permissions = permissions
        self.space = space
        self._told: str | None = None

    def tell(self) -> None:
        """Owe the admin space a notice if it has not been told; if the ledger is away, next time."""
        flaw = self.permissions.flaw
        standing = flaw.save if flaw else notices.GOOD
        if self.space is None or standing == self._told:
            return
        said = {
            locale: BAD.say(locale, why=flaw.error.say(locale)) if flaw else GOOD.say(locale)
            for locale in ("en", "ja")
        }
        try:
            with self.ledger.write() as tx:
                notices.tell(tx, ABOUT, standing, self.space, said)
        except Exception:
            log.exception("permissions.untold")
        else:
            self._told = standing
