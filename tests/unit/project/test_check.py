import pytest

from tasks.project.check import check

# Copier leaves its walk of the template unfinished when a file in it is broken.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed scandir iterator:ResourceWarning")


def test_a_sound_template_has_no_problems(office):
    office.template(
        {
            "{{ project_number }} {{ place }}.md.jinja": "{{ customer }}{% for n in range(3) %}{{ n }}{% endfor %}",
            "{% if fly %}空撮{% endif %}/pilot.md.jinja": "{{ pilot }}",
            "raw.bin": b"\xff{{ anything }}",
            ".DS_Store": "",
        },
        """
place: {type: str, help: Place}
fly: {type: bool, default: false}
pilot: {type: str, when: "{{ fly }}"}
""",
    )
    assert office.problems() == []


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ("a: {type: yaml}", "2: the type has to be one of str, int, float, bool"),
        ("a: {type: path}", "2: the type has to be one of str, int, float, bool"),
        ("a: {help: A}", "2: the type has to be one of str, int, float, bool"),
        (
            "a:\n  type: str\n  secret: true\n  default: x",
            "4: Kakari does not support secret in a question",
        ),
        (
            "a:\n  type: str\n  multiselect: true\n  choices: [x]",
            "4: Kakari does not support multiselect in a question",
        ),
        (
            "a:\n  type: str\n  multiline: true",
            "4: Kakari does not support multiline in a question",
        ),
        ("_tasks: [rm -rf /]", "2: Kakari does not support _tasks"),
        ("_migrations: []", "2: Kakari does not support _migrations"),
        ("_jinja_extensions: [x.Y]", "2: Kakari does not support _jinja_extensions"),
        ("_external_data: {a: b.yml}", "2: Kakari does not support _external_data"),
        ("_subdirectory: template", "2: Kakari does not support _subdirectory"),
        ("a: {type: str", "3: expected ',' or '}', but got '<stream end>'"),
        ("a: !include x.yml", "2: could not determine a constructor for the tag '!include'"),
        ("a: {type: str}\na: {type: int}", "3: a stands here twice"),
        ("on: {type: bool}", "2: True cannot be the name of a question"),
        ("customer: {type: str}", "2: the name customer is taken, choose another"),
        ("model_dump: {type: str}", "2: the name model_dump is taken, choose another"),
        (
            "a:\n  type: int\n  choices: [1, x]",
            "4: x is no int; quote it if it is a text",
        ),
        (
            "a:\n  type: str\n  choices: [yes, no]",
            "4: True is no str; quote it if it is a text",
        ),
        (
            "a:\n  type: str\n  choices: [a/b]",
            "4: “a/b” cannot be a file or folder name: it holds “/”.",
        ),
        (
            "a:\n  type: int\n  choices: '{{ b }}'",
            "4: write the choices as a list or as label: value, and none for a bool",
        ),
        ("a:\n  type: str\n  choices: [x]\n  default: y", "5: y is not a choice"),
        ("a:\n  type: int\n  default: many", "4: many is no int; quote it if it is a text"),
        (
            "a:\n  type: str\n  default: 2027-03-31",
            "4: 2027-03-31 is no str; quote it if it is a text",
        ),
        (
            "a:\n  type: str\n  default: x/y",
            "4: “x/y” cannot be a file or folder name: it holds “/”.",
        ),
        (
            "a:\n  type: str\n  when: '{{ b }}'\nb: {type: bool}",
            "4: b is not asked before a",
        ),
        ("a:\n  type: str\n  default: '{{ a }}'", "4: a is not asked before a"),
        (
            "a:\n  type: str\n  default: '{{ project_number }}'",
            "4: project_number is not asked before a",
        ),
        ("a:\n  type: str\n  when: b", "4: write when as {{ … }}"),
        ("a:\n  type: str\n  validator: '{% if %}'", "4: Expected an expression, got 'end of statement block'"),
        ("a:\n  type: str\n  help: '{{ x }}'", "4: help cannot hold an expression"),
        ("_kakari:\n  ja:\n    b: B", "4: there is no question b"),
        ("_kakari: [x]", "2: _kakari has to have lines under it"),
        ("_min_copier_version: '99'", None),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_its_line(office, questions, problem):
    office.template({}, questions + "\n")
    found = office.problems()
    if problem is None:
        assert "requires Copier version" in found[0]
    else:
        assert f"copier.yml:{problem}" in found


