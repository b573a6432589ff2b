package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/metaopt/optim"
)

// stateVersion is the version of the format. A file of another one is refused by name.
const stateVersion = 1

// state is the document state.json.
type state struct {
	Format       string         `json:"format"`
	Version      int            `json:"version"`
	Fingerprint  string         `json:"fingerprint"`
	Seed         uint64         `json:"seed"`
	Step         int            `json:"step"`
	ScheduleStep int            `json:"schedule_step"`
	Unlogged     int            `json:"unlogged,omitempty"`
	Pending      bool           `json:"evaluation_pending,omitempty"`
	Learners     []learnerState `json:"learners"`
}

type learnerState struct {
	Name          string          `json:"name"`
	AdamStep      *uint64         `json:"adam_step,omitempty"` // of Adam, whose vectors are adam_m and adam_v
	Optimizer     *optimizerState `json:"optimizer,omitempty"` // of others
	DivergedInRow int             `json:"diverged_in_row"`
	Diverged      int             `json:"diverged"`
	Layout        []optim.Segment `json:"layout"`
}

type optimizerState struct {
	Method  string   `json:"method"`
	Step    uint64   `json:"step"`
	Vectors []string `json:"vectors"` // names, which are also those of folders
}

// adam is the state of Adam without its values.
func adam(step uint64) optim.State {
	return optim.State{Method: optim.DefaultAdam.Info().Name, Step: step, Vectors: []optim.Vector{{Name: "adam_m"}, {Name: "adam_v"}}}
}

// setOptimizer writes down a state without its values. That of Adam has the form that it had before there
// were others, so that older files and programs understand it.
func (l *learnerState) setOptimizer(s optim.State) {
	switch {
	case s.Same(adam(0)):
		l.AdamStep = &s.Step
	case s.Method != "":
		l.Optimizer = &optimizerState{Method: s.Method, Step: s.Step, Vectors: []string{}}
		for _, v := range s.Vectors {
			l.Optimizer.Vectors = append(l.Optimizer.Vectors, v.Name)
		}
	}
}

// optimizer is the way back.
func (l *learnerState) optimizer() optim.State {
	switch {
	case l.AdamStep != nil:
		return adam(*l.AdamStep)
	case l.Optimizer != nil:
		s := optim.State{Method: l.Optimizer.Method, Step: l.Optimizer.Step}
		for _, name := range l.Optimizer.Vectors {
			s.Vectors = append(s.Vectors, optim.Vector{Name: name})
		}
		return s
	}
	return optim.State{}
}

const stateFormat = "metaplast checkpoint"

// encodeState returns state.json, indented for people who look into the archive.
func encodeState(c *Checkpoint) ([]byte, error) {
	s := state{
		Format: stateFormat, Version: stateVersion, Fingerprint: c.Fingerprint,
		Seed: c.Seed, Step: c.Step, ScheduleStep: c.ScheduleStep, Unlogged: c.Unlogged, Pending: c.Pending,
		Learners: []learnerState{},
	}
	for _, l := range c.Learners {
		state := learnerState{Name: l.Name, DivergedInRow: l.DivergedInRow, Diverged: l.Diverged, Layout: l.Layout}
		state.setOptimizer(l.Optimizer)
		s.Learners = append(s.Learners, state)
	}
	b, err := json.MarshalIndent(s, "", " ")
	return append(b, '\n'), err
}

