package figure

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// set gives an axis of gonum its range, scale and ticks. low and high are the data's range, which
// is not one where low > high.
func (a Axis) set(to *plot.Axis, low, high float64) {
	to.Label.Text = a.Label
	if a.Categories != nil {
		to.Min, to.Max = -0.5, float64(len(a.Categories))-0.5
		to.Tick.Marker = named(a.Categories)
		return
	}
	if a.Low != 0 || a.High != 0 {
		low, high = a.Low, a.High
	}
	if a.Log {
		low, high = logRange(low, high)
		to.Min, to.Max, to.Tick.Marker = a.at(low), a.at(high), decades{}
		return
	}
	if low > high {
		low, high = 0, 1
	}
	if flat(low, high) {
		half := max(0.5, math.Abs(low)/2)
		low, high = low-half, high+half
	}
	to.Min, to.Max, to.Tick.Marker = low, high, even{}
}

// at is where a value is on the axis: at its decimal logarithm, or itself. A scale of gonum's would
// do the same for values, but not for the space that it leaves for the axis' label.
func (a Axis) at(v float64) float64 {
	if a.Log {
		return math.Log10(v)
	}
	return v
}

// logRange is a range that a logarithmic axis can have: one of its own if nothing, or one value,
// is on it.
func logRange(low, high float64) (float64, float64) {
	if low > 0 && finite(high) && !flat(low, high) {
		return low, high
	}
	mid := 1.0
	if low > 0 && finite(low) {
		mid = low
	}
	return mid / 2, mid * 2
}

// flat tells whether values from low to high are one value, but for what ticks of six digits can
// tell apart: values that differ by rounding would fill the panel.
func flat(low, high float64) bool { return high-low <= 1e-4*max(math.Abs(low), math.Abs(high)) }

// drawable tells whether a value has a place on the axis, which a logarithmic one of usable length
// has not for all.
func (a Axis) drawable(v float64) bool {
	if a.Log {
		return v > 1e-30 && v < 1e30
	}
	return finite(v)
}

// span is a growing range, at first none.
type span struct{ low, high float64 }

func newSpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(a Axis, values ...float64) {
	for _, v := range values {
		if a.drawable(v) {
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
	}
}

// named are ticks at 0, 1, … with names.
type named []string

func (n named) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, name := range n {
		ticks[i] = plot.Tick{Value: float64(i), Label: name}
	}
	return ticks
}

// decades marks 1, 2 and 5 of each decade of a logarithmic axis, or 1 alone on a long one, and where
// that is long still, only some.
type decades struct{}

// Ticks has low and high, as all of the axis, in logarithms.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	length := high - low
	every := max(1, int(math.Ceil(length/6)))
	for d := int(math.Floor(low)); float64(d) <= high; d++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow(10, float64(d))
			t := plot.Tick{Value: math.Log10(v)}
			if t.Value < low-1e-9 || t.Value > high+1e-9 {
				continue
			}
			if m == 1 && d%every == 0 || length <= 2 && (m == 2 || m == 5) || length <= 0.5 {
				t.Label = tick(v)
			}
			if t.Label != "" || every == 1 {
				ticks = append(ticks, t)
			}
		}
	}
	if labelled(ticks) >= 2 {
		return ticks
	}
	ticks = even{}.Ticks(math.Pow(10, low), math.Pow(10, high))
	for i := range ticks {
		ticks[i].Value = math.Log10(ticks[i].Value)
	}
	return ticks
}

func labelled(ticks []plot.Tick) int {
	n := 0
	for _, t := range ticks {
		if t.Label != "" {
			n++
		}
	}
	return n
}

// even marks multiples of 1, 2 or 5 times a power of ten, four to eight of them.
type even struct{}

func (even) Ticks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	for _, m := range []float64{5, 2} {
		if (high-low)/(m*step) >= 4-1e-9 {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		// Of the step's own digits, so that 3·0.1 is 0.3.
		v, _ := strconv.ParseFloat(strconv.FormatFloat(i*step, 'e', 12, 64), 64)
		ticks = append(ticks, plot.Tick{Value: v, Label: tick(v)})
	}
	return ticks
}

// tick is a number beside an axis.
func tick(v float64) string {
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); a < 1e-3 || a >= 1e5 {
		e := math.Floor(math.Log10(a) + 1e-9)
		m := strconv.FormatFloat(v/math.Pow(10, e), 'g', 3, 64)
		if m == "1" {
			return "10" + raise(int(e))
		}
		return minus(m) + "×10" + raise(int(e))
	}
	return minus(strconv.FormatFloat(v, 'g', 6, 64))
}
