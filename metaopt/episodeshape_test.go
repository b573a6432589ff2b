package metaopt

import (
	"errors"
	"testing"

	"metaplast/data"
)

// turned gives episodes of as many numbers as it should, with steps and examples exchanged.
type turned struct{ data.Sine }

func (s turned) Sample(seed uint64, split data.Split, step, episode uint64) (data.Episode, error) {
	ep, err := s.Sine.Sample(seed, split, step, episode)
	if err == nil {
		err = errors.Join(ep.SupportX.Reshape(2, 6, 3), ep.SupportY.Reshape(2, 6, 1))
	}
	return ep, err
}

// TestEpisodeShape: an episode of another shape than its sampler says is refused, also where the
// number of values is right.
func TestEpisodeShape(t *testing.T) {
	p := tiny(t)
	p.Sampler = turned{p.Sampler.(data.Sine)}
	tr, err := NewTrainer(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Build(); err != nil {
		t.Fatal(err)
	}
	err = tr.MetaStep(t.Context())
	if shape, ok := errors.AsType[*data.ShapeError](err); !ok || shape.Array != "SupportX" {
		t.Errorf("%v: want a ShapeError of SupportX", err)
	}
}
