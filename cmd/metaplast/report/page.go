package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"metaplast/cmd/metaplast/figure"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

// HTML returns the page.
func (d *Document) HTML() ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"text":    d.html,
		"inline":  inline,
		"sample":  func(e figure.Entry) (template.HTML, error) { s, err := e.Inline(); return template.HTML(s), err },
		"tables":  tables,
		"path":    path,
		"formats": func() []string { return figure.Formats },
	}).Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	css := ":root{color-scheme:light dark;" + figure.Variables(false) + "}\n" +
		"@media (prefers-color-scheme:dark){:root{" + figure.Variables(true) + "}}\n" + pageCSS
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*Document
		CSS template.CSS
	}{d, template.CSS(css)})
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return b.Bytes(), nil
}

// html makes text with references a part of the page.
func (d *Document) html(text string) (template.HTML, error) {
	out, err := d.fill(text, template.HTMLEscapeString, func(k Key) string {
		value, err := json.Marshal(k.Value)
		if err != nil {
			panic("report: " + err.Error()) // measure.Number's JSON never fails
		}
		shown := template.HTMLEscapeString(k.Text)
		if estimate, interval, ok := strings.Cut(shown, " ["); ok {
			shown = estimate + " <span>[" + interval + "</span>"
		}
		return fmt.Sprintf("<data data-key=%q value=%q title=%q>%s</data>", k.ID, bytes.Trim(value, `"`), template.HTMLEscapeString(k.Label), shown)
	})
	return template.HTML(out), err
}

// inline draws a panel of a figure; its name for screen readers is both titles.
func inline(f figure.Figure, p figure.Panel) (template.HTML, error) {
	name := f.Title
	if p.Title != "" {
		name += ": " + p.Title
	}
	s, err := p.Inline(name + ". The numbers are in the table below.")
	return template.HTML(s), err
}

// tables lists the numbers of a figure; panels without any have none.
func tables(f figure.Figure) []figure.Table {
	var list []figure.Table
	for _, p := range f.Panels {
		if t := p.Table(); len(t.Rows) > 0 {
			list = append(list, t)
		}
	}
	return list
}