// decodeState returns the checkpoint that state.json describes, without its vectors. The
// format is checked before all else, so that a newer file is not called damaged.
func decodeState(b []byte) (*Checkpoint, error) {
	var head struct {
		Format  string
		Version int
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, stateName, err)
	}
	if head.Format != stateFormat {
		return nil, fmt.Errorf("%w: %s: format %q, want %q", ErrDamaged, stateName, head.Format, stateFormat)
	}
	if head.Version != stateVersion {
		return nil, fmt.Errorf("%w: format version %d, this program reads version %d", ErrMismatch, head.Version, stateVersion)
	}
	var s state
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, stateName, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: %s: more than one document", ErrDamaged, stateName)
	}
	c := &Checkpoint{Fingerprint: s.Fingerprint, Seed: s.Seed, Step: s.Step, ScheduleStep: s.ScheduleStep, Unlogged: s.Unlogged, Pending: s.Pending}
	for _, l := range s.Learners {
		if l.AdamStep != nil && l.Optimizer != nil {
			return nil, fmt.Errorf("%w: %s: learner %q has two optimisers", ErrDamaged, stateName, l.Name)
		}
		c.Learners = append(c.Learners, Learner{
			Name: l.Name, Layout: l.Layout, Optimizer: l.optimizer(),
			DivergedInRow: l.DivergedInRow, Diverged: l.Diverged,
		})
	}
	if err := c.validateState(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, stateName, err)
	}
	return c, nil
}

// validateState checks everything but the vectors.
func (c *Checkpoint) validateState() error {
	if c.Step < 0 || c.ScheduleStep < 0 {
		return fmt.Errorf("%w: step %d, schedule step %d, want from 0", fault.ErrSetting, c.Step, c.ScheduleStep)
	}
	if c.Unlogged < 0 || c.Unlogged > c.Step {
		return fmt.Errorf("%w: %d of %d meta-steps unlogged", fault.ErrSetting, c.Unlogged, c.Step)
	}
	seen := map[string]bool{}
	for _, l := range c.Learners {
		if l.Name == "" || l.Name == "." || l.Name == ".." || strings.ContainsAny(l.Name, "/\\\x00") {
			return fmt.Errorf("%w: learner %q, want a name without slashes", fault.ErrSetting, l.Name)
		}
		if seen[l.Name] {
			return fmt.Errorf("%w: two learners %q", fault.ErrSetting, l.Name)
		}
		seen[l.Name] = true
		if l.DivergedInRow < 0 || l.Diverged < l.DivergedInRow {
			return fmt.Errorf("%w: learner %q: %d episodes diverged, %d of them in a row",
				fault.ErrSetting, l.Name, l.Diverged, l.DivergedInRow)
		}
		if _, err := optim.Size(l.Layout); err != nil {
			return fmt.Errorf("learner %q: %w", l.Name, err)
		}
		if err := checkOptimizer(l.Optimizer); err != nil {
			return fmt.Errorf("learner %q: %w", l.Name, err)
		}
	}
	return nil
}

// checkOptimizer checks that vectors have names that can be those of folders.
func checkOptimizer(s optim.State) error {
	if s.Method == "" && (len(s.Vectors) > 0 || s.Step != 0) {
		return fmt.Errorf("%w: the state of an optimiser without a name", fault.ErrSetting)
	}
	seen := map[string]bool{}
	for _, v := range s.Vectors {
		if err := catalog.CheckName(v.Name); err != nil {
			return fmt.Errorf("%w: vector of optimiser %q: %w", fault.ErrSetting, s.Method, err)
		}
		if seen[v.Name] {
			return fmt.Errorf("%w: two vectors %q of optimiser %q", fault.ErrSetting, v.Name, s.Method)
		}
		seen[v.Name] = true
	}
	return nil
}

// validate checks what Save promises to refuse.
func (c *Checkpoint) validate() error {
	if err := c.validateState(); err != nil {
		return err
	}
	for _, l := range c.Learners {
		size, err := optim.Size(l.Layout)
		if err != nil {
			return err
		}
		if len(l.Theta) != size {
			return fmt.Errorf("learner %q: %w", l.Name, &fault.Length{What: "parameters", Got: len(l.Theta), Want: size})
		}
		for _, v := range l.Optimizer.Vectors {
			if len(v.Values) != size {
				return fmt.Errorf("learner %q: %w", l.Name, &fault.Length{What: v.Name, Got: len(v.Values), Want: size})
			}
			for _, s := range l.Layout {
				for i := s.Offset; !s.Learned && i < s.End(); i++ {
					if v.Values[i] != 0 {
						return fmt.Errorf("%w: learner %q: %s in the fixed segment %s", optim.ErrLayout, l.Name, v.Name, s.Name)
					}
				}
			}
		}
	}
	return nil
}
