# %% [markdown]
# A straight line through four points.

# %%
import numpy as np

t = np.array([0.0, 1.0, 2.0, 3.0])
u = np.array([1.137, 2.941, 5.218, 7.083])

# %%
centred_t = t - t.mean()
centred_u = u - u.mean()
slope = np.sum(centred_t * centred_u) / np.sum(centred_t**2)
intercept = u.mean() - slope * t.mean()
line = np.array([slope, intercept])
print(line)

# %%
residuals = u - (slope * t + intercept)
print(residuals)
