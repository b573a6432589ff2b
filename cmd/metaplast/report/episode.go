package report

import (
	"context"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"metaplast/cmd/metaplast/figure"
	"metaplast/data"
	"metaplast/metaopt/analysis"
)

const (
	gridPoints = 81 // of x, for predictions
	mostShown  = 10 // functions, classes, at most
	drawings   = 5  // of a class, taught and asked, at most
)

// predictions asks the learners for whole functions in held-out episode 0 of the run.
func (m Measuring) predictions(ctx context.Context, task data.Curved) (*Predictions, error) {
	curves, err := task.Curves(m.Config.Seed, m.Split, 0, 0)
	if err == nil && len(curves) == 0 {
		err = fmt.Errorf("report: an episode of %s without a function", task.Spec().Name)
	}
	if err != nil {
		return nil, err
	}
	ep, err := task.Sample(m.Config.Seed, m.Split, 0, 0)
	if err != nil {
		return nil, err
	}
	p := &Predictions{Of: len(curves), Axis: curves[0].Axis}
	low, high := curves[0].Low, curves[0].High
	for i := range gridPoints {
		p.X = append(p.X, low+(high-low)*float64(i)/(gridPoints-1))
	}
	after := []int{0}
	ordered := !slices.ContainsFunc(curves, func(c data.Curve) bool { return c.Taught == 0 })
	functions := min(len(curves), mostShown)
	for k := range functions {
		j := k * len(curves) / functions
		p.Functions = append(p.Functions, j)
		if ordered {
			after = append(after, curves[j].Taught)
		}
		var y []float64
		for _, x := range p.X {
			y = append(y, curves[j].At(x))
		}
		p.True = append(p.True, y)
	}
	after = append(after, task.Spec().Steps)
	ask(&ep, p, curves)
	answers, err := analysis.Answers(ctx, m.Subjects, ep, after)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		part := func(at, k int) []float64 { return a[at][k*gridPoints : (k+1)*gridPoints] }
		var untaught, taught, end [][]float64
		for k := range p.Functions {
			untaught, end = append(untaught, part(0, k)), append(end, part(len(a)-1, k))
			if ordered {
				taught = append(taught, part(1+k, k))
			}
		}
		p.Untaught, p.End = append(p.Untaught, untaught), append(p.End, end)
		if ordered {
			p.Taught = append(p.Taught, taught)
		}
	}
	return p, nil
}

// ask replaces the queries of an episode by the functions of p at all its x.
func ask(ep *data.Episode, p *Predictions, curves []data.Curve) {
	n, width := len(p.Functions)*len(p.X), len(curves[0].Input(p.X[0]))
	x, y := make([]float64, 0, n*width), make([]float64, 0, n)
	ep.QueryTask = nil
	for k, j := range p.Functions {
		for i, v := range p.X {
			x, y = append(x, curves[j].Input(v)...), append(y, p.True[k][i])
			ep.QueryTask = append(ep.QueryTask, j)
		}
	}
	ep.QueryX = tensor.New(tensor.WithShape(n, width), tensor.WithBacking(x))
	ep.QueryY = tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(y))
}

// classes adds which classes are taken for which, and drawings of held-out episode 0.
func (m Measuring) classes(ctx context.Context, r *Run, task data.Classification) error {
	var err error
	if r.Confusion, err = analysis.Confuse(ctx, m.Subjects, m.Sampler, m.options("confused episode")); err != nil {
		return err
	}
	plan, err := task.Plan(m.Config.Seed, m.Split, 0, 0)
	if err != nil {
		return err
	}
	ep, err := plan.Episode()
	if err != nil {
		return err
	}
	answers, err := analysis.Answers(ctx, m.Subjects, ep, []int{plan.Steps()})
	if err != nil {
		return err
	}
	e := &Examples{Right: make([][][]bool, len(answers))}
	for _, b := range plan.Blocks()[:min(task.Ways, mostShown)] {
		var support, query []figure.Tile
		for _, ex := range plan.Support {
			if ex.Task == b.Task && len(support) < drawings {
				tile, err := tileOf(plan, ex)
				if err != nil {
					return err
				}
				support = append(support, tile)
			}
		}
		to := min(b.QueryTo, b.QueryFrom+drawings)
		for _, ex := range plan.Query[b.QueryFrom:to] {
			tile, err := tileOf(plan, ex)
			if err != nil {
				return err
			}
			query = append(query, tile)
		}
		e.Classes, e.Support, e.Query = append(e.Classes, b.Name), append(e.Support, support), append(e.Query, query)
		for i, a := range answers {
			var right []bool
			for q := b.QueryFrom; q < to; q++ {
				right = append(right, analysis.Answer(a[0][q*plan.Outputs:][:plan.Outputs]) == plan.Query[q].Unit)
			}
			e.Right[i] = append(e.Right[i], right)
		}
	}
	r.Examples = e
	return nil
}

// tileOf is a picture of an episode: of several channels, their mean; ink is dark.
func tileOf(plan *data.Plan, ex data.Example) (figure.Tile, error) {
	shape := plan.Bank().Shape()
	pixels := shape[1] * shape[2]
	raw := make([]uint8, shape[0]*pixels)
	if err := plan.Bank().Bytes(raw, plan.Split, ex.Class, ex.Drawing); err != nil {
		return figure.Tile{}, err
	}
	t := figure.Tile{Width: shape[2], Height: shape[1], Gray: make([]uint8, pixels)}
	for i := range t.Gray {
		sum := 0
		for c := range shape[0] {
			sum += int(raw[c*pixels+i])
		}
		t.Gray[i] = uint8(sum / shape[0])
		if shape[0] == 1 {
			t.Gray[i] = 255 - t.Gray[i]
		}
	}
	return t, nil
}
