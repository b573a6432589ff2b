// Package shell writes commands as a reader can paste them into a shell.
package shell

import (
	"path/filepath"
	"strings"
)

// Word makes a word of a POSIX shell's command out of a text.
func Word(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%@"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Path is Word of a path, which is not taken for a flag if it begins with "-".
func Path(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "." + string(filepath.Separator) + path
	}
	return Word(path)
}

// Program makes the first word of a command out of the way in which a program was called, its
// os.Args[0], in the working directory dir. A path stays a path: one below dir is given from
// there, one elsewhere as it is.
func Program(called, dir string) string {
	if filepath.IsAbs(called) && dir != "" {
		if rel, err := filepath.Rel(dir, called); err == nil && filepath.IsLocal(rel) {
			called = rel
			if filepath.Base(rel) == rel { // without a folder a shell would look in PATH
				called = "." + string(filepath.Separator) + rel
			}
		}
	}
	return Word(called)
}
