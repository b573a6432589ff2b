package report

import (
	"bytes"
	"encoding/json"

	"metaplast/cmd/metaplast/figure"
)

// File is a file of a report, with its path in the report's folder.
type File struct {
	Path string
	Text []byte
}

// Files returns all files of a report: report.html, report.json, and every figure in each format
// under figures/.
func (d *Document) Files() ([]File, error) {
	var files []File
	for _, f := range d.figures() {
		for _, format := range figure.Formats {
			text, err := f.File(format)
			if err != nil {
				return nil, err
			}
			files = append(files, File{path(f, format), text})
		}
	}
	doc, err := d.JSON()
	if err != nil {
		return nil, err
	}
	page, err := d.HTML()
	if err != nil {
		return nil, err
	}
	return append(files, File{"report.json", doc}, File{"report.html", page}), nil
}

// path is that of a figure's file, with slashes.
func path(f figure.Figure, format string) string { return "figures/" + f.ID + "." + format }

// JSON returns report.json: the key figures, the summary with their texts, the figures with their
// files, and the data that the figures are made from.
func (d *Document) JSON() ([]byte, error) {
	type fig struct {
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Caption string   `json:"caption"`
		Files   []string `json:"files"`
	}
	doc := struct {
		Kind        string   `json:"kind"`
		Name        string   `json:"name"`
		Summary     []string `json:"summary"`
		KeyFigures  []Key    `json:"key_figures"`
		Figures     []fig    `json:"figures"`
		Environment []Fact   `json:"environment"`
		Commands    []string `json:"commands"`
		Data        any      `json:"data"`
	}{Kind: d.Kind, Name: d.Name, KeyFigures: d.keys, Environment: d.Environment, Commands: d.Commands, Data: d.Data}
	same := func(s string) string { return s }
	for _, p := range d.Summary {
		text, err := d.fill(p, same, func(k Key) string { return k.Text })
		if err != nil {
			return nil, err
		}
		doc.Summary = append(doc.Summary, text)
	}
	for _, f := range d.figures() {
		v := fig{ID: f.ID, Title: f.Title, Caption: f.Caption}
		for _, format := range figure.Formats {
			v.Files = append(v.Files, path(f, format))
		}
		doc.Figures = append(doc.Figures, v)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(doc)
	return b.Bytes(), err
}
