// Package invocation writes commands of the program as they can be pasted: called as it was called itself.
package invocation

import (
	"fmt"
	"os"
	"strings"

	"metaplast/data/shell"
	"metaplast/metaopt/run"
)

// Program is the first word of the commands that are printed: the way in which the program
// was called, so that they can be pasted.
func Program() string {
	dir, err := os.Getwd()
	if err != nil {
		dir = ""
	}
	return shell.Program(os.Args[0], dir)
}

// Command is a command of the program as a shell reads it. A word that is a folder is written as a
// path; one that is a string is written as it is.
func Command(words ...any) string {
	line := []string{Program()}
	for _, w := range words {
		switch w := w.(type) {
		case run.Folder:
			line = append(line, shell.Path(string(w)))
		default:
			line = append(line, fmt.Sprint(w))
		}
	}
	return strings.Join(line, " ")
}
