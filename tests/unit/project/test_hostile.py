"""Whatever stands in a template is a mistake of the template's, told with its file and for good.

``templates check`` and a job say the same of it, both come to an end, and another template beside
it goes on.
"""

import os
import resource
import time

import pytest

from effects import rendering
from errors.work import TemplateBroken
from tasks.project import TASK
from tasks.project.names import DEEPEST

TOO_MUCH = "it needs too much memory"
TOO_DEEP = "it is nested too deep, or files include each other in a circle"


def both_say(office, *answers):
    """Return the one mistake that a check finds, and that a job fails with, as ``file:line: …``."""
    found = office.problems()
    with pytest.raises(TemplateBroken) as refusal:
        office.plan(*answers)
    assert refusal.value.permanent
    said = refusal.value.values
    assert len(found) == 1, found
    return found[0], f"{said['file']}:{said['line']}: {said['problem']}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ '/etc/pass*'|fileglob }}",
        "{{ now() }}",
        "{{ make_secret() }}",
        "{{ _copier_conf.src_path }}",
        "{{ _copier_python }}",
        "{{ _folder_name }}",
        "{{ pathjoin('/', 'etc') }}",
        "{{ 'x'|hash }}",
        "{{ 'x'|to_json }}",
        "{{ '%Y'|strftime }}",
        "{{ [1, 2]|random }}",
        "{{ lipsum() }}",
        "{{ ''.__class__ }}",
        "{% do 1 %}",
        "{% yield a from [1] %}{% endyield %}",
    ],
)
def test_what_is_not_there_for_a_look_is_not_there_for_a_job(office, text):
    office.template({"a.md.jinja": f"\n{text}"})
    looked, worked = both_say(office)
    assert looked.startswith("a.md.jinja:2: ")
    assert worked.startswith("a.md.jinja:2: ")


@pytest.mark.parametrize(
    "text",
    [
        "{% set n = 10**9 %}{{ 'x' * n }}",
        "{{ project_name|center(10**9) }}",
        "{{ '%1000000000d'|format(1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '1'.zfill(10**9) }}",
        "{{ [1]|tojson(indent=10**9) }}",
        "{{ [1]|batch(10**9, 0)|list|length }}",
        "{% set ns = namespace(x='xx') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    ],
)
def test_memory_has_an_end(office, text):
    office.template({"a.md.jinja": f"\n{text}"})
    assert set(both_say(office)) == {f"a.md.jinja:2: {TOO_MUCH}"}


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 10 ** (10 ** 10) }}",
        "{{ (9 ** (9 ** 9))|length }}",
    ],
)
def test_time_has_an_end_in_a_file(office, monkeypatch, text):
    monkeypatch.setattr(rendering, "COPY_SECONDS", 1)
    office.template({"b/a.md.jinja": text})
    with pytest.raises(TemplateBroken) as refusal:
        office.plan()
    assert refusal.value.values["file"] == "b/a.md.jinja"
    assert refusal.value.values["problem"] == rendering.ENDLESS[0]
    office.template({"good.txt.jinja": "{{ project_name }}"}, name="good")
    assert office.made(template="good")["/good.txt"] == "鈴木邸", "and the next one is made"


@pytest.mark.parametrize(
    "questions",
    [
        "a: {type: str, default: \"{{ 'x' * 10**9 }}\"}\n",
        "a: {type: str, default: \"{{ 'x'|center(200000) }}\"}\n",
        'a: {type: int, default: 1, when: "{{ range(10**9) }}"}\n',
    ],
)
def test_a_dialog_has_an_end_too(office, questions):
    office.template({}, questions)
    began = time.monotonic()
    with pytest.raises(TemplateBroken) as refusal:
        office.request()
    assert refusal.value.values["file"] == "copier.yml"
    assert refusal.value.values["line"] == 2
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "text",
    [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "{% if true %}" * 3000 + "{% endif %}" * 3000,
        "{% include 'a.md.jinja' %}",
        "{% include 'b.md' %}",
    ],
)
def test_depth_and_circles_have_an_end(office, text):
    office.template({"a.md.jinja": text, "b.md": "{% include 'a.md.jinja' %}"})
    looked, worked = both_say(office)
    assert looked.endswith(TOO_DEEP)
    assert worked.endswith(TOO_DEEP)
    assert ".md" in worked.partition(":")[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% include 'typo' %}", "there is no file typo to include"),
        ("{% import 'typo' as x %}", "there is no file typo to include"),
        ("{% extends 'typo' %}", "there is no file typo to include"),
        ("{% include project_name ~ '!' %}", "!"),
        ("{% include '../../secret' %}", "secret"),
        ("{% include '/etc/passwd' %}", "/etc/passwd"),
        ("{% include '' %}", ""),
        ("{% include 'x' * 300 %}", "name too long"),
        ("{% include '" + "x" * 300 + "' %}", "x"),
        ("{% include 'a\\0b' %}", ""),
        ("{% include 'sub' %}", "sub"),
        ("{% include 'latin.md' %}", "latin.md: this is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_included_is_no_passing_fault(office, text, said):
    office.template(
        {"a.md.jinja": f"one\n{text}", "latin.md": "é".encode("latin-1"), "sub/.gitkeep": ""}
    )
    (office.templates / "secret").write_text("secret")
    for told in both_say(office):
        assert told.startswith("a.md.jinja:2: ")
        assert said in told


def test_one_that_may_be_missing_may_be(office):
    office.template({"a.md.jinja": "{% include 'typo' ignore missing %}x"})
    assert office.problems() == []
    assert office.made()["/a.md"] == "x"


def link(path):
    path.symlink_to("/etc/hostname")


def dangling(path):
    path.symlink_to("nowhere")


def pipe(path):
    os.mkfifo(path)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(2 << 30)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (link, "this is a symbolic link"),
        (dangling, "this is a symbolic link"),
        (pipe, "this is not a plain file"),
        (sparse, "the file is larger than 10 MB"),
    ],
)
@pytest.mark.parametrize("name", ["x.bin", "x.md.jinja", "notes.csv"])
def test_what_is_no_plain_file_is_refused_and_nobody_waits(office, make, said, name):
    folder = office.template({"a/b.txt": ""})
    make(folder / "a" / name)
    assert set(both_say(office)) == {f"a/{name}:1: {said}"}


