"""A network with two hidden layers over symbols in numbered slots and a bundle of features, and its training, in plain numpy."""

from dataclasses import dataclass, field

import numpy as np

Weights = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes and schedule. `blank` is the share of symbols hidden in training, `invented` of rows with invented stems;
    `batch` is the most edits at once."""

    letter: int = 16
    hidden: tuple[int, int] = (256, 128)
    epochs: int = 14
    batch: int = 512
    rate: float = 3e-3
    dropout: float = 0.2
    blank: float = 0.05
    invented: float = 0.3
    decay: float = 1e-2
    seed: int = 13


def fresh_weights(n_symbols: int, n_slots: int, n_features: int, n_actions: int, settings: Settings, rng) -> Weights:
    """Drawn by He's rule; an input row is the letters of all slots, (n_slots * letter,)."""
    one, two = settings.hidden

    def drawn(rows: int, columns: int, scale: float) -> np.ndarray:
        return (rng.standard_normal((rows, columns)) * scale).astype(np.float32)

    n_in = n_slots * settings.letter
    return {
        "letters": drawn(n_symbols, settings.letter, 0.5),
        "first": drawn(n_in, one, (2 / n_in) ** 0.5),
        "features": drawn(n_features, one, 0.35),
        "bias1": np.zeros(one, np.float32),
        "second": drawn(one, two, (2 / one) ** 0.5),
        "bias2": np.zeros(two, np.float32),
        "actions": drawn(two, n_actions, two**-0.5),
        "bias3": np.zeros(n_actions, np.float32),
    }


def actions_of(w: Weights, before: np.ndarray) -> np.ndarray:
    """Scores of the actions (rows, actions) from the first layer's sums (rows, hidden)."""
    return np.maximum(np.maximum(before, 0) @ w["second"] + w["bias2"], 0) @ w["actions"] + w["bias3"]


def slopes_of(w: Weights, slots: np.ndarray, bundle: np.ndarray, action: np.ndarray, dropout: float, rng) -> Weights:
    """Gradient of the mean cross entropy of `action` (n,), given symbols `slots` (n, slots) and features (n, features)."""
    n, everyone = len(slots), np.arange(len(slots))
    x = w["letters"][slots].reshape(n, -1)
    h1, m1 = _kept(x @ w["first"] + bundle @ w["features"] + w["bias1"], dropout, rng)
    h2, m2 = _kept(h1 @ w["second"] + w["bias2"], dropout, rng)
    scores = h2 @ w["actions"] + w["bias3"]
    error = np.exp(scores - scores.max(1, keepdims=True))
    error /= error.sum(1, keepdims=True)
    error[everyone, action] -= 1
    error /= n
    d2 = (error @ w["actions"].T) * m2
    d1 = (d2 @ w["second"].T) * m1
    slopes = {"first": x.T @ d1, "features": bundle.T @ d1, "bias1": d1.sum(0), "second": h1.T @ d2, "bias2": d2.sum(0)}
    per_letter = np.ascontiguousarray((d1 @ w["first"].T).reshape(slots.size, -1).T)
    flat, size = slots.ravel(), len(w["letters"])
    letters = np.stack([np.bincount(flat, column, size) for column in per_letter], 1).astype(np.float32)
    return slopes | {"letters": letters, "actions": h2.T @ error, "bias3": error.sum(0)}


def _kept(sums: np.ndarray, dropout: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """What a layer hands on, and the mask by which its slope is multiplied."""
    mask = (sums > 0) * (rng.random(sums.shape, np.float32) >= dropout) * np.float32(1 / (1 - dropout))
    return sums * mask, mask


@dataclass(slots=True)
class Adam:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019)."""

    weights: Weights
    decay: float
    n: int = 0
    first: Weights = field(default_factory=dict)
    second: Weights = field(default_factory=dict)

    def step(self, slopes: Weights, rate: float) -> None:
        self.n += 1
        scale = np.float32(rate * (1 - 0.999**self.n) ** 0.5 / (1 - 0.9**self.n))
        for name, slope in slopes.items():
            first = self.first.setdefault(name, np.zeros_like(slope))
            second = self.second.setdefault(name, np.zeros_like(slope))
            first += np.float32(0.1) * (slope - first)
            second += np.float32(0.001) * (slope * slope - second)
            self.weights[name] *= np.float32(1 - rate * self.decay)
            self.weights[name] -= scale * first / (np.sqrt(second) + np.float32(1e-8))
