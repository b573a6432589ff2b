package analysis

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"testing"

	"metaplast/data"
	"metaplast/data/glyphs"
	"metaplast/data/objective"
	"metaplast/data/stream"
	"metaplast/graph"
	"metaplast/metaopt/evaluate"
)

// setting is a small task with a network for it.
type setting struct {
	sampler data.Sampler
	network graph.Network
}

func settings(t *testing.T) map[string]setting {
	t.Helper()
	bank, err := glyphs.Load(context.Background(), glyphs.Config{Size: 14})
	if err != nil {
		t.Fatal(err)
	}
	classes := data.Classification{Bank: bank, Ways: 3, Shots: 4, Batch: 2, Query: 3, Order: data.Continual}
	image := graph.MLP(1, []int{4}, 3, 0, objective.CrossEntropy)
	image.Input = []int{1, 14, 14}
	return map[string]setting{
		"sine":           {data.Sine{Functions: 3, Steps: 4, Batch: 2, Query: 4, Order: data.Continual}, graph.MLP(4, []int{7, 5}, 1, 0, objective.MSE)},
		"classification": {classes, image},
	}
}

// subject is a learner with all symmetry broken and an α that matters.
func subject(t *testing.T, preset string, n graph.Network) evaluate.Subject {
	t.Helper()
	s := learner(t, preset, n)
	l := &s.Graph.Learners[0].Learner
	l.FeedbackActivation = graph.Linear
	if l.Signal != "gradient" {
		l.Examples = graph.MeanExamples
	}
	layout, err := graph.NewLayout(n, *l)
	if err != nil {
		t.Fatal(err)
	}
	s.Theta = layout.Init(11)
	r := stream.New(1, "test/analysis", 0, 0)
	for _, p := range layout {
		spread := map[string]float64{graph.Weights: 0.05, graph.Feedback: 0.3, graph.Plasticity: 0.01, graph.Strength: 0.1}[p.Group]
		for i := range p.Size {
			p.Of(s.Theta)[i] += spread * r.NormFloat64()
		}
	}
	return s
}

func analyse(t *testing.T, sampler data.Sampler, o Options, s ...evaluate.Subject) []Analysis {
	t.Helper()
	a, err := Analyse(context.Background(), s, sampler, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// TestAnalyseOfDescent shows the known values: for gradient descent every cosine is 1, the norm
// ratio is the rate, updates overlap as gradients do (MER's alignment), and interference of
// first order is −η ∇L_i·∇L_j, symmetric, of the sign of −cos.
func TestAnalyseOfDescent(t *testing.T) {
	for name, c := range settings(t) {
		t.Run(name, func(t *testing.T) {
			s := subject(t, "oml", c.network)
			a := analyse(t, c.sampler, Options{Episodes: 3}, s)[0]
			for step := range a.Steps {
				near(t, "cosine", a.NetCosine[step], 1, 1e-12)
				near(t, "norm ratio", a.NetNormRatio[step], 0.01, 1e-10)
				for l := range a.Layers {
					near(t, "cosine of a layer", a.Cosine[l][step], 1, 1e-12)
					near(t, "norm ratio of a layer", a.NormRatio[l][step], 0.01, 1e-10)
					if !math.IsNaN(a.Angle[l][step]) {
						t.Error("an angle of feedback weights that do not exist")
					}
				}
			}
			if len(a.Points) != 4 {
				t.Fatalf("%d points: want W(0) and three ends of tasks", len(a.Points))
			}
			for _, p := range a.Points {
				for i := range a.Tasks {
					for j := range a.Tasks {
						near(t, "overlap is alignment", p.Overlap[i][j], p.Alignment[i][j], 1e-12)
						near(t, "symmetry", p.FirstOrder[i][j], p.FirstOrder[j][i], 1e-12)
					}
				}
				if p.Own >= 0 {
					t.Errorf("its own loss changes by %v: want it lower", p.Own)
				}
			}
		})
	}
}

// TestAnalyseSameBytes asks for the same document from any number of workers.
func TestAnalyseSameBytes(t *testing.T) {
	for name, c := range settings(t) {
		var want []byte
		for _, workers := range []int{0, 1, 2, 3, 9} {
			a := analyse(t, c.sampler, Options{Episodes: 5, Workers: workers, Seed: 2}, subject(t, "flp", c.network), subject(t, "fa", c.network))
			text, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = text
			}
			if !bytes.Equal(text, want) {
				t.Errorf("%s: another document from %d workers", name, workers)
			}
			var back []Analysis
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatal(err)
			}
			if again, err := json.Marshal(back); err != nil || !bytes.Equal(again, text) {
				t.Errorf("%s: another document after reading and writing, %v", name, err)
			}
		}
	}
}

