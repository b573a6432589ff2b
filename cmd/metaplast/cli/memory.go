package cli

import (
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/machine"
	"metaplast/metaopt"
)

// flagsMemory are --remat and --memory.
func flagsMemory() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "remat", DefaultText: "by the memory available",
			Usage: "keep the weights of every `K`-th inner step only and compute the rest twice; 0 keeps all; changes no result"},
		&cli.StringFlag{Name: "memory", DefaultText: "what is available",
			Usage: "use at most `SIZE` of memory, such as 800MB or 16GB, give or take a tenth"},
	}
}

// memory reads --remat and --memory.
func memory(c *cli.Context) (remat int, bytes int64, err error) {
	remat = metaopt.AutoRemat
	if c.IsSet("remat") {
		if remat = c.Int("remat"); remat < 0 {
			return 0, 0, usagef("--remat: %d, want 0 or a distance in inner steps", remat)
		}
	}
	if s := c.String("memory"); c.IsSet("memory") {
		bytes, ok := parseBytes(s)
		if !ok {
			return 0, 0, usagef("--memory: %q, want a size such as 800MB or 16GB", s)
		}
		// Beyond a limit of the process there is nothing, whatever is asked for.
		if limit := machine.Limit(); limit > 0 {
			bytes = min(bytes, limit)
		}
		limitMemory(bytes)
		return remat, bytes, nil
	}
	bytes = machine.Memory()
	limitMemory(bytes)
	return remat, bytes, nil
}

// parseBytes reads a number with a unit.
func parseBytes(s string) (int64, bool) {
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

// uncounted is what a process has resident that Go's memory limit does not count: the program
// itself, and what it computes with outside of Go.
const uncounted = 64 << 20

// limitMemory makes Go collect garbage before the process takes more than so many bytes, which plans
// alone cannot promise: the heap is otherwise let grow to twice what lives in it. A limit that the
// user has set in GOMEMLIMIT stays.
func limitMemory(bytes int64) {
	if os.Getenv("GOMEMLIMIT") != "" || bytes <= 0 {
		return
	}
	debug.SetMemoryLimit(max(bytes-uncounted, bytes/2))
}
