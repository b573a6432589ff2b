package graph_test

import (
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
	"metaplast/graph/engine"
)

// benchmark is an episode to run.
type benchmark struct {
	task     data.Sine
	hidden   []int
	frozen   int
	learners []string
}

var (
	sineQuick = benchmark{data.Sine{Functions: 5, Steps: 8, Batch: 8, Query: 32}, []int{64, 64, 64}, 0, []string{"flp", "oml"}}
	sinePaper = benchmark{data.Sine{Functions: 10, Steps: 40, Batch: 32, Query: 32}, []int{300, 300, 300, 300, 300, 900, 300, 300}, 0, []string{"flp"}}
)

// unroll builds an benchmark and binds data and parameters.
func (e benchmark) unroll(b *testing.B, set func(*graph.Config)) *graph.Unrolled {
	b.Helper()
	spec := e.task.Spec()
	cfg := graph.Config{
		Network: graph.MLP(spec.Inputs[0], e.hidden, spec.Outputs, e.frozen, spec.Loss),
		Steps:   spec.Steps, Batch: spec.Batch, Query: spec.Query, Dtype: tensor.Float32,
	}
	for _, name := range e.learners {
		l, err := graph.Preset(name)
		if err != nil {
			b.Fatal(err)
		}
		if name == "flp" {
			l.FeedbackActivation, l.Examples = graph.Linear, graph.MeanExamples
		}
		cfg.Learners = append(cfg.Learners, graph.NamedLearner{Name: name, Learner: l})
	}
	if set != nil {
		set(&cfg)
	}
	u, err := graph.Unroll(cfg)
	if err != nil {
		b.Fatal(err)
	}
	ep, err := e.task.Sample(1, data.Train, 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := u.Bind(ep.Arrays()); err != nil {
		b.Fatal(err)
	}
	for i := range u.Learners() {
		if err := u.SetParams(i, u.Layout(i).Init(1)); err != nil {
			b.Fatal(err)
		}
	}
	return u
}

func (e benchmark) run(b *testing.B, set func(*graph.Config)) {
	u := e.unroll(b, set)
	defer u.Close()
	b.ReportAllocs()
	for b.Loop() {
		if err := u.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(u.Nodes()), "nodes")
}

// BenchmarkQuickOja and BenchmarkQuickTaylor are flp alone with Oja's rule and with the polynomial of degree 2.
func BenchmarkQuickOja(b *testing.B) {
	sineQuick.run(b, func(c *graph.Config) { c.Learners = c.Learners[:1] })
}

func BenchmarkQuickTaylor(b *testing.B) {
	sineQuick.run(b, func(c *graph.Config) {
		c.Learners = []graph.NamedLearner{polynomial(c.Learners[0], map[string]float64{"110": 1, "021": -1}, true)}
	})
}

func BenchmarkQuick(b *testing.B)        { sineQuick.run(b, nil) }
func BenchmarkQuickThreads(b *testing.B) { sineQuick.run(b, func(c *graph.Config) { c.Threads = 2 }) }
func BenchmarkQuickTape(b *testing.B) {
	sineQuick.run(b, func(c *graph.Config) { c.Machine = engine.Tape })
}
func BenchmarkQuickCompose(b *testing.B) {
	sineQuick.run(b, func(c *graph.Config) { c.Compose = true })
}
func BenchmarkPaper(b *testing.B)        { sinePaper.run(b, nil) }
func BenchmarkPaperThreads(b *testing.B) { sinePaper.run(b, func(c *graph.Config) { c.Threads = 2 }) }
func BenchmarkPaperRemat(b *testing.B) {
	sinePaper.run(b, func(c *graph.Config) { c.Threads, c.Remat = 2, 20 })
}

func BenchmarkUnrollQuick(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sineQuick.unroll(b, nil)
	}
}