// TestAnalyseIsAMean checks that numbers are means over episodes.
func TestAnalyseIsAMean(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "flp", c.network)
	all := analyse(t, c.sampler, Options{Episodes: 3}, s)[0]
	if len(all.ByEpisode) != 3 {
		t.Fatalf("%d episodes", len(all.ByEpisode))
	}
	var loss, cosine, harmful float64
	for _, e := range all.ByEpisode {
		loss += float64(e.Value("loss")) / 3
		cosine += float64(e.Value("cosine")) / 3
		harmful += float64(e.Value("harmful")) / 3
	}
	mean := func(v []float64) float64 { return defined(len(v), func(i int) float64 { return v[i] }) }
	near(t, "loss", mean(all.Retention[all.Tasks-1]), loss, 1e-13)
	near(t, "loss as AverageFinal", float64(all.AverageFinal), loss, 1e-13)
	near(t, "cosine", mean(all.NetCosine), cosine, 1e-13)
	sum := 0.0
	for _, p := range all.Points {
		sum += float64(p.Harmful) / float64(len(all.Points))
	}
	near(t, "harmful", sum, harmful, 1e-13)
}

// exploding makes the targets of one episode so large that squares overflow.
type exploding struct {
	data.Sampler
	episode uint64
}

func (s exploding) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	ep, err := s.Sampler.Sample(seed, split, step, episode)
	if err == nil && episode == s.episode {
		y := ep.SupportY.Data().([]float64)
		for i := range y {
			y[i] *= 1e200
		}
	}
	return ep, err
}

// TestAnalyseDiverged counts an episode that explodes and leaves it out: what is left is the
// mean of the others.
func TestAnalyseDiverged(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "oml", c.network)
	a := analyse(t, exploding{c.sampler, 2}, Options{Episodes: 3}, s)[0]
	two := analyse(t, c.sampler, Options{Episodes: 2}, s)[0]
	if a.Diverged != 1 || !a.ByEpisode[2].Diverged || a.ByEpisode[1].Diverged || !math.IsNaN(float64(a.ByEpisode[2].Value("loss"))) {
		t.Errorf("%d diverged, by episode %+v", a.Diverged, a.ByEpisode)
	}
	a.Episodes, a.Diverged, a.ByEpisode = 2, 0, a.ByEpisode[:2]
	have, err1 := json.Marshal(a)
	want, err2 := json.Marshal(two)
	if err1 != nil || err2 != nil || !bytes.Equal(have, want) {
		t.Error("the mean without the diverged episode is not that of the others")
	}

	// All of them: everything has its shape and is NaN.
	a = analyse(t, exploding{c.sampler, 0}, Options{Episodes: 1}, s)[0]
	if a.Diverged != 1 || len(a.Cosine) != 3 || len(a.Cosine[0]) != a.InnerSteps || !math.IsNaN(a.Cosine[0][0]) ||
		len(a.Points) != len(two.Points) || !math.IsNaN(a.Points[0].Interference[2][1]) || !math.IsNaN(float64(a.Forgetting)) {
		t.Errorf("all diverged: %+v", a)
	}
	if _, err := json.Marshal(a); err != nil {
		t.Error(err)
	}
}