def test_a_template_that_lets_mistyped_names_pass_is_refused(office):
    office.template({}, "a: {type: int, default: 1}\n", strict=False)
    assert office.problems() == [
        "copier.yml:1: write _envops: {undefined: jinja2.StrictUndefined}, so that a mistyped name is an error"
    ]


def test_too_many_choices_and_questions_are_refused(office):
    questions = [f"q{number}: {{type: int, default: 1}}" for number in range(91)]
    choices = ", ".join(f"c{number}" for number in range(101))
    office.template({}, "\n".join([*questions, f"z: {{type: str, choices: [{choices}]}}"]))
    assert office.problems() == [
        "copier.yml:92: a page takes 90 questions, this one is too many",
        "copier.yml:93: a list takes 100 choices, here are 101",
    ]


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("a.md.jinja", "x\n{% if %}", "2: Expected an expression, got 'end of statement block'"),
        ("a.md.jinja", "x\n{{ nobody }}", "2: nobody is neither a question of this template nor offered by Kakari"),
        ("a.md.jinja", "{{ _copier_conf.src_path }}", "1: _copier_conf is neither a question of this template nor offered by Kakari"),
        ("a.md.jinja", "{{ now() }}", "1: now is neither a question of this template nor offered by Kakari"),
        ("a.md.jinja", "\n{{ [1] | random }}", "2: No filter named 'random'."),
        ("a.md.jinja", "{{ 'x' | fileglob }}", "1: No filter named 'fileglob'."),
        ("a.md.jinja", "{% yield x from y %}{% endyield %}", "1: Encountered unknown tag 'yield'."),
        ("a.md.jinja", "1\n{{ 1 + 'a' }}", "2: unsupported operand type(s) for +: 'int' and 'str'"),
        ("a.md.jinja", b"\x93\xfa\x96{", "1: this is not UTF-8 text"),
        ("{{ nobody }}.txt", "", "1: nobody is neither a question of this template nor offered by Kakari"),
        ("{{ nobody.txt", "", "1: unexpected end of template"),
        ("a:b.txt", "", "1: “a:b.txt” cannot be a file or folder name: it holds “:”, which Windows does not allow."),
        (".htaccess", "", "1: “.htaccess” cannot be a file or folder name: it begins with a dot."),
        ("x.jinja/a.txt", "", "1: only a file can end in .jinja, with a name before it"),
        (".jinja", "", "1: only a file can end in .jinja, with a name before it"),
        ("x/con.txt", "", "1: “con.txt” cannot be a file or folder name: Windows keeps this name for itself."),
        ("big.bin", b"0" * (10 * 1024 * 1024 + 1), "1: the file is larger than 10 MB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_rendered_or_named_is_refused(office, path, text, problem):
    office.template({path: text})
    found = office.problems()
    assert len(found) == 1
    assert found[0].startswith(f"{path.removesuffix('/a.txt')}:{problem}")


def test_a_symbolic_link_is_refused(office):
    folder = office.template({"a.txt": ""})
    (folder / "b").symlink_to(folder)
    assert office.problems() == ["b:1: this is a symbolic link"]


def test_a_template_that_is_a_git_repository_is_refused(office):
    folder = office.template({"a.txt": ""})
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert office.problems() == [
        "copier.yml:1: a template cannot be a git repository of its own; keep the folder above in git"
    ]


def test_what_goes_wrong_only_when_something_is_switched_off_is_found(office):
    office.template(
        {"a.md.jinja": "\n{{ pilot }}"},
        "fly: {type: bool}\npilot: {type: str, when: '{{ fly }}'}\n",
    )
    assert office.problems() == ["a.md.jinja:2: 'pilot' is undefined"]


def test_a_template_whose_validator_cannot_be_guessed_is_still_looked_through(office):
    office.template(
        {"a.md.jinja": "{{ size }}"},
        "size: {type: int, validator: '{% if size < 7 %}no{% endif %}'}\n",
    )
    assert office.problems() == []


def test_a_folder_without_templates_is_told(tmp_path):
    (problem,) = check(tmp_path)
    assert problem.file == tmp_path / "projects"
    assert problem.ja == "copier.yml のあるフォルダがありません"


def test_problems_of_several_templates_name_their_folders(office):
    office.template({}, "a: {type: yaml}\n", name="one")
    office.template({}, "a: {type: yaml}\n", name="two")
    assert [str(wrong.file.relative_to(office.templates)) for wrong in check(office.templates)] == [
        "projects/one/copier.yml",
        "projects/two/copier.yml",
    ]
