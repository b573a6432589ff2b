package progress

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestProgressCount: lines say what is counted, how long each takes and what is left, once some time
// has gone by; another piece of work counts anew.
func TestProgressCount(t *testing.T) {
	var out bytes.Buffer
	p := Counter(&out, false)
	show := p.Count("episode")
	show(1, 40)
	if out.Len() > 0 {
		t.Errorf("at once: %q", out.String())
	}
	p.began = time.Now().Add(-20 * time.Second) // after the first one
	late := func() { p.last = time.Now().Add(-time.Hour) }
	late()
	show(11, 40)
	if want := "metaplast: episode 11/40, 2 s per episode, 58s left\n"; out.String() != want {
		t.Errorf("have %q, want %q", out.String(), want)
	}
	out.Reset()
	late()
	show(10, 40) // told late by another goroutine
	if out.Len() > 0 {
		t.Errorf("back: %q", out.String())
	}
	again := p.Count("stream of 5 classes")
	again(1, 10)
	late()
	again(2, 10)
	if have := out.String(); !strings.HasPrefix(have, "metaplast: stream of 5 classes 2/10, ") || !strings.HasSuffix(have, " left\n") {
		t.Errorf("the next piece: %q", have)
	}
	p.Close()
	out.Reset()
	quiet := Counter(&out, true)
	show = quiet.Count("episode")
	show(1, 2)
	quiet.last = time.Now().Add(-time.Hour)
	show(2, 2)
	if out.Len() > 0 {
		t.Errorf("quiet: %q", out.String())
	}
}

// TestProgressFirst: the first line comes after two seconds.
func TestProgressFirst(t *testing.T) {
	var out bytes.Buffer
	p := Counter(&out, false)
	show := p.Count("episode")
	show(1, 9)
	p.last = p.last.Add(-FirstLine)
	show(2, 9)
	if !strings.Contains(out.String(), "episode 2/9") {
		t.Errorf("after %v: %q", FirstLine, out.String())
	}
}
