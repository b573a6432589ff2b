package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"metaplast/cmd/metaplast/progress"
	"metaplast/cmd/metaplast/report"
	"metaplast/data"
	"metaplast/data/shell"
	"metaplast/metaopt/run"
)

// measurer gathers what the report of a run is made from.
type measurer struct {
	*run.Opened
	split   data.Split
	workers int

	progress *progress.Shown
}

// note tells what is measured now, unless --quiet leaves progress out.
func (m *measurer) note(format string, args ...any) {
	if !m.progress.Quiet {
		m.progress.Note(format, args...)
	}
}

// document measures the learners and makes the report.
func (m *measurer) document(ctx context.Context) (*report.Document, error) {
	metrics, err := run.ReadMetrics(m.Dir.Metrics())
	if err != nil {
		return nil, badInput(err)
	}
	var missing *run.GapError
	if err := m.Dir.Gap(m.Config, m.Saved); errors.As(err, &missing) {
		m.note("note: %s", advised(&run.FolderError{Folder: m.Dir, Reason: run.Gap, Err: missing}))
	} else if err != nil {
		return nil, badInput(err)
	}
	r := report.Run{Config: m.Config, Step: m.Saved.Step, Environment: m.environment(), Commands: m.commands()}
	for _, l := range m.Config.Learners {
		r.Learners = append(r.Learners, report.Learner{Name: l.Name, Curve: curveOf(metrics[l.Name])})
	}
	if err := m.learners(ctx, &r); err != nil {
		return nil, err
	}
	measuring := report.Measuring{Config: m.Config, Sampler: m.Sampler, Subjects: m.Subjects, Split: m.split, Workers: m.workers, Note: m.note, Count: m.progress.Count}
	if err := measuring.Fill(ctx, &r); err != nil {
		return nil, err
	}
	return report.NewRun(r)
}

// learners measures the learners before and after meta-training, on the same episodes.
func (m *measurer) learners(ctx context.Context, r *report.Run) error {
	m.note("measuring %s on %d held-out episodes", m.Dir, m.Config.Eval.Episodes)
	before, after, err := m.BeforeAndAfter(ctx, m.split, m.workers, m.progress.Count("episode"))
	if err != nil {
		return err
	}
	for i := range r.Learners {
		r.Learners[i].Untrained, r.Learners[i].Trained = before[i], after[i]
	}
	return nil
}

// environment tells what the run was computed with, and what this report.
func (m *measurer) environment() []report.Fact {
	v := thisVersion()
	facts := []report.Fact{{Name: "configuration", Value: "SHA-256 " + m.Saved.Fingerprint}}
	if o := data.OriginOf(m.Sampler); o != nil {
		facts = append(facts, report.Fact{Name: "data set", Value: fmt.Sprintf("%s with %d classes and %d drawings, SHA-256 %s", o.Name, o.Classes, o.Drawings, o.SHA256)})
	}
	for i, s := range m.Dir.Starts() {
		facts = append(facts, report.Fact{Name: fmt.Sprintf("start %d", i+1), Value: s.String()})
	}
	if s := run.Seconds(m.Dir.Starts()); s > 0 {
		facts = append(facts, report.Fact{Name: "wall clock", Value: fmt.Sprintf("%.1f s in all starts", s)})
	}
	return append(facts, report.Fact{Name: "this report", Value: fmt.Sprintf("metaplast %s, %s, %s, blas %s (%s)", v.Version, v.Go, v.System, v.BLAS, v.Kernels)})
}

func (m *measurer) commands() []string {
	again := run.Folder(filepath.Join("runs", m.Config.Name+"-again"))
	blas := ""
	if s := m.Dir.Starts(); len(s) > 0 && s[len(s)-1].BLAS != "" {
		blas = " --blas " + s[len(s)-1].BLAS
	}
	cmd := pasted("report", again, "--episodes", m.Config.Eval.Episodes) + blas
	if m.Config.Task.Scoring().Splits != nil {
		cmd += " --split " + m.split.String()
	}
	moved := ""
	if m.Task.Dir != m.Config.Task.Dir {
		moved = " --set " + shell.Word("task.dir="+m.Task.Dir)
	}
	return []string{pasted("train", "--config", run.Folder(m.Dir.ConfigFile()), "--out", again) + moved + blas, cmd}
}

// curveOf is what a report needs of a learner's metrics; nothing if there are none.
func curveOf(s *run.Series) report.Curve {
	if s == nil {
		return report.Curve{}
	}
	c := report.Curve{Steps: s.Steps, Loss: s.Loss, Diverged: s.Diverged}
	for _, h := range s.Evals {
		e := report.Eval{Step: h.Step, Mean: float64(h.Mean), Low: float64(h.Low), High: float64(h.High), Median: float64(h.Median), Diverged: h.Diverged, Episodes: h.Episodes}
		if h.Accuracy != nil {
			e.Accuracy = &[3]float64{float64(*h.Accuracy), float64(*h.AccuracyLow), float64(*h.AccuracyHigh)}
		}
		c.Evals = append(c.Evals, e)
	}
	return c
}
