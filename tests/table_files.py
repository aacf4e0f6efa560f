"""The files of tests/files, one by one: what each is, its bytes, and what must come out of it.

``python tests/table_files.py`` writes them anew.
"""

import bz2
import datetime
import gzip
import io
import lzma
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from openpyxl import Workbook
from pyarrow import feather, parquet

FOLDER = Path(__file__).parent / "files"
MOMENT = (2024, 1, 1, 0, 0, 0)
"""When everything in an archive was made, so that it is the same bytes every time."""


@dataclass(frozen=True)
class TableFile:
    """One file.

    Attributes:
        name: of the file.
        about: what it is.
        content: its bytes.
        columns: every column by its name: numbers or words, None where a cell is missing.
        notes: what is told of the reading, by code.
        faults: columns that cannot be used, and why.
        refused: the code of the fault, where there is no table in it.
        says: what the sentence must have in it.
    """

    name: str
    about: str
    content: bytes
    columns: dict[str, list] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    faults: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    says: str = ""


def zipped(members):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def encrypted(content):
    """A zip whose only member says that it is under a password."""
    raw = bytearray(zipped({"rows.csv": content}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + place] |= 1
    return bytes(raw)


def workbook(*sheets, merged=()):
    """Sheets are lists of rows; the same bytes every time."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.properties.created = book.properties.modified = datetime.datetime(*MOMENT)
    sink = io.BytesIO()
    book.save(sink)
    with zipfile.ZipFile(sink) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def written(write, *arguments):
    sink = io.BytesIO()
    write(*arguments, sink)
    return sink.getvalue()


def npz(**tables):
    return zipped(
        {
            f"{name}.npy": written(lambda sink, table=table: np.save(sink, table))
            for name, table in tables.items()
        }
    )


PLAIN = b"x,y\n1.5,no\n2.5,yes\n"
READ = {"x": [1.5, 2.5], "y": ["no", "yes"]}
RUSSIAN = "Доход, тыс. руб.;Возраст;Купил\n1,5;30;Да\n1 002,25;;Нет\n"
BOUGHT = {"Доход, тыс. руб.": [1.5, 1002.25], "Возраст": [30, None], "Купил": ["Да", "Нет"]}
GERMAN = "Größe;Übel\n1,75;ja\n1,8;nein\n"
TALL = {"Größe": [1.75, 1.8], "Übel": ["ja", "nein"]}
SIGNED = {"x": [1.0, 2.0], "y": ["+", "-"]}

ENCODINGS = [
    TableFile("utf8.csv", "UTF-8 without a mark", RUSSIAN.encode(), BOUGHT, ("decimal_comma",)),
    TableFile(
        "utf8_mark.csv",
        "UTF-8 with its mark, as Excel saves it",
        RUSSIAN.encode("utf-8-sig"),
        BOUGHT,
        ("decimal_comma",),
    ),
    TableFile(
        "utf16_little.csv",
        "UTF-16 with its mark, little end first",
        b"\xff\xfe" + RUSSIAN.encode("utf-16-le"),
        BOUGHT,
        ("decimal_comma",),
    ),
    TableFile(
        "utf16_big.csv",
        "UTF-16 with its mark, big end first",
        b"\xfe\xff" + RUSSIAN.encode("utf-16-be"),
        BOUGHT,
        ("decimal_comma",),
    ),
    TableFile(
        "utf16_bare.csv", "UTF-16 without its mark", PLAIN.decode().encode("utf-16-le"), READ, ("encoding",)
    ),
    TableFile(
        "windows_1251.csv",
        "what Excel saves as CSV in Russia",
        RUSSIAN.encode("cp1251"),
        BOUGHT,
        ("encoding", "decimal_comma"),
    ),
    TableFile(
        "koi8.csv",
        "the Cyrillic of old mail",
        RUSSIAN.encode("koi8-r"),
        BOUGHT,
        ("encoding", "decimal_comma"),
    ),
    TableFile(
        "dos_866.csv",
        "the Cyrillic of DOS and of old 1C",
        RUSSIAN.encode("cp866"),
        BOUGHT,
        ("encoding", "decimal_comma"),
    ),
    TableFile(
        "yes_no_1251.csv",
        "three short words in Windows-1251",
        "x;Да\n1;да\n2;нет\n".encode("cp1251"),
        {"x": [1, 2], "Да": ["да", "нет"]},
        ("encoding",),
    ),
    TableFile(
        "letters_1251.csv",
        "two letters in Windows-1251",
        "x;y\n1;М\n2;Ж\n".encode("cp1251"),
        {"x": [1, 2], "y": ["М", "Ж"]},
        ("encoding",),
    ),
    TableFile(
        "capitals_1251.csv",
        "capital letters in Windows-1251",
        "ЦЕНА;ГОРОД\n1;МОСКВА\n2;КАЗАНЬ\n".encode("cp1251"),
        {"ЦЕНА": [1, 2], "ГОРОД": ["МОСКВА", "КАЗАНЬ"]},
        ("encoding",),
    ),
    TableFile(
        "ukrainian_1251.csv",
        "Ukrainian in Windows-1251",
        "вік;місто\n1;Київ\n2;Львів\n".encode("cp1251"),
        {"вік": [1, 2], "місто": ["Київ", "Львів"]},
        ("encoding",),
    ),
    TableFile(
        "windows_1252.csv",
        "what Excel saves as CSV in Germany",
        GERMAN.encode("cp1252"),
        TALL,
        ("encoding", "decimal_comma"),
    ),
    TableFile(
        "windows_1250.csv",
        "Polish in Windows-1250",
        "wiek;płeć;żona\n30;mężczyzna;łódź\n".encode("cp1250"),
        {"wiek": [30], "płeć": ["mężczyzna"], "żona": ["łódź"]},
        ("encoding",),
    ),
    TableFile(
        "chinese.csv",
        "Chinese in GB 18030",
        "年龄,性别,城市\n1,男,北京\n2,女,上海\n".encode("gb18030"),
        {"年龄": [1, 2], "性别": ["男", "女"], "城市": ["北京", "上海"]},
        ("encoding",),
    ),
    TableFile(
        "two_encodings.csv",
        "UTF-8, and below it Windows-1251",
        "имя;y\nда;1\n".encode() + "нет;0\n".encode("cp1251"),
        refused="file.mixed",
        says="UTF-8 in line 1 and other bytes in line 3",
    ),
    TableFile(
        "zero_byte.csv",
        "a zero byte in the third line",
        b"x,y\n1,a\n2\0,b\n",
        refused="file.binary",
        says="line 3",
    ),
]

FORMS = [
    TableFile("commas.csv", "commas", PLAIN, READ),
    TableFile("semicolons.csv", "semicolons", PLAIN.replace(b",", b";"), READ),
    TableFile("tabs.tsv", "tabs", PLAIN.replace(b",", b"\t"), READ),
    TableFile("pipes.txt", "upright lines", PLAIN.replace(b",", b"|"), READ),
    TableFile(
        "blanks.txt",
        "columns under each other, with blanks between",
        b"   x     y\n 1.5    no\n 2.5   yes\n",
        READ,
    ),
    TableFile(
        "sep_line.csv",
        "the first line of Excel that names the separator",
        b"sep=;\r\nx;y\r\n1,5;no\r\n2,5;yes\r\n",
        READ,
        ("decimal_comma",),
    ),
    TableFile("line_ends_windows.csv", "line ends of Windows", PLAIN.replace(b"\n", b"\r\n"), READ),
    TableFile("line_ends_mac.csv", "line ends of old Macs", PLAIN.replace(b"\n", b"\r"), READ),
    TableFile("no_line_end.csv", "no end of the last line", PLAIN[:-1], READ),
    TableFile(
        "blank_lines.csv", "blank lines above, between and below", b"\n\nx,y\n\n1.5,no\n\n2.5,yes\n\n\n", READ
    ),
    TableFile(
        "empty_rows.csv",
        "rows of separators alone, as Excel leaves them",
        b"x,y\n1.5,no\n2.5,yes\n,\n,\n",
        READ,
    ),
    TableFile(
        "trailing_separator.csv",
        "a separator at the end of each row",
        b"x;y\n1,5;no;\n2,5;yes;\n",
        READ,
        ("decimal_comma",),
    ),
    TableFile("blanks_around.csv", "blanks around the cells", b"x , y\n 1.5, no\n 2.5 , yes \n", READ),
    TableFile("all_quoted.csv", "everything in quotation marks", b'"x","y"\n"1.5","no"\n"2.5","yes"\n', READ),
    TableFile(
        "quoted_line.csv",
        "a name and a cell of two lines",
        b'"a\nb",y\n1,"no\nno"\n2,yes\n',
        {"a\nb": [1, 2], "y": ["no\nno", "yes"]},
    ),
    TableFile(
        "quoted_quote.csv",
        "a quotation mark in quotation marks",
        b'x,y\n1,"5"" screen"\n2,"a,b"\n',
        {"x": [1, 2], "y": ['5" screen', "a,b"]},
    ),
    TableFile(
        "index.csv",
        "the index that pandas writes, without a name",
        b",x,y\n0,1.5,no\n1,2.5,yes\n",
        {"column_1": [0, 1], **READ},
    ),
    TableFile(
        "years.csv",
        "years as names",
        b"place,2019,2020\nA,1,2\nB,3,4\n",
        {"place": ["A", "B"], "2019": [1, 3], "2020": [2, 4]},
    ),
    TableFile("signs.csv", "labels + and -", b"x,y\n1,+\n2,-\n", SIGNED),
    TableFile(
        "none_label.csv",
        "a label that says none",
        b"x,y\n1,none\n2,some\n",
        {"x": [1, 2], "y": ["none", "some"]},
    ),
]

NUMBERS = [
    TableFile(
        "missing.csv",
        "all that stands for a missing number",
        b"x,y\n1,a\n,b\nNA,a\nn/a,b\nnan,a\nnull,b\nNone,a\n?,b\n-,a\n#N/A,b\n",
        {"x": [1, *[None] * 9], "y": list("ababababab")},
    ),
    TableFile(
        "missing_column.csv",
        "a column without a cell",
        b"x,z,y\n1,,no\n2,,yes\n",
        {"x": [1, 2], "z": [None, None], "y": ["no", "yes"]},
    ),
    TableFile(
        "decimal_comma_quoted.csv",
        "decimal commas in quotation marks between commas",
        b'x,y\n"1,5",no\n"2,5",yes\n',
        READ,
        ("decimal_comma",),
    ),
    TableFile(
        "decimal_comma_tabs.tsv",
        "decimal commas between tabs",
        b"x\ty\n1,5\tno\n2,5\tyes\n",
        READ,
        ("decimal_comma",),
    ),
    TableFile(
        "thousands_english.csv",
        "commas for thousands",
        b'x,y\n"1,234.5",no\n"12,345,678",yes\n',
        {"x": [1234.5, 12345678], "y": READ["y"]},
        ("thousands_comma",),
    ),
    TableFile(
        "thousands_german.csv",
        "points for thousands",
        b"x;y\n1.234,5;no\n12.345.678;yes\n",
        {"x": [1234.5, 12345678], "y": READ["y"]},
        ("decimal_comma",),
    ),
    TableFile(
        "thousands_blank.csv",
        "blanks for thousands, of three kinds",
        "x;y\n1 234,5;no\n12\u00a0345;yes\n1\u202f234\u202f567;no\n".encode(),
        {"x": [1234.5, 12345, 1234567], "y": ["no", "yes", "no"]},
        ("decimal_comma",),
    ),
    TableFile(
        "thousands_swiss.csv",
        "apostrophes for thousands",
        "x;y\n1'234.5;no\n12\u2019345;yes\n".encode(),
        {"x": [1234.5, 12345], "y": READ["y"]},
    ),
    TableFile(
        "percent.csv",
        "percent signs",
        b"x,y\n45%,no\n1.5 %,yes\n",
        {"x": [0.45, 0.015], "y": READ["y"]},
        ("percent",),
    ),
    TableFile(
        "minus.csv",
        "a minus of Unicode, a plus, and an exponent",
        "x,y\n\u22121.5,no\n+2.5,yes\n1E3,no\n".encode(),
        {"x": [-1.5, 2.5, 1000], "y": ["no", "yes", "no"]},
    ),
    TableFile(
        "words_far_down.csv",
        "a word in the last row of a column of numbers",
        b"x,y\n" + b"1.50,no\n" * 300 + b"red,yes\n",
        {"x": ["1.50"] * 300 + ["red"], "y": ["no"] * 300 + ["yes"]},
    ),
    TableFile(
        "long_numbers.csv",
        "whole numbers that float64 cannot tell apart",
        b"x,y\n9007199254740992,no\n9007199254740993,yes\n",
        {"x": ["9007199254740992", "9007199254740993"], "y": READ["y"]},
    ),
    TableFile(
        "infinite.csv",
        "a number beyond float64",
        b"x,y\n1,no\n1e400,yes\n",
        {"x": [1, np.inf], "y": READ["y"]},
        faults={"x": "file.finite"},
        says="got 1e400 in line 3, column 'x'",
    ),
    TableFile(
        "two_marks.csv",
        "decimal commas and points in one column",
        b"x;y\n1,5;no\n2.5;yes\n",
        {"x": ["1,5", "2.5"], "y": READ["y"]},
        faults={"x": "file.marks"},
        says="2.5 in line 3 and 1,5 in line 2",
    ),
    TableFile(
        "unclear_thousands.csv",
        "1.234 beside decimal commas",
        b"x;z\n1.234;1,5\n2.345;2,5\n",
        {"x": ["1.234", "2.345"], "z": [1.5, 2.5]},
        ("decimal_comma",),
        {"x": "file.ambiguous"},
        says="1.234 in line 2",
    ),
]

FAULTS = [
    TableFile("empty.csv", "nothing", b"", refused="file.empty"),
    TableFile("blank.csv", "blank lines alone", b"\n\n", refused="file.empty"),
    TableFile("no_rows.csv", "names, and nothing below", b"x,y\n", refused="file.rows"),
    TableFile("no_names.csv", "numbers without names", b"1,2\n3,4\n", refused="file.header", says="1, 2"),
    TableFile(
        "iris.data.csv",
        "the famous table without names",
        b"5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n",
        refused="file.header",
        says="5.1, 3.5",
    ),
    TableFile(
        "adult.csv",
        "words and whole numbers without names",
        b"39, State-gov, <=50K\n50, Private, <=50K\n38, State-gov, >50K\n",
        refused="file.header",
        says="39",
    ),
    TableFile(
        "same_name.csv",
        "one name twice",
        b"x,y,x\n1,2,3\n",
        refused="file.duplicate",
        says="'x' more than once (columns 1 and 3)",
    ),
    TableFile(
        "short_row.csv",
        "a row that is too short",
        b"x,y\n1,no\n2\n",
        refused="file.ragged",
        says="got 1 in line 3",
    ),
    TableFile(
        "long_row.csv",
        "a row that is too long",
        b"x,y\n1,no\n2,yes,maybe\n",
        refused="file.ragged",
        says="got 3 in line 3",
    ),
    TableFile(
        "decimal_comma_commas.csv",
        "decimal commas between commas",
        b"x,y\n1,5,0\n2,5,1\n",
        refused="file.commas",
        says="decimal commas",
    ),
    TableFile(
        "open_quote.csv",
        "a quotation mark that is not closed",
        b'x,y\n1,no\n2,"yes\n3,no\n',
        refused="file.csv",
        says="line 3",
    ),
    TableFile(
        "page.csv",
        "a page that was saved as CSV",
        b"<!DOCTYPE html>\n<html><body><table></table></body></html>",
        refused="file.content",
        says="HTML",
    ),
    TableFile(
        "json.csv",
        "JSON that was saved as CSV",
        b'[{"x": 1.5, "y": "no"}]',
        refused="file.content",
        says="JSON",
    ),
    TableFile(
        "picture.csv", "a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", refused="file.content", says="PNG"
    ),
    TableFile(
        "old.xls",
        "the old Excel",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504,
        refused="file.xls",
        says=".xlsx",
    ),
    TableFile(
        "password.xlsx",
        "a workbook under a password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
        refused="file.password",
    ),
    TableFile("unknown.dat", "an ending that nobody knows", PLAIN, refused="file.format", says=".parquet"),
]

PACKED = [
    TableFile("rows.csv.gz", "gzip", gzip.compress(PLAIN, mtime=0), READ),
    TableFile("rows.csv.bz2", "bzip2", bz2.compress(PLAIN), READ),
    TableFile("rows.csv.xz", "xz", lzma.compress(PLAIN), READ),
    TableFile("gzip_inside.csv", "gzip that is called CSV", gzip.compress(PLAIN, mtime=0), READ),
    TableFile(
        "one_table.zip",
        "one table, and what Macs add",
        zipped({"d/rows.csv": PLAIN, "__MACOSX/d/._rows.csv": b"\0", "d/.DS_Store": b"\0"}),
        READ,
    ),
    TableFile(
        "two_tables.zip",
        "two tables",
        zipped({"a.csv": PLAIN, "b.csv": PLAIN}),
        refused="file.zip",
        says="a.csv, b.csv",
    ),
    TableFile("password.zip", "a table under a password", encrypted(PLAIN), refused="file.password"),
    TableFile(
        "bomb.csv.gz",
        "70 MB of the same row",
        gzip.compress(PLAIN, mtime=0) + gzip.compress(b"1,2\n" * 250_000, mtime=0) * 70,
        refused="file.bomb",
        says="64 MiB",
    ),
    TableFile(
        "cut.csv.gz", "gzip that is cut short", gzip.compress(PLAIN, mtime=0)[:-9], refused="file.archive"
    ),
    TableFile(
        "book.xlsx",
        "numbers, a day, a truth and words",
        workbook(
            [
                ["x", "day", "flag", "y"],
                [1.5, datetime.date(2024, 5, 1), True, "no"],
                [2, datetime.date(2024, 5, 2), False, "yes"],
                [None, None, None, None],
                [3, None, True, "no"],
            ]
        ),
        {
            "x": [1.5, 2, 3],
            "day": ["2024-05-01", "2024-05-02", None],
            "flag": [1, 0, 1],
            "y": ["no", "yes", "no"],
        },
    ),
    TableFile(
        "book_text.xlsx",
        "numbers that are written as text",
        workbook([["x", "y"], ["1,5", "no"], ["2,5", "yes"]]),
        READ,
        ("decimal_comma",),
    ),
    TableFile(
        "book_merged.xlsx",
        "a title, merged cells, and a second sheet",
        workbook(
            [
                ["Report for 2024", None, None],
                ["group", "x", "y"],
                ["a", 1.5, "no"],
                [None, 2.5, "yes"],
                ["b", 3.5, "no"],
            ],
            [["z"], [1]],
            merged=["A1:C1", "A3:A4"],
        ),
        {"group": ["a", "a", "b"], "x": [1.5, 2.5, 3.5], "y": ["no", "yes", "no"]},
        ("sheet", "title"),
    ),
    TableFile("book_empty.xlsx", "a sheet without cells", workbook([]), refused="file.empty"),
    TableFile(
        "rows.parquet", "Parquet", written(lambda sink: parquet.write_table(pa.table(READ), sink)), READ
    ),
    TableFile(
        "rows.feather", "Feather", written(lambda sink: feather.write_feather(pa.table(READ), sink)), READ
    ),
    TableFile(
        "rows.npy",
        "NumPy",
        written(lambda sink: np.save(sink, np.array([[1.5, 0], [2.5, 1]]))),
        {"0": [1.5, 2.5], "1": [0, 1]},
    ),
    TableFile(
        "rows.npz",
        "packed NumPy",
        npz(rows=np.array([[1.5, 0], [2.5, np.nan]])),
        {"0": [1.5, 2.5], "1": [0, None]},
    ),
]

FILES = [*ENCODINGS, *FORMS, *NUMBERS, *FAULTS, *PACKED]

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in FILES:
        (FOLDER / one.name).write_bytes(one.content)
