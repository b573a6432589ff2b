package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/metaopt"
)

// flagsMemory are --remat and --memory.
func flagsMemory() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "remat", DefaultText: "by the memory available",
			Usage: "keep the weights of every `K`-th inner step only and compute the rest twice; 0 keeps all; changes no result"},
		&cli.StringFlag{Name: "memory", DefaultText: "what is available",
			Usage: "use at most `SIZE` of memory, such as 800MB or 16GB"},
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
		return remat, bytes, nil
	}
	return remat, availableMemory(), nil
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

// availableMemory is what Linux says can be used without swapping, or what is left of the
// container's limit if that is less; 0 where it is not known.
func availableMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	have := meminfo(text, "MemAvailable")
	limit, okLimit := readNumber("/sys/fs/cgroup/memory.max")
	used, okUsed := readNumber("/sys/fs/cgroup/memory.current")
	if okLimit && okUsed && (have == 0 || limit-used < have) {
		have = max(limit-used, 1)
	}
	return have
}

// meminfo finds an entry of /proc/meminfo, in bytes; 0 if it is not there.
func meminfo(text []byte, key string) int64 {
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		var name string
		var kB int64
		if n, _ := fmt.Sscan(s.Text(), &name, &kB); n == 2 && name == key+":" {
			return kB << 10
		}
	}
	return 0
}

func readNumber(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}
