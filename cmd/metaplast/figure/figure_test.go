package figure

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
)

var nan = math.NaN()

// sample has a panel of every kind, with values that are not finite.
func sample() Figure {
	values := [][]float64{{0.1, -0.2}, {nan, math.Inf(1)}}
	ramp := SignedRamp("change", values)
	return Figure{ID: "sample", Title: "A figure", Caption: "What it shows.",
		Key: []Entry{{Name: "a", Ink: 0, Kind: Marked}, {Name: "b", Ink: 1}, {Name: "true", Kind: Plain}, {Name: "h", Ink: 2, Kind: Steps}, {Name: "d", Ink: 3, Kind: Dots}, {Ramp: &ramp}},
		Panels: []Panel{
			{Title: "lines", X: Axis{Label: "steps"}, Y: Axis{Label: "loss (mse)", Log: true}, Marks: []float64{1.5}, Level: []float64{0.3}, Lines: []Line{
				{Name: "a", Kind: Marked, X: []float64{0, 1, 2, 3}, Y: []float64{4, nan, 0.2, 1e300}, Low: []float64{3, nan, -1, 0}, High: []float64{5, nan, 0.5, nan}, Diverged: true},
				{Name: "b", Ink: 1, X: []float64{0, 1, 2}, Y: []float64{1, 0, 3}, Low: []float64{0.5, 0, 2}, High: []float64{2, 1, 4}},
				{Name: "pale", Ink: 1, Kind: Pale, X: []float64{0, 2}, Y: []float64{1, 3}},
			}},
			{Title: "cells", X: Axis{Label: "column"}, Y: Axis{Label: "row"}, Cells: &Cells{Rows: []string{"r1", "r2"}, Columns: []string{"c1", "c2"}, Values: values, Ramp: ramp}},
			{Title: "steps", X: Axis{Label: "alpha"}, Y: Axis{Label: "share (%)"}, Lines: []Line{{Name: "h", Ink: 2, Kind: Steps, X: []float64{0, 1, 2}, Y: []float64{30, 70}}}},
			{Title: "spans", X: Axis{Label: "ratio", Log: true}, Y: Axis{Label: "claim"}, Marks: []float64{1}, Spans: []Span{{Name: "first", Estimate: 2, Low: 1.5, High: 3, Points: []float64{1.8, 2.2}}, {Name: "second", Ink: 1, Estimate: nan, Low: nan, High: nan}}},
			{Title: "bars", X: Axis{Label: "value"}, Y: Axis{Label: "coefficient"}, Bars: []Bar{{Name: "theta_110", Values: []float64{0.5}}, {Name: "theta_021", Ink: 1, Values: []float64{-1, -0.25, -0.5}, True: []float64{-1}}, {Name: "lost", Values: []float64{nan}}}},
			{Title: "tiles", Y: Axis{Label: "class"}, Tiles: &Tiles{Rows: []string{"one"}, Heads: []string{"taught", "asked"},
				Images: [][]Tile{{{Width: 2, Height: 2, Gray: []uint8{0, 255, 255, 0}}, {Width: 2, Height: 2, Gray: []uint8{0, 0, 255, 0}, Below: []Mark{{"a", 0, true}, {"b", 1, false}}}}}}},
			{Title: "nothing", Empty: "there is no data"},
		}}
}

// TestInline asks that a panel in a page has no colour of its own but on cells, and is well formed.
func TestInline(t *testing.T) {
	for _, p := range sample().Panels {
		svg, err := p.Inline(`a "name" <x>`)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", p.Title, err)
			}
		}
		fixed := regexp.MustCompile(`#[0-9A-F]{6}`).FindAllString(svg, -1)
		if p.Cells == nil && len(fixed) > 0 {
			t.Errorf("%s: fixed colours %v", p.Title, fixed)
		}
		if !strings.Contains(svg, "var(--text)") || !strings.Contains(svg, `aria-label="a &#34;name&#34; &lt;x&gt;"`) || strings.Contains(svg, "http") {
			t.Errorf("%s: no text in the reader's colour, no name, or a link\n%.300s", p.Title, svg)
		}
	}
	for _, e := range sample().Key {
		if svg, err := e.Inline(); err != nil || !strings.HasPrefix(svg, "<svg viewBox=") {
			t.Errorf("sample of %s: %v, %.60s", e.words(), err, svg)
		}
	}
}

// TestVariables asks that both schemes set every variable that drawings use.
func TestVariables(t *testing.T) {
	for _, dark := range []bool{false, true} {
		css := Variables(dark)
		for _, name := range []string{"--text", "--muted", "--lines", "--paper", "--ink0", "--ink7"} {
			if !regexp.MustCompile(name + `:#[0-9A-Fa-f]{6};`).MatchString(css) {
				t.Errorf("dark %v: no %s in %s", dark, name, css)
			}
		}
	}
}

// TestFile asks that the same figure gives the same bytes, in both formats.
func TestFile(t *testing.T) {
	for _, format := range Formats {
		a, err := sample().File(format)
		if err != nil {
			t.Fatal(err)
		}
		b, err := sample().File(format)
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: other bytes the second time, %v", format, err)
		}
		switch format {
		case "png":
			m, err := png.Decode(bytes.NewReader(a))
			if err != nil || m.Bounds().Dx() < 800 {
				t.Errorf("png: %v", err)
			}
		case "svg":
			if text := string(a); !strings.Contains(text, "A figure") || !strings.Contains(text, "there is no data") || !strings.Contains(text, "white at 0") {
				t.Error("svg: no title, key or text of the empty panel")
			}
		}
	}
	if _, err := sample().File("bmp2"); err == nil {
		t.Error("unknown format accepted")
	}
}

// TestCross asks that a diverged value is drawn as a cross, and one that is only missing is not.
func TestCross(t *testing.T) {
	p := Panel{Lines: []Line{{X: []float64{0, 1, 2}, Y: []float64{1, nan, 2}}}}
	without, err := p.Inline("x")
	if err != nil {
		t.Fatal(err)
	}
	p.Lines[0].Diverged = true
	with, err := p.Inline("x")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(with, "<path") - strings.Count(without, "<path"); n < 1 || n > 2 {
		t.Errorf("%d more paths with a diverged value, want the 1 or 2 of a cross", n)
	}
}

func TestTable(t *testing.T) {
	f := sample()
	for i, want := range [][]string{
		{"0", "4.00 [3.00, 5.00]", "1.00 [0.500, 2.00]", "1.00"},
		{"r1", "0.100", "−0.200"},
		{"from 0 to 1.000", "30.0"},
		{"first", "2.00", "[1.50, 3.00]", "1.80, 2.20"},
		{"theta_110", "0.500", "1", ""},
		{"one", "", "a right, b wrong"},
	} {
		got := f.Panels[i].Table()
		if len(got.Rows) == 0 || strings.Join(got.Rows[0], "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q first", f.Panels[i].Title, got.Rows, want)
		}
		for _, row := range got.Rows {
			if len(row) != len(got.Head) {
				t.Errorf("%s: row of %d cells below a head of %d", f.Panels[i].Title, len(row), len(got.Head))
			}
		}
	}
	if row := f.Panels[4].Table().Rows; row[1][1] != "−0.500 [−0.950, −0.275]" || row[1][2] != "3" || row[1][3] != "−1.00" || row[2][1] != "NaN" {
		t.Errorf("bars of several numbers and of none: %q", row)
	}
	if row := f.Panels[0].Table().Rows[1]; row[1] != "NaN" {
		t.Errorf("a diverged value is %q, want NaN", row[1])
	}
}
