package data

import (
	"errors"
	"slices"
	"testing"
)

// The tensors show the drawings of the plan, channel by channel, with the levels of the bank.
func TestEpisodeShowsPlan(t *testing.T) {
	b := testBank(t, 6, 4, 3, 8)
	b.spec.Levels = NormalLevels([]float64{0.5, 0.25}, []float64{0.25, 2})
	for _, order := range []string{Continual, IID} {
		c := Classification{Bank: b, Ways: 3, Shots: 4, Batch: 2, Query: 3, Outputs: 7, Order: order, Labels: LabelsClass, Remember: 4}
		p, err := c.Plan(5, Train, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		e, err := c.Sample(5, Train, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Spec().Check(e); err != nil {
			t.Error(err)
		}
		check := func(examples []Example, x, y []float64, tasks []int) {
			t.Helper()
			buf := make([]uint8, 18)
			for i, ex := range examples {
				if err := b.Bytes(buf, Train, ex.Class, ex.Drawing); err != nil {
					t.Fatal(err)
				}
				for j, v := range buf {
					want := (float64(v)/255 - []float64{0.5, 0.25}[j/9]) / []float64{0.25, 2}[j/9]
					if x[i*18+j] != want {
						t.Fatalf("example %d, value %d: %v, want %v", i, j, x[i*18+j], want)
					}
				}
				for u, v := range y[i*7 : (i+1)*7] {
					if (u == ex.Unit) != (v == 1) || (u != ex.Unit) != (v == 0) {
						t.Fatalf("example %d of unit %d: %v", i, ex.Unit, y[i*7:(i+1)*7])
					}
				}
				if tasks[i] != ex.Task {
					t.Fatalf("example %d of task %d, want %d", i, tasks[i], ex.Task)
				}
			}
		}
		sx, sy := floats(t, e.SupportX.Data()), floats(t, e.SupportY.Data())
		check(p.Support, sx, sy, e.SupportTask)
		check(p.Query, floats(t, e.QueryX.Data()), floats(t, e.QueryY.Data()), e.QueryTask)

		// Step by step from the same two buffers, which hold something else before.
		x, y := make([]float64, 2*18), make([]float64, 2*7)
		for s := range p.Steps() {
			for i := range y {
				y[i] = 9
			}
			if err := p.Fill(p.Support[s*2:(s+1)*2], x, y); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x, sx[s*36:(s+1)*36]) || !slices.Equal(y, sy[s*14:(s+1)*14]) {
				t.Errorf("step %d differs", s)
			}
		}
	}
}

func TestFillFails(t *testing.T) {
	b := testBank(t, 3, 3, 3, 4)
	p, err := Classification{Bank: b, Ways: 3, Shots: 1, Batch: 1, Query: 1}.Plan(1, Train, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	x, y := make([]float64, 18), make([]float64, 3)
	one := []Example{{}}
	if err := p.Fill(one, x, y); err != nil {
		t.Error(err)
	}
	for _, err := range []error{p.Fill(one, x[1:], y), p.Fill(one, x, y[1:]), p.Fill(p.Support, x, y)} {
		if _, ok := errors.AsType[*ShapeError](err); !ok {
			t.Error(err)
		}
	}
	for _, e := range []Example{{Class: 3}, {Class: -1}, {Drawing: 4}} {
		if err := p.Fill([]Example{e}, x, y); !errors.Is(err, ErrIndex) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	if err := p.Fill([]Example{{Unit: 3}}, x, y); err == nil || err.Error() != "data: example 0 has output unit 3, want one below 3" {
		t.Error(err)
	}
}

// A plan that is too long to hold at once says so and can still be drawn.
func TestEpisodeTooLong(t *testing.T) {
	b, err := NewBank(BankSpec{Name: "b", Shape: [3]int{1, 4096, 4096}, Classes: []Class{{"x", Train, 20}, {"y", HeldOut, 20}}, Source: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	tr := Trajectory{Bank: b, Classes: 1}
	p, err := tr.Plan(1, HeldOut, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Episode(); err == nil || err.Error() != "examples: 15, want at most 8 to hold at once; use Fill step by step" {
		t.Error(err)
	}
	const want = "ways × shots: 9, want at most 8: an episode holds them as 16777216 numbers each; draw a Trajectory and fill it step by step"
	if err := (Classification{Bank: b, Ways: 1, Shots: 9, Batch: 1, Query: 1}).Validate(); err == nil || err.Error() != want {
		t.Error(err)
	}
}
