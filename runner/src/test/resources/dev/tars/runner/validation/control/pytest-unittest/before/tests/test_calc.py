import unittest

from calc import half


class HalfTest(unittest.TestCase):
    def setUp(self):
        self.six = 6

    def test_half(self):
        self.assertEqual(half(self.six), 3)

    def test_none(self):
        with self.assertRaises(TypeError):
            half(None)


def test_beside():
    assert half(2) == 1
