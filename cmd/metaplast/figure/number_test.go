package figure

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"gonum.org/v1/plot"
)

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.0921534: "0.0922", 0.11: "0.110", -2.3456: "−2.35", 1234.5: "1230", 99999: "100000", 9.999: "10.0", 0.9999: "1.00",
		1.2345e-7: "1.23×10⁻⁷", 2e12: "2.00×10¹²", math.Inf(1): "+∞", math.Inf(-1): "−∞", 0.001: "0.00100",
	} {
		if got := Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
	if Number(math.NaN()) != "NaN" || Percent(math.NaN()) != "NaN" || Percent(0.8725) != "87.2 %" && Percent(0.8725) != "87.3 %" || Percent(-0.05) != "−5.0 %" {
		t.Errorf("%q, %q, %q, %q", Number(math.NaN()), Percent(math.NaN()), Percent(0.8725), Percent(-0.05))
	}
}

// TestTicks asks for two to ten labels on any axis, with different words.
func TestTicks(t *testing.T) {
	for _, c := range []struct {
		ticker    plot.Ticker
		low, high float64
	}{
		{even{}, 0, 1}, {even{}, -1, 1}, {even{}, 0, 2000}, {even{}, -0.0031, 0.0042}, {even{}, 1e-9, 3e-9}, {even{}, 100, 101}, {even{}, 0, 180},
		{decades{}, -2, 1}, {decades{}, -0.1, 0.1}, {decades{}, -12, 30}, {decades{}, 0.31, 0.32}, {decades{}, -1.3, 0.7},
	} {
		seen := map[string]bool{}
		for _, k := range c.ticker.Ticks(c.low, c.high) {
			if k.Value < c.low-1e-9 || k.Value > c.high+1e-6 {
				t.Errorf("%T %v to %v: tick at %v", c.ticker, c.low, c.high, k.Value)
			}
			if k.Label == "" {
				continue
			}
			if seen[k.Label] {
				t.Errorf("%T %v to %v: two ticks %q", c.ticker, c.low, c.high, k.Label)
			}
			seen[k.Label] = true
		}
		if len(seen) < 2 || len(seen) > 10 {
			t.Errorf("%T %v to %v: labels %v", c.ticker, c.low, c.high, seen)
		}
	}
}

// TestRamp asks for a contrast of text on cells of at least 4.5, as WCAG 2.1 does, and for white at 0.
func TestRamp(t *testing.T) {
	for _, r := range []Ramp{{Signed: true, Low: -2, High: 2}, {Low: 0, High: 1}, {Log: true, Low: 1e-3, High: 10}} {
		for i := range 101 {
			share := float64(i) / 100
			v := r.Low + share*(r.High-r.Low)
			if r.Log {
				v = r.Low * math.Pow(r.High/r.Low, share)
			}
			fill, ink := r.at(v)
			a, b := luminance(fill)+0.05, luminance(ink)+0.05
			if c := max(a, b) / min(a, b); c < 4.5 {
				t.Errorf("%+v at %v: contrast %.2f of %v on %v", r, v, c, ink, fill)
			}
		}
	}
	if fill, _ := (Ramp{Signed: true, Low: -2, High: 2}).at(0); fill != signed[5] {
		t.Errorf("0 is %v, want the middle %v", fill, signed[5])
	}
	if fill, _ := (Ramp{High: 1}).at(math.NaN()); fill != missing {
		t.Errorf("NaN is %v, want %v", fill, missing)
	}
}

// TestInks asks that lines can be told from the paper in both schemes: a contrast of 3.
func TestInks(t *testing.T) {
	for i, k := range inks {
		if c := 1.05 / (luminance(k.light) + 0.05); c < 3 {
			t.Errorf("ink %d on white: contrast %.2f", i, c)
		}
	}
}

func TestCellText(t *testing.T) {
	small, large := Cells{Ramp: SignedRamp("", [][]float64{{0.4}})}, Cells{Ramp: SignedRamp("", [][]float64{{4e6}})}
	for _, c := range []struct {
		cells Cells
		v     float64
		want  string
	}{{small, -0.002, "0"}, {small, -0.25, "−0.25"}, {small, math.NaN(), "–"}, {large, -2.4e6, "−2e6"}, {large, 0, "0"}, {Cells{Ramp: Ramp{Percent: true}}, 0.873, "87"}} {
		if got := c.cells.text(c.v); got != c.want {
			t.Errorf("%v: %q, want %q", c.v, got, c.want)
		}
	}
}

// TestRampWords asks that a heat map's key has the units of its cells and of its table.
func TestRampWords(t *testing.T) {
	share := Ramp{Name: "accuracy", High: 1, Percent: true}
	p := Panel{Cells: &Cells{Rows: []string{"1"}, Columns: []string{"a"}, Values: [][]float64{{0.873}}, Ramp: share}}
	if got := share.Words(); got != "accuracy: 0 % to 100 %" {
		t.Errorf("key %q, want percent as in the cells", got)
	}
	if cell, row := p.Cells.text(0.873), p.Table().Rows[0][1]; cell != "87" || row != "87.3 %" {
		t.Errorf("cell %q, table %q, want 87 and 87.3 %%", cell, row)
	}
	if got := (Ramp{Name: "loss", Log: true, Low: 0.1, High: 2}).Words(); got != "loss: 0.100 to 2.00, logarithmic" {
		t.Errorf("key %q", got)
	}
}

func TestPoints(t *testing.T) {
	for v, want := range map[float64]string{0.032: "3.2 points", -0.4: "−40.0 points", math.Inf(1): "+∞"} {
		if got := Points(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// TestFlatAxis asks that values that differ by rounding do not fill an axis whose ticks all read the
// same.
func TestFlatAxis(t *testing.T) {
	for _, a := range []Axis{{Label: "rank"}, {Label: "rank", Log: true}} {
		for _, values := range [][]float64{{1, 1.00000000000002}, {3, 3, 3}, {1e-7, 1.00001e-7}, {-5, -5.0000001}} {
			if a.Log && values[0] < 0 {
				continue
			}
			p := Panel{X: Axis{Label: "step"}, Y: a, Lines: []Line{{X: []float64{0, 1, 2}[:len(values)], Y: values}}}
			g := p.plot(nil)
			seen := map[string]bool{}
			for _, tick := range g.Y.Tick.Marker.Ticks(g.Y.Min, g.Y.Max) {
				if tick.Label == "" {
					continue
				}
				if seen[tick.Label] || utf8.RuneCountInString(tick.Label) > 8 {
					t.Errorf("log %v, %v: tick %q, twice or too long", a.Log, values, tick.Label)
				}
				seen[tick.Label] = true
			}
			if len(seen) < 2 || !(g.Y.Min < a.at(values[0]) && a.at(values[1]) < g.Y.Max) {
				t.Errorf("log %v, %v: %d ticks on an axis from %v to %v", a.Log, values, len(seen), g.Y.Min, g.Y.Max)
			}
		}
	}
}

// TestPairs asks that a line joins what belongs together, and only that.
func TestPairs(t *testing.T) {
	spans := []Span{{Name: "a", Estimate: 1, Low: nan, High: nan, Points: []float64{1, 2, 3}}, {Name: "b", Estimate: 2, Low: nan, High: nan, Points: []float64{2, 3, nan}}}
	drawn := func(p Panel) int {
		svg, err := p.Inline("x")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(svg, "<path")
	}
	p := Panel{Spans: spans}
	alone := drawn(p)
	p.Pairs = true
	if n := drawn(p) - alone; n != 2 {
		t.Errorf("%d lines more, want 2: the third pair has one end", n)
	}
}
