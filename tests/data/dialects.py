"""One spectrum as instruments and people write it beside what their manuals say."""

import numpy as np


def spectra_of_dialects(folder, text, f, z):
    """Write them.

    Args:
        folder: where.
        text: writes lines to a file of a folder.
        f: frequencies [Hz].
        z: impedance [ohm].
    """
    rows = list(zip(f, z.real, z.imag, strict=True))
    zplot = [
        f"{a:.6E}, 0, 0, {n}.0, {b:.6E}, {c:.6E}, 0, 0, 1" for n, (a, b, c) in enumerate(rows)
    ]
    head = ['"ZPlotW Data File: Version 3.2c"', '"Raw Data"', "0,3,0,1,1000000,0.1", "43"]
    names = "\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\""
    text(folder, "spectrum_open.z", [*head, names, *zplot])
    tabs = [row.replace(", ", "\t").replace(".", ",") for row in zplot]
    text(folder, "spectrum_comma.z", ['"ZPLOT2 ASCII"', "   End Comments", *tabs])
    gamry = [f"\t{n}\t{a:.6e}\t{b:.6e}\t{c:.6e}\t7" for n, (a, b, c) in enumerate(rows)]
    gamry[-3:] = ["  " + row.strip().replace("\t", " ") for row in gamry[-3:]]
    head = ["EXPLAIN", "TAG\tEISPOT", "ZCURVE\tTABLE"]
    head += ["\tPt\tFreq\tZreal\tZimag\tIERange", "\t#\tHz\tohm\tohm\t#"]
    after = ["EXPERIMENTABORTED\tTOGGLE\tT", "CURVE\tTABLE\t1", "\tPt\tT", "\t#\ts", "\t0\t1"]
    text(folder, "spectrum_spaced.DTA", [*head, *gamry, *after], "latin-1", "\r\n")
    plain = [f" {a:.6e}  {b:.6e}  {c:.6e} " for a, b, c in rows]
    text(folder, "spectrum_bare.txt", plain)
    text(folder, "spectrum_counted.i2b", ["cell 7", "at 25 degrees", "", "43", *plain])
    tabs = [f" {a:.6e}\t {b:.6e}\t {-c:.6e}\t" for a, b, c in rows]
    text(
        folder,
        "spectrum.P00",
        ["Procedure : a", " f/Hz \t Z'/Ohm \t -Z''/Ohm \t", " 43", *tabs],
    )
    tabs = [f"{a:.6e}\t{b:.6e}\t{c:.6e}" for a, b, c in rows]
    head = [
        "RelaxIS 3.0 Spectrum export",
        "Data: Frequency\tData: Z'\tData: Z''",
        "DC=0\tModel: a\tb",
    ]
    text(folder, "spectrum_relaxis.txt", [*head, *tabs])
    kilo = [f"{a:.6e},{b / 1e3:.6e},{c / 1e3:.6e}" for a, b, c in rows]
    text(folder, "spectrum_names_units.csv", ["Frequency,Z',Z''", "Hz,kOhm,kOhm", *kilo])
    polar = [
        f"{a:.8e},{abs(b):.8e},{np.degrees(np.angle(b)):.8f}" for a, b in zip(f, z, strict=True)
    ]
    text(folder, "spectrum_modulus.csv", ["freq/Hz,|Z|/Ohm,Phase(Z)/deg", *polar])
    # more names than cells, and quantities that only look like an impedance
    names = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tRe(M)\tIm(M)\tRwe-ce/Ohm\t\tEwe-Ece/V"
    wide = [f"{a:.6E}\t{b:.6E}\t{-c:.6E}\t0.0\t0.0\t0.0\t1.0" for a, b, c in rows]
    head = ["EC-Lab ASCII FILE", "Nb header lines : 3                          ", names]
    text(folder, "spectrum_wide.mpt", head + wide, "latin-1", "\r\n")
