import pytest
from calc import half


def test_half():
    assert half(6) == 3


def test_none():
    with pytest.raises(TypeError):
        half(None)


if __name__ == "__main__":
    pytest.main()
