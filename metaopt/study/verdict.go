package study

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"metaplast/data/shell"
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
		Changes: append([]string{}, p.Changes...), Seeds: p.Seeds, BLAS: measured[0].BLAS, Tiles: measured[0].Tiles, Episodes: measured[0].Episodes, Split: measured[0].Split,
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
		if measured[i].Tiles != r.Tiles {
			r.Tiles = "mixed"
		}
	}
	r.Commands = append(r.Commands, p.Command(Program, dir))
	for _, cell := range p.Cells {
		r.Commands = append(r.Commands, Program+" eval "+shell.Path(filepath.Join(dir, cell.Folder())))
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
	arms := []string{c.A, c.B}
	if c.B == "" {
		arms, b = arms[:1], m.Scale.neutral(len(a))
	}
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
	r := ClaimResult{ID: c.ID, Claim: c.Statement, Source: c.Source, Measure: c.Measure, Unit: unit, Arms: arms,
		Direction: direction, Threshold: measure.Number(c.Threshold), Share: c.Share}
	effects, beyond := make([]float64, len(a)), make([]float64, len(a))
	var finite []float64
	for i, seed := range t.plan.Seeds {
		effects[i] = m.Scale.effect(a[i], b[i])
		beyond[i] = m.Scale.beyond(m.Best.of(a[i]), m.Best.of(b[i]), c.Threshold)
		pair := SeedPair{Seed: seed, Effect: measure.Number(effects[i]), Values: map[string]measure.Number{c.A: measure.Number(a[i])}}
		if c.B != "" {
			pair.Values[c.B] = measure.Number(b[i])
		}
		r.PerSeed = append(r.PerSeed, pair)
		var lost []string
		for k, v := range []float64{a[i], b[i]}[:len(arms)] {
			if m.Scale.lost(v) {
				lost = append(lost, r.Arms[k])
			}
		}
		if lost == nil {
			finite = append(finite, effects[i])
		} else {
			r.Collapsed = append(r.Collapsed, Collapse{Seed: seed, Arms: lost})
		}
	}
	iv := m.Scale.mean(finite)
	r.Effect, r.Low, r.High, r.Finite = measure.Number(iv.Estimate), measure.Number(iv.Low), measure.Number(iv.High), iv.N
	rank, rankErr := measure.SignedRank(beyond)
	if rankErr == nil {
		r.Rank = &Rank{N: rank.N, Plus: measure.Number(rank.Plus), P: measure.Number(rank.P)}
	}
	v, err := measure.Claim{Direction: c.Direction, Threshold: c.Threshold}.Judge(iv)
	r.Decided = byInterval
	if len(r.Collapsed) > 0 {
		r.Decided, v = byRanks, measure.Undecided
		if rankErr == nil && rank.P < significance {
			v = measure.Refuted
			if above := rank.Plus > float64(rank.N*(rank.N+1))/4; above == (c.Direction == measure.Greater) {
				v = measure.Supported
			}
		}
	}
	if c.Share > 0 {
		r.Decided, v = bySeeds, measure.Refuted
		if float64(r.onSide()) >= c.Share*float64(len(a)) {
			v = measure.Supported
		}
	}
	r.Verdict, r.Note = verdicts[v], r.note()
	return r, err
}

// significance is that of the signed-rank test, the same as of the intervals.
const significance = 0.05

// What decides a claim.
const (
	byInterval = "interval"
	byRanks    = "signed ranks"
	bySeeds    = "number of seeds"
)

// of is a value for ranking: of an arm that collapsed the worst, or NaN where neither end is.
func (b Best) of(v float64) float64 {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		return v
	}
	return map[Best]float64{Smallest: math.Inf(1), Largest: math.Inf(-1), Neither: math.NaN()}[b]
}

// note tells of seeds that collapsed, and why there is no interval.
func (r *ClaimResult) note() string {
	var parts []string
	for _, c := range r.Collapsed {
		parts = append(parts, fmt.Sprintf("%s in seed %d", strings.Join(c.Arms, " and "), c.Seed))
	}
	switch {
	case r.Share > 0:
		text := fmt.Sprintf("decided by the number of seeds on that side: %d of %d, claimed at least %.3g %%", r.onSide(), len(r.PerSeed), 100*r.Share)
		if parts != nil {
			text += "; not finite: " + strings.Join(parts, ", ")
		}
		return text
	case parts != nil && r.Rank == nil:
		return fmt.Sprintf("not finite: %s; the measure has no worst value to count instead, so there are no ranks", strings.Join(parts, ", "))
	case parts != nil:
		return fmt.Sprintf("collapsed, which counts as worst: %s; decided by signed ranks of %d seeds, p = %v; effect and interval are of the other %d",
			strings.Join(parts, ", "), r.Rank.N, r.Rank.P, r.Finite)
	case r.Finite == 1:
		return "no interval from one seed"
	}
	return ""
}

// arm summarises an arm.
func (t *table) arm(a Arm) ArmResult {
	r := ArmResult{Name: a.Name, What: a.What, Order: 2}
	for _, l := range t.plan.Cells[0].Config.Learners {
		if l.Name == a.Name {
			r.Order = l.Learner.Order()
		}
	}
	for _, m := range t.plan.Study.Measures {
		values := t.values[[2]string{a.Name, m.Name}]
		iv := m.Scale.mean(values)
		r.Measures = append(r.Measures, ArmMeasure{Name: m.Name, Mean: measure.Number(iv.Estimate), Low: measure.Number(iv.Low),
			High: measure.Number(iv.High), Collapsed: len(values) - iv.N, Values: values})
	}
	first := r.Measures[0]
	r.Mean, r.Low, r.High, r.Collapsed = first.Mean, first.Low, first.High, first.Collapsed
	for i, am := range t.byArm[a.Name] {
		r.PerSeed = append(r.PerSeed, SeedValue{Seed: t.plan.Seeds[i], Value: measure.Number(first.Values[i]), Diverged: am.Diverged, Training: am.Training})
		r.Diverged += am.Diverged
		r.Training += am.Training
	}
	r.Coefficients = coefficientsOf(t.byArm[a.Name])
	return r
}

// onSide counts the seeds on the claimed side.
func (r *ClaimResult) onSide() (n int) {
	for _, s := range r.PerSeed {
		e, threshold := float64(s.Effect), float64(r.Threshold)
		if r.Direction == "less" && e < threshold || r.Direction != "less" && e > threshold {
			n++
		}
	}
	return n
}

// Of says in words what the effect of a claim is.
func (r *ClaimResult) Of() string {
	switch {
	case len(r.Arms) == 1:
		return fmt.Sprintf("%s of %s", r.Measure, r.Arms[0])
	case r.Unit == Ratio.String():
		return fmt.Sprintf("%s of %s / %s", r.Measure, r.Arms[0], r.Arms[1])
	}
	return fmt.Sprintf("%s of %s − %s", r.Measure, r.Arms[0], r.Arms[1])
}
