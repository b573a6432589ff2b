package record

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// slowCRC is CRC-32C bit by bit.
func slowCRC(b []byte) uint32 {
	c := ^uint32(0)
	for _, x := range b {
		c ^= uint32(x)
		for range 8 {
			c = c>>1 ^ 0x82f63b78&-(c&1)
		}
	}
	return ^c
}

func TestCRC(t *testing.T) {
	// RFC 3720, B.4, and the check value of CRC-32C.
	for _, c := range []struct {
		b    []byte
		want uint32
	}{
		{make([]byte, 32), 0x8a9136aa},
		{bytes.Repeat([]byte{0xff}, 32), 0x62a8ab43},
		{[]byte("123456789"), 0xe3069283},
	} {
		if got := slowCRC(c.b); got != c.want {
			t.Errorf("the test's own CRC of % x is %#x, want %#x", c.b, got, c.want)
		}
		masked := maskedCRC(c.b) - 0xa282ead8
		if got := masked>>17 | masked<<15; got != c.want {
			t.Errorf("CRC of % x is %#x, want %#x", c.b, got, c.want)
		}
	}
}

// decodeProto returns the fields of a message as "number=value", nested by field path.
func decodeProto(b []byte, path string, nested map[string]bool) ([]string, error) {
	var out []string
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("bad key")
		}
		b = b[n:]
		at := fmt.Sprintf("%s%d", path, key>>3)
		switch key & 7 {
		case 0:
			v, n := binary.Uvarint(b)
			out, b = append(out, fmt.Sprintf("%s=%d", at, v)), b[n:]
		case 1:
			out = append(out, fmt.Sprintf("%s=%v", at, math.Float64frombits(binary.LittleEndian.Uint64(b))))
			b = b[8:]
		case 5:
			out = append(out, fmt.Sprintf("%s=%v", at, math.Float32frombits(binary.LittleEndian.Uint32(b))))
			b = b[4:]
		case 2:
			l, n := binary.Uvarint(b)
			data := b[n : n+int(l)]
			b = b[n+int(l):]
			if !nested[at] {
				out = append(out, at+"="+string(data))
				continue
			}
			in, err := decodeProto(data, at+".", nested)
			if err != nil {
				return nil, err
			}
			out = append(out, in...)
		default:
			return nil, fmt.Errorf("wire type %d", key&7)
		}
	}
	return out, nil
}

// decodeEvents reads an event file without any code of the package.
func decodeEvents(t testing.TB, b []byte) []string {
	t.Helper()
	unmask := func(at []byte) uint32 {
		m := binary.LittleEndian.Uint32(at) - 0xa282ead8
		return m>>17 | m<<15
	}
	var events []string
	for len(b) > 0 {
		n := binary.LittleEndian.Uint64(b)
		if slowCRC(b[:8]) != unmask(b[8:]) || slowCRC(b[12:12+n]) != unmask(b[12+n:]) {
			t.Fatal("checksum")
		}
		fields, err := decodeProto(b[12:12+n], "", map[string]bool{"5": true, "5.1": true})
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, strings.Join(fields, " "))
		b = b[16+n:]
	}
	return events
}

// fixed is a clock that stands still.
func fixed() time.Time { return time.Unix(1700000000, 250_000_000) }

func board(t testing.TB, dir string, records []Record) {
	t.Helper()
	b, err := CreateTensorBoard(dir, fixed)
	if err != nil {
		t.Fatal(err)
	}
	record(t, b, records)
}

func TestTensorBoard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "tb")
	board(t, dir, run())
	want := map[string][]string{
		"flp": {"1=1.70000000025e+09 3=brain.Event:2"},
		"oml": {
			"1=1.70000000025e+09 3=brain.Event:2",
			"1=1.70000000025e+09 2=4 5.1.1=eval/mse_mean 5.1.2=-Inf",
			"1=1.70000000025e+09 2=5 5.1.1=diverged/loss 5.1.2=NaN",
			"1=1.70000000025e+09 2=8 5.1.1=eval/mse_mean 5.1.2=-Inf",
			"1=1.70000000025e+09 2=10 5.1.1=diverged/loss 5.1.2=NaN",
			"1=1.70000000025e+09 2=12 5.1.1=eval/mse_mean 5.1.2=-Inf",
		},
	}
	for s := 1; s <= 12; s++ {
		want["flp"] = append(want["flp"], fmt.Sprintf("1=1.70000000025e+09 2=%d 5.1.1=train/loss 5.1.2=%v 5.1.1=train/grad_norm 5.1.2=%v",
			s, float32(1/float64(s)), float32(float64(s)*1e-7)))
	}
	for learner, w := range want {
		got := decodeEvents(t, read(t, filepath.Join(dir, learner, eventsName)))
		if !slices.Equal(got, w) {
			t.Errorf("%s: got\n%s\nwant\n%s", learner, strings.Join(got, "\n"), strings.Join(w, "\n"))
		}
	}
	if got := decodeEvents(t, read(t, filepath.Join(dir, eventsName))); len(got) != 4 {
		t.Errorf("records without a learner: %q", got)
	}
	if _, err := CreateTensorBoard(dir, fixed); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

func TestTensorBoardResumes(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "tb")
	board(t, whole, run())
	for _, last := range []int{0, 1, 5, 12} {
		part := filepath.Join(t.TempDir(), "tb")
		board(t, part, slices.DeleteFunc(run(), func(r Record) bool { return r.Step > last }))
		for _, learner := range []string{"", "flp", "oml"} {
			name := filepath.Join(learner, eventsName)
			want := read(t, filepath.Join(whole, name))
			var complete []byte
			if b, err := os.ReadFile(filepath.Join(part, name)); err == nil {
				complete = b
			}
			// Killed at any byte: the other files are whole.
			for n := len(complete); n <= len(want); n += 1 + len(want)/17 {
				dir := filepath.Join(t.TempDir(), "tb")
				if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(dir, name), want[:n])
				b, err := OpenTensorBoard(dir, last, fixed)
				if err != nil {
					t.Fatalf("step %d, %d bytes of %s: %v", last, n, name, err)
				}
				record(t, b, after(run(), last))
				for _, l := range []string{"", "flp", "oml"} {
					if got := read(t, filepath.Join(dir, l, eventsName)); !bytes.Equal(got, read(t, filepath.Join(whole, l, eventsName))) {
						t.Fatalf("step %d, %d bytes of %s: %s differs", last, n, name, l)
					}
				}
			}
		}
	}
}

func TestTensorBoardDamaged(t *testing.T) {
	dir := t.TempDir()
	board(t, dir, run())
	path := filepath.Join(dir, "flp", eventsName)
	good := read(t, path)
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 0x10
		write(t, path, bad)
		if _, err := OpenTensorBoard(dir, 100, fixed); !errors.Is(err, ErrLog) || !strings.Contains(err.Error(), path) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
	}
	// A sound frame around what is no event.
	write(t, path, appendRecord(nil, []byte{0x0a, 0xff}))
	if _, err := OpenTensorBoard(dir, 100, fixed); !errors.Is(err, ErrLog) {
		t.Errorf("no event: %v", err)
	}
	for _, learner := range []string{"../up", "..", "a/b", `a\b`} {
		b, err := CreateTensorBoard(t.TempDir(), fixed)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Record(Record{Learner: learner, Metrics: []Metric{{"a", 1}}}); !errors.Is(err, ErrRecord) {
			t.Errorf("learner %q: %v", learner, err)
		}
	}
}
