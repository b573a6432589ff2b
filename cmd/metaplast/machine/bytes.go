package machine

import (
	"math"
	"strconv"
	"strings"
)

// ParseBytes reads a number with a unit.
func ParseBytes(s string) (int64, bool) {
	units := []struct {
		name string
		size float64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}
	for _, u := range units {
		if len(s) > len(u.name) && strings.EqualFold(s[len(s)-len(u.name):], u.name) {
			x, err := strconv.ParseFloat(strings.TrimSpace(s[:len(s)-len(u.name)]), 64)
			if err != nil || !(x > 0) || x*u.size > math.MaxInt64/2 {
				return 0, false
			}
			return int64(x * u.size), true
		}
	}
	return 0, false
}
