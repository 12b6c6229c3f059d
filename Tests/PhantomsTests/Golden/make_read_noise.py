"""The distribution of counted electrons with read noise, by numpy and scipy in float64.

k ~ Poisson(mean), v = k + N(0, rms): P(v <= t) = sum_k P(k) Phi((t - k) / rms).
Written to read_noise.json: mean, rms, standard deviation, skewness and the cumulative
distribution at seven places.
"""

import json

import numpy as np
from scipy.stats import norm, poisson

cases = []
for mean, rms in [(0.4, 0.3), (3.0, 2.0), (50.0, 9.0)]:
    k = np.arange(0, int(mean + 40 * np.sqrt(mean) + 60))
    weight = poisson.pmf(k, mean)
    sd = np.sqrt(mean + rms**2)
    places = mean + sd * np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    below = [float(np.sum(weight * norm.cdf((t - k) / rms))) for t in places]
    cases.append(
        {
            "mean": mean,
            "rms": rms,
            "deviation": float(sd),
            "skewness": float(mean / sd**3),
            "places": [float(t) for t in places],
            "below": below,
        }
    )
with open("read_noise.json", "w") as file:
    json.dump(cases, file, indent=1)
