package graph_test

import (
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/graph"
)

// quick is the episode of the preset sine-quick with both learners.
func quick(b *testing.B, machine graph.Machine) (*graph.Unrolled, data.Sine) {
	b.Helper()
	flp, err := graph.Preset("flp")
	if err != nil {
		b.Fatal(err)
	}
	flp.FeedbackActivation, flp.Examples = graph.Linear, graph.MeanExamples
	oml, err := graph.Preset("oml")
	if err != nil {
		b.Fatal(err)
	}
	task := data.Sine{Functions: 5, Steps: 8, Batch: 8, Query: 32}
	spec := task.Spec()
	u, err := graph.Unroll(graph.Config{
		Network:  graph.MLP(spec.Inputs[0], []int{64, 64, 64}, spec.Outputs, 0, spec.Loss),
		Learners: []graph.NamedLearner{{Name: "flp", Learner: flp}, {Name: "oml", Learner: oml}},
		Steps:    spec.Steps, Batch: spec.Batch, Query: spec.Query, Dtype: tensor.Float32, Machine: machine,
	})
	if err != nil {
		b.Fatal(err)
	}
	return u, task
}

func benchmarkEpisode(b *testing.B, machine graph.Machine) {
	u, task := quick(b, machine)
	ep, err := task.Sample(1, data.Train, 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := u.Bind(ep.SupportX, ep.SupportY, ep.QueryX, ep.QueryY); err != nil {
		b.Fatal(err)
	}
	for i := range u.Learners() {
		if err := u.SetParams(i, u.Layout(i).Init(1)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := u.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(u.Nodes()), "nodes")
}

func BenchmarkEpisodeSequential(b *testing.B) { benchmarkEpisode(b, graph.Sequential) }
func BenchmarkEpisodeTape(b *testing.B)       { benchmarkEpisode(b, graph.Tape) }

func BenchmarkUnroll(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		quick(b, graph.Sequential)
	}
}
