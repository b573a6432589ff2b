package graphtest

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Check is rapid.Check with so many checks, the same at each run unless -rapid.seed or
// -rapid.checks say otherwise.
func Check(t *testing.T, checks int, property func(*rapid.T)) {
	t.Helper()
	for name, value := range map[string]string{"rapid.seed": "1", "rapid.checks": fmt.Sprint(checks), "rapid.nofailfile": "true", "rapid.shrinktime": "5s"} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := f.Value.Set(value); err != nil {
				t.Fatal(err)
			}
			defer f.Value.Set(f.DefValue)
		}
	}
	rapid.Check(t, property)
}
