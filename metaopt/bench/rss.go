package bench

import (
	"bytes"
	"os"
	"strconv"
)

// resident is an entry of /proc/self/status in bytes, VmRSS: for the resident memory of now,
// VmHWM: for its peak; 0 where there is none.
func resident(entry string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, found := bytes.Cut(text, []byte(entry))
	if !found {
		return 0
	}
	kB, err := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kB << 10
}
