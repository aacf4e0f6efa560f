"""Somebody's table in a real browser: its columns are chosen, or a sentence says why not."""

import re

from playwright.sync_api import expect

from chromium import at_step, needs_chromium

pytestmark = needs_chromium

IRIS = "длина;ширина;сорт;лепесток\n5,1;3,5;a;1,4\n4,9;3;a;1,5\n7;3,2;b;4,7\n6,4;3,1;c;4,5\n".encode("cp1251")


def bring(page, raw, name="table.csv"):
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": raw})


def test_a_table_of_three_columns_becomes_points_at_once(visit):
    page = visit("?loss=nll&step=3")
    at_step(page, 3)
    bring(page, b"a;b;y\n1,5;2;0\n3;4,5;1\n5;1;1\n")
    expect(page).to_have_url(re.compile("data=own"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("body")).to_contain_text("y = 1 is class 1, a and b are standardized")


def test_columns_and_the_class_are_chosen_in_a_dialog_by_the_keyboard_too(visit):
    page = visit("?loss=nll&step=3#lang=ru")
    at_step(page, 3)
    bring(page, IRIS, "цветы.csv")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-label", "Столбцы файла цветы.csv")
    expect(dialog.get_by_label("метка")).to_have_value("сорт")
    dialog.get_by_label("по вертикали").select_option("лепесток")
    dialog.get_by_label("класс 1 — это").select_option("a")
    dialog.get_by_role("button", name="Взять эти столбцы").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(r"points=[^&]*,1;[^&]*,1;[^&]*,0;[^&]*,0"))
    expect(page.locator("body")).to_contain_text("остальные значения метки сорт")


def test_a_file_of_no_use_is_told_and_the_race_stays(visit):
    page = visit("?data=xor&step=3")
    at_step(page, 3)
    bring(page, b"PK\x03\x04" + bytes(60), "table.xlsx")
    expect(page.get_by_role("alert").first).to_contain_text("save its sheet as CSV")
    expect(page).to_have_url(re.compile("data=xor"))
    at_step(page, 3)
