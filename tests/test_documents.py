"""Files of reports: what is read of each kind, and what hostile ones end in."""

from __future__ import annotations

import io
import sys
import tracemalloc
import zipfile
from datetime import date

import pytest

from posada import read
from posada.evidence import DocumentError, read_document

TEXT = "More than 340 migrants slept in the park in Tijuana on Monday."
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(path, body, compression=zipfile.ZIP_DEFLATED, title=None):
    """A docx with this body of XML."""
    with zipfile.ZipFile(path, "w", compression) as box:
        box.writestr("word/document.xml", f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>')
        if title:
            box.writestr("docProps/core.xml", f"<cp><dc:title>{title}</dc:title></cp>")
    return path


def pdf(path, lines):
    """A PDF with these lines on one page."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode("latin-1")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> "
        b">> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, at = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        at.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % where for where in at)
    path.write_bytes(out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table)
    return path


def test_text_html_docx_and_pdf_say_the_same(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.html").write_text(
        f"<html><head><title>The park</title><script>99 migrants</script></head><body><nav>50 "
        f"migrants</nav><p>{TEXT}</p></body></html>",
        encoding="utf-8",
    )
    docx(tmp_path / "a.docx", f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>", title="The park")
    pdf(tmp_path / "a.pdf", ["More than 340 migrants slept in the park in", "Tijuana on Monday."])
    for name, kind in (("a.txt", "text"), ("a.html", "html"), ("a.docx", "docx"), ("a.pdf", "pdf")):
        found = read_document(tmp_path / name)
        (claim,) = read(found.text, date(2018, 4, 25))
        assert (found.kind, claim.low, claim.place.name, str(claim.from_)) == (kind, 340, "Tijuana", "2018-04-23")
    assert read_document(tmp_path / "a.html").title == "The park"
    assert read_document(tmp_path / "a.docx").title == "The park"


def test_rows_of_a_table_in_a_docx_are_lines(tmp_path):
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in (("Men", "34"), ("Beds free", "7"))
    )
    docx(tmp_path / "a.docx", f"<w:tbl>{rows}</w:tbl><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>")
    claims = read(read_document(tmp_path / "a.docx").text, date(2024, 3, 1))
    assert [(c.value, c.unit) for c in claims] == [(34, "people"), (7, "beds"), (None, "people")]


def test_paragraphs_of_a_docx_and_cells_of_a_page_stay_apart(tmp_path):
    docx(tmp_path / "a.docx", "<w:p><w:r><w:t>Men: 34</w:t></w:r></w:p><w:p><w:r><w:t>Women: 28</w:t></w:r></w:p>")
    assert [c.value for c in read(read_document(tmp_path / "a.docx").text, date(2024, 3, 1))] == [34, 28]


def test_a_file_of_200_megabytes_is_not_read(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    with pytest.raises(DocumentError, match="200 MB"):
        read_document(path)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box, box.open("word/document.xml", "w") as part:
        for _ in range(60):
            part.write(b"0" * 1_000_000)
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    with pytest.raises(DocumentError, match="unpacks to more"):
        read_document(path)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path):
    honest = io.BytesIO()
    with zipfile.ZipFile(honest, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("word/document.xml", b"0" * 40_000_000)
    raw = honest.getvalue()
    path = tmp_path / "bomb.docx"
    path.write_bytes(raw.replace((40_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(DocumentError):
        read_document(path)


def test_xml_that_declares_entities_is_refused(tmp_path):
    path = tmp_path / "laughs.docx"
    with zipfile.ZipFile(path, "w") as box:
        box.writestr("word/document.xml", '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>')
    with pytest.raises(DocumentError, match="entities"):
        read_document(path)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.pdf", b"This is no PDF at all.", "is not one"),
        ("a.pdf", b"%PDF-1.7 and then nothing that fits", "damaged PDF|no text"),
        ("a.docx", b"PK\x03\x04 broken", "damaged or locked docx"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"   \n ", "empty"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no text, HTML, PDF or docx"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no text"),
    ],
)
def test_what_is_no_report_is_told(tmp_path, posada, name, raw, words):
    path = tmp_path / name
    path.write_bytes(raw)
    code, out, err = posada("read", path, "--date", "2018-04-25")
    assert code == 2
    assert out == ""
    assert pytest.importorskip("re").search(words, err)
    assert str(path) in err


def test_a_zip_that_is_no_docx_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as box:
        box.writestr("a.txt", "text")
    with pytest.raises(DocumentError, match="no docx"):
        read_document(tmp_path / "a.zip")
    with pytest.raises(DocumentError, match="folder"):
        read_document(tmp_path)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path / "none.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes("Más de 340 personas llegaron a Huixtla.".encode(encoding))
    (claim,) = read(read_document(tmp_path / "a.txt").text, date(2018, 4, 25))
    assert (claim.low, claim.place.name) == (340, "Huixtla")


def test_mixed_encodings_are_read_line_by_line(tmp_path):
    (tmp_path / "a.txt").write_bytes(
        "Más de 340 personas están en Tonalá.\n".encode() + "Más de 50 niños están en Huixtla.\n".encode("cp1252")
    )
    found = read_document(tmp_path / "a.txt")
    assert "1 lines were not UTF-8" in found.notes[0]
    assert [c.low for c in read(found.text, date(2018, 4, 25))] == [340, 50]


def test_right_to_left_text_and_pages_of_numbers_propose_nothing(tmp_path, posada):
    for text in ("وصل 500 مهاجر إلى تيخوانا يوم الاثنين.", "\u202eהגיעו 500 מהגרים\u202c", "12 34 56\n" * 3000):
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        code, out, err = posada("read", tmp_path / "a.txt", "--date", "2018-04-25")
        assert code == 0, err
        assert out.startswith("0 proposed claims")


@pytest.mark.parametrize(
    "text",
    ["12 345 6,789 " * 3000, "Juan de la Cruz y " * 3000, '"a" ' * 9000, "Aa, " * 9000, "said " * 9000, "A." * 20000,
        "1-" * 20000,
     "he said 5 people, " * 2000, "(A " * 9000, "el de la " * 4000, "\n" * 20000 + "x", "x" * 100_000],
)  # fmt: skip
def test_text_without_end_is_read_to_an_end(text):
    read(text, date(2018, 4, 25))


def test_a_long_report_is_cut_and_says_so(tmp_path, posada):
    (tmp_path / "a.txt").write_text(f"{TEXT}\n\n" + "The road is long and dusty. " * 9000, encoding="utf-8")
    code, out, err = posada("read", tmp_path / "a.txt", "--date", "2018-04-25")
    assert code == 0
    assert "1 proposed claims" in out
    assert "only the first 200,000 letters" in err


def test_pypdf_is_imported_only_for_a_pdf(tmp_path):
    import subprocess

    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    code = f"import sys; sys.argv = ['posada', 'read', {str(tmp_path / 'a.txt')!r}, '--date', '2018-04-25']\n"
    code += "import os, posada.cli as c\n"
    code += "names = ('pypdf', 'numba', 'polars')\n"
    code += "os._exit = lambda code: print(*(name in sys.modules for name in names))\nc.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "False False False", done.stdout + done.stderr
