import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from errors.asking import UnusableName
from tasks.file_name import BlankOrFileName, FileName, file_name


@pytest.mark.parametrize(
    "name",
    [
        "鈴木邸",
        "プロジェクト（第2期）",
        "P-2026-0001 鈴木邸",
        "a.b.c",
        "半角 全角　混在",
        "👩\u200d🔧 修理",
        "COMPANY",
        "null",
    ],
)
def test_a_name_an_office_would_use_stays_as_it_is(name):
    assert file_name(name) == name


def test_blanks_around_a_name_are_taken_away():
    assert file_name("  鈴木邸　 ") == "鈴木邸"


def test_a_name_typed_on_a_mac_is_composed():
    assert file_name(unicodedata.normalize("NFD", "ガード")) == "ガード"


@pytest.mark.parametrize(
    ("name", "why", "why_ja"),
    [
        ("", "it is empty", "空です"),
        (" 　 ", "it is empty", "空です"),
        ("a/b", "it holds “/”", "「/」は使えません"),
        ("../../etc", "it holds “/”", "「/」は使えません"),
        ("a\\b", "it holds “\\”", "「\\」は使えません"),
        (".", "it begins with a dot", "先頭にピリオドは使えません"),
        ("..", "it begins with a dot", "先頭にピリオドは使えません"),
        (".htaccess", "it begins with a dot", "先頭にピリオドは使えません"),
        ("株式会社.", "it ends with a dot", "末尾にピリオドは使えません"),
        (
            "10:30",
            "it holds “:”, which Windows does not allow",
            "Windows では「:」を使えません",
        ),
        ("a\x00b", "it holds an invisible character", "見えない文字が含まれています"),
        ("a\nb", "it holds an invisible character", "見えない文字が含まれています"),
        ("a\u202egnp.exe", "it holds an invisible character", "見えない文字が含まれています"),
        ("a\u200bb", "it holds an invisible character", "見えない文字が含まれています"),
        ("\ue000number\ue001", "it holds an invisible character", "見えない文字が含まれています"),
        ("a\ud800", "it holds an invisible character", "見えない文字が含まれています"),
        ("nul", "Windows keeps this name for itself", "Windows が予約している名前です"),
        ("Com1.txt", "Windows keeps this name for itself", "Windows が予約している名前です"),
        (
            "a" * 121,
            "it is longer than 120 characters",
            "120 文字を超えています",
        ),
        (
            "あ" * 67,
            "it is too long for a file system",
            "日本語でおよそ 66 文字を超えています",
        ),
    ],
)
def test_a_name_that_would_do_harm_is_refused_with_the_reason(name, why, why_ja):
    with pytest.raises(UnusableName) as refusal:
        file_name(name)
    assert refusal.value.values["why"] == why
    assert refusal.value.values["why_ja"] == why_ja


def test_the_refusal_shows_nothing_that_acts_on_the_text_around_it():
    with pytest.raises(UnusableName) as refusal:
        file_name("a\u202e" + "b" * 100)
    assert refusal.value.values["name"] == "a�" + "b" * 38 + "…"


def test_a_name_with_a_slash_is_refused_at_its_field_in_both_languages():
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(FileName).validate_python("図面/{en}")
    (problem,) = refusal.value.errors()
    assert problem["type"] == "kakari"
    assert problem["ctx"] == {
        "en": "“図面/{en}” cannot be a file or folder name: it holds “/”.",
        "ja": "「図面/{en}」はファイルやフォルダの名前にできません（「/」は使えません）。",
    }
    assert problem["msg"] == problem["ctx"]["en"]


def test_a_field_that_may_stay_blank_takes_blanks_and_refuses_the_rest_alike():
    field = TypeAdapter(BlankOrFileName)
    assert field.validate_python("  ") == ""
    assert field.validate_python(" 山田製作所 ") == "山田製作所"
    with pytest.raises(ValidationError):
        field.validate_python("a/b")


def is_usable(text):
    try:
        file_name(text)
    except UnusableName:
        return False
    return True


@given(st.text(max_size=150).filter(is_usable))
def test_whatever_passes_is_one_plain_component_of_a_path_and_passes_again(text):
    name = file_name(text)
    assert file_name(name) == name
    assert not {"/", "\\", "\x00", "\ue000", "\ue001"} & set(name)
    assert name not in {"", ".", ".."}
    assert len(name.encode()) <= 200


@given(st.text(max_size=150).filter(lambda text: not is_usable(text)))
def test_whatever_does_not_pass_is_told_at_the_field_in_both_languages(text):
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(FileName).validate_python(text)
    (problem,) = refusal.value.errors()
    assert problem["type"] == "kakari"
    assert set(problem["ctx"]) == {"en", "ja"}
