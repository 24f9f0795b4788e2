"""Softmax regression on sparse features with soft targets, which scikit-learn's estimators do not take."""

from __future__ import annotations

from typing import Any

import numpy as np


def fit(
    features: Any, targets: np.ndarray, weights: np.ndarray, penalty: float, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Minimises the weighted cross-entropy plus an L2 penalty by L-BFGS, from zero: no randomness.

    Args:
        features: a scipy CSR matrix, n x d, float32.
        targets: n x k, rows that sum to 1.
        weights: n, the weight of each row.
        penalty: factor of half the sum of squared weights, beside the mean loss.
        rounds: at most this many iterations.

    Returns:
        Weights (d x k) and bias (k), float32.
    """
    from scipy.optimize import minimize

    d, k = features.shape[1], targets.shape[1]
    turned = features.T.tocsr()
    share = (weights / weights.sum()).astype(np.float32)[:, None]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = flat[: d * k].reshape(d, k)
        logits = features @ matrix.astype(np.float32) + flat[d * k :].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        value = -float((share * targets * logits).sum(dtype=np.float64))
        value += 0.5 * penalty * float(flat[: d * k] @ flat[: d * k])
        error = (np.exp(logits) - targets) * share
        slope = (turned @ error).astype(np.float64).ravel() + penalty * flat[: d * k]
        return value, np.concatenate([slope, error.sum(axis=0, dtype=np.float64)])

    start = np.zeros(d * k + k)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}).x
    return found[: d * k].reshape(d, k).astype(np.float32), found[d * k :].astype(np.float32)


def temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """The divisor of the logits under which they are best calibrated (least cross-entropy) on ``targets``."""
    from scipy.optimize import minimize_scalar

    def loss(log_divisor: float) -> float:
        scaled = logits / np.exp(log_divisor)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        scaled -= np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return -float((targets * scaled).sum(axis=1).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.0), method="bounded").x))
