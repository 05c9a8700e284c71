"""What only a real kernel can prove of the touch room: virtual-touch checks itself on uinput, sentence by sentence."""

import unittest

import booth as panel


class TouchOnThisKernel(unittest.TestCase):
    def test_every_check_of_virtual_touch_passes(self):
        with panel.boot("none") as guest:
            result = guest.run("virtual-touch check", timeout=180, check=False)
        lines = result.text.splitlines()
        failed = [line for line in lines if line.startswith("not ok")]
        self.assertEqual((failed, result.code), ([], 0), result.text[-3000:] + result.complaint[-1000:])
        self.assertGreaterEqual(sum(line.startswith("ok ") for line in lines), 30)


if __name__ == "__main__":
    unittest.main()
