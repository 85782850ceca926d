import unittest

def test_drtscchzqlcnhj():
    raise RuntimeError('iyjxpoanofgdmo')

def test_odnssekcwuwvrf():
    assert 326 == 343

def test_rnyonyymzuwhfl():
    assert 380 == 380

class TestKeqbtcctfwxqxh(unittest.TestCase):
    def test_javulkgkdihvkr(self):
        raise RuntimeError('gymxhvygwjwvss')

    def test_kjkihuywilhcto(self):
        self.assertEqual(422, 520)

    def test_bubdqyczytbuzw(self):
        self.assertRaises(ValueError, int, "440")

    def test_nykrmyrljcwzrs(self):
        pass

