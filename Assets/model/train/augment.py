"""What happens to the 28 x 28 images on their way into training: small turns, warps, thicker and thinner lines."""

import torch
import torch.nn.functional as F

SIDE = 28
# The middle of each pixel in grid_sample's coordinates, and the base from which six by six control points bend them.
_AT = (torch.arange(SIDE) * 2 + 1) / SIDE - 1
_BASE = F.interpolate(torch.eye(6)[None, None], size=(SIDE, 6), mode="bicubic", align_corners=True)[0, 0]


def bend(x, strength):
    """Images (n, 28, 28), 0 ... 1, each bent by its own `strength` (n,): 1 is as much as a digit bears.

    Returns (n, 1, 28, 28).
    """
    n, at, base = x.shape[0], _AT.to(x.device), _BASE.to(x.device)

    def uniform(*shape):
        return torch.rand(*shape, device=x.device)

    def rand(scale):
        return ((uniform(n) * 2 - 1) * scale * strength)[:, None, None]

    angle, shear = rand(0.24), rand(0.24)
    sx, sy = 1 + rand(0.15), 1 + rand(0.15)
    c, s = angle.cos(), angle.sin()
    field = base @ (torch.randn(2, n, 6, 6, device=x.device) * (0.045 * strength * uniform(n))[:, None, None]) @ base.T
    u, v = at[None, None, :], at[None, :, None]
    grid = torch.stack(
        [(c * u + (shear - s) * v) / sx + rand(0.11) + field[0], (s * u + c * v) / sy + rand(0.11) + field[1]], 3
    )
    x = F.grid_sample(x[:, None], grid, align_corners=False)
    # Thicker lines on a third of the images, thinner ones on another; `x` comes in random order.
    part = n // 3
    thick, thin = x[:part], x[part : 2 * part]
    right, left = F.pad(thick, (1, 0, 1, 0))[..., :SIDE, :SIDE], F.pad(thick, (0, 1, 0, 1))[..., 1:, 1:]
    a = uniform(part, 1, 1, 1).square() * strength[:part, None, None, None]
    thick += 0.7 * a * (torch.maximum(right, left) - thick).clamp_min(0)
    under = torch.minimum(F.pad(thin, (1, 0))[..., :SIDE], F.pad(thin, (0, 0, 0, 1))[..., 1:, :])
    b = uniform(part, 1, 1, 1).square() * strength[part : 2 * part, None, None, None]
    thin += 0.6 * b * (under - thin).clamp_max(0)
    x *= 1 + (uniform(n, 1, 1, 1) * 0.7 - 0.25) * strength[:, None, None, None]
    return x.clamp_(0, 1)
