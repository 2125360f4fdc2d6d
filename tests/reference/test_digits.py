"""Digits no notebook has seen: close to those of the test part, and not the same."""

import numpy as np
import pytest

from reference.digits import shifted, unseen_digits


@pytest.fixture
def data() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    images = np.zeros((30, 28, 28), dtype=np.uint8)
    images[:, 4:24, 4:24] = rng.integers(50, 256, size=(30, 20, 20))
    return {"x_test": images, "y_test": np.arange(30, dtype=np.uint8) % 10}


def test_they_have_the_shape_and_range_a_network_takes(data: dict[str, np.ndarray]) -> None:
    digits = unseen_digits(1, data)

    assert digits["x"].shape == (30, 1, 784)
    assert digits["x"].min() == 0
    assert digits["x"].max() <= 1
    assert digits["labels"].dtype == np.int64


def test_each_is_a_test_image_moved_by_a_pixel_at_most_with_its_label(
    data: dict[str, np.ndarray],
) -> None:
    digits = unseen_digits(2, data)
    originals = data["x_test"] / 255

    for image, label in zip(digits["x"].reshape(-1, 28, 28), digits["labels"], strict=True):
        moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        distances = np.array(
            [
                np.abs(np.roll(originals, move, axis=(1, 2)) - image).mean(axis=(1, 2))
                for move in moves
            ]
        )
        nearest = int(distances.min(axis=0).argmin())
        assert distances.min() < 0.02
        assert label == data["y_test"][nearest]


def test_none_is_a_test_image_itself(data: dict[str, np.ndarray]) -> None:
    known = {image.tobytes() for image in data["x_test"].reshape(-1, 784) / 255}

    assert not any(image.tobytes() in known for image in unseen_digits(3, data)["x"][:, 0])


def test_a_seed_says_which(data: dict[str, np.ndarray]) -> None:
    first, again, other = (unseen_digits(seed, data)["x"] for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_was_handed_in_stays_as_it_was(data: dict[str, np.ndarray]) -> None:
    before = data["x_test"].copy()

    unseen_digits(1, data)

    assert np.array_equal(data["x_test"], before)


def test_of_many_two_thousand_are_drawn() -> None:
    data = {"x_test": np.ones((2300, 28, 28)), "y_test": np.arange(2300) % 10}

    assert unseen_digits(1, data)["x"].shape == (2000, 1, 784)


def test_images_are_moved_down_and_to_the_right() -> None:
    images = np.arange(9.0).reshape(1, 3, 3)

    moved = shifted(images, np.array([[1, 1]]))

    assert moved[0].tolist() == [[0, 0, 0], [0, 0, 1], [0, 3, 4]]
