package omniglot

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Limits of an archive. The real ones have 19,280 entries of at most 544 bytes.
const (
	maxEntries    = 1 << 17
	maxEntryBytes = 64 << 10
	maxSide       = 1024
	maxBytes      = 1 << 32 // of all drawings, decoded
)

// character is one class of an archive.
type character struct {
	name     string // "Greek/character03"
	drawings []*zip.File
}

// alphabet is the first part of a character's name.
func alphabet(name string) string {
	a, _, _ := strings.Cut(name, "/")
	return a
}

// readIndex returns the characters of an archive, sorted by path, and so are the drawings of each:
// the order that they have in the archives, which does not hang on how they were packed. Every path
// must be ROOT/alphabet/character/drawing.png. Folders and what macOS leaves behind are passed
// over. path is the archive's, for messages.
func readIndex(r io.ReaderAt, size int64, path, root string) ([]character, error) {
	z, err := zip.NewReader(r, size)
	if errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Error{Path: path, Err: fmt.Errorf("%w: %w", ErrEntry, err), Do: again}
	}
	if err != nil {
		return nil, &Error{Path: path, Err: fmt.Errorf("%w: %w", ErrArchive, err), Do: again}
	}
	if len(z.File) > maxEntries {
		return nil, &Error{Path: path, Err: fmt.Errorf("%w: %d entries, want at most %d", ErrLimit, len(z.File), maxEntries), Do: again}
	}
	files := make([]*zip.File, 0, len(z.File))
	for _, f := range z.File {
		use, err := check(f, root)
		if err != nil {
			return nil, &Error{Path: path, Entry: fmt.Sprintf("%.200q", f.Name), Err: err, Do: again}
		}
		if use {
			files = append(files, f)
		}
	}
	slices.SortFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var all []character
	for i, f := range files {
		if i > 0 && f.Name == files[i-1].Name {
			return nil, &Error{Path: path, Entry: f.Name, Err: fmt.Errorf("%w: it is there twice", ErrEntry), Do: again}
		}
		parts := strings.Split(f.Name, "/")
		name := parts[1] + "/" + parts[2]
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, character{name: name})
		}
		c := &all[len(all)-1]
		c.drawings = append(c.drawings, f)
	}
	if len(all) == 0 {
		return nil, &Error{Path: path, Err: fmt.Errorf("%w: no drawings in it", ErrClasses), Do: again}
	}
	return all, nil
}

const again = "fetch the archive again: metaplast data fetch omniglot"

// check tells whether an entry is a drawing to use.
func check(f *zip.File, root string) (bool, error) {
	name, dir := strings.CutSuffix(f.Name, "/")
	parts := strings.Split(name, "/")
	for _, p := range parts {
		if p == "" || p == "." || p == ".." || strings.ContainsAny(p, "\\:\x00") {
			return false, fmt.Errorf("%w: its path leads out of the archive", ErrEntry)
		}
	}
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "__MACOSX" || last == ".DS_Store":
		return false, nil
	case parts[0] != root:
		return false, fmt.Errorf("%w: want one in %s/; is it another archive under this name?", ErrEntry, root)
	case dir:
		return false, nil
	case len(parts) != 4 || !strings.HasSuffix(last, ".png") || !f.Mode().IsRegular():
		return false, fmt.Errorf("%w: want %s/alphabet/character/drawing.png", ErrEntry, root)
	case f.UncompressedSize64 > maxEntryBytes:
		return false, fmt.Errorf("%w: %d bytes, want at most %d", ErrLimit, f.UncompressedSize64, maxEntryBytes)
	}
	return true, nil
}
