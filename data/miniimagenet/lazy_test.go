package miniimagenet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"metaplast/data"
)

// Memory is bounded, and what is kept does not matter; neither do goroutines.
func TestLazy(t *testing.T) {
	dir := tiny(t)
	b := mustLoad(t, Config{Dir: dir, Size: 12})
	want, err := b.Digest()
	if err != nil {
		t.Fatal(err)
	}
	var files [][]imageFile
	for k := range 10 {
		var row []imageFile
		for d := range 6 {
			row = append(row, imageFile{path: filepath.Join(dir, "images", fmt.Sprintf("n%02d_%d.%s", k, d, []string{"png", "jpg"}[d%2]))})
		}
		files = append(files, row)
	}
	l := newLazy(files, 12, 3*144*7+5)
	if l.room != 7 || newLazy(nil, 100, 1).room != 1 {
		t.Errorf("room for %d", l.room)
	}
	all := make([][]byte, 4)
	var group sync.WaitGroup
	for w := range all {
		group.Go(func() {
			buf := make([]uint8, 432)
			for i := range 60 {
				j := (i + 17*w) % 60
				if w == 3 {
					j = i % 5 // few enough to stay
				}
				if err := l.Read(buf, j/6, j%6); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if len(l.kept) != 7 || l.used.Len() != 7 {
		t.Errorf("%d and %d kept", len(l.kept), l.used.Len())
	}
	small, err := data.NewBank(data.BankSpec{Name: Name, Shape: [3]int{3, 12, 12}, Levels: data.NormalLevels(Mean[:], Std[:]), Source: l, Classes: classes(t, b)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := small.Digest(); err != nil || got != want {
		t.Error("other images with little memory", err)
	}
	// What is kept is not read again, and a caller's buffer is the caller's.
	buf := make([]uint8, 432)
	if err := errors.Join(l.Read(buf, 9, 5), os.Remove(files[9][5].path)); err != nil {
		t.Fatal(err)
	}
	before := buf[0]
	buf[0]++
	if err := l.Read(buf, 9, 5); err != nil || buf[0] != before {
		t.Error(err, buf[0], before)
	}
}

func classes(t *testing.T, b *data.Bank) []data.Class {
	var all []data.Class
	for _, split := range []data.Split{data.Train, data.Validation, data.HeldOut} {
		for i := range b.Len(split) {
			c, err := b.Class(split, i)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
	}
	return all
}

// A broken image fails the episode that shows it, with its path.
func TestBrokenImage(t *testing.T) {
	dir := tiny(t)
	path := filepath.Join(dir, "images", "n05_1.jpg")
	if err := os.WriteFile(path, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := mustLoad(t, Config{Dir: dir})
	err := b.Bytes(make([]uint8, 3*84*84), data.Validation, 0, 1)
	if !errors.Is(err, ErrImage) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "class n05: drawing 1") {
		t.Error(err)
	}
}
