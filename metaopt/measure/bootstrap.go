package measure

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"metaplast/data/stream"
)

// Method says how the ends of a bootstrap interval are read from the resamples.
type Method int

const (
	// Percentile reads the quantiles (1−Level)/2 and (1+Level)/2. The zero value.
	Percentile Method = iota
	// BCa corrects the two quantiles for bias and skewness; for means only.
	BCa
)

// Interval is an estimate with a confidence interval.
type Interval struct {
	Estimate  float64 // of the data themselves, not the mean of the resamples
	Low, High float64 // NaN, both, where there is one value only
	N         int     // values, or pairs of values
}

const (
	defaultResamples = 10000
	defaultLevel     = 0.95
)

// Bootstrap makes confidence intervals by resampling with replacement.
//
//	θ*_b = θ(x*_b),  x*_b = n draws with replacement from x_1 … x_n,  b = 1 … B
//
//	Percentile  [θ*_(α), θ*_(1−α)],  α = (1 − Level)/2
//	BCa         the same with α and 1−α replaced by
//	            Φ(z0 + (z0 + z)/(1 − a(z0 + z))),  z = Φ⁻¹(α) and Φ⁻¹(1−α)
//	            z0 = Φ⁻¹(share of θ*_b below θ(x), ties counted half)
//	            a  = Σ(x_i − x̄)³ / 6(Σ(x_i − x̄)²)^{3/2}, the jackknife's for a mean
//
// θ*_(q) is the element at position (B+1)q of the sorted resamples, interpolated.
//
// The zero value is a 95 % percentile interval from 10000 resamples with the stream of seed
// 0. The same settings and values give the same interval, in whatever order the values are.
// Intervals with the same Seed, Purpose and n share their draws: give different Purposes to
// those that are to be independent.
//
// The values must be independent of each other: one per seed, say, and not one per episode
// of the same trained learner where the claim is about learners. With few values the
// resamples are too narrow: for normal values the 95 % percentile interval of a mean covers
// it with probability about 0.84 at n = 5, 0.90 at n = 10 and 0.94 at n = 30. There StudentT is
// the honest one. For n = 2 the interval is [min, max], which covers half of the time.
//
// Errors of all methods: those of Validate, ErrTooFew for no value, ErrNonFinite. For n = 1
// there is an estimate and no error, but no interval: Low and High are NaN, which a Claim
// reads as Undecided. Cost: B·n draws and additions, and sorting B numbers.
//
// Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3 for the
// percentiles and section 14.3 for BCa.
type Bootstrap struct {
	Seed      uint64  // of the run
	Purpose   string  // what the interval is of; part of the stream's key
	Resamples int     // B; 0 means 10000. Illegal: negative, or too few for Level: 2/(1−Level) − 1 at least (39 for 95 %)
	Level     float64 // 0 means 0.95. Illegal: negative, 1 and above, NaN
	Method    Method
}

func (b Bootstrap) resamples() int {
	if b.Resamples == 0 {
		return defaultResamples
	}
	return b.Resamples
}

func (b Bootstrap) level() float64 {
	if b.Level == 0 {
		return defaultLevel
	}
	return b.Level
}

// Validate lists all faults of the settings, as SettingErrors.
func (b Bootstrap) Validate() error {
	var faults []error
	level := b.level()
	legal := level > 0 && level < 1
	if !legal {
		faults = append(faults, &SettingError{Field: "Bootstrap.Level", Value: b.Level, Want: "0 < Level < 1, or 0 for 0.95"})
		level = defaultLevel
	}
	// The position (B+1)·α of the lower end must be 1 or more; 1e-9 forgives rounding.
	if least := 2/(1-level) - 1; float64(b.resamples()) < least*(1-1e-9) {
		faults = append(faults, &SettingError{Field: "Bootstrap.Resamples", Value: b.Resamples,
			Want: fmt.Sprintf("at least %.0f for level %v, or 0 for %d", math.Ceil(least*(1-1e-9)), level, defaultResamples)})
	}
	if b.Method != Percentile && b.Method != BCa {
		faults = append(faults, &SettingError{Field: "Bootstrap.Method", Value: int(b.Method), Want: "Percentile or BCa"})
	}
	return errors.Join(faults...)
}

// Mean returns the mean of the values with its interval.
func (b Bootstrap) Mean(values []float64) (Interval, error) {
	return b.interval(values, countedMean)
}

