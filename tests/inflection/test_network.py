"""The network's gradient against differences, and that it learns."""

import numpy as np
import pytest

from lowres.inflection.network import Adam, Settings, actions_of, fresh_weights, slopes_of

SMALL = Settings(letter=3, hidden=(7, 5))


def loss(w, slots, bundle, action):
    before = w["letters"][slots].reshape(len(slots), -1) @ w["first"] + bundle @ w["features"] + w["bias1"]
    scores = actions_of(w, before)
    return -np.mean(scores[np.arange(len(slots)), action] - np.log(np.exp(scores).sum(1)))


def drawn():
    rng = np.random.default_rng(3)
    w = {name: one.astype(float) for name, one in fresh_weights(6, 4, 2, 3, SMALL, rng).items()}
    slots, bundle = rng.integers(0, 6, (9, 4)), rng.integers(0, 2, (9, 2)).astype(float)
    return rng, w, slots, bundle, rng.integers(0, 3, 9)


@pytest.mark.parametrize("name", ["letters", "first", "features", "bias1", "second", "bias2", "actions", "bias3"])
def test_slopes_are_those_of_the_loss(name):
    rng, w, slots, bundle, action = drawn()
    slope = slopes_of(w, slots, bundle, action, 0.0, rng)[name]
    for at in list(np.ndindex(w[name].shape))[:12]:
        kept = w[name][at]
        w[name][at] = kept + 1e-5
        above = loss(w, slots, bundle, action)
        w[name][at] = kept - 1e-5
        below = loss(w, slots, bundle, action)
        w[name][at] = kept
        assert slope[at] == pytest.approx((above - below) / 2e-5, rel=1e-3, abs=1e-5)


def test_steps_lower_the_loss():
    rng, w, slots, bundle, action = drawn()
    before, adam = loss(w, slots, bundle, action), Adam(w, 0.0)
    for _ in range(60):
        adam.step(slopes_of(w, slots, bundle, action, 0.0, rng), 0.01)
    assert loss(w, slots, bundle, action) < before / 2
