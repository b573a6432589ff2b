package run

import (
	"bytes"
	"encoding/json"
)

// EncodeJSON is the form of every JSON document in run folders, and of what the program prints.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
