package study

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"metaplast/metaopt/measure"
)

// The verdicts.
const (
	Confirmed = "confirmed"
	Refuted   = "refuted"
	Undecided = "undecided"
)

var verdicts = map[measure.Verdict]string{measure.Supported: Confirmed, measure.Refuted: Refuted, measure.Undecided: Undecided}

// Judge computes the result of a plan from what was measured of its cells, in their order; dir
// is the folder of the study, for the commands that reproduce it. See the package comment for
// the formulas.
//
// Errors: a measurement that lacks an arm or a measure of the study, or another number of
// measurements than of cells.
func Judge(p *Plan, measured []Measured, dir string) (*Result, error) {
	if len(measured) != len(p.Cells) {
		return nil, fmt.Errorf("study %s: %d measurements for %d runs", p.Study.Name, len(measured), len(p.Cells))
	}
	c := p.Cells[0].Config
	r := &Result{Study: p.Study.Name, Summary: p.Study.Summary, Size: p.Setting.Size, Task: p.Setting.Task,
		Changes: append([]string{}, p.Changes...), Seeds: p.Seeds, BLAS: measured[0].BLAS, Episodes: measured[0].Episodes, Split: measured[0].Split,
		Steps: c.Meta.Steps, Batch: c.Meta.Batch, Tuning: p.Study.Tuning}
	for _, m := range p.Study.Measures {
		r.Measures = append(r.Measures, MeasureInfo{Name: m.Name, What: m.What, Unit: m.Unit, Scale: m.Scale.String()})
	}
	t, err := collect(p, measured)
	if err != nil {
		return nil, err
	}
	for _, cl := range p.Study.Claims {
		res, err := t.judge(cl)
		if err != nil {
			return nil, fmt.Errorf("study %s, claim %s: %w", p.Study.Name, cl.ID, err)
		}
		r.Claims = append(r.Claims, res)
	}
	for _, a := range p.Study.Arms {
		r.Arms = append(r.Arms, t.arm(a))
	}
	for i, cell := range p.Cells {
		r.Runs = append(r.Runs, RunResult{Seed: cell.Seed, Run: cell.Folder(), Fingerprint: measured[i].Fingerprint})
		if measured[i].BLAS != r.BLAS {
			r.BLAS = "mixed"
		}
	}
	r.Commands = append(r.Commands, p.Command(dir))
	for _, cell := range p.Cells {
		r.Commands = append(r.Commands, "metaplast eval "+quoted(filepath.Join(dir, cell.Folder())))
	}
	return r, nil
}

// table holds the numbers by arm and measure, in the order of the seeds.
type table struct {
	plan   *Plan
	byArm  map[string][]ArmMeasured
	values map[[2]string][]float64
}

func collect(p *Plan, measured []Measured) (*table, error) {
	t := &table{plan: p, byArm: map[string][]ArmMeasured{}, values: map[[2]string][]float64{}}
	for i, m := range measured {
		for _, a := range m.Arms {
			t.byArm[a.Name] = append(t.byArm[a.Name], a)
			for _, d := range p.Study.Measures {
				v, ok := a.Values[d.Name]
				if !ok {
					return nil, fmt.Errorf("study %s: seed %d: arm %s lacks the measure %s", p.Study.Name, p.Cells[i].Seed, a.Name, d.Name)
				}
				key := [2]string{a.Name, d.Name}
				t.values[key] = append(t.values[key], float64(v))
			}
		}
	}
	for _, a := range p.Study.Arms {
		if len(t.byArm[a.Name]) != len(measured) {
			return nil, fmt.Errorf("study %s: arm %s has %d measurements of %d", p.Study.Name, a.Name, len(t.byArm[a.Name]), len(measured))
		}
	}
	return t, nil
}

// judge measures the effect of a claim and reads the verdict from its interval.
func (t *table) judge(c Claim) (ClaimResult, error) {
	m, ok := t.plan.Study.Measure(c.Measure)
	if !ok {
		return ClaimResult{}, fmt.Errorf("no measure %q", c.Measure)
	}
	a, b := t.values[[2]string{c.A, c.Measure}], t.values[[2]string{c.B, c.Measure}]
	if len(a) != len(t.plan.Seeds) || len(b) != len(a) {
		return ClaimResult{}, fmt.Errorf("arms %s and %s: no arms of the study", c.A, c.B)
	}
	unit, direction := m.Unit, "greater"
	if m.Scale == Ratio {
		unit = "ratio"
	}
	if c.Direction == measure.Less {
		direction = "less"
	}
	r := ClaimResult{ID: c.ID, Claim: c.Statement, Source: c.Source, Measure: c.Measure, Unit: unit, Arms: []string{c.A, c.B},
		Direction: direction, Threshold: measure.Number(c.Threshold)}
	effects := make([]float64, len(a))
	var broken []string
	for i, seed := range t.plan.Seeds {
		effects[i] = m.Scale.effect(a[i], b[i])
		if e := effects[i]; math.IsNaN(e) || math.IsInf(e, 0) || m.Scale == Ratio && e <= 0 {
			broken = append(broken, fmt.Sprintf("seed %d: %s %v, %s %v", seed, c.A, measure.Number(a[i]), c.B, measure.Number(b[i])))
		}
		r.PerSeed = append(r.PerSeed, SeedPair{Seed: seed, Effect: measure.Number(effects[i]),
			Values: map[string]measure.Number{c.A: measure.Number(a[i]), c.B: measure.Number(b[i])}})
	}
	iv := m.Scale.mean(effects)
	r.Effect, r.Low, r.High = measure.Number(iv.Estimate), measure.Number(iv.Low), measure.Number(iv.High)
	switch {
	case len(broken) > 0:
		r.Note = "no interval, because of " + strings.Join(broken, "; ")
	case len(effects) == 1:
		r.Note = "no interval from one seed"
	}
	v, err := measure.Claim{Direction: c.Direction, Threshold: c.Threshold}.Judge(iv)
	r.Verdict = verdicts[v]
	return r, err
}

// arm summarises an arm.
func (t *table) arm(a Arm) ArmResult {
	r := ArmResult{Name: a.Name, What: a.What, Order: 2}
	for _, l := range t.plan.Cells[0].Config.Learners {
		if l.Name == a.Name && l.FirstOrder {
			r.Order = 1
		}
	}
	for _, m := range t.plan.Study.Measures {
		values := t.values[[2]string{a.Name, m.Name}]
		iv := m.Scale.mean(values)
		r.Measures = append(r.Measures, ArmMeasure{Name: m.Name, Mean: measure.Number(iv.Estimate), Low: measure.Number(iv.Low),
			High: measure.Number(iv.High), Values: values})
	}
	first := r.Measures[0]
	r.Mean, r.Low, r.High = first.Mean, first.Low, first.High
	for i, am := range t.byArm[a.Name] {
		r.PerSeed = append(r.PerSeed, SeedValue{Seed: t.plan.Seeds[i], Value: measure.Number(first.Values[i]), Diverged: am.Diverged, Training: am.Training})
		r.Diverged += am.Diverged
		r.Training += am.Training
	}
	return r
}
