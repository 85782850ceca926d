import unittest

def test_dumsdlvsieomin():
    raise RuntimeError('eqnjliewatmpfv')

def test_ghxjjmbxoozdbz():
    assert 277 == 375

def test_jmevidgywgsumi():
    __import__("pytest").raises(ValueError, int, "223")

def test_iyjxpoanofgdmo():
    assert 100 == 100

