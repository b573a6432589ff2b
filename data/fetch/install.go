package fetch

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"metaplast/data/regular"
)

// Install copies files of a set from elsewhere on this machine into the root. Each path is a file,
// under whatever name, or a folder, of which those with the names of the set are taken. Files are
// recognised by their checksums, which are all compared before the first one is copied. What is
// not named is not touched, so that the files of a set can come one by one.
//
// It fails with an *Error around ErrManual, ErrChecksum, ErrMissing, ErrFull or an error of the
// disk, or with the cause of a cancelled context.
func (f Fetcher) Install(ctx context.Context, set Set, paths ...string) error {
	if len(set.Files) == 0 {
		return &Error{Set: set.Name, Err: ErrManual, Do: set.Manual}
	}
	if len(paths) == 0 {
		return &Error{Set: set.Name, Err: fmt.Errorf("%w: no file is named", ErrMissing), Do: "name the files or their folder"}
	}
	candidates, err := f.candidates(set, paths)
	if err != nil {
		return err
	}
	chosen := map[string]File{}
	for _, path := range candidates {
		sum, err := SumFile(ctx, path)
		if err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return f.disk(set, File{}, path, err)
		}
		file, ok := set.find(sum)
		if !ok {
			want := ""
			for _, file := range set.Files {
				want += fmt.Sprintf("\n  %s: %s", file.Name, file.hashes())
			}
			return &Error{Set: set.Name, Path: path, Err: fmt.Errorf("%w: SHA-256 %s of %d bytes, want%s", ErrChecksum, sum.SHA256, sum.Size, want)}
		}
		chosen[path] = file
	}
	dir, err := f.prepare(set)
	if err != nil {
		return err
	}
	for _, path := range candidates {
		if err := f.copyIn(ctx, set, chosen[path], path, dir); err != nil {
			return err
		}
	}
	return nil
}

// candidates lists the files that paths mean.
func (f Fetcher) candidates(set Set, paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, f.disk(set, File{}, path, err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		found := false
		for _, file := range set.Files {
			inside := filepath.Join(path, file.Name)
			if info, err := os.Stat(inside); err == nil && !info.IsDir() {
				files, found = append(files, inside), true
			}
		}
		if !found {
			return nil, &Error{Set: set.Name, Path: path, Err: fmt.Errorf("%w: the folder has no %s", ErrMissing, set.names())}
		}
	}
	return files, nil
}

// copyIn copies a file that has been recognised, and compares what has arrived.
func (f Fetcher) copyIn(ctx context.Context, set Set, file File, from, dir string) error {
	in, _, err := regular.Open(from)
	if err != nil {
		return f.disk(set, file, from, err)
	}
	defer in.Close()
	out, err := os.CreateTemp(dir, file.Name+".*.part")
	if err != nil {
		return f.disk(set, file, dir, err)
	}
	defer os.Remove(out.Name()) // fails after the renaming, as it should
	readErr, writeErr := copyParts(f.writer(out), io.Reader(reader{ctx, in}), file.largest()+1, func(n int64) {
		f.report(set, file, n, 0)
	})
	if writeErr == nil {
		writeErr = out.Sync()
	}
	if err := out.Close(); writeErr == nil {
		writeErr = err
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case readErr != nil:
		return f.disk(set, file, from, readErr)
	case writeErr != nil:
		return f.disk(set, file, out.Name(), writeErr)
	}
	sum, err := SumFile(ctx, out.Name())
	if err == nil && !file.has(sum) {
		err = fmt.Errorf("%w: the copy has SHA-256 %s, want %s", ErrChecksum, sum.SHA256, file.hashes())
	}
	if err == nil {
		err = os.Chmod(out.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(out.Name(), filepath.Join(dir, file.Name))
	}
	if err != nil {
		return f.disk(set, file, out.Name(), err)
	}
	return nil
}

// find returns the file that a checksum is of.
func (s Set) find(sum Sum) (File, bool) {
	for _, file := range s.Files {
		if file.has(sum) {
			return file, true
		}
	}
	return File{}, false
}

// names lists the files of a set, for messages.
func (s Set) names() string {
	all := ""
	for i, file := range s.Files {
		if i > 0 {
			all += " or "
		}
		all += file.Name
	}
	return all
}
