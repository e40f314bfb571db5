"""Write a small workbook by hand, from what its standard says of the parts in it."""

import zipfile


def write(path):
    """A workbook as Arbin writes it: a summary, and records that go on in a second sheet."""
    names = [
        "Date_Time",
        "Test_Time(s)",
        "Step_Index",
        "Cycle_Index",
        "Current(A)",
        "Voltage(V)",
    ]
    day = 45293.0 + (3 * 3600 + 4 * 60 + 5) / 86400  # 2024-01-02 03:04:05
    rows = [
        [day + t / 86400, t, 1, 1, i, v]
        for t, i, v in [(0, 1e-3, 3.0), (10, 1e-3, 3.1), (20, -1e-3, 3.2), (30, 0.0, 3.3)]
    ]
    summary = [["Cycle_Index", "Charge_Capacity(Ah)"], [1, 0.001], [2, 0.001], [3, 0.001]]
    summary += [[n, 0.001] for n in range(4, 9)]
    sheets = {
        "Statistics": summary,
        "Channel_1": [names, *rows[:2]],
        "Channel_2": [names, *rows[2:]],
    }
    write_sheets(path, sheets)


def write_sheets(path, sheets):
    """Write rows of numbers and texts by the name of their sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _parts(sheets).items():
            book.writestr(name, content)


def _parts(sheets):
    """The parts of a workbook by their names in the archive."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbered = list(enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{kind}.worksheet+xml"/>'
            for n, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in numbered
        )
        + "</Relationships>",
    }
    for n, name in numbered:
        rows = "".join(
            f"<row>{''.join(_cell(value) for value in row)}</row>" for row in sheets[name]
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return parts


def _cell(value):
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"
