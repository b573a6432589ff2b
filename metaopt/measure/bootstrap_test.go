package measure

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"metaplast/data/fault"

	"gonum.org/v1/gonum/stat"
)

func naiveMean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func naiveMedian(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// enumerate returns the statistic of all nⁿ equally probable resamples, sorted: the
// distribution that the draws of a bootstrap only sample.
func enumerate(x []float64, theta func([]float64) float64) []float64 {
	n := len(x)
	total := int(math.Pow(float64(n), float64(n)))
	all, sample := make([]float64, total), make([]float64, n)
	for k := range all {
		for i, rest := 0, k; i < n; i++ {
			sample[i] = x[rest%n]
			rest /= n
		}
		slices.Sort(sample) // sums in one order
		all[k] = theta(sample)
	}
	slices.Sort(all)
	return all
}

// exactBCa is the interval of a mean by the formulas of Efron & Tibshirani, with a true
// jackknife and the enumerated distribution.
func exactBCa(x []float64, level float64) (low, high float64) {
	all := enumerate(x, naiveMean)
	mean := naiveMean(slices.Sorted(slices.Values(x)))
	below := 0.0
	for _, v := range all {
		switch {
		case math.Abs(v-mean) < 1e-12:
			below += 0.5
		case v < mean:
			below++
		}
	}
	probit := func(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
	z0 := probit(below / float64(len(all)))
	var jack []float64
	for i := range x {
		jack = append(jack, naiveMean(slices.Delete(slices.Clone(x), i, i+1)))
	}
	m := naiveMean(jack)
	num, den := 0.0, 0.0
	for _, v := range jack {
		num += math.Pow(m-v, 3)
		den += math.Pow(m-v, 2)
	}
	a := num / (6 * math.Pow(den, 1.5))
	at := func(p float64) float64 {
		z := z0 + probit(p)
		q := math.Erfc(-(z0+z/(1-a*z))/math.Sqrt2) / 2
		return all[int(q*float64(len(all)))]
	}
	return at((1 - level) / 2), at((1 + level) / 2)
}

// The ends agree with those of the enumerated distribution.
func TestBootstrapAgainstEnumeration(t *testing.T) {
	skewed := []float64{0.1, 0.35, 0.4, 0.9, 1.3, 6}
	for _, c := range []struct {
		name    string
		x       []float64
		level   float64
		f       func(Bootstrap, []float64) (Interval, error)
		theta   func([]float64) float64
		percent bool
	}{
		{"mean", skewed, 0.95, Bootstrap.Mean, naiveMean, true},
		{"mean at 80 %", skewed, 0.8, Bootstrap.Mean, naiveMean, true},
		{"median, even", skewed, 0.9, Bootstrap.Median, naiveMedian, true},
		{"median, odd", skewed[1:], 0.9, Bootstrap.Median, naiveMedian, true},
		{"mean of two", []float64{1, 4}, 0.95, Bootstrap.Mean, naiveMean, true},
		{"BCa", skewed, 0.9, Bootstrap.Mean, naiveMean, false},
		{"BCa, skewed to the left", times(-1, skewed), 0.9, Bootstrap.Mean, naiveMean, false},
	} {
		b := Bootstrap{Seed: 3, Purpose: c.name, Resamples: 100_000, Level: c.level}
		if !c.percent {
			b.Method = BCa
		}
		got, err := c.f(b, c.x)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		all := enumerate(c.x, c.theta)
		low := all[int((1-c.level)/2*float64(len(all)))]
		high := all[int((1+c.level)/2*float64(len(all)))]
		if !c.percent {
			percentileLow, percentileHigh := low, high
			low, high = exactBCa(c.x, c.level)
			if math.Abs(low-percentileLow) < 0.05 || math.Abs(high-percentileHigh) < 0.05 {
				t.Errorf("%s: [%v, %v], near the percentiles %v and %v: the test does not tell them apart",
					c.name, low, high, percentileLow, percentileHigh)
			}
		}
		within(t, c.name+": estimate", got.Estimate, c.theta(c.x), 1e-15*6) // a sum of six
		// The distribution has steps of about 0.01 near its ends; a share of 0.025 is sampled
		// to √(0.025/100000) = 0.0005.
		within(t, c.name+": low", got.Low, low, 0.02)
		within(t, c.name+": high", got.High, high, 0.02)
		if got.N != len(c.x) {
			t.Errorf("%s: N %d", c.name, got.N)
		}
	}
}

// Share of 95 % intervals that contain the truth, over fixed simulations. The standard error of
// a share near 0.95 over 2000 of them is 0.005.
func TestCoverage(t *testing.T) {
	const trials = 2000
	identity := func(z float64) float64 { return z }
	lognormal := math.Exp
	for _, c := range []struct {
		name      string
		n         int
		transform func(float64) float64
		truth     float64
		method    Method
		f         func(Bootstrap, []float64) (Interval, error)
		low, high float64 // where the share must lie
	}{
		// Normal: n − 1 for n in the variance and z for t make the interval of a mean narrow.
		{"mean, normal 5", 5, identity, 0, Percentile, Bootstrap.Mean, 0.81, 0.86},
		{"mean, normal 10", 10, identity, 0, Percentile, Bootstrap.Mean, 0.88, 0.92},
		{"mean, normal 30", 30, identity, 0, Percentile, Bootstrap.Mean, 0.925, 0.955},
		{"median, normal 31", 31, identity, 0, Percentile, Bootstrap.Median, 0.925, 0.965},
		{"BCa, normal 30", 30, identity, 0, BCa, Bootstrap.Mean, 0.925, 0.955},
		// Skewed: both are too short, BCa less so.
		{"mean, lognormal 30", 30, lognormal, math.Exp(0.5), Percentile, Bootstrap.Mean, 0.83, 0.875},
		{"BCa, lognormal 30", 30, lognormal, math.Exp(0.5), BCa, Bootstrap.Mean, 0.86, 0.91},
		{"median, lognormal 31", 31, lognormal, 1, Percentile, Bootstrap.Median, 0.925, 0.965},
	} {
		r := random(fmt.Sprint("coverage ", c.n)) // the same data for all rows of one n
		covered, missedLow, missedHigh := 0, 0, 0
		for k := range trials {
			x := make([]float64, c.n)
			for i := range x {
				x[i] = c.transform(r.NormFloat64())
			}
			iv, err := c.f(Bootstrap{Seed: uint64(k), Purpose: "coverage", Resamples: 399, Method: c.method}, x)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case c.truth < iv.Low:
				missedLow++
			case c.truth > iv.High:
				missedHigh++
			default:
				covered++
			}
		}
		share := float64(covered) / trials
		t.Logf("%-22s covers %.3f, misses %.3f below, %.3f above", c.name, share, float64(missedLow)/trials, float64(missedHigh)/trials)
		if share < c.low || share > c.high {
			t.Errorf("%s: covers %.3f, want %v … %v", c.name, share, c.low, c.high)
		}
	}
}

// For many values the percentile interval of a mean is mean ± 1.96 sd/√n.
func TestBootstrapLargeSample(t *testing.T) {
	x := gaussian(random("bootstrap/large"), 2000)
	mean, sd := stat.MeanStdDev(x, nil)
	half := 1.959964 * sd / math.Sqrt(float64(len(x)))
	for _, m := range []Method{Percentile, BCa} {
		got, err := Bootstrap{Method: m, Resamples: 4000}.Mean(x)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "estimate", got.Estimate, mean, 1e-14)
		// A quantile of 4000 resamples is good to √(0.025/4000)/0.058 = 0.04 standard errors.
		within(t, "low", got.Low, mean-half, 0.06*half)
		within(t, "high", got.High, mean+half, 0.06*half)
	}
}

