"""The same document by typst and reportlab: 2 000 rows of 8 columns, two lines a cell.

    document.py typst|reportlab FONTS OUT

Prints seconds from the rows to the bytes, pages, bytes and the peak memory, as the bench of this
program does. Fonts are the same files.
"""

import io
import resource
import sys
import time
from pathlib import Path

TITLES = ["Id", "Host", "Address", "Listener", "Expected", "Measured", "When", "Verdict"]


def rows():
    for i in range(2000):
        yield [
            (f"C-{i:04}", "phase 3"),
            (f"srv{i % 97}.lon", "London site"),
            (f"10.{i % 7}.{i % 250}.{i % 199}", "port 25"),
            ("Default SMTP", "virtual server"),
            ("203.0.113.10", "inside view"),
            ("203.0.113.10", "by 10.1.0.2"),
            ("24 Nov 2026", f"{i % 24:02}:{i % 60:02} UTC"),
            ("efficient", "agreed"),
        ]


def by_typst(fonts):
    import typst

    cells = "\n".join(
        ", ".join(f'[{a} \\ #text(fill: gray.darken(40%))[{b}]]' for a, b in row) + ","
        for row in rows()
    )
    heads = ", ".join(f"[*{title}*]" for title in TITLES)
    source = (
        '#set page(paper: "a4", margin: (x: 20mm, y: 23mm), numbering: "1 of 1")\n'
        '#set text(font: "IBM Plex Sans", size: 8.5pt)\n'
        "= Rows\n"
        "#table(columns: (auto, 1fr, 1fr, 1fr, 1fr, 1fr, 1fr, auto), stroke: (bottom: 0.5pt),\n"
        f"table.header({heads}),\n{cells})\n"
    )
    return typst.compile(source.encode(), font_paths=[fonts])


def by_reportlab(fonts):
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(TTFont("Plex", Path(fonts, "IBMPlexSans-Regular.ttf")))
    pdfmetrics.registerFont(TTFont("Strong", Path(fonts, "IBMPlexSans-SemiBold.ttf")))
    style = ParagraphStyle("cell", fontName="Plex", fontSize=8.5, leading=11.6)
    head = ParagraphStyle("head", parent=style, fontName="Strong")
    data = [[Paragraph(title, head) for title in TITLES]]
    for row in rows():
        data.append([Paragraph(f'{a}<br/><font color="#5B6675">{b}</font>', style) for a, b in row])
    table = Table(data, colWidths=[60.1] * 8, repeatRows=1)
    table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey)])
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build([table])
    return out.getvalue()


def main():
    kind, fonts, out = sys.argv[1:]
    make = {"typst": by_typst, "reportlab": by_reportlab}[kind]
    __import__(kind)
    began = time.perf_counter()
    pdf = bytes(make(fonts))
    took = time.perf_counter() - began
    Path(out).write_bytes(pdf)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{kind}: {took:.2f} s, {len(pdf)} bytes, {peak:.0f} MiB at most")


main()
