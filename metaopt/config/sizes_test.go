package config

import (
	"strings"
	"testing"
)

// TestSizes gives settings that are legal one by one and whose products have more digits than an
// int: messages have the true numbers, and nothing is let through because it wrapped around.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		preset, set string
		want        []string
	}{
		{"sine-quick", "network.hidden=[1000000,1000000]", []string{"network: 1000007000000 weights"}},
		{"sine-quick", "meta.batch=1099511627776", []string{"meta.batch 1099511627776, want at most 2147483648"}},
		{"sine-quick", "network.hidden=[1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576,1048576]",
			[]string{"network: 17592193384448 weights"}},
		{"glyphs-quick", "task.query=1099511627776", []string{"task: 5497558138905 examples"}},
		{"glyphs-quick", "task.query=9223372036854775807", []string{"task: 46116860184273879060 examples"}},
		{"glyphs-quick", "task={kind: glyphs, ways: 2, shots: 1, batch: 1, query: 4611686018427387904, labels: class, remember: 5}",
			[]string{"task: 9223372036854775815 examples"}},
		{"glyphs-quick", "network.conv=[{channels: 1048576, kernel: 1048576, pad: 1048575, stride: 1},{channels: 1048576, kernel: 1048576, pad: 1048575, stride: 1}]",
			[]string{"network: 1209222127759707894448448 weights", "task: 50 examples × 5764781247344672837 units"}},
	} {
		p, err := LookupPreset(c.preset)
		if err != nil {
			t.Fatal(err)
		}
		sets := []string{c.set}
		if c.preset == "glyphs-quick" {
			sets = append(sets, "network.frozen=0")
		}
		_, err = Parse("x.yaml", p.Text, sets)
		if err == nil {
			t.Errorf("--set %s is accepted", c.set)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("--set %s: have %v, want %s", c.set, err, want)
			}
		}
		if strings.Contains(err.Error(), "9223372036854775807 ") {
			t.Errorf("--set %s: a product that ran over: %v", c.set, err)
		}
	}
}