func TestPaired(t *testing.T) {
	r := random("paired")
	common, d := times(100, gaussian(r, 20)), gaussian(r, 20)
	x := plus(plus(common, d), slices.Repeat([]float64{1}, 20))
	diff := plus(x, times(-1, common))
	before := fmt.Sprint(x, common)
	b := Bootstrap{Seed: 9, Purpose: "paired", Resamples: 999}
	for _, c := range []struct {
		name   string
		paired func(x, y []float64) (Interval, error)
		single func(x []float64) (Interval, error)
	}{
		{"mean", b.PairedMean, b.Mean},
		{"median", b.PairedMedian, b.Median},
		{"BCa", Bootstrap{Resamples: 999, Method: BCa}.PairedMean, Bootstrap{Resamples: 999, Method: BCa}.Mean},
	} {
		got, err := c.paired(x, common)
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.single(diff)
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: %+v, of the differences %+v", c.name, got, want)
		}
		back, err := c.paired(common, x)
		if err != nil {
			t.Fatal(err)
		}
		within(t, c.name+" exchanged", back.Estimate, -got.Estimate, 1e-13) // sums in the other order
		// What the pairs share is gone: an effect of 1 shows below noise of 100.
		if v, err := (Claim{}).Judge(got); err != nil || v != Supported {
			t.Errorf("%s: %+v: %v, %v", c.name, got, v, err)
		}
		if v, err := (Claim{}).Judge(back); err != nil || v != Refuted {
			t.Errorf("%s: %+v: %v, %v", c.name, back, v, err)
		}
	}
	if fmt.Sprint(x, common) != before {
		t.Error("input modified")
	}
	for name, f := range map[string]func(x, y []float64) (Interval, error){"mean": b.PairedMean, "median": b.PairedMedian} {
		_, err := f([]float64{1, 2}, []float64{1})
		fails(t, name, err, &fault.Length{What: "second of the pair", Got: 1, Want: 2}, fault.ErrLength)
		_, err = f(nil, nil)
		fails(t, name, err, &TooFewError{What: "elements of first of the pair", Got: 0, Need: 1}, ErrTooFew)
		_, err = f([]float64{1, nan}, []float64{1, 2})
		fails(t, name, err, &NonFiniteError{What: "first of the pair", Index: []int{1}, Value: nan}, ErrNonFinite)
		_, err = f([]float64{1, 2}, []float64{inf, 2})
		fails(t, name, err, &NonFiniteError{What: "second of the pair", Index: []int{0}, Value: inf}, ErrNonFinite)
		_, err = f([]float64{1, 1e308}, []float64{1, -1e308})
		fails(t, name, err, &NonFiniteError{What: "difference of a pair", Index: []int{1}, Value: inf}, ErrNonFinite)
	}
}

