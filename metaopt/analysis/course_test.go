package analysis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/metaopt/evaluate"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		n, limit int
		want     string
	}{
		{5, 9, "[0 1 2 3 4]"}, {5, 5, "[0 1 2 3 4]"}, {5, 1, "[0]"}, {1, 4, "[0]"}, {10, 2, "[0 9]"}, {11, 6, "[0 2 4 6 8 10]"}, {400, 3, "[0 200 399]"},
	} {
		if got := fmt.Sprint(spread(c.n, c.limit)); got != c.want {
			t.Errorf("%d of %d: %v, want %v", c.limit, c.n, got, c.want)
		}
	}
}

func TestCourse(t *testing.T) {
	sine := data.Sine{Functions: 10, Steps: 4, Batch: 2, Query: 2}
	c, err := lookAhead(context.Background(), sine, Options{Episodes: 2, Points: 6}.filled())
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.points, c.blocks, len(c.steps), len(c.labels), c.ordered); got != "[0 8 16 24 32 40] [4 8 12 16 20 24 28 32 36 40] 40 20 true" {
		t.Error(got)
	}
	if c.learned(0) != 0 || c.learned(7) != 1 || c.learned(8) != 2 || c.learned(40) != 10 {
		t.Error("tasks learned after some steps")
	}
	sine.Order = data.IID
	if c, err = lookAhead(context.Background(), sine, Options{Episodes: 2}.filled()); err != nil || c.ordered || c.blocks[9] != 40 || c.blocks[0] != 4 {
		t.Errorf("shuffled: %+v, %v", c, err)
	}
}

// uneven has another number of examples of a task in every episode.
type uneven struct{ data.Sampler }

func (s uneven) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	ep, err := s.Sampler.Sample(seed, split, step, episode)
	if err == nil && episode > 0 {
		ep.SupportTask[0] = 1
	}
	return ep, err
}

func TestAnalyseRefuses(t *testing.T) {
	c := settings(t)["sine"]
	good := subject(t, "flp", c.network)
	other, two, short := good, good, good
	other.Graph.Network.Input = []int{9}
	two.Graph.Learners = append(two.Graph.Learners, two.Graph.Learners[0])
	short.Theta = short.Theta[1:]
	for name, x := range map[string]struct {
		subjects []evaluate.Subject
		sampler  data.Sampler
		o        Options
		want     string
	}{
		"no subject":      {nil, c.sampler, Options{Episodes: 1}, "no subjects"},
		"two of one name": {[]evaluate.Subject{good, good}, c.sampler, Options{Episodes: 1}, `two subjects "flp"`},
		"another task":    {[]evaluate.Subject{other}, c.sampler, Options{Episodes: 1}, "inputs [9], 1 outputs and loss mse: the task sine has [4], 1 and mse"},
		"two learners":    {[]evaluate.Subject{two}, c.sampler, Options{Episodes: 1}, "2 learners: want one"},
		"θ too short":     {[]evaluate.Subject{short}, c.sampler, Options{Episodes: 1}, "meta-parameters of "},
		"no episodes":     {[]evaluate.Subject{good}, c.sampler, Options{}, "Options.Episodes is 0, want at least 1"},
		"uneven episodes": {[]evaluate.Subject{good}, uneven{c.sampler}, Options{Episodes: 2}, "episode 1 has [7 9 8] support examples"},
	} {
		_, err := Analyse(context.Background(), x.subjects, x.sampler, x.o)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	_, err := Analyse(context.Background(), []evaluate.Subject{good}, c.sampler, Options{Episodes: -1, Points: 1, Bins: -2, Steps: -1, Batches: -1, Workers: -1})
	for _, field := range []string{"Episodes", "Points", "Bins", "Steps", "Batches", "Workers"} {
		if !errors.Is(err, fault.ErrSetting) || !strings.Contains(err.Error(), "Options."+field) {
			t.Errorf("%s is not refused: %v", field, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Analyse(ctx, []evaluate.Subject{good}, c.sampler, Options{Episodes: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v: want the end of the context", err)
	}
}
