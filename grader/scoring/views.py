"""The ways an observation can be read as a value of a wanted shape."""

from collections.abc import Iterator

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
    wanted = tuple(length for length in shape if length != 1)
    values = np.squeeze(observation.values)
    resolution = np.squeeze(np.broadcast_to(observation.resolution, observation.values.shape))
    if values.shape == wanted:
        yield "", values.reshape(shape), resolution.reshape(shape)
    if len(wanted) == 2 and values.shape == wanted[::-1]:
        yield ".T", values.T.reshape(shape), resolution.T.reshape(shape)
    if values.ndim == len(wanted) + 1:
        yield from _slices(values, resolution, wanted, shape)
    if values.ndim == 1 and wanted:
        yield from _pieces(observation, values, resolution, shape)


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
    observation: Observation, values: np.ndarray, resolution: np.ndarray, shape: tuple[int, ...]
) -> Iterator[View]:
    """Yield runs of numbers: whole chunks of an array, any window of a printed line."""
    size = int(np.prod(shape))
    printed = observation.dtype == "text"
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


def _indices(length: int) -> list[int]:
    indices = list(range(length))
    half = _MOST_SLICES // 2
    return indices if length <= _MOST_SLICES else indices[:half] + indices[-half:]
