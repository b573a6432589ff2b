package analysis

import (
	"math"

	"metaplast/metaopt/measure"
)

// mean averages the records of a learner's episodes, nil where one diverged, in their order.
// Each number is the mean over the episodes where it is not NaN. shape is an analysis of the same
// learner without numbers, which is what is left if all diverged.
func mean(records []*Analysis, shape Analysis) Analysis {
	var finite []*Analysis
	out := shape
	out.Episodes = len(records)
	for e, r := range records {
		out.ByEpisode = append(out.ByEpisode, r.summary(e))
		if r == nil {
			out.Diverged++
			continue
		}
		finite = append(finite, r)
	}
	if len(finite) == 0 {
		return out
	}
	for _, f := range numbers {
		*f(&out) = average(finite, f)
	}
	for _, f := range lists {
		*f(&out) = averages(finite, f, defined)
	}
	for _, f := range tables {
		*f(&out) = averageTable(finite, f, defined)
	}
	out.NetNormRatio = averages(finite, func(a *Analysis) *measure.Numbers { return &a.NetNormRatio }, middle)
	out.NormRatio = averageTable(finite, func(a *Analysis) *measure.Table { return &a.NormRatio }, middle)
	out.ByAge = byAge(finite)
	for k, first := range finite[0].Activity {
		v := Activity{Layer: first.Layer, Units: first.Units}
		for _, f := range activityNumbers {
			*f(&v) = average(finite, func(a *Analysis) *measure.Number { return f(&a.Activity[k]) })
		}
		out.Activity = append(out.Activity, v)
	}
	for k := range shape.Points {
		v := &out.Points[k]
		for _, f := range pointNumbers {
			*f(v) = average(finite, func(a *Analysis) *measure.Number { return f(&a.Points[k]) })
		}
		for _, f := range pointTables {
			*f(v) = averageTable(finite, func(a *Analysis) *measure.Table { return f(&a.Points[k]) }, defined)
		}
	}
	return out
}

// What is averaged.
var (
	numbers = []func(*Analysis) *measure.Number{
		func(a *Analysis) *measure.Number { return &a.AverageFinal },
		func(a *Analysis) *measure.Number { return &a.BackwardTransfer },
		func(a *Analysis) *measure.Number { return &a.ForwardTransfer },
		func(a *Analysis) *measure.Number { return &a.Forgetting },
	}
	lists = []func(*Analysis) *measure.Numbers{
		func(a *Analysis) *measure.Numbers { return &a.NetCosine },
		func(a *Analysis) *measure.Numbers { return &a.StepLoss },
		func(a *Analysis) *measure.Numbers { return &a.Before },
		func(a *Analysis) *measure.Numbers { return &a.AccuracyBefore },
	}
	tables = []func(*Analysis) *measure.Table{
		func(a *Analysis) *measure.Table { return &a.Cosine },
		func(a *Analysis) *measure.Table { return &a.Rank },
		func(a *Analysis) *measure.Table { return &a.Angle },
		func(a *Analysis) *measure.Table { return &a.Retention },
		func(a *Analysis) *measure.Table { return &a.Accuracy },
	}
	activityNumbers = []func(*Activity) *measure.Number{
		func(a *Activity) *measure.Number { return &a.Zeros },
		func(a *Activity) *measure.Number { return &a.Hoyer },
		func(a *Activity) *measure.Number { return &a.Dead },
	}
	pointNumbers = []func(*Point) *measure.Number{
		func(p *Point) *measure.Number { return &p.OverlapWithin },
		func(p *Point) *measure.Number { return &p.OverlapBetween },
		func(p *Point) *measure.Number { return &p.AlignmentWithin },
		func(p *Point) *measure.Number { return &p.AlignmentBetween },
		func(p *Point) *measure.Number { return &p.Own },
		func(p *Point) *measure.Number { return &p.Within },
		func(p *Point) *measure.Number { return &p.Between },
		func(p *Point) *measure.Number { return &p.Harmful },
		func(p *Point) *measure.Number { return &p.HarmfulFirst },
		func(p *Point) *measure.Number { return &p.Past },
		func(p *Point) *measure.Number { return &p.PastHarmful },
	}
	pointTables = []func(*Point) *measure.Table{
		func(p *Point) *measure.Table { return &p.Overlap },
		func(p *Point) *measure.Table { return &p.Alignment },
		func(p *Point) *measure.Table { return &p.Interference },
		func(p *Point) *measure.Table { return &p.FirstOrder },
	}
)

// defined is the mean of the numbers that are not NaN; NaN if there is none.
func defined(n int, at func(int) float64) float64 {
	sum, count := 0.0, 0
	for i := range n {
		if v := at(i); !math.IsNaN(v) {
			sum += v
			count++
		}
	}
	return sum / float64(count)
}

// middle is their median; NaN if there is none.
func middle(n int, at func(int) float64) float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = at(i)
	}
	return measure.Median(values)
}

func average(records []*Analysis, f func(*Analysis) *measure.Number) measure.Number {
	return measure.Number(defined(len(records), func(i int) float64 { return float64(*f(records[i])) }))
}

// over makes one number of those of n episodes.
type over func(n int, at func(int) float64) float64

// averages returns nil where the records have nil.
func averages(records []*Analysis, f func(*Analysis) *measure.Numbers, mean over) measure.Numbers {
	if *f(records[0]) == nil {
		return nil
	}
	m := make(measure.Numbers, len(*f(records[0])))
	for j := range m {
		m[j] = mean(len(records), func(i int) float64 { return (*f(records[i]))[j] })
	}
	return m
}

func averageTable(records []*Analysis, f func(*Analysis) *measure.Table, mean over) measure.Table {
	if *f(records[0]) == nil {
		return nil
	}
	m := make(measure.Table, len(*f(records[0])))
	for k := range m {
		m[k] = averages(records, func(a *Analysis) *measure.Numbers {
			row := measure.Numbers((*f(a))[k])
			return &row
		}, mean)
	}
	return m
}
