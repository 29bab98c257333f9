"""What an app can find out about the spaces it is in."""

import pytest
from googleapiclient.errors import HttpError

from simulator.chat.state import Space
from simulator.office import ALICE, ALICE_DIRECT, BOB, CHARLIE, PROJECTS_SPACE


@pytest.fixture
def spaces(chat):
    return chat.spaces()


def test_a_space_is_described(spaces):
    space = spaces.get(name=PROJECTS_SPACE.name).execute()
    assert (space["displayName"], space["spaceType"]) == ("案件", "SPACE")


def test_a_direct_message_has_no_display_name(spaces):
    space = spaces.get(name=ALICE_DIRECT.name).execute()
    assert "displayName" not in space
    assert space["singleUserBotDm"] is True


def test_the_app_lists_the_spaces_it_is_in(simulator, spaces):
    simulator.world.chat.add_space(Space("spaces/ELSEWHERE", "Elsewhere", app_is_member=False))
    names = [space["name"] for space in spaces.list().execute()["spaces"]]
    assert names == [PROJECTS_SPACE.name, ALICE_DIRECT.name]
    assert len(spaces.list(pageSize=1).execute()["spaces"]) == 1


def test_the_members_are_people(spaces):
    members = spaces.members().list(parent=PROJECTS_SPACE.name).execute()["memberships"]
    assert [member["member"]["name"] for member in members] == [ALICE.name, BOB.name]


def test_a_direct_message_is_found_by_its_person(spaces):
    found = spaces.findDirectMessage(name=ALICE.name).execute()
    assert found["name"] == ALICE_DIRECT.name
    with pytest.raises(HttpError) as caught:
        spaces.findDirectMessage(name=CHARLIE.name).execute()
    assert caught.value.status_code == 404
