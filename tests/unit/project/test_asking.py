import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from errors.settings import SettingsError
from errors.work import TemplateBroken, TemplateUnknown
from tasks.base import Ask, Look, Setting
from tasks.form import sentences
from tasks.project import TASK
from tasks.project.pages import ProjectRequest

SURVEY = """
_kakari:
  title: {en: Survey, ja: 測量}
  ja:
    site: |
      現場
      町名まで
    tool:
      help: 測量機
      choices: {ts: トータルステーション}
site:
  type: str
  help: |
    Site
    Down to the town
tool:
  type: str
  default: ts
  choices: {Total station: ts, Drone: drone}
points:
  type: int
  default: 5
  validator: "{% if points < 1 %}一点から / at least one{% endif %}"
scale:
  type: float
  default: 0.5
flight:
  type: bool
  default: false
  help: Take {photos}
pilot:
  type: str
  when: "{{ flight }}"
permit:
  type: str
  default: "{{ site }} の許可"
  when: "{{ flight and tool == 'drone' }}"
"""
FIRST = {"name": "鈴木邸", "customer": "鈴木様", "template": "survey"}


@pytest.fixture
def survey(office):
    office.template({}, SURVEY)
    return office


def asks(model):
    return {
        name: next(note for note in info.metadata if isinstance(note, Ask))
        for name, info in model.model_fields.items()
    }


def refused(model, locale="ja", **answers):
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(answers)
    return sentences(model, refusal.value, locale)


def test_the_first_page_asks_for_name_customer_and_one_of_the_templates(survey):
    survey.template({}, name="other")
    page = asks(TASK.walk([], survey.setting).page)
    assert list(page) == ["name", "customer", "template"]
    assert [(value, title.say("ja")) for value, title in page["template"].choices] == [
        ("other", "other"),
        ("survey", "測量"),
    ]


def test_the_only_template_is_chosen_already(survey):
    page = TASK.walk([], survey.setting).page
    assert page.model_validate({"name": "鈴木邸"}).template == "survey"


def test_an_office_without_templates_is_a_mistake_in_the_settings(office):
    with pytest.raises(SettingsError, match="has no templates"):
        TASK.walk([], office.setting)


def test_a_template_that_there_is_not_is_refused_at_its_field(survey):
    page = TASK.walk([], survey.setting).page
    assert refused(page, name="鈴木邸", template="../survey") == {
        "template": "一つ選んでください。"
    }


def test_a_project_name_with_a_slash_is_refused_at_its_field(survey):
    page = TASK.walk([], survey.setting).page
    assert refused(page, "en", name="a/b") == {
        "name": "“a/b” cannot be a file or folder name: it holds “/”."
    }


def test_a_template_without_questions_ends_after_the_first_page(office):
    office.template({"a.txt": "a"})
    assert TASK.walk([FIRST], office.setting).page is None


def test_the_second_page_asks_what_depends_on_nothing(survey):
    page = asks(TASK.walk([FIRST], survey.setting).page)
    assert list(page) == ["site", "tool", "points", "scale", "flight"]


def test_labels_hints_and_choices_speak_both_languages(survey):
    page = asks(TASK.walk([FIRST], survey.setting).page)
    assert (page["site"].label.say("en"), page["site"].label.say("ja")) == ("Site", "現場")
    assert (page["site"].hint.say("en"), page["site"].hint.say("ja")) == (
        "Down to the town",
        "町名まで",
    )
    assert [(value, label.say("ja")) for value, label in page["tool"].choices] == [
        ("ts", "トータルステーション"),
        ("drone", "Drone"),
    ]


def test_braces_in_a_help_are_shown_as_they_are(survey):
    page = asks(TASK.walk([FIRST], survey.setting).page)
    assert page["flight"].label.say("ja") == "Take {photos}"


def test_the_defaults_fill_the_page_beforehand(survey):
    page = TASK.walk([FIRST], survey.setting).page
    assert page.model_validate({"site": "富士市"}).model_dump() == {
        "site": "富士市",
        "tool": "ts",
        "points": 5,
        "scale": 0.5,
        "flight": False,
    }


def test_the_third_page_asks_what_holds_for_the_answers(survey):
    on = {"site": "富士市", "flight": "true"}
    assert list(asks(TASK.walk([FIRST, on], survey.setting).page)) == ["pilot"]
    drone = TASK.walk([FIRST, on | {"tool": "drone"}], survey.setting).page
    assert list(asks(drone)) == ["pilot", "permit"]
    assert drone.model_fields["permit"].default == "富士市 の許可"
    assert TASK.walk([FIRST, {"site": "富士市"}], survey.setting).page is None


def test_a_question_that_depends_on_a_third_page_comes_on_a_fourth(office):
    office.template(
        {},
        """
a: {type: bool, default: true}
b: {type: bool, default: true, when: "{{ a }}"}
c: {type: str, default: x, when: "{{ b }}"}
""",
    )
    pages = [FIRST, {}]
    assert list(asks(TASK.walk(pages, office.setting).page)) == ["b"]
    assert list(asks(TASK.walk([*pages, {}], office.setting).page)) == ["c"]
    assert TASK.walk([*pages, {"b": "false"}], office.setting).page is None


