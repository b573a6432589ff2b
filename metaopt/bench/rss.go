package bench

import (
	"bytes"
	"os"
	"strconv"
)

// peakRSS is the largest resident memory that the process has had, in bytes, as Linux tells
// it; 0 elsewhere.
func peakRSS() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, found := bytes.Cut(text, []byte("VmHWM:"))
	if !found {
		return 0
	}
	kB, err := strconv.ParseInt(string(bytes.Fields(rest)[0]), 10, 64)
	if err != nil {
		return 0
	}
	return kB << 10
}
