"""In a table one answer is one cell, and never a formula, whatever the template's author knew."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors.work import TemplateBroken
from files.cells import CLOSES, OPENS, begins_a_formula, inert, marked, settled

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋81", "－1-1", "＠A1", "−1+1", " =1+1", "\u200b=1+1"]  # fmt: skip


def cells(text, between=","):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=between))


@pytest.mark.parametrize("name", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋81", "＠A1"])
@pytest.mark.parametrize(
    "file", ["x.csv.jinja", "X.CSV.jinja", "{% if true %}x.tsv{% endif %}.jinja"]
)
def test_an_answer_that_begins_a_cell_is_no_formula(office, name, file):
    office.template({file: "{{ project_name }}"})
    assert office.problems() == []
    (path, text), *_ = [(k, v) for k, v in office.made(name=name).items() if v is not None]
    assert path.lower() in {"/x.csv", "/x.tsv"}
    assert text == f"'{name}"


def test_an_answer_stays_in_its_cell(office):
    office.template(
        {"x.csv.jinja": '\ufeff名前,客,数\n{{ project_name }},"{{ customer }}",{{ n }}\n'},
        "n: {type: int}\n",
    )
    text = office.made({"n": "-5"}, name="a,=1+1", customer="b;=2+2")["/x.csv"]
    assert text.startswith("\ufeff名前,客,数\n")
    assert cells(text) == [["名前", "客", "数"], ["a,=1+1", "b;=2+2", "-5"]]


def test_a_word_before_an_answer_is_the_author_s(office):
    office.template({"x.csv.jinja": '物件: {{ project_name }},{{ project_number }}-000,"{{ 5 }}"'})
    assert office.made(name="=1")["/x.csv"] == '物件: =1,\ue000number\ue001-000,"5"'


def test_other_files_are_as_they_were(office):
    office.template({"x.md.jinja": "{{ project_name }}", "y.csv": "=1+1"})
    made = office.made(name="=1+1")
    assert (made["/x.md"], made["/y.csv"]) == ("=1+1", "=1+1")


@pytest.mark.parametrize(
    "text",
    [
        "{{ project_name ~ '' }}",
        "{{ project_name|trim }}",
        "{{ project_name|e }}",
        "{% set x %}{{ project_name }}{% endset %}{{ x }}",
        "{% set x = [project_name] %}{{ x|first }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(project_name) }}",
        "{% filter upper %}{{ project_name }}{% endfilter %}",
        "{% include 'part' %}",
        "{% import 'macros' as m %}{{ m.cell(project_name) }}",
        "{% for c in [project_name] %}{{ c }}{% endfor %}",
    ],
)
def test_no_way_to_write_an_answer_leads_around(office, text):
    parts = {"part": "{{ project_name }}", "macros": "{% macro cell(x) %}{{ x }}{% endmacro %}"}
    office.template({"x.csv.jinja": text, **parts})
    assert office.made(name="=1+1")["/x.csv"] == "'=1+1"


def test_a_macro_may_make_many_cells_and_an_author_may_vouch_for_a_text(office):
    row = '{% macro row(a, b) %}{{ a }},"{{ b }}"{% endmacro %}{{ row(project_name, "x") }},'
    office.template({"x.csv.jinja": row + '{{ "=A1,=B1"|safe }}'})
    assert office.made(name="=1")["/x.csv"] == '\'=1,"x",=A1,=B1'


def test_a_filter_that_cuts_a_value_apart_is_told(office):
    office.template(
        {"x.csv.jinja": "{% filter truncate(4, true, '') %}{{ project_name }}{% endfilter %}"}
    )
    with pytest.raises(TemplateBroken, match="filter block"):
        office.plan(name="=1+1+1+1+1+1+1+1+1")


@pytest.mark.parametrize("formula", FORMULAS)
def test_blanks_and_quotation_marks_before_it_do_not_hide_a_formula(formula):
    for hidden in (formula, f'"{formula}', f"\ufeff{formula}", f"\t{formula}", f"\u3000{formula}"):
        assert inert(hidden) == f"'{hidden}"


@pytest.mark.parametrize("data", ["", "A-1", "3月", "'=1", "a=b", "(1)", "〜"])
def test_other_cells_are_as_they_are(data):
    assert inert(data) == data


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters=OPENS + CLOSES + "\0")), min_size=2, max_size=3), min_size=1, max_size=3),
    st.sampled_from([("x.csv", ","), ("x.tsv", "\t")]),
    st.booleans(),
)  # fmt: skip
def test_whatever_is_answered_a_row_has_as_many_cells_as_the_template(rows, kind, quoted):
    name, between = kind
    around = '"' if quoted else ""
    head = between.join(["h"] * 3)
    text = "\n".join(
        [head, *(between.join(f"{around}{marked(cell)}{around}" for cell in row) for row in rows)]
    )
    read = cells(settled(text, name), between)[1:]
    assert [len(row) for row in read] == [len(row) for row in rows]
    for row, wanted in zip(read, rows, strict=True):
        for cell, answer in zip(row, wanted, strict=True):
            assert cell.removeprefix("'") == answer.removeprefix("'").removeprefix(
                "\ufeff"
            ) or cell in (answer, f"'{answer}")
            assert not begins_a_formula(cell) or cell.lstrip("-").replace(".", "").isdigit()
