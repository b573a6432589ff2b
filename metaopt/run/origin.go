package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"metaplast/data/fault"
	"metaplast/graph"
	"metaplast/metaopt"
	"metaplast/metaopt/checkpoint"
	"metaplast/metaopt/config"
	"metaplast/metaopt/optim"
)

// startFile holds the parameters that a run begins from, where they are not those of its seed: a
// checkpoint of the learners without moments, with fingerprint, seed and meta-step of the run that
// they come from. Its SHA-256 is in the configuration, as start.
const startFile = "start.npz"

// Origin is parameters that runs can begin from.
type Origin struct {
	Path string // where they were found: a run, or a checkpoint of one

	start *checkpoint.Checkpoint
	text  []byte // the same as a file
	hash  string // SHA-256 of that
}

// From reads the parameters of the learners of a configuration from a run, or from a checkpoint in the
// folder of one, in which they have the same names and arrays. Errors are fault.Input.
func From(path string, cfg *config.Config) (*Origin, error) {
	c, err := checkpointOf(path)
	if err != nil {
		return nil, fault.Given(err)
	}
	start, err := startOf(path, c, cfg)
	if err != nil {
		return nil, fault.Given(err)
	}
	return originOf(start, path)
}

// FromStart reads the parameters that the run in a folder, whose configuration is cfg, was begun from;
// nil if they are those of its seed.
func FromStart(f Folder, cfg *config.Config) (*Origin, error) {
	start, err := f.started(cfg)
	if start == nil || err != nil {
		return nil, err
	}
	return originOf(start, string(f))
}

func originOf(start *checkpoint.Checkpoint, path string) (*Origin, error) {
	text, hash, err := encoded(start)
	if err != nil {
		return nil, err
	}
	return &Origin{Path: path, start: start, text: text, hash: hash}, nil
}

// Check checks that a configuration, if it says what runs begin from, means these parameters. Errors
// are fault.Input.
func (o *Origin) Check(cfg *config.Config) error {
	_, err := o.config(cfg)
	return fault.Given(err)
}

// config is a configuration of runs that begin from there.
func (o *Origin) config(cfg *config.Config) (*config.Config, error) {
	next := *cfg
	switch {
	case o == nil && cfg.Start != "":
		return nil, fmt.Errorf("start: the configuration begins from parameters with SHA-256 %.12s…: they have to be given", cfg.Start)
	case o == nil:
		return cfg, nil
	case cfg.Start != "" && cfg.Start != o.hash:
		return nil, fmt.Errorf("%s gives other parameters than those that the configuration begins from (SHA-256 %.12s…, want %.12s…)", o.Path, o.hash, cfg.Start)
	}
	next.Start = o.hash
	return &next, nil
}

// give gives a trainer the parameters that its run begins from, if they are not those of the seed.
func (o *Origin) give(t *metaopt.Trainer) error {
	if o == nil {
		return nil
	}
	for i, l := range o.start.Learners {
		if err := t.SetTheta(i, l.Theta); err != nil {
			return err
		}
	}
	return nil
}

// encoded gives a checkpoint as a file, with its SHA-256.
func encoded(c *checkpoint.Checkpoint) (text []byte, hash string, err error) {
	var b bytes.Buffer
	if err := c.Encode(&b); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(b.Bytes())
	return b.Bytes(), hex.EncodeToString(sum[:]), nil
}

// checkpointOf reads the last checkpoint of a run, or the one that path names, with the configuration
// beside it.
func checkpointOf(path string) (*checkpoint.Checkpoint, error) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	dir, file := Folder(path), Folder(path).Checkpoint()
	if !info.IsDir() {
		dir, file = Folder(filepath.Dir(path)), path
	}
	cfg, err := dir.Load()
	if err != nil {
		return nil, err
	}
	c, err := checkpoint.Load(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no checkpoint yet", dir)
	}
	if err != nil {
		return nil, err
	}
	if err := dir.Verify(cfg, c); err != nil {
		return nil, err
	}
	if info.IsDir() && metaopt.Stopped(c, cfg.Meta.MaxDiverged) != nil {
		if _, err := os.Stat(checkpoint.SoundPath(file)); err != nil {
			return nil, fmt.Errorf("%s stopped because a learner diverged, and has no checkpoint from before that", dir)
		}
		return nil, dir.refused(Diverged, "%s stopped because a learner diverged; take the parameters of before", dir)
	}
	return c, nil
}

// startOf takes the parameters of the learners of a configuration from a checkpoint.
func startOf(path string, c *checkpoint.Checkpoint, cfg *config.Config) (*checkpoint.Checkpoint, error) {
	start := &checkpoint.Checkpoint{Fingerprint: c.Fingerprint, Seed: c.Seed, Step: c.Step, ScheduleStep: c.Step}
	var names []string
	for _, l := range c.Learners {
		names = append(names, l.Name)
	}
	var faults []error
	for _, l := range cfg.Learners {
		layout, err := graph.NewLayout(cfg.Graph().Network, l.Learner)
		if err != nil {
			return nil, err
		}
		want := metaopt.Segments(layout)
		i := slices.Index(names, l.Name)
		if i < 0 {
			faults = append(faults, fmt.Errorf("%s has no learner %q, but %v: name learners as there, or leave it out (learners.%s: null)", path, l.Name, names, l.Name))
			continue
		}
		if err := sameArrays(c.Learners[i].Layout, want); err != nil {
			faults = append(faults, fmt.Errorf("%s: learner %q: %w", path, l.Name, err))
			continue
		}
		start.Learners = append(start.Learners, checkpoint.Learner{Name: l.Name, Layout: want, Theta: c.Learners[i].Theta})
	}
	return start, errors.Join(faults...)
}

// sameArrays checks that parameters laid out in one way are those of another: names and shapes.
// Whether they are learned may differ.
func sameArrays(have, want []optim.Segment) error {
	for i, w := range want {
		if i >= len(have) {
			return fmt.Errorf("it lacks %s%v", w.Name, w.Shape)
		}
		if h := have[i]; h.Name != w.Name || !slices.Equal(h.Shape, w.Shape) {
			return fmt.Errorf("it has %s%v where the configuration has %s%v: network and learner must be as they were there", h.Name, h.Shape, w.Name, w.Shape)
		}
	}
	if len(have) > len(want) {
		h := have[len(want)]
		return fmt.Errorf("it has %s%v too many", h.Name, h.Shape)
	}
	return nil
}

// started reads the parameters that the run in a folder begins from; nil if they are those of its seed.
func (f Folder) started(cfg *config.Config) (*checkpoint.Checkpoint, error) {
	if cfg.Start == "" {
		return nil, nil
	}
	path := f.Path(startFile)
	c, err := checkpoint.Load(path)
	if err != nil {
		return nil, fault.Given(fmt.Errorf("the parameters that the run begins from: %w", err))
	}
	_, hash, err := encoded(c)
	if err != nil {
		return nil, err
	}
	if hash != cfg.Start {
		return nil, fault.Given(fmt.Errorf("%s is not what the run was begun from (SHA-256 %.12s…, want %.12s…): restore it", path, hash, cfg.Start))
	}
	return c, nil
}
