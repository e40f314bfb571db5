"""What the analyses take in place of a series: files, results, and files of spectra."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lithomech.errors import InputError
from lithomech.files.arguments import path_of
from lithomech.files.picture import read_grey
from lithomech.observe.hits import Hits
from lithomech.observe.readers.files import read_series
from lithomech.observe.readers.hits import read_hits
from lithomech.observe.readers.spectra import read_spectra
from lithomech.observe.spectrum import Spectrum
from lithomech.observe.timeseries import TimeSeries

RESULT = ".nc"


class HasSeries(Protocol):
    """A result that has a time series."""

    @property
    def series(self) -> TimeSeries:
        """The series."""
        ...


Series: TypeAlias = TimeSeries | HasSeries | str | Path
Spectra: TypeAlias = Spectrum | str | Path | Sequence["Spectrum | str | Path"]
Picture: TypeAlias = NDArray[np.float64] | str | Path


def series_of(value: Any) -> TimeSeries:  # noqa: ANN401
    """Return a time series: itself, that of a result, or that of a measured file.

    Raises:
        InputError: none of these, or the file cannot be read.
    """
    if isinstance(value, TimeSeries):
        return value
    if isinstance(own := getattr(value, "series", None), TimeSeries):
        return own
    place = path_of(value, "series")
    if place.suffix == RESULT:
        raise InputError("a result; load it with lm.load_result first", file=str(place))
    return read_series(place)


def spectra_of(value: Any) -> tuple[Spectrum, ...]:  # noqa: ANN401
    """Return spectra: themselves, one alone, those of files, or a list of these.

    Raises:
        InputError: none of these, or a file cannot be read.
    """
    if isinstance(value, Spectrum):
        return (value,)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(one for part in value for one in spectra_of(part))
    return read_spectra(path_of(value))


def hits_of(value: Any) -> Hits:  # noqa: ANN401
    """Return hits: themselves, or those of a file.

    Raises:
        InputError: neither, or the file cannot be read.
    """
    return value if isinstance(value, Hits) else read_hits(path_of(value))


def picture_of(value: Any) -> NDArray[np.float64]:  # noqa: ANN401
    """Return grey values: an array, or a file of a picture.

    Raises:
        InputError: neither, or the file cannot be read.
    """
    if isinstance(value, np.ndarray | list):
        try:
            return np.asarray(value, np.float64)
        except (TypeError, ValueError):
            raise InputError("expected grey values in rows and columns") from None
    return read_grey(path_of(value))
