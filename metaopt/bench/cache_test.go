package bench

import (
	"fmt"
	"testing"
	"testing/fstest"
)

// TestLastCache reads machines: caches of the last level count once for all that share them.
func TestLastCache(t *testing.T) {
	type cache struct {
		cpu, index  int
		level, size string
		shared      string
	}
	for _, c := range []struct {
		name   string
		caches []cache
		want   int64
	}{
		{"nothing known", nil, 0},
		{"one for all", []cache{{0, 0, "1", "48K", "0"}, {0, 3, "3", "32768K", "0-1"}, {1, 0, "1", "48K", "1"}, {1, 3, "3", "32768K", "0-1"}}, 32 << 20},
		{"one for every two", []cache{{0, 3, "3", "96M", "0-1"}, {1, 3, "3", "96M", "0-1"}, {2, 3, "3", "96M", "2-3"}, {3, 3, "3", "96M", "2-3"}}, 192 << 20},
		{"two levels", []cache{{0, 0, "1", "32K", "0"}, {0, 2, "2", "512K", "0"}, {10, 2, "2", "512K", "10"}}, 1 << 20},
		{"not a size", []cache{{0, 2, "2", "plenty", "0"}, {1, 2, "2", "-1", "1"}}, 0},
	} {
		root := fstest.MapFS{}
		for _, k := range c.caches {
			dir := fmt.Sprintf("sys/devices/system/cpu/cpu%d/cache/index%d/", k.cpu, k.index)
			for name, text := range map[string]string{"level": k.level, "size": k.size, "shared_cpu_list": k.shared} {
				root[dir+name] = &fstest.MapFile{Data: []byte(text + "\n")}
			}
		}
		if have := lastCache(root); have != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, have, c.want)
		}
	}
}

// TestStreamBytes sizes streams by threads, caches, and memory that is left.
func TestStreamBytes(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct{ threads, cache, memory, taken, want int64 }{
		{1, 0, 0, 0, 128 * mib},
		{2, 32 * mib, 0, 0, 256 * mib},
		{2, 480 * mib, 0, 0, 960 * mib},
		{2, 480 * mib, 1000 * mib, 400 * mib, 300 * mib},
		{2, 480 * mib, 100 * mib, 400 * mib, 64 * mib},
	} {
		if have := streamBytes(c.threads, c.cache, c.memory, c.taken); have != c.want {
			t.Errorf("%+v: %d", c, have)
		}
	}
}
