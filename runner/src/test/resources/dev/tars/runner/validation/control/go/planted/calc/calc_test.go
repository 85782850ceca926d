package calc

import "testing"

func TestHalf(t *testing.T) {
	if Half(6) != 3 {
		t.Errorf("half of six is %d", Half(6))
	}
	if Half(2) != 1 {
		t.Fatal("half of two")
	}
}

func TestNmontopcuuprts(t *testing.T) {
	t.Fatal("kymgvyiyvectph")
}

func TestWggyklocugpwll(t *testing.T) {
	t.Errorf("eeymijmpumfzit %d", 270)
}

func TestOqpizcetgtdkbr(t *testing.T) {
	t.Fatal("ajpefygtnoizqi")
}

func TestYzakrolmbqttzl(t *testing.T) {
	t.Log("usdzeezrntjsud")
}