// Median returns the median of the values with its interval; for even n the median is the
// mean of the middle two. The acceleration of BCa, from the jackknife, is inconsistent for a
// median: Method BCa is ErrUnsupported.
func (b Bootstrap) Median(values []float64) (Interval, error) {
	if b.Method == BCa {
		return Interval{}, fmt.Errorf("%w: BCa interval of a median; use Percentile", ErrUnsupported)
	}
	return b.interval(values, countedMedian)
}

// PairedMean returns the mean of x_i − y_i with its interval.
//
//	x, y  [n]  x_i and y_i from the same unit: the same seed, the same episode
//
// Pairs are resampled, so that what x and y have in common cancels. It is the interval to
// read a comparison from, and not whether two separate intervals overlap. Errors beyond
// those of Mean: fault.ErrLength for slices of different lengths.
func (b Bootstrap) PairedMean(x, y []float64) (Interval, error) {
	d, err := differences(x, y)
	if err != nil {
		return Interval{}, err
	}
	return b.Mean(d)
}

// PairedMedian is PairedMean for the median of x_i − y_i, which is not the difference of
// the medians.
func (b Bootstrap) PairedMedian(x, y []float64) (Interval, error) {
	d, err := differences(x, y)
	if err != nil {
		return Interval{}, err
	}
	return b.Median(d)
}

func differences(x, y []float64) ([]float64, error) {
	if err := pair("first of the pair", x, "second of the pair", y); err != nil {
		return nil, err
	}
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = v - y[i]
	}
	return d, finite("difference of a pair", d)
}

// statistic is a function of a sample with sorted[i] in it count[i] times, n in all. As it
// sees no order, resamples with the same elements tie exactly.
type statistic func(sorted []float64, count []int) float64

func countedMean(sorted []float64, count []int) float64 {
	sum := 0.0
	for i, c := range count {
		sum += float64(float64(c) * sorted[i])
	}
	// Rounding must not carry the mean out of the range of the values.
	n := len(sorted)
	return min(sorted[n-1], max(sorted[0], sum/float64(n)))
}

func countedMedian(sorted []float64, count []int) float64 {
	n, seen := len(sorted), 0
	lower, upper := (n-1)/2, n/2 // positions, equal for odd n
	low := math.NaN()
	for i, c := range count {
		seen += c
		if math.IsNaN(low) && seen > lower {
			low = sorted[i]
		}
		if seen > upper {
			return low/2 + sorted[i]/2
		}
	}
	panic("measure: counts that do not add up to n")
}

func (b Bootstrap) interval(values []float64, theta statistic) (Interval, error) {
	if err := b.Validate(); err != nil {
		return Interval{}, err
	}
	if err := vector("values", values, 1); err != nil {
		return Interval{}, err
	}
	// Values of any size: all is computed in units of a power of two.
	e, n := exponent(values), len(values)
	unit := math.Ldexp(1, e)
	x := make([]float64, n)
	for i, v := range values {
		x[i] = v / unit
	}
	slices.Sort(x)
	count := make([]int, n)
	for i := range count {
		count[i] = 1
	}
	estimate := theta(x, count)
	out := Interval{Estimate: math.Ldexp(estimate, e), Low: math.NaN(), High: math.NaN(), N: n}
	if n < 2 {
		return out, nil
	}
	r := stream.New(b.Seed, "bootstrap/"+b.Purpose, 0, 0)
	resampled := make([]float64, b.resamples())
	for k := range resampled {
		clear(count)
		for range n {
			count[r.IntN(n)]++
		}
		resampled[k] = theta(x, count)
	}
	slices.Sort(resampled)
	low, high := (1-b.level())/2, (1+b.level())/2
	if b.Method == BCa {
		z0, a := bias(resampled, estimate), acceleration(x, estimate)
		low, high = corrected(low, z0, a), corrected(high, z0, a)
	}
	out.Low = math.Ldexp(quantile(resampled, low), e)
	out.High = math.Ldexp(quantile(resampled, high), e)
	return out, nil
}

// quantile returns the element at position (B+1)·q, counted from 1, of a sorted slice.
func quantile(sorted []float64, q float64) float64 {
	last := float64(len(sorted) - 1)
	at := min(last, max(0, float64(float64(len(sorted)+1)*q)-1))
	i := int(at)
	if f := at - float64(i); f > 0 {
		return float64((1-f)*sorted[i]) + float64(f*sorted[i+1])
	}
	return sorted[i]
}
