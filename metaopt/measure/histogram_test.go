package measure

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"
)

func TestHistogram(t *testing.T) {
	for _, c := range []struct {
		name         string
		values       []float64
		low, high    float64
		bins         int
		counts       []int
		below, above int
	}{
		{"edges", []float64{0, 1, 2, 3, 4}, 0, 4, 4, []int{1, 1, 1, 2}, 0, 0},
		{"inside", []float64{0.5, 0.6, 3.9}, 0, 4, 4, []int{2, 0, 0, 1}, 0, 0},
		{"outside", []float64{-1, math.Nextafter(0, -1), 0, 4, math.Nextafter(4, 5), 7, 8}, 0, 4, 2, []int{1, 1}, 2, 3},
		{"one bin", []float64{-1, 0, 1, 2}, -1, 1, 1, []int{3}, 0, 1},
		{"empty", nil, 0, 1, 3, []int{0, 0, 0}, 0, 0},
		{"more bins than floats", []float64{1, math.Nextafter(1, 2)}, 1, math.Nextafter(1, 2), 4, []int{0, 0, 1, 1}, 0, 0},
	} {
		before := slices.Clone(c.values)
		h, err := NewHistogram(c.values, c.low, c.high, c.bins)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(h.Counts, c.counts) || h.Below != c.below || h.Above != c.above || h.Low != c.low || h.High != c.high {
			t.Errorf("%s: %+v, want %v, %d below, %d above", c.name, h, c.counts, c.below, c.above)
		}
		if !slices.Equal(c.values, before) {
			t.Errorf("%s: input modified", c.name)
		}
	}
}

// Bins are what the edges say, for values at, just below and just above every edge, also
// where the quotient (v − low)/width rounds to the other side.
func TestHistogramEdges(t *testing.T) {
	type bins struct {
		low, high float64
		bins      int
	}
	cases := []bins{{0, 1, 10}, {-0.3, 0.7, 49}, {0.1, 0.4, 3}, {-1e-3, 1e-3, 21}, {5, 5.1, 33}}
	r := random("histogram/edges")
	for range 300 {
		low := r.Float64()
		cases = append(cases, bins{low, low + r.Float64(), 1 + r.IntN(20)})
	}
	disagree := [2]int{} // quotient too low, too high
	for _, c := range cases {
		e := Histogram{Low: c.low, High: c.high, Counts: make([]int, c.bins)}
		if e.Edge(0) != c.low || e.Edge(c.bins) != c.high {
			t.Errorf("%+v: ends %v and %v", c, e.Edge(0), e.Edge(c.bins))
		}
		for i := range c.bins + 1 {
			within(t, "edge", e.Edge(i), c.low+float64(i)*(c.high-c.low)/float64(c.bins), 1e-15*5.1) // three roundings
			for _, v := range []float64{math.Nextafter(e.Edge(i), -9), e.Edge(i), math.Nextafter(e.Edge(i), 9)} {
				h, err := NewHistogram([]float64{v}, c.low, c.high, c.bins)
				if err != nil {
					t.Fatal(err)
				}
				if v < c.low || v > c.high {
					if h.Below+h.Above != 1 {
						t.Errorf("%v is outside of %+v", v, c)
					}
					continue
				}
				want := c.bins - 1
				for want > 0 && v < e.Edge(want) {
					want--
				}
				if got := slices.Index(h.Counts, 1); got != want {
					t.Errorf("%v in %+v: bin %d, want %d", v, c, got, want)
				}
				switch quotient := int((v - c.low) / (c.high - c.low) * float64(c.bins)); {
				case quotient < want:
					disagree[0]++
				case quotient > want && v < c.high:
					disagree[1]++
				}
			}
		}
	}
	if min(disagree[0], disagree[1]) < 10 {
		t.Errorf("the quotient is too low and too high for %d values only: the test does not test the edges", disagree)
	}
}

func TestHistogramTotal(t *testing.T) {
	v := gaussian(random("histogram"), 1000)
	h, err := NewHistogram(v, -1, 2, 7)
	if err != nil {
		t.Fatal(err)
	}
	total := h.Below + h.Above
	for i, n := range h.Counts {
		total += n
		inside := 0
		for _, x := range v {
			if h.Edge(i) <= x && x < h.Edge(i+1) {
				inside++
			}
		}
		if inside != n {
			t.Errorf("bin %d: %d, want %d", i, n, inside)
		}
	}
	if total != 1000 || h.Below == 0 || h.Above == 0 {
		t.Errorf("%+v: %d in all", h, total)
	}
}

func TestHistogramRange(t *testing.T) {
	for _, c := range []struct {
		name      string
		sets      [][]float64
		low, high float64
	}{
		{"two", [][]float64{{3, 1}, {2, 7}}, 1, 7},
		{"one empty", [][]float64{nil, {2, -7}}, -7, 2},
		{"the last empty", [][]float64{{2, -7}, nil}, -7, 2},
		{"small and constant", [][]float64{{0.01, 0.01}, {0.01}}, -0.49, 0.51},
		{"large and constant", [][]float64{{-1e20}}, -1.5e20, -0.5e20},
	} {
		low, high, err := HistogramRange(c.sets...)
		if err != nil || low != c.low || high != c.high {
			t.Errorf("%s: %v, %v, %v, want %v, %v", c.name, low, high, err, c.low, c.high)
		}
		if _, err := NewHistogram(c.sets[0], low, high, 5); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	_, _, err := HistogramRange(nil, []float64{})
	fails(t, "empty", err, &TooFewError{What: "values", Got: 0, Need: 1}, ErrTooFew)
	_, _, err = HistogramRange([]float64{1}, []float64{2, nan})
	fails(t, "NaN", err, &NonFiniteError{What: "values of sets", Index: []int{1, 1}, Value: nan}, ErrNonFinite)
}

func TestHistogramRefused(t *testing.T) {
	_, err := NewHistogram(nil, 0, 1, 0)
	fails(t, "bins", err, &SettingError{Field: "bins", Value: 0, Want: "at least 1"}, fault.ErrSetting)
	for _, r := range [][2]float64{{1, 1}, {2, 1}, {nan, 1}, {0, nan}, {-inf, 1}, {0, inf}, {-1e308, 1e308}} {
		_, err = NewHistogram(nil, r[0], r[1], 3)
		fails(t, fmt.Sprint(r), err, &SettingError{Field: "range", Value: r, Want: "low < high and a finite width"}, fault.ErrSetting)
	}
	_, err = NewHistogram([]float64{0, inf}, 0, 1, 3)
	fails(t, "infinite", err, &NonFiniteError{What: "values", Index: []int{1}, Value: inf}, ErrNonFinite)
}
