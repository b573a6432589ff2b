package shell

import (
	"os/exec"
	"path/filepath"
	"testing"
)

func TestProgram(t *testing.T) {
	for _, c := range []struct{ called, dir, want string }{
		{"metaplast", "/home/ann", "metaplast"},
		{"bin/metaplast", "/home/ann", "bin/metaplast"},
		{"./metaplast", "/home/ann", "./metaplast"},
		{"../my tools/metaplast", "/home/ann", "'../my tools/metaplast'"},
		{"/home/ann/bin/metaplast", "/home/ann", "bin/metaplast"},
		{"/home/ann/metaplast", "/home/ann", "./metaplast"},
		{"/usr/bin/metaplast", "/home/ann", "/usr/bin/metaplast"},
		{"/home/annex/metaplast", "/home/ann", "/home/annex/metaplast"},
		{"/usr/bin/metaplast", "", "/usr/bin/metaplast"},
	} {
		if have := Program(c.called, c.dir); have != c.want {
			t.Errorf("Program(%q, %q): have %s, want %s", c.called, c.dir, have, c.want)
		}
	}
}

// TestWord asks a shell what it reads.
func TestWord(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skipf("no shell to ask: %v", err)
	}
	for _, text := range []string{"runs/a", "my runs/a b", "it's here", `a"b\c`, "", "$HOME", "`x`", "{a,b}", "*", "~", "a;b", "#a", "ü", "a\nb", "learners.a={preset: flp}"} {
		out, err := exec.Command(sh, "-c", "printf %s "+Word(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q: written as %s, read as %q (%v)", text, Word(text), out, err)
		}
	}
}

func TestPath(t *testing.T) {
	for path, want := range map[string]string{"-a": "./-a", "a-b": "a-b", "my run": "'my run'"} {
		if have := Path(path); have != filepath.FromSlash(want) {
			t.Errorf("%q: have %s, want %s", path, have, want)
		}
	}
}
