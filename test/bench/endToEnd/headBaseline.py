"""Sums over all blocks of a head's Hessian in NumPy, by the same two passes: python3 headBaseline.py h.npy V.npy. Prints a JSON line."""
import json
import sys

import numpy as np

TILE = 2048
h = np.load(sys.argv[1]).astype(np.float64)
V = np.load(sys.argv[2], mmap_mode="r")
N = len(h)
largest = np.full(N, -np.inf)
total = np.zeros(N)
for c in range(0, len(V), TILE):
    logits = h @ V[c : c + TILE].astype(np.float64).T
    new = np.maximum(largest, logits.max(1))
    total = total * np.exp(largest - new) + np.exp(logits - new[:, None]).sum(1)
    largest = new
log_normaliser = largest + np.log(total)
S, U, T = (np.zeros((N, N)) for _ in range(3))
for c in range(0, len(V), TILE):
    P = np.exp(h @ V[c : c + TILE].astype(np.float64).T - log_normaliser[:, None])
    Q = P * P
    A = P - Q
    S += P @ P.T
    U += Q @ Q.T
    T += A @ A.T
K = (h @ h.T) ** 2
print(json.dumps({"diagonal": (K * T).sum() / N**2, "offDiagonal": (K * (S * S - U)).sum() / N**2}))
