# %% [markdown]
# A square, its derivative, and a step.

# %%
import numpy as np

# %%
def square(x):
    return x * x


def square_grad(x):
    return 2 * x


# %%
def step(x):
    return np.where(x > 0, 1.0, 0.0)


# %%
x = np.linspace(-2.0, 2.0, 5)
print(square(x), square_grad(x), step(x))

# %% [markdown]
# ## 3. Derivative of a step
#
# Everywhere but at 0 the step is constant, so its derivative is 0. At 0 it jumps.
