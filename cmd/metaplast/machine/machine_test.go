package machine

import (
	"os"
	"path/filepath"
	"testing"
)

// TestInFiles is about trees of files as Linux shows them.
func TestInFiles(t *testing.T) {
	const (
		meminfo = "MemTotal:  9000 kB\nMemAvailable:  8000 kB\n"
		mount2  = "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
		mount1  = "30 23 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n31 23 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing", nil, 0},
		{"the machine", map[string]string{"proc/meminfo": meminfo}, 8000 << 10},
		{"no such entry", map[string]string{"proc/meminfo": "MemFree: 3 kB\n"}, 0},
		{"version 2, the group's own limit", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/a/b/memory.max": "5000\n", "sys/fs/cgroup/a/b/memory.current": "1000\n"}, 4000},
		{"version 2, the limit two levels up", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b/c\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/a/memory.max": "5000\n", "sys/fs/cgroup/a/memory.current": "2000\n",
			"sys/fs/cgroup/a/b/c/memory.max": "max\n", "sys/fs/cgroup/a/b/c/memory.current": "1\n"}, 3000},
		{"version 2, the tightest of several, high included", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "0::/a/b\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/a/memory.max": "9000\n", "sys/fs/cgroup/a/memory.current": "7000\n",
			"sys/fs/cgroup/a/b/memory.max": "8000\n", "sys/fs/cgroup/a/b/memory.high": "5000\n", "sys/fs/cgroup/a/b/memory.current": "3500\n"}, 1500},
		{"version 2, pages of files can be taken back", map[string]string{"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/memory.max": "5000\n", "sys/fs/cgroup/memory.current": "4000\n", "sys/fs/cgroup/memory.stat": "anon 1\ninactive_file 3000\n"}, 4000},
		{"version 2, used up", map[string]string{"proc/self/cgroup": "0::/\n", "proc/self/mountinfo": mount2,
			"sys/fs/cgroup/memory.max": "5000\n", "sys/fs/cgroup/memory.current": "6000\n"}, 1},
		{"version 2 in a container that sees a part of the tree", map[string]string{"proc/self/cgroup": "0::/docker/x/job\n",
			"proc/self/mountinfo":      "29 23 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
			"sys/fs/cgroup/memory.max": "5000\n", "sys/fs/cgroup/job/memory.max": "4000\n"}, 4000},
		{"version 2 with a path that is not in the mount", map[string]string{"proc/self/cgroup": "0::/../other\n",
			"proc/self/mountinfo":      "29 23 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
			"sys/fs/cgroup/memory.max": "5000\n"}, 5000},
		{"version 1, nested", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "5:cpu:/\n4:memory:/a/b\n0::/\n", "proc/self/mountinfo": mount1,
			"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "6000\n", "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "1000\n",
			"sys/fs/cgroup/memory/a/memory.stat":             "total_inactive_file 500\n",
			"sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9223372036854771712\n", "sys/fs/cgroup/memory/a/b/memory.usage_in_bytes": "10\n"}, 5500},
		{"version 1, no limit", map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "4:cpu,memory:/\n", "proc/self/mountinfo": mount1,
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 8000 << 10},
		{"nonsense", map[string]string{"proc/meminfo": "MemAvailable: x\n", "proc/self/cgroup": "a\n0::/\n", "proc/self/mountinfo": "x - cgroup2\n" + mount2,
			"sys/fs/cgroup/memory.max": "many\n"}, 0},
	} {
		root := t.TempDir()
		for name, text := range c.files {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if n := inFiles(root); n != c.want {
			t.Errorf("%s: %d, want %d", c.name, n, c.want)
		}
	}
}
