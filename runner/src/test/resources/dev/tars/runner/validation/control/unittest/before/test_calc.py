import unittest

from calc import half


class HalfTest(unittest.TestCase):
    def test_half(self):
        self.assertEqual(half(6), 3)
        self.assertTrue(half(2))


if __name__ == "__main__":
    unittest.main()
