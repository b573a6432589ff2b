package miniimagenet

import (
	"container/list"
	"errors"
	"fmt"
	"sync"

	"metaplast/data"
	"metaplast/data/internal/picture"
	"metaplast/data/regular"
)

var _ data.Source = (*lazy)(nil)

// limits of an image. ImageNet has some of 10 MB and more than 4000 pixels wide.
var limits = picture.Limits{Bytes: 32 << 20, Side: 8192}

// lazy decodes images when they are first asked for and keeps those last used. What it returns does
// not depend on what it keeps.
type lazy struct {
	files [][]imageFile // by class and drawing
	size  int           // pixels each way
	room  int           // images to keep, at least 1

	mu   sync.Mutex
	kept map[[2]int]*list.Element // by class and drawing
	used *list.List               // of *kept, the last used first
}

// kept is an image in memory.
type kept struct {
	key    [2]int
	pixels []uint8 // never changes
}

func newLazy(files [][]imageFile, size int, memory int64) *lazy {
	room := max(1, memory/int64(3*size*size))
	return &lazy{files: files, size: size, room: int(room), kept: map[[2]int]*list.Element{}, used: list.New()}
}

// Read implements data.Source.
func (l *lazy) Read(dst []uint8, class, drawing int) error {
	key := [2]int{class, drawing}
	if k := l.get(key); k != nil {
		copy(dst, k.pixels)
		return nil
	}
	// Decoded outside of the lock: two goroutines may do the same work, but none waits.
	path := l.files[class][drawing].path
	if err := decode(dst, path, l.size); err != nil {
		return &Error{Path: path, Err: err, Do: "replace the file, or remove its row"}
	}
	l.put(&kept{key: key, pixels: append([]uint8(nil), dst...)})
	return nil
}

func (l *lazy) get(key [2]int) *kept {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.kept[key]
	if !ok {
		return nil
	}
	l.used.MoveToFront(e)
	return e.Value.(*kept)
}

func (l *lazy) put(k *kept) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.kept[k.key]; ok {
		return
	}
	l.kept[k.key] = l.used.PushFront(k)
	if l.used.Len() > l.room {
		last := l.used.Remove(l.used.Back()).(*kept)
		delete(l.kept, last.key)
	}
}

// decode writes an image as [3,n,n].
func decode(dst []uint8, path string, n int) error {
	f, _, err := regular.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	m, err := picture.Decode(f, limits)
	switch {
	case errors.Is(err, picture.ErrLimit):
		return fmt.Errorf("%w: %w", ErrLimit, err)
	case errors.Is(err, picture.ErrFormat):
		return fmt.Errorf("%w: %w", ErrImage, err)
	case err != nil:
		return err
	}
	pixels, w, h := picture.RGB(m)
	picture.Area(dst, n, pixels, w, h)
	return nil
}
