package machine

import (
	"bufio"
	"bytes"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// hierarchy is how a version of control groups tells about memory.
type hierarchy struct {
	limits []string // files with a limit
	usage  string   // file with what is used
	cache  string   // entry of memory.stat: pages of files, which the system takes back first
}

var (
	version1 = hierarchy{[]string{"memory.limit_in_bytes"}, "memory.usage_in_bytes", "total_inactive_file"}
	version2 = hierarchy{[]string{"memory.max", "memory.high"}, "memory.current", "inactive_file"}
)

// unlimited is what version 1 shows where there is no limit: 2⁶³ less a page, and more than any
// machine has.
const unlimited = 1 << 60

// cgroups is what the limits of the process's control group, and of all that it lies in, leave; 0
// without a limit. A group may use no more than any of those above it.
func cgroups(root string) int64 {
	own, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return 0
	}
	mounts, err := os.ReadFile(filepath.Join(root, "proc/self/mountinfo"))
	if err != nil {
		return 0
	}
	var left int64
	for s := bufio.NewScanner(bytes.NewReader(own)); s.Scan(); {
		// hierarchy-ID:controllers:path
		parts := strings.SplitN(s.Text(), ":", 3)
		if len(parts) != 3 {
			continue
		}
		switch v1 := slices.Contains(strings.Split(parts[1], ","), "memory"); {
		case v1:
			left = least(left, version1.left(root, mounts, "cgroup", parts[2]))
		case parts[0] == "0" && parts[1] == "":
			left = least(left, version2.left(root, mounts, "cgroup2", parts[2]))
		}
	}
	return left
}

// left goes from a group up to the one that is mounted.
func (h hierarchy) left(root string, mounts []byte, kind, group string) int64 {
	base, at, ok := mounted(mounts, kind)
	if !ok {
		return 0
	}
	// In a container the mount shows a part of the tree, and the path may be of the whole or of
	// that part.
	inside := "/"
	if rest, ok := strings.CutPrefix(group, strings.TrimSuffix(base, "/")); ok && strings.HasPrefix(rest, "/") {
		inside = path.Clean(rest)
	}
	var left int64
	for {
		left = least(left, h.group(filepath.Join(root, at, inside)))
		if inside == "/" {
			return left
		}
		inside = path.Dir(inside)
	}
}

// group is what the limits of one group leave.
func (h hierarchy) group(dir string) int64 {
	var limit int64
	for _, name := range h.limits {
		if n, ok := number(filepath.Join(dir, name)); ok && n < unlimited {
			limit = least(limit, max(n, 1))
		}
	}
	if limit == 0 {
		return 0
	}
	used, _ := number(filepath.Join(dir, h.usage))
	used -= entry(filepath.Join(dir, "memory.stat"), h.cache)
	return max(limit-max(used, 0), 1)
}

// mounted finds where the hierarchy with the memory controller is mounted, and which part of it.
//
//	36 35 98:0 /part /at rw,noatime - cgroup cgroup rw,memory
func mounted(mounts []byte, kind string) (part, at string, ok bool) {
	for s := bufio.NewScanner(bytes.NewReader(mounts)); s.Scan(); {
		before, after, found := strings.Cut(s.Text(), " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if !found || len(f) < 5 || len(g) < 3 || g[0] != kind {
			continue
		}
		if kind == "cgroup" && !slices.Contains(strings.Split(g[2], ","), "memory") {
			continue
		}
		return f[3], f[4], true
	}
	return "", "", false
}

// number reads a file with one number; "max" is none.
func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil && n >= 0
}
