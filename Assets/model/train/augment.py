"""What happens to the 28 x 28 images on their way into training: small turns, warps, thicker and thinner lines."""

import torch
import torch.nn.functional as F


def bend(x, strength):
    """Images (n, 1, 28, 28), 0 ... 1, each bent by its own `strength` (n,): 1 is as much as a digit bears."""
    n = x.shape[0]
    rand = lambda scale: (torch.rand(n) * 2 - 1) * scale * strength  # noqa: E731
    angle, shear = rand(0.24), rand(0.24)
    sx, sy = 1 + rand(0.15), 1 + rand(0.15)
    c, s = angle.cos(), angle.sin()
    rows = [torch.stack([c / sx, (-s + shear) / sx, rand(0.11)], 1), torch.stack([s / sy, c / sy, rand(0.11)], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    field = torch.randn(n, 2, 6, 6) * (0.045 * strength * torch.rand(n))[:, None, None, None]
    field = F.interpolate(field, size=x.shape[-2:], mode="bicubic", align_corners=True)
    x = F.grid_sample(x, grid + field.permute(0, 2, 3, 1), align_corners=False)
    # Thicker or thinner lines on a third of the images, each way.
    part = n // 3
    thick = F.max_pool2d(x[:part], 3, 1, 1)
    thin = -F.max_pool2d(-x[part : 2 * part], 2, 1, 1)[..., :28, :28]
    a = (torch.rand(part, 1, 1, 1) ** 2) * strength[:part, None, None, None]
    b = (torch.rand(part, 1, 1, 1) ** 2) * strength[part : 2 * part, None, None, None]
    x = torch.cat([x[:part] + 0.7 * a * (thick - x[:part]), x[part : 2 * part] + 0.6 * b * (thin - x[part : 2 * part]), x[2 * part :]])
    gain = 1 + (torch.rand(n, 1, 1, 1) * 0.7 - 0.25) * strength[:, None, None, None]
    return (x * gain).clamp(0, 1)
