import unittest

from calc import half


class HalfTest(unittest.TestCase):
    def test_half(self):
        self.assertEqual(half(6), 3)
        self.assertTrue(half(2))


if __name__ == "__main__":
    unittest.main()


def _test_nmontopcuuprts(self):
    raise RuntimeError('kymgvyiyvectph')

HalfTest.test_nmontopcuuprts = _test_nmontopcuuprts

def _test_wggyklocugpwll(self):
    self.assertEqual(270, 288)

HalfTest.test_wggyklocugpwll = _test_wggyklocugpwll

def _test_oqpizcetgtdkbr(self):
    self.assertTrue(False)

HalfTest.test_oqpizcetgtdkbr = _test_oqpizcetgtdkbr

def _test_yzakrolmbqttzl(self):
    pass

HalfTest.test_yzakrolmbqttzl = _test_yzakrolmbqttzl

