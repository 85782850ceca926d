package calc

import "testing"

func TestQdhwhlwxmedtli(t *testing.T) {
	t.Fatal("ghxjjmbxoozdbz")
}

func TestJbidbsprtpxpwk(t *testing.T) {
	t.Errorf("jmevidgywgsumi %d", 145)
}

func TestDrtscchzqlcnhj(t *testing.T) {
	t.Fatal("iyjxpoanofgdmo")
}

func TestOdnssekcwuwvrf(t *testing.T) {
	t.Log("xuuhkztptxhsnb")
}

