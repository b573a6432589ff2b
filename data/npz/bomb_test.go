package npz

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// zeros is an archive with one deflated array of n bytes that are 0.
func zeros(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: "x.npy", Method: zip.Deflate})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(appendHeader(nil, "|b1", []int{n})); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBomb: a small archive that unpacks to very much is refused before memory is taken for it,
// and one that unpacks to what may be meant is read.
func TestBomb(t *testing.T) {
	bomb := zeros(t, manyElements+1)
	if len(bomb) > 1<<16 {
		t.Fatalf("an archive of %d bytes is no bomb", len(bomb))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Decode(bytes.NewReader(bomb), int64(len(bomb)))
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrSize) || !strings.Contains(err.Error(), fmt.Sprint(manyElements)) {
		t.Errorf("error %v, want ErrSize with the limit", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
		t.Errorf("%d bytes were allocated for an archive that is refused", took)
	}
	small := zeros(t, 1<<20)
	arrays, err := Decode(bytes.NewReader(small), int64(len(small)))
	if err != nil || len(arrays["x"].Data) != 1<<20 {
		t.Errorf("%d elements, %v; want 2²⁰", len(arrays["x"].Data), err)
	}
	if n := unpacked(1 << 40); n != MaxElements {
		t.Errorf("a huge archive may have %d elements, want %d", n, MaxElements)
	}
}