def test_a_computed_value_is_never_asked(office):
    office.template({}, "a: {type: str, default: '{{ project_name }}様', when: false}\n")
    assert TASK.walk([FIRST], office.setting).page is None


def test_what_a_validator_says_comes_to_the_field(survey):
    page = TASK.walk([FIRST], survey.setting).page
    assert refused(page, site="富士市", points="0") == {"points": "一点から / at least one"}


@pytest.mark.parametrize(
    ("field", "answer", "said"),
    [
        ("site", "", "入力してください。"),
        (
            "site",
            "../x",
            "「../x」はファイルやフォルダの名前にできません（「/」は使えません）。",
        ),
        ("points", "many", "数字で入力してください（例: 250）。"),
        ("scale", "inf", "数字で入力してください（例: 250）。"),
        ("tool", "rope", "一つ選んでください。"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(survey, field, answer, said):
    page = TASK.walk([FIRST], survey.setting).page
    answers = {"site": "富士市", field: answer}
    if not answer:
        del answers[field]
    assert refused(page, **answers) == {field: said}


def test_pages_that_nobody_opened_are_taken_with_their_defaults(survey):
    request = survey.request({"site": "富士市"})
    assert request.answers == (
        {"site": "富士市", "tool": "ts", "points": 5, "scale": 0.5, "flight": False},
    )


def test_a_request_without_a_needed_answer_is_refused(survey):
    with pytest.raises(ValidationError, match="site"):
        survey.request()


def test_a_request_comes_back_from_the_ledger_as_it_was_and_gives_its_pages_again(survey):
    request = survey.request({"site": "富士市", "flight": "true", "scale": "2"}, {"pilot": "佐藤"})
    again = ProjectRequest.model_validate_json(request.model_dump_json())
    assert again == request
    assert [type(value) for value in again.answers[0].values()] == [str, str, int, float, bool]
    assert TASK.walk(TASK.pages(again), survey.setting).request == request


def test_a_request_is_told_from_others_by_the_project_name(survey):
    assert TASK.subject(survey.request({"site": "富士市"})) == "鈴木邸"


def test_the_words_behind_the_command_are_the_project_name(survey):
    assert TASK.prefill("鈴木邸 平面図") == {"name": "鈴木邸 平面図"}


def test_a_template_that_is_gone_is_named_together_with_those_there_are(survey):
    request = survey.request({"site": "富士市"}).model_copy(update={"template": "old"})
    with pytest.raises(TemplateUnknown) as refusal:
        TASK.plan(request, Look(setting=survey.setting))
    assert refusal.value.say("en") == "There is no template “old”. There are: survey."


def test_a_mistake_in_copier_yml_reaches_whoever_picks_the_template(office):
    office.template({}, "size: {type: yaml}\n")
    with pytest.raises(TemplateBroken) as refusal:
        TASK.walk([FIRST], office.setting)
    assert refusal.value.values["file"] == "copier.yml"
    assert refusal.value.values["line"] == 2


def test_a_changed_copier_yml_is_read_again(office):
    folder = office.template({}, "size: {type: yaml}\n")
    with pytest.raises(TemplateBroken):
        TASK.walk([FIRST], office.setting)
    (folder / "copier.yml").write_text("_envops: {undefined: jinja2.StrictUndefined}\n")
    assert TASK.walk([FIRST], office.setting).page is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=6, max_size=6), st.data())
def test_however_questions_hang_together_each_is_asked_once_and_after_what_it_names(
    tmp_path_factory, holds, data
):
    home = tmp_path_factory.mktemp("office")
    folder = home / "projects" / "survey"
    folder.mkdir(parents=True)
    lines = ["_envops: {undefined: jinja2.StrictUndefined}"]
    named = {}
    for number in range(len(holds)):
        above = data.draw(st.sets(st.integers(0, number - 1)) if number else st.just(set()))
        named[number] = above
        when = " and ".join(f"q{each}" for each in sorted(above)) or "true"
        lines.append(f'q{number}: {{type: bool, default: false, when: "{{{{ {when} }}}}"}}')
    (folder / "copier.yml").write_text("\n".join(lines))
    setting = Setting(place="disk:/", templates=home)
    pages, asked = [FIRST], {}
    while model := TASK.walk(pages, setting).page:
        for name in model.model_fields:
            assert name not in asked
            asked[name] = len(pages)
        pages.append({name: holds[int(name[1:])] for name in model.model_fields})
    for number, above in named.items():
        if f"q{number}" in asked:
            assert all(asked[f"q{each}"] < asked[f"q{number}"] for each in above)
            assert all(holds[each] for each in above)
        else:
            assert any(f"q{each}" not in asked or not holds[each] for each in above)
