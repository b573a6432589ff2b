package analysis

import (
	"math"
	"testing"

	"metaplast/data"
	"metaplast/data/objective"
	"metaplast/graph"
)

// TestAnalyseIID: a shuffled stream has no order to forget in.
func TestAnalyseIID(t *testing.T) {
	c := settings(t)["sine"]
	task := c.sampler.(data.Sine)
	task.Order = data.IID
	a := analyse(t, task, Options{Episodes: 2}, subject(t, "flp", c.network))[0]
	if a.Ordered || !math.IsNaN(float64(a.BackwardTransfer)) || !math.IsNaN(float64(a.Forgetting)) || !math.IsNaN(float64(a.Points[1].Past)) {
		t.Errorf("ordered %v, backward %v, forgetting %v, past %v: want NaN", a.Ordered, a.BackwardTransfer, a.Forgetting, a.Points[1].Past)
	}
	if math.IsNaN(float64(a.AverageFinal)) || math.IsNaN(float64(a.Points[1].Harmful)) {
		t.Error("what needs no order is NaN")
	}
}

// TestAnalyseAngles: feedback weights that are the transpose of the path have an angle of 0 to it
// before the first update; the opposite ones 180; other pathways none.
func TestAnalyseAngles(t *testing.T) {
	c := settings(t)["sine"]
	for _, x := range []struct{ sign, want float64 }{{2, 0}, {-1, 180}} {
		for _, preset := range []string{"flp", "fa"} {
			s := subject(t, preset, c.network)
			layout, err := graph.NewLayout(c.network, s.Graph.Learners[0].Learner)
			if err != nil {
				t.Fatal(err)
			}
			of := func(name string) []float64 {
				p, ok := layout.Find(name)
				if !ok {
					t.Fatal(name)
				}
				return p.Of(s.Theta)
			}
			// One output unit: the path from layer 1 is the row W2; layered B2 is beside W2.
			into, layer := of("B1"), 1
			if preset == "fa" {
				into, layer = of("B2"), 2
			}
			for i, w := range of("W2") {
				into[i] = x.sign * w
			}
			a := analyse(t, c.sampler, Options{Episodes: 1}, s)[0]
			near(t, preset, a.Angle[layer][0], x.want, 1e-5)
			if d := math.Abs(a.Angle[layer][len(a.Steps)-1] - x.want); d < 1e-3 {
				t.Errorf("%s: the angle does not change with the weights", preset)
			}
		}
	}
}

func TestAnalyseHistograms(t *testing.T) {
	c := settings(t)["sine"]
	s := subject(t, "flp", c.network)
	a := analyse(t, c.sampler, Options{Episodes: 1, Bins: 7}, s, subject(t, "oml", c.network))
	if len(a[0].Alpha) != 3 || len(a[0].Beta) != 3 || len(a[1].Alpha) != 0 || len(a[1].Beta) != 0 {
		t.Fatalf("%d α, %d β; of oml %d and %d", len(a[0].Alpha), len(a[0].Beta), len(a[1].Alpha), len(a[1].Beta))
	}
	for l, h := range a[0].Alpha {
		n := 0
		for _, k := range h.Counts {
			n += k
		}
		if want := []int{28, 35, 5}[l]; n != want || h.Layer != l || len(h.Counts) != 7 || h.Low != a[0].Alpha[0].Low {
			t.Errorf("layer %d: %d values in %+v, want %d", l, n, h, want)
		}
	}
}

func TestAnalyseActivity(t *testing.T) {
	c := settings(t)["classification"]
	s := subject(t, "oml", c.network)
	// A unit that is dead for good: its bias is far below.
	layout, err := graph.NewLayout(c.network, s.Graph.Learners[0].Learner)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := layout.Find("b0")
	b.Of(s.Theta)[2] = -1e6
	a := analyse(t, c.sampler, Options{Episodes: 2}, s)[0]
	if len(a.Activity) != 1 || a.Activity[0].Units != 4 || a.Activity[0].Layer != 0 || a.Activity[0].Dead < 1 || a.Activity[0].Zeros < 0.25 {
		t.Errorf("%+v", a.Activity)
	}
}

// TestAnalyseRemember: query drawings of classes that are not taught belong to no task.
func TestAnalyseRemember(t *testing.T) {
	c := settings(t)["classification"]
	task := c.sampler.(data.Classification)
	task.Labels, task.Remember = data.LabelsClass, 4
	task.Outputs = task.Bank.Len(data.Train) // the largest split
	n := graph.MLP(1, []int{4}, task.Outputs, 0, objective.CrossEntropy)
	n.Input = c.network.Input
	a := analyse(t, task, Options{Episodes: 1}, subject(t, "oml", n))[0]
	if a.Tasks != 3 || len(a.Accuracy[2]) != 3 || math.IsNaN(float64(a.AverageFinal)) {
		t.Errorf("%d tasks, %v", a.Tasks, a.Accuracy)
	}
}

// TestAnalyseFewExamples: a task that fills no batch of its own repeats examples; a task with one
// batch has no pair within.
func TestAnalyseFewExamples(t *testing.T) {
	c := settings(t)["classification"]
	task := c.sampler.(data.Classification)
	task.Shots, task.Batch = 2, 3
	a := analyse(t, task, Options{Episodes: 1}, subject(t, "oml", c.network))[0]
	p := a.Points[0]
	if !math.IsNaN(p.Overlap[1][1]) || math.IsNaN(p.Overlap[1][0]) || !math.IsNaN(float64(p.Within)) || math.IsNaN(float64(p.Own)) {
		t.Errorf("%+v", p)
	}
	if want := []int{1, 2, 2}; a.BlockSteps[0] != want[0] || a.BlockSteps[2] != want[2] {
		t.Errorf("blocks end after %v steps: want %v", a.BlockSteps, want)
	}
}

func TestAnalyseOneTask(t *testing.T) {
	task := data.Sine{Functions: 1, Steps: 3, Batch: 2, Query: 2}
	a := analyse(t, task, Options{Episodes: 1, Batches: 1}, subject(t, "flp", graph.MLP(2, []int{3}, 1, 0, objective.MSE)))[0]
	if a.Tasks != 1 || !math.IsNaN(float64(a.BackwardTransfer)) || !math.IsNaN(float64(a.Points[0].Harmful)) || math.IsNaN(float64(a.Points[0].Own)) {
		t.Errorf("%+v", a)
	}
}
