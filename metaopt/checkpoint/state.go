package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

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
	AdamStep      uint64          `json:"adam_step"`
	DivergedInRow int             `json:"diverged_in_row"`
	Diverged      int             `json:"diverged"`
	Layout        []optim.Segment `json:"layout"`
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
		s.Learners = append(s.Learners, learnerState{
			Name: l.Name, AdamStep: l.Adam.Step,
			DivergedInRow: l.DivergedInRow, Diverged: l.Diverged, Layout: l.Layout,
		})
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
		c.Learners = append(c.Learners, Learner{
			Name: l.Name, Layout: l.Layout, Adam: optim.AdamState{Step: l.AdamStep},
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
		for _, v := range []struct {
			what string
			n    int
		}{{"parameters", len(l.Theta)}, {"first moments", len(l.Adam.M)}, {"second moments", len(l.Adam.V)}} {
			if v.n != size {
				return fmt.Errorf("learner %q: %w", l.Name, &fault.Length{What: v.what, Got: v.n, Want: size})
			}
		}
		for _, s := range l.Layout {
			for i := s.Offset; !s.Learned && i < s.End(); i++ {
				if l.Adam.M[i] != 0 || l.Adam.V[i] != 0 {
					return fmt.Errorf("%w: learner %q: moments in the fixed segment %s", optim.ErrLayout, l.Name, s.Name)
				}
			}
		}
	}
	return nil
}
