import subprocess
import sys
import unicodedata
from fnmatch import fnmatch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from errors.asking import UnusableName
from errors.work import TemplateBroken
from tasks.file_name import FileName
from tasks.project.names import NOT_COPIED
from tasks.project.render import preload

# Copier leaves its walk of the template unfinished when a file in it is broken.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed scandir iterator:ResourceWarning")

NUMBER = "\ue000number\ue001"


def broken(office, *answers, **first):
    """Return where a template is broken and why."""
    with pytest.raises(TemplateBroken) as refusal:
        office.plan(*answers, **first)
    found = refusal.value.values
    return f"{found['file']}:{found['line']}: {found['problem']}"


def test_answers_stand_in_names_and_contents(office):
    office.template(
        {"{{ place }}/{{ place }} 報告.md.jinja": "# {{ project_name }}: {{ place }}\n"},
        "place: {type: str}\n",
    )
    assert office.made({"place": "玄関"}) == {
        "/": None,
        "/玄関": None,
        "/玄関/玄関 報告.md": "# 鈴木邸: 玄関\n",
    }


def test_the_project_number_stands_as_a_slot_until_it_is_given_out(office):
    office.template({"{{ project_number }}.md.jinja": "番号 {{ project_number }}", "a.txt": "a"})
    plan, look = office.plan()
    contents = {
        effect.key: effect.data["content"] for effect in plan.effects if "content" in effect.data
    }
    assert contents[f"/{NUMBER}.md"]["slots"]
    assert look.blobs[contents[f"/{NUMBER}.md"]["sha256"]].decode() == f"番号 {NUMBER}"
    assert not contents["/a.txt"]["slots"]
    assert [slot.shown for slot in plan.slots] == ["P-####-####"]


def test_a_file_that_is_only_copied_stays_in_the_template(office):
    office.template({"写真.bin": b"\x00\xff{{ nothing }}"})
    plan, look = office.plan()
    content = plan.effects[-1].data["content"]
    assert (content["template"], content["path"], content["size"]) == (
        "survey",
        "写真.bin",
        15,
    )
    assert look.blobs == {}


def test_an_empty_name_leaves_a_file_or_a_whole_folder_out(office):
    office.template(
        {
            "{% if wanted %}図面{% endif %}/組図/a.txt": "a",
            "{% if wanted %}b.txt{% endif %}.jinja": "b",
            "c.txt": "c",
        },
        "wanted: {type: bool}\n",
    )
    assert list(office.made({"wanted": "false"})) == ["/", "/c.txt"]
    assert list(office.made({"wanted": "true"})) == [
        "/",
        "/図面",
        "/図面/組図",
        "/b.txt",
        "/c.txt",
        "/図面/組図/a.txt",
    ]


def test_a_folder_that_only_git_needs_a_file_for_is_empty(office):
    office.template({"写真/.gitkeep": ""})
    assert office.made() == {"/": None, "/写真": None}


def test_two_folders_that_come_out_alike_become_one(office):
    office.template({"図面/a.txt": "a", "{{ '図面' }}/b.txt": "b"})
    assert list(office.made()) == ["/", "/図面", "/図面/a.txt", "/図面/b.txt"]


def test_what_copier_excludes_is_left_out(office):
    office.template({"a.txt": "a", "b.txt": "b"}, "_exclude: [copier.yml, b.txt]\n")
    assert list(office.made()) == ["/", "/a.txt"]


def test_a_template_with_no_files_makes_the_project_folder(office):
    office.template({})
    assert office.made() == {"/": None}


def test_names_are_composed_whatever_the_template_was_saved_on(office):
    office.template({unicodedata.normalize("NFD", "ガード.txt"): "a"})
    assert list(office.made()) == ["/", "/ガード.txt"]


def test_an_answer_that_looks_like_an_expression_comes_out_as_it_is(office):
    office.template(
        {"{{ note }}/{{ project_name }}.md.jinja": "{{ note }}|{{ shown }}|{{ project_name }}"},
        "note: {type: str}\nshown: {type: str, default: '{{ note }}!', when: false}\n",
    )
    made = office.made({"note": "{{ 7+7 }}"}, name="{% if x %}")
    assert made["/{{ 7+7 }}/{% if x %}.md"] == "{{ 7+7 }}|{{ 7+7 }}!|{% if x %}"


def test_what_is_not_asked_has_its_default(office):
    office.template(
        {"a.txt.jinja": "{{ tool }}"},
        "fly: {type: bool}\ntool: {type: str, default: '{{ project_name }}の脚立', when: '{{ fly }}'}\n",
    )
    assert office.made({"fly": "false"})["/a.txt"] == "鈴木邸の脚立"
    assert office.made({"fly": "true"}, {"tool": "drone"})["/a.txt"] == "drone"


