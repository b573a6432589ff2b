package bench

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// lastCache is how many bytes the caches of the last level hold, all together, as Linux tells in
// /sys; 0 where nothing is known. The root is a parameter for tests.
func lastCache(root fs.FS) int64 {
	caches, err := fs.Glob(root, "sys/devices/system/cpu/cpu*/cache/index*")
	if err != nil {
		return 0 // the pattern is right
	}
	var total, last int64
	counted := map[string]bool{}
	for _, dir := range caches {
		level, size := number(root, dir, "level"), number(root, dir, "size")
		if level > last {
			last, total = level, 0
			clear(counted)
		}
		// Processors that share a cache name the same processors, each one that it has alone another.
		if of := text(root, dir, "shared_cpu_list"); level == last && !counted[of] {
			counted[of] = true
			total += size
		}
	}
	return total
}

// number is what a file says, such as 32768K, in bytes; 0 if it says none.
func number(root fs.FS, dir, name string) int64 {
	s, scale := text(root, dir, name), int64(1)
	for i, unit := range []string{"K", "M", "G"} {
		if rest, found := strings.CutSuffix(s, unit); found {
			s, scale = rest, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n * scale
}

func text(root fs.FS, dir, name string) string {
	b, err := fs.ReadFile(root, path.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
