package record

import (
	"bufio"
	"errors"
	"io"
	"os"

	"metaplast/data/regular"
)

// logFile is a file that records are appended to, one write each. It is never opened through a
// symbolic link.
type logFile struct {
	f   *os.File
	err error // of the first write that failed: the file's end is then unknown
}

// createLog makes a new file. It fails where there is one.
func createLog(path string) (*logFile, error) {
	f, err := regular.OpenLog(path, os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &logFile{f: f}, nil
}

// reopenLog opens a file to go on with it, or makes it where there is none. Keep reads the
// file from its start and returns how many bytes of it are to be kept; the rest is cut off.
func reopenLog(path string, keep func(r *bufio.Reader, size int64) (int64, error)) (l *logFile, kept int64, err error) {
	f, err := regular.OpenLog(path, os.O_CREATE, 0o644)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	kept, err = keep(bufio.NewReader(f), info.Size())
	if err != nil {
		return nil, 0, err
	}
	if kept < info.Size() {
		if err := f.Truncate(kept); err != nil {
			return nil, 0, err
		}
		if err := f.Sync(); err != nil {
			return nil, 0, err
		}
	}
	if _, err := f.Seek(kept, io.SeekStart); err != nil {
		return nil, 0, err
	}
	return &logFile{f: f}, kept, nil
}

// append writes b at the end. After a failure every later call fails too, since bytes after a
// gap would make the file unreadable.
func (l *logFile) append(b []byte) error {
	if l.err == nil {
		_, l.err = l.f.Write(b)
	}
	return l.err
}

// restart empties the file and begins it with b.
func (l *logFile) restart(b []byte) error {
	if err := l.f.Truncate(0); err != nil {
		return err
	}
	if _, err := l.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return l.append(b)
}

func (l *logFile) Flush() error {
	if l.err != nil {
		return l.err
	}
	return l.f.Sync()
}

func (l *logFile) Close() error {
	return errors.Join(l.Flush(), l.f.Close())
}
