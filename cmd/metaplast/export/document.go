package export

import (
	"context"
	"fmt"
	"math"

	"metaplast/cmd/metaplast/outfolder"
	"metaplast/data"
	"metaplast/data/npz"
	"metaplast/metaopt/analysis"
	"metaplast/metaopt/evaluate"
)

// Document is export.json, which says what is in the other files.
type Document struct {
	Format      string   `json:"format"`
	Version     int      `json:"version"`
	Run         string   `json:"run"`
	Fingerprint string   `json:"fingerprint"`
	MetaSteps   int      `json:"meta_steps"`
	Seed        uint64   `json:"seed"`
	Split       string   `json:"split"`
	Episode     uint64   `json:"episode"`
	Every       int      `json:"every"`
	Episodes    int      `json:"episodes"`
	Learners    []string `json:"learners"`
	Arrays      []Listed `json:"arrays"`
	Tables      []string `json:"tables"`
}

// Listed lists the arrays of an archive.
type Listed struct {
	File   string        `json:"file"`
	Arrays []ListedArray `json:"arrays"`
}

// ListedArray is one of them.
type ListedArray struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

const (
	Format       = "metaplast export"
	Version      = 1
	DocumentFile = "export.json"
)

// Fits refuses an episode whose arrays no archive can hold, every so many of whose inner steps are kept, with a number that would do.
func Fits(spec data.Spec, every int, subjects []evaluate.Subject) error {
	for k := every; ; k *= 2 {
		n, err := Values(spec, (spec.Steps+k-1)/k, subjects)
		switch {
		case err != nil:
			return err
		case n <= npz.MaxElements && k == every:
			return nil
		case n <= npz.MaxElements:
			return fmt.Errorf("the episode has too many values for an archive, %d at most: --every %d would do", npz.MaxElements, k)
		case k >= spec.Steps:
			return fmt.Errorf("one inner step has %d values, an archive %d at most: no episode of this run can be exported", n, npz.MaxElements)
		}
	}
}

// Measuring says of whom, and on what, an export is made.
type Measuring struct {
	Subjects []evaluate.Subject
	Sampler  data.Sampler
	Split    data.Split
	Workers  int

	Note  func(format string, args ...any)      // is told of episodes that diverge
	Count func(what string) func(done, all int) // makes what is told how far it is
}

// Compute records episode e.Episode, keeping every e.Every-th inner step, measures e.Episodes episodes, and
// makes all files. It fills in e what they hold. encode makes documents.
func (e *Document) Compute(ctx context.Context, m Measuring, encode func(any) ([]byte, error)) ([]outfolder.File, error) {
	ep, err := m.Sampler.Sample(e.Seed, m.Split, 0, e.Episode)
	if err != nil {
		return nil, err
	}
	var learners []Learner
	for _, s := range m.Subjects {
		t, err := analysis.Record(ctx, s, ep, e.Every)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(t.QueryLoss) || math.IsInf(t.QueryLoss, 0) {
			m.Note("warning: %s diverges in episode %d: its arrays hold numbers that are not finite", s.Name, e.Episode)
		}
		e.Learners = append(e.Learners, s.Name)
		learners = append(learners, Learner{Subject: s, Trace: t})
	}
	all, err := analysis.Analyse(ctx, m.Subjects, m.Sampler, analysis.Options{Episodes: e.Episodes, Split: m.Split, Seed: e.Seed, Workers: m.Workers, Done: m.Count("episode")})
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.Diverged > 0 {
			m.Note("note: %s diverges in %d of %d episodes: they are left out of its measures", a.Learner, a.Diverged, a.Episodes)
		}
	}
	measures, err := Measures(all)
	if err != nil {
		return nil, err
	}
	text, err := encode(all)
	if err != nil {
		return nil, err
	}
	files := []outfolder.File{{Name: "measures.json", Text: text}}
	for _, a := range []struct {
		name   string
		arrays []npz.Named
	}{{"parameters.npz", Parameters(learners)}, {"episode.npz", Episode(ep, learners)}, {"measures.npz", measures}} {
		files = append(files, outfolder.File{Name: a.name, Arrays: a.arrays})
		listed := Listed{File: a.name}
		for _, v := range a.arrays {
			listed.Arrays = append(listed.Arrays, ListedArray{v.Name, v.Shape})
		}
		e.Arrays = append(e.Arrays, listed)
	}
	for _, t := range Tables(learners, all) {
		text, err := t.CSV()
		if err != nil {
			return nil, err
		}
		files = append(files, outfolder.File{Name: t.Name, Text: text})
		e.Tables = append(e.Tables, t.Name)
	}
	own, err := encode(e)
	if err != nil {
		return nil, err
	}
	return append(files, outfolder.File{Name: DocumentFile, Text: own}), nil
}

// Table tells people what was written.
func (e *Document) Table(out string) []byte {
	text := fmt.Sprintf("%s: episode %d and measures over %d episodes of %d learners, after %d meta-steps\n\n", out, e.Episode, e.Episodes, len(e.Learners), e.MetaSteps)
	for _, f := range e.Arrays {
		text += fmt.Sprintf("%-16s %d arrays\n", f.File, len(f.Arrays))
	}
	for _, t := range append([]string{"measures.json"}, e.Tables...) {
		text += t + "\n"
	}
	return []byte(text + "export.json      what is in them\n")
}
