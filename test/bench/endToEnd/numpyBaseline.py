#!/usr/bin/env python3
"""The same work as replicates.mjs, the way it is done with NumPy and SciPy: what this program is measured against.

usage: numpyBaseline.py linear-ce|hidden-ce D N C REPLICATES
       numpyBaseline.py --draws-only linear-ce|hidden-ce D N C REPLICATES WIDTH      no laws; seconds of processor of each replicate after the first
       numpyBaseline.py --verify FOLDER D N      the arrays that replicates.mjs left there: eigenvalues and distances again

The law given the drawn weights is solved at each eigenvalue a little above the axis (2e-6 of the spread of the spectrum), by Newton's
method followed down from far above, with the weights averaged into 200 groups: an honest solver without the closed forms of theory/.
"""
import json
import os
import sys
import time
# Before NumPy comes: one thread on either side, or seconds of processor count those that wait.
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1')
import numpy as np
import scipy.linalg

GROUPS = 200
HIDDEN_WIDTH = 8


def solve_above_axis(points, weights, ratio, height):
    """m(z) at z = points + i height: the root in the upper half-plane of -1/m + mean(a / (1 + ratio a m)) = z."""
    spread = np.sqrt(np.mean(weights**2))
    points, weights, height = points / spread, weights / spread, height / spread
    above = 8.0 + np.abs(points).max()
    m = -1 / (points + 1j * above)
    for _ in range(30):
        m = 1 / ((weights / (1 + ratio * m[:, None] * weights)).mean(1) - points - 1j * above)
    while True:
        z = points + 1j * above
        for _ in range(50):
            denominators = 1 + ratio * m[:, None] * weights
            terms = weights / denominators
            step = (-1 / m + terms.mean(1) - z) / (1 / m**2 - ratio * (terms**2).mean(1))
            for _ in range(30):
                outside = (m - step).imag <= 0
                if not outside.any():
                    break
                step[outside] /= 2
            m = m - step
            if np.max(np.abs(step / m)) < 1e-9:
                break
        if above <= height:
            return m / spread
        above = max(above / 3, height)


def distribution(points, weights, ratio, height):
    m = solve_above_axis(points, weights, ratio, height)
    potential = np.log(1 + ratio * m[:, None] * weights).mean(1) / ratio - np.log(m) - (points + 1j * height) * m
    return -potential.imag / np.pi


def kolmogorov(eigenvalues, weights, ratio):
    grouped = np.array([part.mean() for part in np.array_split(np.sort(weights), min(GROUPS, len(weights)))])
    ranks = np.arange(len(eigenvalues))
    # Exact zeros are an atom of law and spectrum alike.
    live = np.abs(eigenvalues) > 1e-10 * np.abs(eigenvalues).max()
    law = distribution(eigenvalues[live], grouped, ratio, 2e-6 * np.ptp(eigenvalues))
    return float(max(np.max((ranks[live] + 1) / len(ranks) - law), np.max(law - ranks[live] / len(ranks))))


def softmax(logits):
    logits -= logits.max(axis=0)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=0)
    return logits


def block_weights(kind, rng, inputs, classes, width=HIDDEN_WIDTH):
    dimension = inputs.shape[0]
    if kind not in ('linear-ce', 'hidden-ce'):
        sys.exit(f'kind must be linear-ce or hidden-ce, got {kind}')
    if kind == 'linear-ce':
        p = softmax(rng.standard_normal((classes, dimension)) / np.sqrt(dimension) @ inputs)
        return p[0] * (1 - p[0]), -p[0] * p[1]
    hidden = rng.standard_normal((width, dimension)) / np.sqrt(dimension) @ inputs
    readout = rng.standard_normal((classes, width)) / np.sqrt(width)
    gates = hidden > 0
    p = softmax(readout @ (hidden * gates))
    means = readout.T @ p
    covariance = lambda i, j: (readout[:, i] * readout[:, j]) @ p - means[i] * means[j]
    return covariance(0, 0) * gates[0], covariance(0, 1) * gates[0] * gates[1]


def spectrum(inputs, weights):
    return scipy.linalg.eigvalsh((inputs * weights) @ inputs.T / inputs.shape[1], overwrite_a=True, check_finite=False)


def run(kind, dimension, samples, classes, replicates):
    rng = np.random.default_rng(0)
    distances, started = [], time.perf_counter()
    for _ in range(replicates):
        inputs = rng.standard_normal((dimension, samples))
        for weights in block_weights(kind, rng, inputs, classes):
            distances.append(kolmogorov(spectrum(inputs, weights), weights, dimension / samples))
    print(json.dumps({'kind': kind, 'distances': distances, 'seconds': time.perf_counter() - started}))


def time_draws(kind, dimension, samples, classes, replicates, width):
    rng = np.random.default_rng(0)
    processor = []
    for _ in range(replicates):
        started = time.process_time()
        inputs = rng.standard_normal((dimension, samples))
        for weights in block_weights(kind, rng, inputs, classes, width):
            spectrum(inputs, weights)
        processor.append(time.process_time() - started)
    print(json.dumps({'kind': kind, 'processor': processor[1:] or processor}))


def verify(folder, dimension, samples):
    read = lambda name: np.fromfile(f'{folder}/{name}.f64')
    inputs = np.ascontiguousarray(read('inputs').reshape(samples, dimension).T)
    blocks = []
    for block in (0, 1):
        weights, eigenvalues = read(f'weights{block}'), read(f'eigenvalues{block}')
        expected = spectrum(inputs, weights)
        blocks.append({'eigenvalueError': float(np.abs(expected - eigenvalues).max() / np.abs(expected).max()),
                       'distance': kolmogorov(expected, weights, dimension / samples)})
    print(json.dumps({'numpy': np.__version__, 'blocks': blocks}))


if sys.argv[1] == '--verify':
    verify(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
elif sys.argv[1] == '--draws-only':
    time_draws(sys.argv[2], *map(int, sys.argv[3:8]))
else:
    run(sys.argv[1], *map(int, sys.argv[2:6]))
