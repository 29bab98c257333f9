"""The world a newcomer meets: a die-design office in Fuji city.

Ids are fixed, so that settings and documentation can name them.
"""

from dataclasses import replace

from simulator.chat.state import Person, Space
from simulator.drive.state import FOLDER
from simulator.keys import SERVICE_ACCOUNT
from simulator.world import World

ALICE = Person("users/100000000000000000001", "Alice 佐藤", "alice@fuji-kanagata.example", "ja")
BOB = Person("users/100000000000000000002", "Bob Yamada", "bob@fuji-kanagata.example", "en")
CHARLIE = Person("users/100000000000000000003", "Charlie Outis", "charlie@outsider.example", "en")

PROJECTS_SPACE = Space("spaces/AAQAKAKARI1", "案件", members=[ALICE.name, BOB.name])
ALICE_DIRECT = Space("spaces/DMALICE0001", "", space_type="DIRECT_MESSAGE", members=[ALICE.name])

SHARED_DRIVE_ID = "0AKAKARI-DEMO-DRIVEPVA"
SHARED_DRIVE_NAME = "共有ドライブ/案件"
PROJECTS_FOLDER_ID = "1KAKARI-DEMO-PROJECTS-FOLDER-0001"
PROJECTS_FOLDER_NAME = "プロジェクト"


def open_office(world: World) -> None:
    """People, spaces, and the shared drive with the folder for projects."""
    for person in (ALICE, BOB, CHARLIE):
        world.chat.add_person(person)
    for space in (PROJECTS_SPACE, ALICE_DIRECT):
        world.chat.add_space(replace(space, members=list(space.members)))
    members = (SERVICE_ACCOUNT, ALICE.email, BOB.email)
    world.drive.add_shared_drive(SHARED_DRIVE_NAME, members, drive_id=SHARED_DRIVE_ID)
    furnish(world)


def furnish(world: World) -> None:
    """Put in the folder for projects, where the office's shared drive is there but empty."""
    with world.lock:
        if world.drive.is_used(SHARED_DRIVE_ID) and not world.drive.is_used(PROJECTS_FOLDER_ID):
            world.drive.add(
                PROJECTS_FOLDER_NAME,
                FOLDER,
                world.drive.file(SHARED_DRIVE_ID),
                ALICE.email,
                file_id=PROJECTS_FOLDER_ID,
            )
