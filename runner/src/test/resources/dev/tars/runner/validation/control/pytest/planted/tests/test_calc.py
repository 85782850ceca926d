import pytest
from calc import half


def test_half():
    assert half(6) == 3


def test_none():
    with pytest.raises(TypeError):
        half(None)


if __name__ == "__main__":
    pytest.main()


def test_nmontopcuuprts():
    raise RuntimeError('kymgvyiyvectph')

def test_wggyklocugpwll():
    assert 270 == 288

def test_oqpizcetgtdkbr():
    __import__("pytest").raises(ValueError, int, "171")

def test_yzakrolmbqttzl():
    assert 205 == 205

