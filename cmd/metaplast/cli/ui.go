package cli

// The rules of the interface.
//
//   - stdout carries what was asked for: the table of results, a listing, one JSON document.
//     Nothing else, so that it can be piped. What is asked for is printed whole or not at all.
//   - stderr carries everything else: progress, notes, and errors, each of which begins with
//     "metaplast: ". On a terminal progress is a bar; elsewhere it is a plain line now and
//     then. --quiet leaves the progress out. A stderr that cannot be written to stops nothing.
//   - There is no colour, with or without NO_COLOR, and no prompt.
//   - Bad input is found before anything is written, and ends with exit code 2. A file is
//     written whole or not at all. The exit codes are those of exit.go.
//   - No panic is ever shown, unless METAPLAST_DEBUG=1 asks for it.
//   - --json prints what the table says, and more, as one document. Numbers that JSON lacks
//     are the strings "NaN", "+Inf" and "-Inf".

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"metaplast/metaopt/measure"
	"metaplast/metaopt/run"
)

// ui is where a command prints.
type ui struct {
	out, err io.Writer

	told map[string]bool // by once
}

// print writes a complete answer to stdout.
func (u *ui) print(text []byte) error {
	_, err := u.out.Write(text)
	return err
}

// notef writes a line to stderr.
func (u *ui) notef(format string, args ...any) {
	fmt.Fprintf(u.err, "metaplast: "+format+"\n", args...) // see the rules: a failure stops nothing
}

// once is notef, but for what has been told already. Not for several goroutines.
func (u *ui) once(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if u.told[text] {
		return
	}
	if u.told == nil {
		u.told = map[string]bool{}
	}
	u.told[text] = true
	u.notef("%s", text)
}

// tell is once for a whole text.
func (u *ui) tell(text string) { u.once("%s", text) }

// answer prints a result as --json asks: one document, or else its table.
func (u *ui) answer(c *cli.Context, r interface{ Table() []byte }) error {
	if c.Bool("json") {
		return u.json(r)
	}
	return u.print(r.Table())
}

// json prints v as one document.
func (u *ui) json(v any) error {
	text, err := run.EncodeJSON(v)
	if err != nil {
		return err
	}
	return u.print(text)
}

// number is a float64 that JSON can hold in any case, and as it is shown to people.
type number = measure.Number
