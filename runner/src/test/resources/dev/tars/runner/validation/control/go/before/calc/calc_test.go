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
