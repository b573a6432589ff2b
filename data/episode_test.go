package data

import (
	"errors"
	"math"
	"strings"
	"testing"

	"metaplast/data/objective"

	"gorgonia.org/tensor"
)

func dense(shape ...int) *tensor.Dense {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float64, n)))
}

// sound is an episode of T=3, N=2, M=4, with images for inputs and five classes.
func sound() Episode {
	return Episode{
		SupportX: dense(3, 2, 1, 4, 4), SupportY: dense(3, 2, 5),
		QueryX: dense(4, 1, 4, 4), QueryY: dense(4, 5),
		SupportTask: make([]int, 6), QueryTask: make([]int, 4),
	}
}

func TestEpisodeValidate(t *testing.T) {
	if err := sound().Validate(); err != nil {
		t.Fatal(err)
	}
	ones := Episode{SupportX: dense(1, 1, 1), SupportY: dense(1, 1, 1), QueryX: dense(1, 1), QueryY: dense(1, 1),
		SupportTask: []int{0}, QueryTask: []int{0}}
	if err := ones.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		edit func(e *Episode)
		want string
	}{
		{"missing", func(e *Episode) { e.QueryX = nil }, "data: QueryX is missing, want shape [M,...]"},
		{"rank", func(e *Episode) { e.SupportX = dense(3, 2) }, "data: SupportX has shape [3 2], want [T,N,...]"},
		{"steps", func(e *Episode) { e.SupportY = dense(4, 2, 5) }, "data: SupportY has shape [4 2 5], want [3,2,n_out]"},
		{"targets", func(e *Episode) { e.SupportY = dense(3, 2, 5, 1) }, "data: SupportY has shape [3 2 5 1], want [3,2,n_out]"},
		{"inputs", func(e *Episode) { e.QueryX = dense(4, 1, 4, 5) }, "data: QueryX has shape [4 1 4 5], want [M,1,4,4]"},
		{"outputs", func(e *Episode) { e.QueryY = dense(4, 6) }, "data: QueryY has shape [4 6], want [4,5]"},
		{"support tasks", func(e *Episode) { e.SupportTask = nil }, "data: SupportTask has shape [0], want [6]"},
		{"query tasks", func(e *Episode) { e.QueryTask = make([]int, 5) }, "data: QueryTask has shape [5], want [4]"},
		{"task", func(e *Episode) { e.QueryTask[2] = -1 }, "data: QueryTask[2] = -1: negative task index"},
		{"NaN", func(e *Episode) { e.SupportX.Data().([]float64)[16+5] = math.NaN() }, "data: SupportX[0 1 0 1 1] = NaN: not finite"},
		{"infinity", func(e *Episode) { e.QueryY.Data().([]float64)[7] = math.Inf(-1) }, "data: QueryY[1 2] = -Inf: not finite"},
		{"reward", func(e *Episode) { e.SupportReward = dense(3, 1) }, "data: SupportReward has shape [3 1], want [3,2]"},
		{"reward of targets", func(e *Episode) { e.SupportReward = dense(3, 2, 5) }, "data: SupportReward has shape [3 2 5], want [3,2]"},
		{"NaN reward", func(e *Episode) {
			e.SupportReward = dense(3, 2)
			e.SupportReward.Data().([]float64)[3] = math.NaN()
		}, "data: SupportReward[1 1] = NaN: not finite"},
		{"float32", func(e *Episode) {
			e.QueryY = tensor.New(tensor.WithShape(4, 5), tensor.Of(tensor.Float32))
		}, "data: QueryY is of type float32, want float64"},
		{"view", func(e *Episode) {
			e.QueryY = dense(5, 4)
			if err := e.QueryY.T(); err != nil {
				t.Fatal(err)
			}
		}, "data: QueryY is a view or in Fortran order"},
	} {
		e := sound()
		c.edit(&e)
		err := e.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestReward: that of an inner step is a row of the tensor.
func TestReward(t *testing.T) {
	e := sound()
	if e.Rewards() != nil || e.Reward(1) != nil {
		t.Error("an episode without reward has one")
	}
	e.SupportReward = dense(3, 2)
	copy(e.Rewards(), []float64{1, 2, 3, 4, 5, 6})
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
	if r := e.Reward(1); len(r) != 2 || r[0] != 3 || r[1] != 4 {
		t.Errorf("reward of step 1: %v, want [3 4]", r)
	}
}

func TestEpisodeValidateListsAll(t *testing.T) {
	err := Episode{}.Validate()
	for _, name := range []string{"SupportX", "SupportY", "QueryX", "QueryY"} {
		if err == nil || !strings.Contains(err.Error(), name+" is missing") {
			t.Errorf("%v does not name %s", err, name)
		}
	}
	e := sound()
	e.SupportX.Data().([]float64)[0] = math.NaN()
	e.QueryY = dense(3, 5)
	err = e.Validate()
	if v, ok := errors.AsType[*ValueError](err); !ok || v.Array != "SupportX" || !errors.Is(err, ErrNotFinite) {
		t.Error(err)
	}
	if s, ok := errors.AsType[*ShapeError](err); !ok || s.Array != "QueryY" {
		t.Error(err)
	}
}

func TestSpecCheck(t *testing.T) {
	spec := Spec{Name: "images", Inputs: []int{1, 4, 4}, Outputs: 5, Steps: 3, Batch: 2, Query: 4, Loss: objective.CrossEntropy}
	if err := spec.Check(sound()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		edit func(s *Spec)
		want string
	}{
		{func(s *Spec) { s.Inputs = []int{16} }, "data: SupportX has shape [3 2 1 4 4], want [3,2,16]"},
		{func(s *Spec) { s.Batch = 1 }, "data: SupportX has shape [3 2 1 4 4], want [3,1,1,4,4]"},
		{func(s *Spec) { s.Outputs = 6 }, "data: SupportY has shape [3 2 5], want [3,2,6]"},
		{func(s *Spec) { s.Query = 5 }, "data: QueryX has shape [4 1 4 4], want [5,1,4,4]"},
	} {
		s := spec
		c.edit(&s)
		if err := s.Check(sound()); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	rewarded, gives := sound(), spec
	rewarded.SupportReward, gives.Reward = dense(3, 2), true
	if err := gives.Check(rewarded); err != nil {
		t.Error(err)
	}
	if err := gives.Check(sound()); err == nil || err.Error() != "data: SupportReward is missing, want shape [3,2]" {
		t.Errorf("a reward that is missing: %v", err)
	}
	if err := spec.Check(rewarded); err == nil || !strings.HasPrefix(err.Error(), "data: SupportReward has shape [3 2], want none") {
		t.Errorf("a reward that is not announced: %v", err)
	}
	if err := spec.Check(Episode{}); err == nil {
		t.Error("an empty episode passes")
	}
}

func TestPurpose(t *testing.T) {
	train, err1 := Purpose(Train, "sine")
	held, err2 := Purpose(HeldOut, "sine")
	if train != "train/sine" || held != "heldout/sine" || err1 != nil || err2 != nil {
		t.Errorf("%q %v, %q %v", train, err1, held, err2)
	}
	if p, err := Purpose(Validation, "sine"); p != "validation/sine" || err != nil {
		t.Errorf("%q %v", p, err)
	}
	for _, s := range []Split{-1, 3} {
		if p, err := Purpose(s, "sine"); p != "" || !errors.Is(err, ErrSplit) {
			t.Errorf("%v: %q, %v", s, p, err)
		}
	}
}
