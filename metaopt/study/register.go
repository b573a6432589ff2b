package study

import (
	"fmt"
	"slices"
	"sync"

	"metaplast/data/catalog"
	"metaplast/data/fault"
	"metaplast/data/suggest"
)

// others are the studies that are not the project's own.
var others struct {
	sync.RWMutex
	list []Study
}

// Studies lists the studies, in the order in which they are shown: the project's, then those that were
// registered.
func Studies() []Study {
	others.RLock()
	defer others.RUnlock()
	return append(own(), others.list...)
}

// Register adds a study. It returns an error, and adds nothing, if catalog.CheckName refuses its name or
// the name is taken, if Validate has faults, or if one of its settings cannot be planned. What the study
// names, such as rules and measures, is registered before.
func Register(s Study) error {
	if err := catalog.CheckName(s.Name); err != nil {
		return fmt.Errorf("register study: %w", err)
	}
	if slices.Contains(Names(), s.Name) {
		return fmt.Errorf("register study: name %q: want one that is not taken", s.Name)
	}
	if err := s.Validate(); err != nil {
		return fmt.Errorf("register study %s: %w", s.Name, err)
	}
	for _, setting := range s.Settings {
		if _, err := NewPlan(s, setting, nil, 0); err != nil {
			return fmt.Errorf("register study %s: %v: %w", s.Name, setting, err)
		}
	}
	others.Lock()
	defer others.Unlock()
	others.list = append(others.list, s)
	return nil
}

// Validate returns all faults of a study as such, joined: what it leaves out, names that are given twice,
// and claims about arms or measures that it does not have.
func (s Study) Validate() error {
	var f fault.Fields
	f.Check(s.Summary != "", "summary", s.Summary, "one line")
	f.Check(len(s.Arms) >= 2, "arms", len(s.Arms), "at least 2")
	f.Check(len(s.Measures) >= 1, "measures", len(s.Measures), "at least 1")
	f.Check(len(s.Claims) >= 1, "claims", len(s.Claims), "at least 1")
	f.Check(len(s.Settings) >= 1, "settings", len(s.Settings), "at least 1")
	var arms, measures, claims []string
	for _, a := range s.Arms {
		f.Check(!slices.Contains(arms, a.Name), "arms", a.Name, "a name that no other arm has")
		arms = append(arms, a.Name)
	}
	for _, m := range s.Measures {
		measures = append(measures, m.Name)
		_, err := MeasureOf(m.Name, m.Best)
		f.Check(m.Name == Loss.Name || m.Name == Accuracy.Name || isRecovery(m.Name) || err == nil, "measures", m.Name, "loss, accuracy or a registered measure that says what it is")
	}
	for _, c := range s.Claims {
		path := "claims." + c.ID
		f.Check(!slices.Contains(claims, c.ID), path, c.ID, "an ID that no other claim has")
		claims = append(claims, c.ID)
		f.Add(path, suggest.Unknown("arm", c.A, arms))
		if c.B != "" {
			f.Add(path, suggest.Unknown("arm", c.B, arms))
		}
		f.Check(c.Share >= 0 && c.Share <= 1, path, c.Share, "a share of the seeds from 0 to 1")
		f.Add(path, suggest.Unknown("measure", c.Measure, measures))
		m, _ := s.Measure(c.Measure)
		f.Check(m.Scale != Ratio || c.Threshold > 0, path, c.Threshold, "a threshold above 0 of a ratio")
	}
	for _, v := range s.Settings {
		f.Add("settings", suggest.Unknown("size", v.Size, Sizes()))
	}
	return f.Join()
}
