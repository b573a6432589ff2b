package graph

import (
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"metaplast/data/objective"
	"metaplast/graph/engine"
)

// TestInnerInPlace checks that every fast weight is written where it was read, so that an
// inner step copies nothing, and that memory does not depend on the number of steps.
func TestInnerInPlace(t *testing.T) {
	learners := Presets()
	for _, granularity := range Granularities() {
		for _, preset := range []string{"flp", "oml"} {
			l, err := Preset(preset)
			if err != nil {
				t.Fatal(err)
			}
			l.Plasticity, l.PlasticBias, l.InnerLR = granularity, true, 0.01
			learners = append(learners, NamedLearner{Name: preset + " per " + granularity, Learner: l})
		}
	}
	for _, frozen := range []int{0, 1} {
		for _, threads := range []int{1, 2} {
			bytes := 0
			for _, steps := range []int{1, 1000} {
				in, err := NewInner(Config{Network: MLP(4, []int{6, 5}, 3, frozen, objective.MSE), Learners: learners,
					Steps: steps, Batch: 2, Query: 3, Dtype: tensor.Float32, Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%d frozen, %d threads", frozen, threads)
				for _, l := range in.learners {
					for i, k := range l.plasticFast {
						now, next := k.now.Value().Data().([]float32), k.next.Value().Data().([]float32)
						if &now[0] != &next[0] || len(now) != len(next) {
							t.Errorf("%s: array %d of %s is written elsewhere", what, i, l.name)
						}
						if start := k.start.Value().Data().([]float32); &start[0] == &now[0] {
							t.Errorf("%s: array %d of %s is written over the initial one", what, i, l.name)
						}
					}
				}
				size := in.stepper.(engine.Program).Bytes() + in.querier.(engine.Program).Bytes()
				if bytes == 0 {
					bytes = size
				}
				if size != bytes || size == 0 {
					t.Errorf("%s: %d bytes for %d steps, %d for one", what, size, steps, bytes)
				}
				if err := in.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
