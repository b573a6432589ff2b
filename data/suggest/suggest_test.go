package suggest

import "testing"

// TestUnknownMessage: near names are suggested, and others are not.
func TestUnknownMessage(t *testing.T) {
	commands := []string{"train", "eval", "compare", "export", "study", "report", "check", "bench", "data", "presets", "rules"}
	runs := []string{"sine-quick", "sine-paper", "glyphs-quick", "omniglot-quick"}
	for _, c := range []struct {
		name  string
		known []string
		want  string // the whole message
	}{
		{"trian", commands[:2], `unknown thing "trian": did you mean "train"? There are train, eval`},
		{"EVAL", commands[:2], `unknown thing "EVAL": did you mean "eval"? There are train, eval`},
		{"frobnicate", commands[:2], `unknown thing "frobnicate": there are train, eval`},
		{"rm", commands[:3], `unknown thing "rm": there are train, eval, compare`},
		{"x", []string{"y"}, `unknown thing "x": there are y`},
		{"sines", []string{"sine", "glyphs"}, `unknown thing "sines": did you mean "sine"? There are sine, glyphs`},
		{"oml", runs[:2], `unknown thing "oml": there are sine-quick, sine-paper`},
		{"sine", runs[:2], `unknown thing "sine": did you mean "sine-quick"? There are sine-quick, sine-paper`},
		{"omniglot", []string{"sine-quick", "omniglot-quick"}, `unknown thing "omniglot": did you mean "omniglot-quick"? There are sine-quick, omniglot-quick`},
		{"sinequick", runs[:1], `unknown thing "sinequick": did you mean "sine-quick"? There are sine-quick`},
		{"", runs[:1], `unknown thing "": there are sine-quick`},
		{"a", nil, `unknown thing "a": there are none`},
	} {
		err := Unknown("thing", c.name, c.known)
		if err == nil || err.Error() != c.want {
			t.Errorf("%q:\nhave %v\nwant %s", c.name, err, c.want)
		}
	}
	if err := Unknown("thing", "eval", commands); err != nil {
		t.Error(err)
	}
}

// TestClosest: of several equally near the first, and one however far.
func TestClosest(t *testing.T) {
	for _, c := range []struct{ name, want string }{{"alpha_b0", "alpha0"}, {"W3", "W0"}, {"c", "W0"}, {"grad_W1", "W1"}, {"quite another", "alpha0"}} {
		if have := Closest(c.name, []string{"W0", "W1", "alpha0"}); have != c.want {
			t.Errorf("%s: %s, want %s", c.name, have, c.want)
		}
	}
}