// One key, one interval; any part of the key changes it, the order of the values does not.
func TestBootstrapKeyed(t *testing.T) {
	x := gaussian(random("keyed"), 12)
	reversed := slices.Clone(x)
	slices.Reverse(reversed)
	before := slices.Clone(x)
	run := func(b Bootstrap, x []float64) Interval {
		t.Helper()
		b.Resamples = 99
		iv, err := b.Mean(x)
		if err != nil {
			t.Fatal(err)
		}
		return iv
	}
	key := Bootstrap{Seed: 1, Purpose: "a"}
	want := run(key, x)
	for _, c := range []struct {
		name string
		b    Bootstrap
		x    []float64
		same bool
	}{
		{"again", key, x, true},
		{"reversed", key, reversed, true},
		{"another seed", Bootstrap{Seed: 2, Purpose: "a"}, x, false},
		{"another purpose", Bootstrap{Seed: 1, Purpose: "b"}, x, false},
	} {
		got := run(c.b, c.x)
		if (got == want) != c.same {
			t.Errorf("%s: %+v, first %+v", c.name, got, want)
		}
	}
	if !slices.Equal(x, before) {
		t.Error("input modified")
	}
	// Powers of two change nothing but the exponent, wherever the squares or sums end up.
	for _, f := range []float64{0x1p1000, 0x1p-1000} {
		got := run(key, times(f, x))
		if got.Low != f*want.Low || got.High != f*want.High || got.Estimate != f*want.Estimate {
			t.Errorf("%v times: %+v", f, got)
		}
	}
}

func TestBootstrapDefaults(t *testing.T) {
	x := gaussian(random("defaults"), 30)
	zero, err := Bootstrap{}.Mean(x)
	if err != nil {
		t.Fatal(err)
	}
	explicit, err := Bootstrap{Resamples: 10000, Level: 0.95, Method: Percentile}.Mean(x)
	if err != nil || zero != explicit {
		t.Errorf("%+v, explicit %+v, %v", zero, explicit, err)
	}
	other, err := Bootstrap{Resamples: 9999}.Mean(x)
	if err != nil || zero == other {
		t.Errorf("9999 resamples: %+v, %v", other, err)
	}
}