def test_the_same_answers_make_the_same_plan(office):
    office.template({"b/a.txt.jinja": "{{ project_name }}", "a/b.txt": "b"})
    assert office.plan()[0].hash == office.plan()[0].hash


def test_a_mistake_in_a_file_is_told_with_its_line(office):
    office.template({"x/a.md.jinja": "one\ntwo\n{{ missing }}\n"})
    assert broken(office) == "x/a.md.jinja:3: 'missing' is undefined"


def test_a_mistake_in_an_included_file_is_told_there(office):
    office.template({"a.md.jinja": "\n{% include 'part.md' %}", "part.md": "\n\n{{ 1 / 0 }}"})
    assert broken(office) == "part.md:3: division by zero"


def test_a_mistake_in_the_syntax_is_told_with_its_line(office):
    office.template({"a.md.jinja": "one\n{% if %}\n"})
    assert broken(office).startswith("a.md.jinja:2: ")


def test_a_mistake_in_a_name_is_told_with_the_file(office):
    office.template({"x/{{ missing }}.txt": "a"})
    assert broken(office) == "x/{{ missing }}.txt:1: 'missing' is undefined"


def test_a_mistake_in_a_default_is_told_with_the_question(office):
    office.template({}, "a: {type: int}\nb:\n  type: int\n  default: '{{ 1 // a }}'\n")
    with pytest.raises(TemplateBroken) as refusal:
        office.request({"a": "0"})
    assert refusal.value.values["line"] == 3
    assert refusal.value.values["problem"].startswith("b: ZeroDivisionError")


def test_two_files_of_one_name_are_a_mistake_and_not_a_loss(office):
    office.template({"{{ a }}.txt": "1", "{{ b }}.txt": "2"}, "a: {type: str}\nb: {type: str}\n")
    assert broken(office, {"a": "x", "b": "X"}) == (
        "{{ b }}.txt:1: something else comes out as “X.txt” too"
    )


def test_a_file_and_a_folder_of_one_name_are_a_mistake(office):
    office.template({"a/b.txt": "1", "{{ 'a' }}": "2"})
    assert "comes out as “a” too" in broken(office)


def test_a_number_that_a_filter_has_changed_is_a_mistake(office):
    office.template({"a.md.jinja": "{{ project_number | upper }}"})
    assert broken(office).startswith("a.md.jinja:1: project_number is changed by a filter")


def test_a_symbolic_link_is_a_mistake(office):
    folder = office.template({"a.txt": "a"})
    (folder / "b.txt").symlink_to("/etc/hostname")
    assert broken(office) == "b.txt:1: this is a symbolic link"


def test_a_question_added_after_the_asking_is_told(office):
    folder = office.template({})
    request = office.request()
    with (folder / "copier.yml").open("a") as file:
        file.write("late: {type: str}\n")
    with pytest.raises(TemplateBroken) as refusal:
        office.plan_of(request)
    assert refusal.value.values["line"] == 2


def test_a_computed_name_with_a_slash_makes_no_stray_folder(office):
    office.template(
        {"{{ both }}.txt": "a"}, "both: {type: str, default: '{{ project_name }}/b', when: false}\n"
    )
    with pytest.raises(UnusableName) as refusal:
        office.plan()
    assert refusal.value.values["name"] == "鈴木邸/b.txt"
    assert refusal.value.values["file"] == "{{ both }}.txt"


def test_a_name_too_long_is_told_to_the_person(office):
    office.template({"{{ customer }} {{ project_name }}.txt": "a"})
    with pytest.raises(UnusableName):
        office.plan(customer="あ" * 60, name="い" * 60)


def test_the_front_desk_can_ask_without_loading_copier():
    asking = "import sys, tasks.project; sys.exit('copier' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asking], check=False).returncode == 0


def test_copiers_settings_on_this_machine_do_not_count(office, tmp_path, monkeypatch):
    (tmp_path / "settings.yml").write_text("defaults: {note: mine}\ntrust: [/]\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(tmp_path / "settings.yml"))
    office.template(
        {"a.txt.jinja": "{{ note }}"}, "note: {type: str, default: theirs, when: false}\n"
    )
    assert office.made()["/a.txt"] == "theirs"


@given(text=st.text(max_size=60))
@example(text="~")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_person_answers_comes_out_literally_or_is_refused(office, text):
    preload()
    if not (office.templates / "projects" / "survey").exists():
        office.template({"{{ note }}/a.txt.jinja": "{{ note }}"}, "note: {type: str}\n")
    try:
        name = TypeAdapter(FileName).validate_python(text.strip())
    except ValidationError:
        with pytest.raises(ValidationError):
            office.request({"note": text})
        return
    if any(fnmatch(name, each) for each in NOT_COPIED):
        with pytest.raises(UnusableName):
            office.made({"note": text})
        return
    assert office.made({"note": text}) == {"/": None, f"/{name}": None, f"/{name}/a.txt": name}
