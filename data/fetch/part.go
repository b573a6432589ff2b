package fetch

import (
	"os"
	"strings"

	"metaplast/data/regular"
)

// maxNote bounds a note: a URL and a version, which servers send in a header.
const maxNote = 1 << 20

// part is a download that is not complete, and what is known of its version.
type part struct {
	path string // of the bytes
	etag string // of the note beside them
}

func newPart(path string) part { return part{path: path + ".part", etag: path + ".part.etag"} }

// size is the number of bytes that have arrived.
func (p part) size() int64 {
	info, err := os.Stat(p.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// remove forgets what has arrived.
func (p part) remove() {
	_ = os.Remove(p.path)
	_ = os.Remove(p.etag)
}

// note remembers the URL and the version that the bytes are of.
func (p part) note(url, version string) error {
	return os.WriteFile(p.etag, []byte(url+"\n"+version+"\n"), 0o644)
}

// version returns what was noted for a URL. Where nothing was, or another URL, the bytes are not
// to be used.
func (p part) version(url string) (version string, ok bool) {
	raw, err := regular.Read(p.etag, maxNote)
	if err != nil {
		return "", false
	}
	lines := strings.Split(string(raw), "\n")
	if len(lines) != 3 || lines[0] != url {
		return "", false
	}
	return lines[1], true
}
