package tree

import (
	"strings"
	"testing"
	"time"
)

// TestHostileYAML gives the parser the texts of the largest legal size that parsers stumble over:
// whatever becomes of them, it takes seconds at most even on a busy machine. Where the time grows
// with the square of the size, each takes minutes.
func TestHostileYAML(t *testing.T) {
	const bound = 20 * time.Second
	units := []string{"[", "{", "- ", "? ", "&a ", "*a ", "!t ", "'", "\"", "'a' ", "'a',", "\t", "a: ", "a:\n", "[],", "{},", "1,",
		"k: v\n", "|\n", "x", " ", "\n", "#", "# \n", "---\n", "%a\n", ":", "[a: ", "{a: ", "}", "]", "`", "\\", "<<: ", "\r", "-",
		"a\n", ", ", "> ", "a: b, ", "- a\n", "k: [\n", "a: |\n b\n", "'a'\n", "x ", "-\t", "-\n"}
	for _, unit := range units {
		for _, start := range []string{"", "[", "a: |\n "} {
			text := start + strings.Repeat(unit, (MaxFile-len(start))/len(unit))
			done := make(chan error, 1)
			go func() {
				_, err := Parse([]byte(text), InFile("x.yaml"))
				done <- err
			}()
			select {
			case err := <-done:
				if err != nil && !strings.HasPrefix(err.Error(), "x.yaml") {
					t.Errorf("%q after %q: %v, want the place first", unit, start, err)
				}
				if err != nil && len(err.Error()) > 500 {
					t.Errorf("%q after %q: a message of %d bytes", unit, start, len(err.Error()))
				}
			case <-time.After(bound):
				t.Fatalf("%q after %q, %d bytes: not parsed after %v", unit, start, len(text), bound)
			}
		}
	}
}
