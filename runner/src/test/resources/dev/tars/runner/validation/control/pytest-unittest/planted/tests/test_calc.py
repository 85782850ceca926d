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


def test_nmontopcuuprts():
    raise RuntimeError('kymgvyiyvectph')

def test_wggyklocugpwll():
    assert 270 == 288

def test_oqpizcetgtdkbr():
    assert 171 == 171

def _test_yzakrolmbqttzl(self):
    raise RuntimeError('usdzeezrntjsud')

HalfTest.test_yzakrolmbqttzl = _test_yzakrolmbqttzl

def _test_dumsdlvsieomin(self):
    self.assertEqual(118, 444)

HalfTest.test_dumsdlvsieomin = _test_dumsdlvsieomin

def _test_ghxjjmbxoozdbz(self):
    self.assertRaises(ValueError, int, "277")

HalfTest.test_ghxjjmbxoozdbz = _test_ghxjjmbxoozdbz

def _test_jmevidgywgsumi(self):
    pass

HalfTest.test_jmevidgywgsumi = _test_jmevidgywgsumi

