package report

import (
	"fmt"
	"regexp"

	"metaplast/cmd/metaplast/figure"
	"metaplast/metaopt/measure"
)

// Document is a report as data. Text may refer to keys, see the package comment.
type Document struct {
	Kind        string   // run or study
	Name        string   // of the run or study
	Lead        string   // one sentence below the title
	Summary     []string // paragraphs, in plain language
	Overview    *Table   // the key figures side by side
	Sections    []Section
	Config      string // YAML; empty for none
	Environment []Fact
	Commands    []string
	Data        any // what the figures are made from, for the JSON

	keys  []Key
	known map[string]int
}

// Section is a part of a report.
type Section struct {
	ID      string
	Title   string
	Intro   string
	Figures []figure.Figure
	Tables  []Table
	Links   []Link
}

// Table is text in rows; the first cell of a row names it.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Note  string
	Prose bool // cells are sentences, which want some width
}

// Fact is a line of the environment.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Key is a key figure.
type Key struct {
	ID    string         `json:"id"`
	Label string         `json:"label"` // what it is, of whom
	Value measure.Number `json:"value"`
	Low   measure.Number `json:"low95"` // NaN where there is no interval
	High  measure.Number `json:"high95"`
	Text  string         `json:"text"` // as the page shows it
}

// key adds a key figure and returns the reference to it. A name is given once.
func (d *Document) key(k Key) string {
	if d.known == nil {
		d.known = map[string]int{}
	}
	if _, ok := d.known[k.ID]; ok {
		panic("report: two key figures named " + k.ID)
	}
	d.known[k.ID] = len(d.keys)
	d.keys = append(d.keys, k)
	return "{" + k.ID + "}"
}

// reference is how text names a key.
var reference = regexp.MustCompile(`\{([A-Za-z0-9_.:/-]+)\}`)

// fill replaces the references in text by what show makes of the keys, and what is between them by
// what plain makes of it.
func (d *Document) fill(text string, plain func(string) string, show func(Key) string) (string, error) {
	out, from := "", 0
	for _, m := range reference.FindAllStringSubmatchIndex(text, -1) {
		i, ok := d.known[text[m[2]:m[3]]]
		if !ok {
			return "", fmt.Errorf("report: no key figure %s", text[m[0]:m[1]])
		}
		out += plain(text[from:m[0]]) + show(d.keys[i])
		from = m[1]
	}
	return out + plain(text[from:]), nil
}

// figures lists those of all sections.
func (d *Document) figures() []figure.Figure {
	var list []figure.Figure
	for _, s := range d.Sections {
		list = append(list, s.Figures...)
	}
	return list
}

// add appends a section, unless it has nothing to show.
func (d *Document) add(s Section) {
	if len(s.Figures)+len(s.Tables)+len(s.Links) > 0 {
		d.Sections = append(d.Sections, s)
	}
}
