"""Impedance spectra from text: ZPlot, Gamry, EC-Lab, and any table of frequencies."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.origin import Source
from lithomech.observe.readers.files import MPR
from lithomech.observe.readers.impedance_blocks import Block, bare, gamry, is_zplot, zplot
from lithomech.observe.readers.impedance_columns import (
    CYCLE,
    LOOP,
    PRESSURE,
    TIME,
    Chosen,
    choose_columns,
    frequency,
    impedance,
)
from lithomech.observe.readers.series import DECIMALS, DELIMITERS
from lithomech.observe.readers.sweeps import direction, sign_is_opposite, sweep_starts
from lithomech.observe.readers.table import Columns as Table
from lithomech.observe.readers.table import Style, read_cells, read_columns
from lithomech.observe.readers.text import find_layout, read_head
from lithomech.observe.readers.workbook import best_table
from lithomech.observe.spec import Mapping, mapping_of
from lithomech.observe.spectrum import FEWEST, TESTED, Spectrum

Floats = NDArray[np.float64]
Columns = tuple[Chosen, dict[str, Floats], tuple[str, ...]]  # which, in SI, what was assumed

MOST_BYTES: Final = 1 << 28
OTHERS: Final = {
    ".mpr": MPR.removeprefix("is "),
    ".ids": "an Ivium data file; export the spectrum as text",
    ".ism": "a Zahner Thales binary; export the spectrum as text",
    ".nox": "a Metrohm Nova file; export the spectrum as text",
    ".dfr": "an FRA file of Eco Chemie; export the spectrum as text",
    ".pssession": "a PalmSens session; export the spectrum as CSV",
}
WORKBOOKS: Final = {".xls", ".xlsx", ".xlsm", ".ods"}
COUNTERS: Final = (CYCLE, LOOP)
CONDITIONS: Final = {
    CYCLE: "cycle",
    LOOP: "loop",
    TIME: "time_s",
    PRESSURE: "stack_pressure_Pa",
}


def read_spectra(
    path: str | Path, mapping: Mapping | Source | None = None
) -> tuple[Spectrum, ...]:
    """Read the spectra of a text file.

    A spectrum begins where the frequency turns or jumps back, or where the number of the
    cycle or loop changes. Points at frequency nil, as EC-Lab writes them between spectra, are
    left out. The sign of Z'' is tried by the Kramers-Kronig relations.

    Args:
        path: ZPlot (.z), Gamry (.DTA), EC-Lab (.mpt), or any table of text with frequency, Z'
            and Z'' (or modulus and phase), with a line of names or without; a workbook with
            the extra ``readers``.
        mapping: which column is what; its file, a dict, or None where the headers say it.

    Returns:
        Spectra in the order of the file; ``notes`` say what was assumed and left out.

    Raises:
        InputError: with the file: there is none in it, or a column is not what it should be.

    Examples:
        >>> import lithomech as lm
        >>> spectrum, *_ = lm.read_spectra("measured/spectra.csv")
        >>> spectrum.frequency.shape == spectrum.impedance.shape
        True
    """
    path = path_of(path)
    try:
        chosen, columns, notes = _columns(path, mapping_of(mapping))
        return _split(chosen, columns, path.stem, notes)
    except InputError as error:
        raise error.located(file=str(path)) from None


def _columns(path: Path, mapping: Mapping) -> Columns:
    """Which column is what, the columns in SI, and what was assumed."""
    if path.is_file() and path.suffix.lower() in OTHERS:
        raise InputError(f"is {OTHERS[path.suffix.lower()]}")
    style = Style(DECIMALS.get(mapping.decimal or ""))
    if path.is_file() and path.suffix.lower() in WORKBOOKS:
        header, cells, _ = best_table(path, mapping.header_line)
        chosen = choose_columns(header, mapping)
        return _checked(chosen, read_cells(cells, chosen.places, style), header)
    text, encoding = read_head(path)
    if path.stat().st_size > MOST_BYTES:
        raise InputError("the file is larger than 256 MB: files of spectra are smaller")
    whole = path.read_text(encoding=encoding, errors="replace")
    if "\nZCURVE" in text or text.startswith("ZCURVE"):
        return _of_block(gamry(whole), mapping)
    if is_zplot(whole):
        return _of_block(zplot(whole), mapping)
    return _of_table(path, whole, mapping)


def _of_table(path: Path, whole: str, mapping: Mapping) -> Columns:
    """A table with names; where its names are no spectrum, rows at the end of the file."""
    try:
        layout = find_layout(path, DELIMITERS.get(mapping.delimiter or ""), mapping.header_line)
    except InputError:
        block = None if mapping.header_line else bare(whole, numbered=bool(mapping.columns))
        if block is None:
            raise
        return _of_block(block, mapping)
    try:
        chosen = choose_columns(layout.header, mapping)
    except InputError:
        words = any(c.isalpha() for name in layout.header for c in name)
        block = bare(whole)
        if block is None or (block.notes and words) or block.header == layout.header:
            raise
        return _of_block(block, mapping)
    style = Style(DECIMALS.get(mapping.decimal or ""))
    table, _ = read_columns(path, layout, chosen.places, style=style)
    return _checked(chosen, table, layout.header)


def _checked(chosen: Chosen, table: Table, header: Sequence[str]) -> Columns:
    for place, column in table.columns.items():
        if column.problem:
            raise InputError(f"column {header[place]!r} {column.problem}")
    return chosen, chosen.in_si(table.numbers), chosen.notes


def _of_block(block: Block, mapping: Mapping) -> Columns:
    chosen = choose_columns(block.header, mapping)
    numbers = {place: block.columns[place] for place in chosen.places}
    return chosen, chosen.in_si(numbers), block.notes + chosen.notes


def _split(
    chosen: Chosen, columns: dict[str, Floats], name: str, notes: tuple[str, ...]
) -> tuple[Spectrum, ...]:
    """One spectrum per sweep, with the sign of a capacitor."""
    f, z = frequency(columns), impedance(columns)
    good = np.isfinite(f) & (f > 0.0) & np.isfinite(z) & (z != 0.0)
    if not good.any():
        raise InputError("no row has a frequency above 0 Hz and an impedance")
    columns = {key: values[good] for key, values in columns.items()}
    f, z = f[good], z[good]
    starts = sweep_starts(f, [columns[key] for key in COUNTERS if key in columns])
    sweeps = np.split(np.arange(f.size), starts)
    parts = [p for p in sweeps if p.size >= TESTED] or [p for p in sweeps if p.size >= FEWEST]
    if not parts:
        raise InputError(f"no sweep has {FEWEST} points; rows with an impedance: {f.size}")
    lost = int(good.size - sum(p.size for p in parts))
    if lost:
        notes += (f"{lost} of {good.size} rows are in no spectrum and were left out",)
    ways = [direction(f[p]) for p in parts]
    both = len(set(ways)) > 1
    spectra = []
    for n, (part, way) in enumerate(zip(parts, ways, strict=True), 1):
        label = name if len(parts) == 1 else f"{name} {n}"
        conditions = {
            label: float(np.median(columns[key][part]))
            for key, label in CONDITIONS.items()
            if key in columns and np.isfinite(columns[key][part]).all()
        }
        label += f" ({way} frequency)" if both else ""
        spectra.append(Spectrum(f[part], z[part], label, conditions, notes, chosen.unit))
    opposite, reason = sign_is_opposite(spectra)
    if not opposite:
        return tuple(spectra)
    return tuple(
        Spectrum(
            s.frequency, s.impedance.conj(), s.name, s.conditions, (*s.notes, reason), s.unit
        )
        for s in spectra
    )