func TestBootstrapDegenerate(t *testing.T) {
	for _, c := range []struct {
		name                string
		x                   []float64
		estimate, low, high float64
	}{
		{"one value", []float64{3}, 3, nan, nan},
		{"equal values, no rounding", []float64{0.1, 0.1, 0.1}, 0.1, 0.1, 0.1},
		{"zeros", []float64{0, 0}, 0, 0, 0},
		{"the largest", []float64{math.MaxFloat64, math.MaxFloat64, math.MaxFloat64}, math.MaxFloat64, math.MaxFloat64, math.MaxFloat64},
		{"two values", []float64{1, 2}, 1.5, 1, 2}, // both ends have a share of 1/4
	} {
		for _, m := range []Method{Percentile, BCa} {
			b := Bootstrap{Method: m, Resamples: 199}
			got, err := b.Mean(c.x)
			if m == Percentile {
				median, errMedian := b.Median(c.x)
				if fmt.Sprint(median) != fmt.Sprint(got) || errMedian != nil { // NaN prints alike
					t.Errorf("%s: median %+v, %v", c.name, median, errMedian)
				}
			}
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			within(t, c.name+": estimate", got.Estimate, c.estimate, 0)
			within(t, c.name+": low", got.Low, c.low, 0)
			within(t, c.name+": high", got.High, c.high, 0)
			if got.N != len(c.x) {
				t.Errorf("%s: N %d", c.name, got.N)
			}
		}
	}
}

func TestBootstrapRefused(t *testing.T) {
	for name, f := range map[string]func(Bootstrap, []float64) (Interval, error){"mean": Bootstrap.Mean, "median": Bootstrap.Median} {
		_, err := f(Bootstrap{}, nil)
		fails(t, name, err, &TooFewError{What: "elements of values", Got: 0, Need: 1}, ErrTooFew)
		_, err = f(Bootstrap{}, []float64{1, 2, inf})
		fails(t, name, err, &NonFiniteError{What: "values", Index: []int{2}, Value: inf}, ErrNonFinite)
		for _, b := range []Bootstrap{{Level: 1}, {Level: -0.5}, {Level: nan}, {Level: 95}, {Resamples: -1}, {Resamples: 38},
			{Level: 0.9, Resamples: 18}, {Level: 0.99, Resamples: 198}, {Level: 0.9999}, {Method: 2}, {Method: -1}} {
			if _, err := f(b, []float64{1, 2}); !errors.Is(err, fault.ErrSetting) {
				t.Errorf("%s, %+v: %v", name, b, err)
			}
		}
		for _, b := range []Bootstrap{{Resamples: 39}, {Level: 0.9, Resamples: 19}, {Level: 0.99, Resamples: 199}, {Level: 0.8, Resamples: 9}, {Level: 0.999}} {
			if _, err := f(b, []float64{1, 2}); err != nil {
				t.Errorf("%s, %+v: %v", name, b, err)
			}
		}
	}
	if _, err := (Bootstrap{Method: BCa}).Median([]float64{1, 2}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("BCa of a median: %v", err)
	}
	if _, err := (Bootstrap{Method: BCa}).PairedMedian([]float64{1, 2}, []float64{2, 3}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("BCa of a paired median: %v", err)
	}
	// A level of 1 is a fault of the level, not of the resamples.
	fault := Bootstrap{Level: 1}.Validate()
	var setting *SettingError
	if !errors.As(fault, &setting) || setting.Field != "Bootstrap.Level" {
		t.Errorf("level 1: %v", fault)
	}
	// All faults at once.
	const want = `bad setting: Bootstrap.Level is 1.5, want 0 < Level < 1, or 0 for 0.95
bad setting: Bootstrap.Resamples is 3, want at least 39 for level 0.95, or 0 for 10000
bad setting: Bootstrap.Method is 7, want Percentile or BCa`
	if err := (Bootstrap{Level: 1.5, Resamples: 3, Method: 7}).Validate(); err == nil || err.Error() != want {
		t.Errorf("faults:\n%v\nwant\n%v", err, want)
	}
}

func TestQuantile(t *testing.T) {
	sorted := []float64{10, 20, 30, 40}
	for _, c := range []struct{ q, want float64 }{
		{0, 10}, {0.1, 10}, {0.2, 10}, {0.3, 15}, {0.4, 20}, {0.5, 25}, {0.8, 40}, {0.95, 40}, {1, 40},
	} {
		within(t, fmt.Sprint(c.q), quantile(sorted, c.q), c.want, 1e-14) // a product and a difference
	}
}
