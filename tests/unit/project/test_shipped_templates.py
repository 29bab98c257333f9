from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.plan import bind
from tasks.base import Look, Setting
from tasks.project import TASK
from tasks.project.check import check
from tasks.project.template import load, titles


def project(shipped, place, template, *answers, customer="富士精工"):
    setting = Setting(place=f"disk:{place}", templates=shipped)
    first = {"name": "鈴木邸", "customer": customer, "template": template}
    look = Look(setting=setting)
    plan = TASK.plan(TASK.walk([first, *answers], setting).request, look)
    texts = {}
    for effect in plan.effects:
        if content := effect.data.get("content"):
            source = shipped / "projects" / str(content["template"]) / str(content["path"])
            data = look.blobs.get(content["sha256"]) or source.read_bytes()
            key = bind(effect.key, {"number": "P-2026-0001"})
            texts[key] = bind(data.decode(), {"number": "P-2026-0001"})
    folders = [effect.key for effect in plan.effects if effect.kind == "disk.folder"]
    return folders, texts


def test_the_templates_that_come_with_kakari_pass_their_own_check(shipped):
    assert check(shipped) == []
    assert {name: title.say("ja") for name, title in titles(shipped).items()} == {
        "die-design": "金型設計",
        "web-agency": "Web サイト制作",
    }


@pytest.mark.parametrize("name", ["die-design", "web-agency"])
def test_every_question_is_asked_in_both_languages(shipped, name):
    for question in load(shipped, name).questions:
        assert question.label.say("ja") != question.name
        assert question.label.say("en") != question.name
        assert question.label.say("en").isascii()


@pytest.mark.parametrize("name", ["die-design", "web-agency"])
def test_tables_open_in_excel_without_a_question_about_the_encoding(shipped, name):
    tables = list((shipped / "projects" / name).rglob("*.csv*"))
    assert len(tables) >= 4
    assert all(table.read_text("utf-8").startswith("\ufeff") for table in tables)


def test_a_mould_with_heat_treatment_has_its_order_form(shipped, tmp_path):
    folders, texts = project(
        shipped,
        tmp_path,
        "die-design",
        {"part_name": "フロントグリル", "die_material": "SKD61", "heat_treatment": "true"},
        {"heat_treatment_shop": "東海熱処理"},
    )
    assert "/08_熱処理" in folders
    assert "/09_シボ加工" not in folders
    order = texts["/08_熱処理/熱処理依頼書.md"]
    assert order.startswith("# 熱処理依頼書\n\n東海熱処理 御中\n")
    assert "| 案件番号 | P-2026-0001 |" in order
    assert "| 硬さ | HRC46〜50 |" in order
    sheet = texts["/02_仕様・支給データ/P-2026-0001 金型仕様書.md"]
    assert "| お客様 | 富士精工 |" in sheet
    assert "| 保証ショット数 | 300,000 ショット |" in sheet


def test_a_relaunch_has_a_table_of_redirects(shipped, tmp_path):
    _, texts = project(
        shipped,
        tmp_path,
        "web-agency",
        {"kind": "リニューアル", "domain": "example.co.jp", "pages": "3"},
        {"old_site": "old.example.co.jp"},
    )
    assert "old.example.co.jp" in texts["/07_公開/リダイレクト表.csv"]
    assert texts["/04_原稿・素材/コンテンツ一覧.csv"].count("未着手") == 6


def answers(template):
    """Return a strategy for what people might answer on all pages together."""
    kinds = {
        bool: st.booleans(),
        int: st.integers(1, 200),
        float: st.floats(0, 1),
        str: st.just("あ"),
    }
    return st.fixed_dictionaries(
        {
            question.name: st.sampled_from([value for value, _ in question.choices])
            if question.choices
            else kinds[question.type]
            for question in template.questions
        }
    )


@pytest.mark.parametrize("name", ["die-design", "web-agency"])
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_answered_tables_are_even_and_nothing_stays_unrendered(
    shipped, tmp_path, name, data
):
    template = load(shipped, name)
    everything = data.draw(answers(template))
    customer = data.draw(st.sampled_from(["", "富士精工"]))
    setting = Setting(place=f"disk:{tmp_path}", templates=shipped)
    pages = [{"name": "鈴木邸", "customer": customer, "template": name}]
    while model := TASK.walk(pages, setting).page:
        pages.append({field: everything[field] for field in model.model_fields})
    folders, texts = project(shipped, tmp_path, name, *pages[1:], customer=customer)
    assert len(folders) >= 10
    for path, text in texts.items():
        assert "{{" not in text
        assert "{%" not in text
        assert "\n\n\n" not in text
        if path.endswith(".csv"):
            assert len({line.count(",") for line in text.splitlines()}) == 1, path
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert all(row.endswith("|") for row in rows)
        assert Path(path).suffix in {".csv", ".md"}
