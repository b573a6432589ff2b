// Package machine tells how much memory and how many processors a process may use: what the machine
// has, less what control groups and limits of the process allow.
//
//	memory      /proc/meminfo's MemAvailable; of the process's control group and all groups above
//	            it, what their limits leave (version 1 and 2, nested, in a container or not); of the
//	            limits on address space and data (ulimit -v, ulimit -d), what is not taken
//	processors  those of the affinity mask, or of the quota of the control groups, rounded up, or
//	            GOMAXPROCS where it is set
//
// Nothing is an error: what cannot be read sets no limit.
package machine

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// processors is what Go found at the start, before anything changes it. Since Go 1.25 that is what
// the documentation of Processors says.
var processors = runtime.GOMAXPROCS(0)

// Processors is how many processors the process may use. With a quota of less than two, Go says two.
func Processors() int { return processors }

// Memory is how many bytes the process may still use without swapping, 0 where nothing is known.
func Memory() int64 { return least(inFiles("/"), Limit()) }

// Limit is what the process's own limits leave, 0 without one. Go ends a program that goes beyond.
func Limit() int64 { return ofProcess("/proc/self/status") }

// least returns the smallest of numbers, of which 0 means no limit.
func least(ns ...int64) int64 {
	var best int64
	for _, n := range ns {
		if n > 0 && (best == 0 || n < best) {
			best = n
		}
	}
	return best
}

// inFiles is what the files of a system say, whose root is a parameter for tests.
func inFiles(root string) int64 {
	return least(entry(filepath.Join(root, "proc/meminfo"), "MemAvailable:")<<10, cgroups(root))
}

// entry finds a number in a file of lines "NAME NUMBER"; 0 if it is not there.
func entry(path, name string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		fields := strings.Fields(s.Text())
		if len(fields) < 2 || fields[0] != name {
			continue
		}
		n, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	return 0
}
