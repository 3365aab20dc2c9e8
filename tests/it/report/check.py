"""Foreign readers of the handover in one process: pikepdf (structure, PDF/A-3b) and PDFium (forms).

    check.py FILE...

A file whose name contains `record` is held against PDF/A-3b, one whose name contains `working` has its
boxes ticked. Each complaint is a line `NAME: COMPLAINT`; the last line is `checked N`.
"""

import ctypes
import io
import sys
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pikepdf import pdfa


def say(path, text):
    print(f"{path.name}: {' '.join(str(text).split())}")


def elements(node):
    """All structure elements, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def structure(path, pdf):
    root = pdf.Root
    if "/StructTreeRoot" not in root or not root.MarkInfo.Marked:
        return say(path, "it is not tagged")
    for key in ("/Lang", "/Metadata", "/PageLabels", "/Outlines", "/ViewerPreferences"):
        if key not in root:
            say(path, f"the catalog lacks {key}")
    levels, counts = 0, {}
    for element in elements(root.StructTreeRoot):
        role = str(element.S)[1:]
        counts[role] = counts.get(role, 0) + 1
        if role in ("Figure", "Form", "Link") and not str(element.get("/Alt", "")):
            say(path, f"a {role} without a text")
        if role == "Table" and not any(str(e.S) == "/TH" for e in elements(element)):
            say(path, "a table without a head")
        if role == "TH" and "/Scope" not in element.A:
            say(path, "a head of a table without a scope")
        if role[0] == "H" and role[1:].isdigit():
            if int(role[1:]) > levels + 1:
                say(path, f"{role} after H{levels}")
            levels = int(role[1:])
    for role in ("H1", "H2", "P", "Table", "TH", "TD", "Figure", "L", "Link", "TOC"):
        if not counts.get(role):
            say(path, f"nothing is tagged as {role}")
    marked(path, pdf)


def marked(path, pdf):
    """Each marked piece has an owner, and everything painted is either marked or an artifact."""
    parents = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2))
    for number, page in enumerate(pdf.pages, 1):
        owners, depth, painted, pieces = parents[page.StructParents], 0, 0, 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BMC", "BDC"):
                depth += 1
                pieces += name == "BDC" and "/MCID" in operands[1]
            elif name == "EMC":
                depth -= 1
            elif name in ("TJ", "Tj", "f", "S", "B", "Do") and depth == 0:
                painted += 1
        if pieces != len(owners):
            say(path, f"page {number}: {pieces} marked pieces, {len(owners)} owners")
        if painted:
            say(path, f"page {number}: {painted} things are neither content nor artifact")
        if depth:
            say(path, f"page {number}: a marked piece does not end")


def archive(path):
    report = pdfa.validate_written(path, "3b")
    for finding in [*report.violations, *report.unsupported]:
        say(path, f"PDF/A-3b {finding.rule}: {finding.message}")


def boxes(pdf):
    """The state of each box by its name."""
    return {str(f.T): str(f.V) for f in pdf.Root.AcroForm.Fields if f.FT == "/Btn"}


def tick(path):
    with pikepdf.open(path) as pdf:
        before = boxes(pdf)
    document = pdfium.PdfDocument(path)
    document.init_forms()
    clicked = 0
    for page in document:
        form = document.formenv.raw
        raw.FORM_OnAfterLoadPage(page.raw, form)
        for at in range(raw.FPDFPage_GetAnnotCount(page.raw)):
            annotation = raw.FPDFPage_GetAnnot(page.raw, at)
            if raw.FPDFAnnot_GetFormFieldType(form, annotation) == raw.FPDF_FORMFIELD_CHECKBOX:
                rect = raw.FS_RECTF()
                raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
                x, y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
                raw.FORM_OnMouseMove(form, page.raw, 0, x, y)
                raw.FORM_OnLButtonDown(form, page.raw, 0, x, y)
                raw.FORM_OnLButtonUp(form, page.raw, 0, x, y)
                clicked += 1
            raw.FPDFPage_CloseAnnot(annotation)
        raw.FORM_ForceToKillFocus(form)
    saved = io.BytesIO()
    document.save(saved)
    with pikepdf.open(saved) as pdf:
        after = boxes(pdf)
    path.with_suffix(".ticked.pdf").write_bytes(saved.getvalue())
    if not before or clicked != len(before):
        say(path, f"{len(before)} boxes, {clicked} of them found by PDFium")
    stuck = [name for name, state in before.items() if after.get(name) == state]
    if stuck:
        say(path, f"{len(stuck)} boxes did not change, the first is {stuck[0]}")


def main():
    paths = [Path(name) for name in sys.argv[1:]]
    for path in paths:
        with pikepdf.open(path) as pdf:
            for problem in pdf.check_pdf_syntax():
                say(path, f"qpdf: {problem}")
            structure(path, pdf)
        if "record" in path.name:
            archive(path)
        if "working" in path.name:
            tick(path)
    print(f"checked {len(paths)}")


main()
