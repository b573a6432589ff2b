package study

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"metaplast/data"
	"metaplast/metaopt/measure"
	"metaplast/metaopt/recovery"
	"metaplast/metaopt/run"
)

// The measures of studies that plant a rule; see package recovery. Those of coefficients are not finite
// for an arm whose rule has none.
var (
	Found      = Measure{Name: "found", What: fmt.Sprintf("1 where every coefficient of the planted rule is found to within %v %% and every other one is at most %v, else 0", 100*recovery.Usual.True, recovery.Usual.False), Unit: "seeds", Best: Largest}
	TrueError  = Measure{Name: "true_error", What: "largest relative error of a coefficient of the planted rule", Unit: "share", Best: Smallest}
	FalseSize  = Measure{Name: "false_size", What: "largest absolute value of a coefficient that the planted rule does not have", Unit: "coefficient", Scale: Ratio, Best: Smallest}
	Support    = Measure{Name: "support", What: fmt.Sprintf("share of coefficients that are rightly 0 or not, absolute values of at most %v counting as 0", recovery.Usual.False), Unit: "share", Best: Largest}
	R2Weights  = Measure{Name: "r2_weights", What: "R² of the plastic weights on held-out trajectories, the mean over these", Unit: "share", Best: Largest}
	R2Activity = Measure{Name: "r2_activity", What: "R² of the activities of the plastic layer on held-out trajectories, the mean over these", Unit: "share", Best: Largest}
	Deviance   = Measure{Name: "deviance", What: "deviance explained on held-out trajectories: 100 (D_0 − D)/D_0, D the squared error of the answers and D_0 that of a network that does not change", Unit: "percent", Best: Largest}
)

var recoveryMeasures = []Measure{Found, TrueError, FalseSize, Support, R2Weights, R2Activity, Deviance}

func isRecovery(name string) bool {
	return slices.ContainsFunc(recoveryMeasures, func(m Measure) bool { return m.Name == name })
}

// recovers reports whether a measure of the study is about a planted rule.
func (s Study) recovers() bool {
	return slices.ContainsFunc(s.Measures, func(m Measure) bool { return isRecovery(m.Name) })
}

// recovered adds the measures of package recovery to those of the learners of a run.
func recovered(ctx context.Context, r *run.Opened, arms []ArmMeasured, trajectories int) error {
	teacher, ok := r.Sampler.(*data.Teacher)
	if !ok {
		return fmt.Errorf("task %s: no rule is planted in it", r.Config.Task.Kind)
	}
	for i, s := range r.Subjects {
		got, err := recovery.Measure(ctx, s, teacher, recovery.Options{Split: data.HeldOut, Seed: r.Config.Seed, Trajectories: trajectories})
		if err != nil {
			return err
		}
		found := 0.0
		if got.Found(recovery.Usual) {
			found = 1
		}
		arms[i].Coefficients = got.Coefficients
		for m, v := range map[string]float64{Found.Name: found, TrueError.Name: got.TrueError(), FalseSize.Name: got.FalseSize(),
			Support.Name: got.Support(recovery.Usual.False), R2Weights.Name: float64(got.Weights), R2Activity.Name: float64(got.Activity), Deviance.Name: float64(got.Deviance)} {
			arms[i].Values[m] = measure.Number(v)
		}
	}
	return nil
}

// coefficientsOf summarises those of an arm over seeds; nil unless every seed has the same.
func coefficientsOf(seeds []ArmMeasured) (list []CoefficientResult) {
	if len(seeds) == 0 {
		return nil
	}
	for k, first := range seeds[0].Coefficients {
		c := CoefficientResult{Name: first.Name}
		var errors []float64
		for _, s := range seeds {
			if k >= len(s.Coefficients) || s.Coefficients[k].Name != first.Name {
				return nil
			}
			v := s.Coefficients[k]
			c.True, c.Found = append(c.True, float64(v.True)), append(c.Found, float64(v.Found))
			errors = append(errors, float64(v.Found-v.True))
		}
		iv := Difference.mean(errors)
		c.Error, c.Low, c.High = measure.Number(iv.Estimate), measure.Number(iv.Low), measure.Number(iv.High)
		list = append(list, c)
	}
	return list
}

// Fixed reports whether the coefficient has the same true value with every seed.
func (c CoefficientResult) Fixed() bool { return len(slices.Compact(slices.Clone(c.True))) <= 1 }

// Planted reports whether it is one of the planted rule's, with any seed.
func (c CoefficientResult) Planted() bool {
	return slices.ContainsFunc(c.True, func(v float64) bool { return v != 0 })
}

// coefficients shows those that were found: over seeds where all have the same planted rule, else seed
// by seed.
func (a ArmResult) coefficients(b *bytes.Buffer, seeds []uint64) {
	if len(a.Coefficients) == 0 {
		return
	}
	if slices.ContainsFunc(a.Coefficients, func(c CoefficientResult) bool { return !c.Fixed() }) {
		a.bySeed(b, seeds)
		return
	}
	fold(b, "coefficients of "+a.Name+": ", "", "mean over seeds [95 % confidence interval]")
	b.WriteByte('\n')
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "coefficient\tplanted\tfound")
	others, most := 0, 0.0
	for _, c := range a.Coefficients {
		if !c.Planted() {
			others++
			for _, v := range c.Found {
				most = math.Max(most, math.Abs(v))
			}
			continue
		}
		at := measure.Number(c.True[0])
		fmt.Fprintf(w, "%s\t%v\t%s\n", c.Name, at, interval(at+c.Error, at+c.Low, at+c.High))
	}
	w.Flush()
	fmt.Fprintf(b, "the other %d: at most %v in absolute value, with any seed\n\n", others, measure.Number(most))
}

// bySeed shows the coefficients of each seed.
func (a ArmResult) bySeed(b *bytes.Buffer, seeds []uint64) {
	fold(b, "coefficients of "+a.Name+": ", "", "found (planted), seed by seed, and the largest of the others in absolute value")
	b.WriteByte('\n')
	for i, seed := range seeds {
		var parts []string
		most := 0.0
		for _, c := range a.Coefficients {
			if c.True[i] == 0 {
				most = math.Max(most, math.Abs(c.Found[i]))
				continue
			}
			parts = append(parts, fmt.Sprintf("%s %v (%v)", c.Name, measure.Number(c.Found[i]), measure.Number(c.True[i])))
		}
		fold(b, fmt.Sprintf("  seed %d: ", seed), "    ", strings.Join(append(parts, fmt.Sprintf("others %v", measure.Number(most))), ", "))
	}
	b.WriteByte('\n')
}
