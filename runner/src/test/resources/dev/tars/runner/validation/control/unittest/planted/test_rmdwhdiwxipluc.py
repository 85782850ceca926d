import unittest

class TestPflhumdoalprqn(unittest.TestCase):
    def test_fysieqczllrrbj(self):
        raise RuntimeError('qdhwhlwxmedtli')

    def test_ojlonvvnwdcpoh(self):
        self.assertEqual(366, 703)

    def test_ppmgqkhmcpauiq(self):
        self.assertTrue(False)

    def test_fgkzhowgupjeut(self):
        pass