def test_a_name_that_is_no_text_is_told_in_signs_that_can_be_shown(office):
    folder = office.template({})
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("")
    assert set(both_say(office)) == {"caf�.txt:1: the name is not UTF-8 text"}


def test_folders_have_a_depth(office):
    office.template({"/".join(["d"] * (DEEPEST + 1)) + "/a.txt": ""})
    assert all("nested more than 30 deep" in told for told in both_say(office))


def test_a_path_has_a_length(office):
    office.template({"/".join(["d" * 100] * 25) + "/a.txt": ""})
    assert all("nested" in told for told in both_say(office))


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("questions", "line", "said"),
    [
        ("a: " + "[" * 5000 + "]" * 5000, 1, "nested too deep"),
        ("a: " + "{a: " * 5000 + "}" * 5000, 1, "nested too deep"),
        (ALIASES, None, "it holds more than can be read"),
        ("a: &x {b: *x}", 2, "an alias stands for what it is a part of"),
        ('a: {type: str, help: "\\ud800"}', 2, "a sign that cannot be written"),
        ("a: !!int ''", 1, ""),
        ("a: !!timestamp x", 1, ""),
        ("a: !!bool perhaps", 1, ""),
        ("a: 2026-13-45", 1, "month must be"),
        ("a: {type: int, default: .inf}", 2, "inf is no int"),
        ("a: {type: int, choices: [[1], {b: c}]}", 2, "is no int"),
        ("a: " + "1" * 5000, 1, "digits"),
        ("# " + "x" * 200_000, 1, "larger than 128 kB"),
        ("[1, 2]", None, ""),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_read_is_a_mistake_with_its_line(office, questions, line, said):
    office.template({"a.txt": ""}, questions, strict=not questions.startswith("["))
    office.template({"b.txt": ""}, name="beside")
    began = time.monotonic()
    found = [each for each in office.problems() if said in each]
    assert found
    assert line is None or any(each.startswith(f"copier.yml:{line}") for each in found)
    with pytest.raises(TemplateBroken):
        office.request()
    assert time.monotonic() - began < 10
    assert office.made(template="beside") == {"/": None, "/b.txt": ""}, "others go on"


@pytest.mark.parametrize("make", [link, dangling, pipe, sparse, os.mkdir])
def test_a_definition_that_is_no_plain_file_leaves_the_form_and_the_others_alone(office, make):
    folder = office.template({})
    (folder / "copier.yml").unlink()
    make(folder / "copier.yml")
    office.template({"b.txt": ""}, name="beside")
    assert any(each.startswith("copier.yml:1: ") for each in office.problems())
    assert TASK.walk([], office.setting).page is not None
    with pytest.raises(TemplateBroken):
        office.request()
    assert office.made(template="beside") == {"/": None, "/b.txt": ""}


def test_a_template_that_is_a_link_is_told_and_never_used(office, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "copier.yml").write_text("_envops: {undefined: jinja2.StrictUndefined}\n")
    office.template({}, name="beside")
    (office.templates / "projects" / "linked").symlink_to(elsewhere)
    assert office.problems() == ["copier.yml:1: this is a symbolic link"]
    with pytest.raises(TemplateBroken, match="symbolic link"):
        office.request(template="linked")


def test_the_folder_of_templates_itself_may_be_a_link(office):
    office.template({"a.txt.jinja": "{% include 'b.txt' %}", "b.txt": "b"})
    mounted = office.templates.with_name("mounted")
    mounted.symlink_to(office.templates)
    office.templates = mounted
    assert office.problems() == []


def test_a_folder_whose_name_is_no_text_is_told_and_not_offered(office):
    office.template({})
    other = office.templates / "projects" / os.fsdecode(b"caf\xe9")
    other.mkdir()
    (other / "copier.yml").write_text("")
    assert office.problems() == ["copier.yml:1: the name is not UTF-8 text"]
    assert office.made() == {"/": None}


def test_the_process_of_templates_has_no_secret_and_little_memory(office, monkeypatch):
    monkeypatch.setenv("KAKARI_DATABASE_PASSWORD", "secret")
    confined = rendering._renderer()
    confined.close()
    rendering._renderer.cache_clear()
    office.template({"a.txt.jinja": "{{ project_name }}"})
    office.made()
    process = rendering._renderer()._process
    with open(f"/proc/{process.pid}/environ", "rb") as environment:  # noqa: PTH123
        assert b"secret" not in environment.read()
    soft, _ = resource.prlimit(process.pid, resource.RLIMIT_DATA)
    assert soft == 256 << 20
