# %%
import numpy as np

x, y = np.array([1.0, 3.5]), np.array([2.25, 9.5])
slope = (y[1] - y[0]) / (x[1] - x[0])
slope

# %%
offset = y[0] - slope * x[0]
offset
