"""What is refused before any behaviour, what is forgiven, and in which words."""

import pytest

from simulator.office import PROJECTS_FOLDER_ID, PROJECTS_SPACE

SHEETS = "/v4/spreadsheets/s1"
MESSAGES = f"/v1/{PROJECTS_SPACE.name}/messages"
DRIVE_FILES = "/drive/v3/files?supportsAllDrives=true"


@pytest.fixture
def call(session, simulator):
    def call(verb, path, **arguments):
        return session.request(verb, simulator.origin + path, **arguments)

    return call


def refusal(answer) -> str:
    assert answer.status_code == 400, answer.text
    return answer.json()["error"]["message"]


def test_a_refusal_of_the_newer_kind_is_a_status_with_field_violations(call):
    error = call("POST", MESSAGES, json={"txt": "x"}).json()["error"]
    sentence = (
        "Invalid JSON payload received. Unknown name \"txt\" at 'message': Cannot find field."
    )
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert error["message"] == sentence
    violation = {"field": "message", "description": sentence}
    assert error["details"][0]["fieldViolations"] == [violation]


def test_a_refusal_of_the_older_kind_has_a_list_of_errors(call):
    error = call("GET", "/drive/v3/files?pageSize=0").json()["error"]
    assert error["code"] == 400
    assert error["errors"][0]["reason"] == "invalidParameter"
    assert error["errors"][0]["location"] == "pageSize"
    assert "status" not in error


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"text": 1}, "Invalid value at 'message.text' (TYPE_STRING), 1"),
        ({"threadReply": "yes"}, "Invalid value at 'message.thread_reply' (TYPE_BOOL), \"yes\""),
        ({"createTime": "now"}, "google.protobuf.Timestamp"),
        ({"markupSyntax": "HTML"}, "Invalid value at 'message.markup_syntax' (TYPE_ENUM), \"HTML\""),
        ({"cardsV2": "c"}, 'google.protobuf.ListValue), "c"'),
        ({"thread": "t"}, "Invalid value at 'message.thread' (type.googleapis.com/Thread), \"t\""),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named_with_its_place(call, body, sentence):
    assert sentence in refusal(call("POST", MESSAGES, json=body))


def test_a_lone_scalar_for_values_is_refused_in_googles_words(call):
    path = f"{SHEETS}/values/A1?valueInputOption=RAW"
    answer = call("PUT", path, json={"values": "X"})
    assert refusal(answer) == (
        "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    )


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_object_is_refused(call, body):
    answer = call("POST", MESSAGES, data=body, headers={"Content-Type": "application/json"})
    assert refusal(answer).startswith("Invalid JSON payload received.")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "x", "cardsV2": None},
        {"text": "x", "private_message_viewer": {"name": "users/100000000000000000001"}},
        {"text": "x", "cardsV2": [[{"cardId": "a"}]]},
    ],
    ids=["null is absent", "snake_case", "nested arrays"],
)
def test_what_google_forgives_in_a_body_is_forgiven(call, body):
    assert call("POST", MESSAGES, json=body).status_code == 200


def test_an_unknown_query_parameter_is_refused_by_the_newer_apis_only(call):
    message = refusal(call("GET", "/v1/spaces?colour=red"))
    assert message.startswith('Invalid JSON payload received. Unknown name "colour"')
    path = f"/drive/v3/files/{PROJECTS_FOLDER_ID}?supportsAllDrives=true"
    assert call("GET", path + "&includeItemsFromAllDrives=True").status_code == 200


def test_an_unknown_field_of_a_body_is_ignored_by_drive(call):
    body = {"name": "x", "parents": [PROJECTS_FOLDER_ID], "colour": "red"}
    assert call("POST", DRIVE_FILES, json=body).status_code == 200


@pytest.mark.parametrize("spelling", ["true", "True", "TRUE"])
def test_a_boolean_may_be_capital(call, spelling):
    path = f"/drive/v3/files/{PROJECTS_FOLDER_ID}?supportsAllDrives={spelling}"
    assert call("GET", path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/drive/v3/files?pageSize=many",
        "/drive/v3/files?pageSize=1001",
        "/drive/v3/files?supportsAllDrives=perhaps",
        "/gmail/v1/users/me/messages?maxResults=-1",
        "/gmail/v1/users/me/messages?maxResults=4294967296",
        f"{SHEETS}/values/A1?majorDimension=DIAGONALS",
    ],
)
def test_a_query_parameter_out_of_its_range_is_refused(call, path):
    answer = call("GET", path)
    assert "Invalid value at" in refusal(answer)


def test_a_missing_required_parameter_is_named(call):
    answer = call("POST", "/drive/v3/drives", json={"name": "x"})
    assert refusal(answer) == "Required parameter: requestId"
    assert answer.json()["error"]["errors"][0]["reason"] == "required"


def test_query_parameters_may_be_snake_case(call):
    made = call("POST", MESSAGES + "?message_id=client-a", json={"text": "x"}).json()
    path = f"{MESSAGES}/client-a?update_mask=text"
    assert call("PATCH", path, json={"text": "y"}).json()["name"] == made["name"]


def test_an_unknown_path_is_no_method(call):
    assert call("GET", "/drive/v3/nothing").status_code == 404


def test_json_is_indented_by_two_and_ends_in_a_newline(call):
    text = call("GET", "/v1/spaces").text
    assert text.startswith('{\n  "spaces": [')
    assert text.endswith("}\n")
    assert "\n  " not in call("GET", "/v1/spaces?prettyPrint=false").text


def test_zero_values_are_left_out_by_the_newer_apis_only(call):
    body = {"text": "x", "cardsV2": [{"cardId": "a", "card": {"sections": [
        {"collapsible": False, "widgets": [{"divider": {}}]}]}}]}  # fmt: skip
    made = call("POST", MESSAGES, json=body).json()
    section = made["cardsV2"][0]["card"]["sections"][0]
    assert section == {"widgets": [{"divider": {}}]}
    path = f"/drive/v3/files/{PROJECTS_FOLDER_ID}?supportsAllDrives=true&fields=trashed"
    assert call("GET", path).json() == {"trashed": False}
