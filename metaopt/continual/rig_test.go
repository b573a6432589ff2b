package continual

import (
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data"
	"metaplast/data/objective"
	random "metaplast/data/stream"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
	"metaplast/rules"
)

// side is that of the drawings here.
const side = 4

// bank has 12 classes for each split, 20 drawings of each: a pattern of the class with noise.
func bank(t testing.TB) *data.Bank {
	t.Helper()
	const size = side * side
	var classes []data.Class
	var pixels []uint8
	r := random.New(3, "test/bank", 0, 0)
	for k := range 36 {
		classes = append(classes, data.Class{Name: string(rune('A' + k)), Split: data.Splits()[k%3], Drawings: 20})
		var pattern [size]int
		for i := range pattern {
			pattern[i] = 255 * r.IntN(2)
		}
		for range 20 {
			for _, v := range pattern {
				if r.IntN(8) == 0 {
					v = r.IntN(256)
				}
				pixels = append(pixels, uint8(v))
			}
		}
	}
	source, err := data.NewPixels(pixels, size, classes)
	if err != nil {
		t.Fatal(err)
	}
	b, err := data.NewBank(data.BankSpec{Name: "test", Shape: [3]int{1, side, side}, Classes: classes, Source: source})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// plan has four learners on a frozen hidden layer and two plastic ones, with n outputs.
func plan(t testing.TB, outputs int) Plan {
	t.Helper()
	n := graph.Network{Input: []int{1, side, side}, Loss: objective.CrossEntropy, Layers: []graph.Layer{
		{Kind: graph.DenseLayer, Out: 24, Activation: graph.Relu},
		{Kind: graph.DenseLayer, Out: 12, Activation: graph.Relu, Plastic: true},
		{Kind: graph.DenseLayer, Out: outputs, Activation: graph.Linear, Plastic: true},
	}}
	preset := func(name string, rate float64) graph.Learner {
		l, err := graph.Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		l.InnerLR = rate
		return l
	}
	flp := preset("flp", 0.05)
	flp.Signal, flp.Clamped, flp.HiddenScale = rules.Target, true, 0.01
	subjects, err := evaluate.New(graph.Config{Network: n, Dtype: tensor.Float64, Steps: 1, Batch: 1, Query: 1, Learners: []graph.NamedLearner{
		{Name: "flp", Learner: flp}, {Name: "oml", Learner: preset("oml", 0.1)}, {Name: "sgd", Learner: preset("meta-sgd", 0.1)}}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return Plan{Seed: 5, Subjects: subjects}
}

// unrolled computes what learner i answers to examples after the first steps of an episode, by other
// means: the whole stream as one graph, its final weights, and a forward pass written out. It
// returns the share of right answers.
func unrolled(t *testing.T, p Plan, i int, e *data.Plan, steps int, examples []data.Example) float64 {
	t.Helper()
	cfg := p.Subjects[i].Graph
	layout, err := graph.NewLayout(cfg.Network, cfg.Learners[0].Learner)
	if err != nil {
		t.Fatal(err)
	}
	weights := map[string][]float64{}
	for _, a := range layout {
		weights[a.Name] = a.Of(p.Subjects[i].Theta)
	}
	outputs, n := cfg.Network.Outputs(), e.Batch
	if steps > 0 {
		cfg.Steps, cfg.Batch, cfg.Query, cfg.Forward = steps, n, 1, true
		u, err := graph.Unroll(cfg)
		if err != nil {
			t.Fatal(err)
		}
		x, y := make([]float64, steps*n*side*side), make([]float64, steps*n*outputs)
		if err := e.Fill(e.Support[:steps*n], x, y); err != nil {
			t.Fatal(err)
		}
		if err := u.SetParams(0, p.Subjects[i].Theta); err != nil {
			t.Fatal(err)
		}
		if err := u.Bind(x, y, make([]float64, side*side), make([]float64, outputs)); err != nil {
			t.Fatal(err)
		}
		if err := u.Run(); err != nil {
			t.Fatal(err)
		}
		for _, a := range u.FinalWeights(0) {
			weights[a.Name[len("final_"):]] = a.Data
		}
		if err := u.Close(); err != nil {
			t.Fatal(err)
		}
	}
	right := 0
	for _, q := range examples {
		h, y := make([]float64, side*side), make([]float64, outputs)
		if err := e.Fill([]data.Example{q}, h, y); err != nil {
			t.Fatal(err)
		}
		for l, layer := range cfg.Network.Layers {
			w, b := weights["W"+string(rune('0'+l))], weights["b"+string(rune('0'+l))]
			next := make([]float64, layer.Out)
			for j := range next {
				next[j] = b[j]
				for k, v := range h {
					next[j] += w[j*len(h)+k] * v
				}
				if layer.Activation == graph.Relu {
					next[j] = max(next[j], 0)
				}
			}
			h = next
		}
		best := 0
		for j, v := range h {
			if v > h[best] {
				best = j
			}
		}
		if best == q.Unit {
			right++
		}
	}
	return float64(right) / float64(len(examples))
}
