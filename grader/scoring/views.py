"""The ways an observation can be read as a value of a wanted shape."""

from collections.abc import Iterator
from math import prod

import numpy as np

from grader.observation.model import Observation

_MOST_SLICES = 256  # of a history, the first and the last half of these are looked at
_MOST_CHUNKS = 16
_MOST_WINDOWS = 64

View = tuple[str, np.ndarray, np.ndarray]  # what to put behind the path, values, resolution


def views(observation: Observation, shape: tuple[int, ...]) -> Iterator[View]:
    """Yield every reading of the observation that has `shape`, axes of length 1 ignored.

    As it is; transposed (a torch layer keeps (out, in)); one item of a stack along its
    first or last axis; and out of a flat row of numbers.
    """
    if observation.values.size < prod(shape):
        return
    if observation.dtype != "text" and not _may_have(observation.values.shape, shape):
        return
    digits = np.broadcast_to(observation.resolution, observation.values.shape)
    yield from _readings(observation.values, digits, shape, printed=observation.dtype == "text")
    if observation.dtype == "text":
        for values, resolution in _without_labels(observation.values, digits):
            yield from _readings(values, resolution, shape, printed=True)


def _may_have(found: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Say whether an array may have a reading of a shape, by its own shape alone."""
    axes = [length for length in found if length != 1]
    wanted = [length for length in shape if length != 1]
    if len(axes) == 1 and wanted:
        return True
    return len(axes) == len(wanted) + 1 or axes in (wanted, wanted[::-1])


def _readings(
    values: np.ndarray, resolution: np.ndarray, shape: tuple[int, ...], *, printed: bool
) -> Iterator[View]:
    wanted = tuple(length for length in shape if length != 1)
    values, resolution = np.squeeze(values), np.squeeze(resolution)
    if values.shape == wanted:
        yield "", values.reshape(shape), resolution.reshape(shape)
    if len(wanted) == 2 and values.shape == wanted[::-1]:
        yield ".T", values.T.reshape(shape), resolution.T.reshape(shape)
    if values.ndim == len(wanted) + 1:
        yield from _slices(values, resolution, wanted, shape)
    if printed and values.ndim == len(wanted) == 2:
        yield from _blocks(values, resolution, wanted)
    if values.ndim == 1 and wanted:
        yield from _pieces(values, resolution, shape, printed=printed)


def _without_labels(
    values: np.ndarray, resolution: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield printed numbers without the whole ones among them: "class 0: 0.13, class 1: 0.87"."""
    decimal = resolution > 0
    if decimal.all() or not decimal.any() or values.ndim not in (1, 2):
        return
    if values.ndim == 1:
        yield values[decimal], resolution[decimal]
        return
    columns = np.asarray(decimal.any(axis=0))
    if not columns.all():
        yield values[:, columns], resolution[:, columns]


def _slices(
    values: np.ndarray, resolution: np.ndarray, wanted: tuple[int, ...], shape: tuple[int, ...]
) -> Iterator[View]:
    for index in _indices(len(values)):
        if values.shape[1:] == wanted:
            yield f"[{index}]", values[index].reshape(shape), resolution[index].reshape(shape)
        if len(wanted) == 2 and values.shape[1:] == wanted[::-1]:
            item, digits = values[index].T, resolution[index].T
            yield f"[{index}].T", item.reshape(shape), digits.reshape(shape)
    if wanted and values.shape[:-1] == wanted:
        for index in _indices(values.shape[-1]):
            item, digits = values[..., index], resolution[..., index]
            yield f"[..., {index}]", item.reshape(shape), digits.reshape(shape)


def _pieces(
    values: np.ndarray, resolution: np.ndarray, shape: tuple[int, ...], *, printed: bool
) -> Iterator[View]:
    """Yield runs of numbers: whole chunks of an array, any window of a printed line."""
    size = int(np.prod(shape))
    if printed and len(values) > size:
        starts = list(range(len(values) - size + 1))[:_MOST_WINDOWS]
    elif len(values) % size == 0 and len(values) <= size * _MOST_CHUNKS:
        starts = list(range(0, len(values), size))
    else:
        starts = []
    for start in starts:
        if len(values) == size and len(shape) < 2:
            continue  # already yielded as it is
        item, digits = values[start : start + size], resolution[start : start + size]
        yield f"[{start}:{start + size}]", item.reshape(shape), digits.reshape(shape)


def _blocks(values: np.ndarray, resolution: np.ndarray, wanted: tuple[int, ...]) -> Iterator[View]:
    """Yield matrices that were printed one below the other, as one."""
    for shape, end in ((wanted, ""), (wanted[::-1], ".T")):
        rows = shape[0]
        whole = len(values) % rows == 0 and rows < len(values) <= rows * _MOST_CHUNKS
        for start in range(0, len(values) if whole and values.shape[1] == shape[1] else 0, rows):
            item, digits = values[start : start + rows], resolution[start : start + rows]
            name = f"[{start}:{start + rows}]{end}"
            yield name, *((item.T, digits.T) if end else (item, digits))


def _indices(length: int) -> list[int]:
    indices = list(range(length))
    half = _MOST_SLICES // 2
    return indices if length <= _MOST_SLICES else indices[:half] + indices[-half:]
