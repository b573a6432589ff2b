package machine

import "testing"

func TestParseBytes(t *testing.T) {
	for s, want := range map[string]int64{"800MB": 800e6, "16GB": 16e9, "1.5 GiB": 3 << 29, "2KiB": 2048, "7B": 7, "3mb": 3e6} {
		if n, ok := ParseBytes(s); !ok || n != want {
			t.Errorf("%q: %d, %v: want %d", s, n, ok, want)
		}
	}
	for _, s := range []string{"", "12", "GB", "-1GB", "0MB", "NaNGB", "1e300GB", "one GB", "12GBs"} {
		if n, ok := ParseBytes(s); ok {
			t.Errorf("%q: %d: want a refusal", s, n)
		}
	}
}
