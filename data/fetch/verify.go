package fetch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// State is what is known of a file.
type State string

// The states. List tells the first three apart, Verify all but Present.
const (
	Missing State = "missing" // neither installed nor begun
	Partial State = "partial" // a download was interrupted; Size bytes have arrived
	Present State = "present" // installed; its checksum has not been compared
	Sound   State = "ok"      // installed, and its checksum is right
	Corrupt State = "corrupt" // installed, and not what it should be
)

// Status is the state of one file of a set.
type Status struct {
	Set, File string
	Path      string // where it is, or would be
	State     State
	Size      int64  // bytes on the disk
	SHA256    string // filled in by Verify for installed files
}

// List returns the state of every file of sets, without reading them. A file of a wrong size is
// Corrupt. It fails only where the root is unknown or a folder cannot be looked into.
func (f Fetcher) List(sets ...Set) ([]Status, error) {
	var all []Status
	for _, set := range sets {
		dir, err := Dir(f.Root, set.Name)
		if err != nil {
			return nil, err
		}
		for _, file := range set.Files {
			s := Status{Set: set.Name, File: file.Name, Path: filepath.Join(dir, file.Name), State: Missing}
			info, err := os.Stat(s.Path)
			switch {
			case err == nil:
				s.State, s.Size = Present, info.Size()
				if !info.Mode().IsRegular() || !file.hasSize(s.Size) {
					s.State = Corrupt
				}
			case !errors.Is(err, os.ErrNotExist):
				return nil, f.disk(set, file, s.Path, err)
			default:
				if n := newPart(s.Path).size(); n > 0 {
					s.State, s.Size = Partial, n
				}
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// Verify compares the checksums of the installed files of a set. It returns the state of every
// file, and an error that joins an *Error for each that is not Sound: around ErrMissing for one that
// is not installed, ErrSize or ErrChecksum for one that is corrupt. A cancelled context ends it with
// its cause and no states.
func (f Fetcher) Verify(ctx context.Context, set Set) ([]Status, error) {
	all, err := f.List(set)
	if err != nil {
		return nil, err
	}
	var faults []error
	for i := range all {
		s, file := &all[i], set.Files[i]
		fault := func(err error, do string) {
			faults = append(faults, &Error{Set: set.Name, File: file.Name, Path: s.Path, Err: err, Do: do})
		}
		const again = "fetch it again: what is there is replaced"
		switch s.State {
		case Missing:
			fault(ErrMissing, "fetch it, or install it from a file")
			continue
		case Partial:
			fault(fmt.Errorf("%w: %d of %s bytes have arrived", ErrMissing, s.Size, file.sizes()), "fetch it to go on from there")
			continue
		}
		sum, err := SumFile(ctx, s.Path)
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			s.State = Corrupt
			fault(err, again)
			continue
		}
		s.SHA256, s.Size = sum.SHA256, sum.Size
		switch {
		case file.has(sum):
			s.State = Sound
		case !file.hasSize(sum.Size):
			s.State = Corrupt
			fault(fmt.Errorf("%w: %d bytes, want %s", ErrSize, sum.Size, file.sizes()), again)
		default:
			s.State = Corrupt
			fault(fmt.Errorf("%w: SHA-256 %s, want %s", ErrChecksum, sum.SHA256, file.hashes()), again)
		}
	}
	return all, errors.Join(faults...)
}
