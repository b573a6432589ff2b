package report

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"metaplast/cmd/metaplast/build"
	"metaplast/cmd/metaplast/invocation"
	"metaplast/data"
	"metaplast/data/fault"
	"metaplast/data/shell"
	"metaplast/metaopt/run"
)

// OfRun gathers what the report of a run is made from.
type OfRun struct {
	*run.Opened
	Split   data.Split
	Workers int

	Note    func(format string, args ...any)      // is told what is measured now
	Count   func(what string) func(done, all int) // makes what is told how far it is
	Advised func(error) string                    // the text of an error with what to do about it
}

// Document measures the learners and makes the report.
func (m *OfRun) Document(ctx context.Context) (*Document, error) {
	metrics, err := run.ReadMetrics(m.Dir.Metrics())
	if err != nil {
		return nil, fault.Given(err)
	}
	var missing *run.GapError
	if err := m.Dir.Gap(m.Config, m.Saved); errors.As(err, &missing) {
		m.Note("note: %s", m.Advised(&run.FolderError{Folder: m.Dir, Reason: run.Gap, Err: missing}))
	} else if err != nil {
		return nil, fault.Given(err)
	}
	r := Run{Config: m.Config, Step: m.Saved.Step, Environment: m.environment(), Commands: m.commands()}
	for _, l := range m.Config.Learners {
		r.Learners = append(r.Learners, Learner{Name: l.Name, Curve: curveOf(metrics[l.Name])})
	}
	if err := m.learners(ctx, &r); err != nil {
		return nil, err
	}
	measuring := Measuring{Config: m.Config, Sampler: m.Sampler, Subjects: m.Subjects, Split: m.Split, Workers: m.Workers, Note: m.Note, Count: m.Count}
	if err := measuring.Fill(ctx, &r); err != nil {
		return nil, err
	}
	return NewRun(r)
}

// learners measures the learners before and after meta-training, on the same episodes.
func (m *OfRun) learners(ctx context.Context, r *Run) error {
	m.Note("measuring %s on %d held-out episodes", m.Dir, m.Config.Eval.Episodes)
	before, after, err := m.BeforeAndAfter(ctx, m.Split, m.Workers, m.Count("episode"))
	if err != nil {
		return err
	}
	for i := range r.Learners {
		r.Learners[i].Untrained, r.Learners[i].Trained = before[i], after[i]
	}
	return nil
}

// environment tells what the run was computed with, and what this report.
func (m *OfRun) environment() []Fact {
	v := build.This()
	facts := []Fact{{Name: "configuration", Value: "SHA-256 " + m.Saved.Fingerprint}}
	if o := data.OriginOf(m.Sampler); o != nil {
		facts = append(facts, Fact{Name: "data set", Value: fmt.Sprintf("%s with %d classes and %d drawings, SHA-256 %s", o.Name, o.Classes, o.Drawings, o.SHA256)})
	}
	for i, s := range m.Dir.Starts() {
		facts = append(facts, Fact{Name: fmt.Sprintf("start %d", i+1), Value: s.String()})
	}
	if s := run.Seconds(m.Dir.Starts()); s > 0 {
		facts = append(facts, Fact{Name: "wall clock", Value: fmt.Sprintf("%.1f s in all starts", s)})
	}
	return append(facts, Fact{Name: "this report", Value: fmt.Sprintf("metaplast %s, %s, %s, blas %s (%s)", v.Version, v.Go, v.System, v.BLAS, v.Kernels)})
}

func (m *OfRun) commands() []string {
	again := run.Folder(filepath.Join("runs", m.Config.Name+"-again"))
	blas := ""
	if s := m.Dir.Starts(); len(s) > 0 && s[len(s)-1].BLAS != "" {
		blas = " --blas " + s[len(s)-1].BLAS
	}
	cmd := invocation.Command("report", again, "--episodes", m.Config.Eval.Episodes) + blas
	if m.Config.Task.Scoring().Splits != nil {
		cmd += " --split " + m.Split.String()
	}
	moved := ""
	if m.Task.Dir != m.Config.Task.Dir {
		moved = " --set " + shell.Word("task.dir="+m.Task.Dir)
	}
	return []string{invocation.Command("train", "--config", run.Folder(m.Dir.ConfigFile()), "--out", again) + moved + blas, cmd}
}
