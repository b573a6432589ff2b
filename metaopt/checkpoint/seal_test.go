package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func TestSealer(t *testing.T) {
	body := strings.Repeat("body ", 100)
	for _, chunk := range []int{1, 7, 63, 64, 65, 128, 1000} {
		var b bytes.Buffer
		s := newSealer(&b)
		for rest := []byte(body + strings.Repeat("0", sealLen)); len(rest) > 0; {
			n := min(chunk, len(rest))
			if m, err := s.Write(rest[:n]); m != n || err != nil {
				t.Fatal(m, err)
			}
			rest = rest[n:]
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(body))
		if b.String() != body+hex.EncodeToString(sum[:]) {
			t.Errorf("chunks of %d: %s", chunk, b.String())
		}
		if err := checkSeal(bytes.NewReader(b.Bytes()), int64(b.Len())); err != nil {
			t.Errorf("chunks of %d: %v", chunk, err)
		}
		if err := checkSeal(bytes.NewReader(b.Bytes()[:100]), int64(b.Len())); !errors.Is(err, ErrDamaged) {
			t.Errorf("shorter than told: %v", err)
		}
	}
	if err := newSealer(&bytes.Buffer{}).close(); err == nil {
		t.Error("no room for the seal went unnoticed")
	}
}
