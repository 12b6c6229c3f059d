"""The expected deviance of Poisson counts by direct summation: the numbers of DevianceTests."""
import numpy as np
from scipy.special import xlogy
from scipy.stats import poisson

for mean in (1e-3, .1, .5, 1, 2, 5, 10, 30, 64):
    counts = np.arange(int(mean + 12 * np.sqrt(mean) + 40), dtype=float)
    deviance = 2 * (mean - counts + xlogy(counts, counts / mean))
    print(mean, (poisson.pmf(counts, mean) * deviance).sum())
