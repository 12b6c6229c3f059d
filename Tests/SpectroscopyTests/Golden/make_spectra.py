"""Writes spectra.f64: simulated low-loss spectra and core-loss edges with plural scattering.

Independent of the Swift code: plural scattering is a Poisson sum of convolutions in real space, in
float64. For t/lambda = 0.5 and 1 in turn: energies of the low loss, zero-loss peak, single scattering
(resolution of the peak), low loss, low loss with noise; then energies of the edge, the edge of single
scattering (same resolution), core loss, core loss with noise. 1024 and 1200 channels of 0.5 eV.
"""
import math
import numpy as np

STEP = 0.5
N, M = 1024, 1200
ZERO = 40
COUNTS = 1e7  # electrons in the low loss
EDGE, PEAK = 401.0, 1e4

rng = np.random.default_rng(3)
energy = (np.arange(N) - ZERO) * STEP
core = 300 + np.arange(M) * STEP
out = []
for thickness in (0.5, 1.0):
    zlp = np.exp(-0.5 * (energy / (1.0 / 2.3548)) ** 2)
    zlp /= zlp.sum()
    # Plasmon of a free-electron gas, sharp origin in channel 0.
    loss = np.arange(N) * STEP
    single = loss * 3.5 * 17.0**2 / ((loss**2 - 17.0**2) ** 2 + (loss * 3.5) ** 2)
    single *= thickness / single.sum()
    orders, term = np.zeros(4 * N), np.zeros(4 * N)
    term[0] = 1.0
    for order in range(1, 30):
        orders += term
        term = np.convolve(term, single)[: 4 * N] / order
    scale = COUNTS * math.exp(-thickness)
    low = scale * np.convolve(orders, zlp)[:N]
    plain = scale * np.convolve(single, zlp)[:N]
    # An edge with a delayed onset, one energy before the next, over a power law.
    edge = np.where(core >= EDGE, (np.maximum(core, EDGE) / EDGE) ** -3.0, 0.0)
    edge += 0.8 * np.exp(-0.5 * ((core - EDGE - 5) / 1.5) ** 2) * (core >= EDGE)
    # Long enough below the window that scattering into it is whole.
    wide = np.arange(-800, M) * STEP + 300
    law = np.where(wide > 0, (np.maximum(wide, 1) / EDGE) ** -2.7, 0.0)
    law[wide < 60] = 0
    plural = np.convolve(orders, zlp)[: N]
    recorded_edge = np.convolve(edge, plural)[ZERO : ZERO + M]
    recorded_law = np.convolve(law, plural)[ZERO : ZERO + wide.size][800:]
    height = PEAK / recorded_edge.max()
    law_height = 1.5 * PEAK / recorded_law[np.argmin(abs(core - EDGE))]
    truth = height * np.convolve(edge, zlp)[ZERO : ZERO + M]
    recorded = height * recorded_edge + law_height * recorded_law
    out += [energy, scale * zlp, plain, low, rng.poisson(low)]
    out += [core, truth, recorded, rng.poisson(recorded)]
np.concatenate(out).astype("<f8").tofile("spectra.f64")
