package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"metaplast/metaopt"
	"metaplast/metaopt/measure"
)

const (
	window    = 50              // meta-steps whose median loss is shown: single ones can be huge
	lineEvery = 5 * time.Second // between lines where there is no terminal
)

// progress shows how a run goes: a bar on a terminal, lines elsewhere, nothing if quiet.
// Nothing that goes wrong with it concerns the run.
type progress struct {
	mu     sync.Mutex
	out    io.Writer
	quiet  bool
	bar    *mpb.Bar
	bars   *mpb.Progress
	losses map[string][]float64 // the last of each learner
	state  string               // what the bar says beside the numbers
	step   int
	from   int // meta-step that the clock was started after
	began  time.Time
	last   time.Time // of the last line or step
}

func newProgress(out io.Writer, quiet bool, step, steps int) *progress {
	p := &progress{out: out, quiet: quiet, losses: map[string][]float64{}, step: step, last: time.Now()}
	f, ok := out.(*os.File)
	if quiet || !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return p
	}
	if w, h, err := term.GetSize(int(f.Fd())); err != nil || w < 40 || h < 2 {
		return p // no room for a bar
	}
	p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(24), mpb.WithRefreshRate(200*time.Millisecond))
	// Without a total a bar does not complete by itself: the last evaluation is still to come.
	p.bar = p.bars.New(0, mpb.BarStyle(),
		mpb.PrependDecorators(decor.CountersNoUnit("meta-step %d/%d", decor.WCSyncSpaceR)),
		mpb.AppendDecorators(
			decor.Name("ETA "), decor.EwmaETA(decor.ET_STYLE_GO, 60),
			decor.Any(func(decor.Statistics) string { p.mu.Lock(); defer p.mu.Unlock(); return p.state }),
		))
	p.bar.SetTotal(int64(steps), false)
	p.bar.SetCurrent(int64(step))
	return p
}

// note prints a line, above the bar if there is one.
func (p *progress) note(format string, args ...any) {
	line := fmt.Appendf(nil, "metaplast: "+format+"\n", args...)
	p.mu.Lock()
	bars := p.bars
	p.mu.Unlock()
	if bars != nil {
		if _, err := bars.Write(line); err == nil {
			return
		}
	}
	p.out.Write(line)
}

// update is called by the trainer.
func (p *progress) update(now metaopt.Progress) {
	if len(now.Evaluations) > 0 {
		if now.Step == now.Steps {
			p.close() // what a bar shows last would be lost
		}
		if !p.quiet {
			p.note("meta-step %d/%d: held-out loss %s", now.Step, now.Steps, evaluations(now.Evaluations))
		}
		return
	}
	p.mu.Lock()
	took := time.Since(p.last)
	p.step = now.Step
	if p.began.IsZero() { // building graphs and the first evaluation are no part of a rate
		p.began, p.from = time.Now(), now.Step
	}
	diverged := 0
	var parts []string
	for _, l := range now.Learners {
		kept := append(p.losses[l.Name], l.Loss)
		p.losses[l.Name] = kept[max(0, len(kept)-window):]
		diverged += l.Diverged
		parts = append(parts, fmt.Sprintf("%s %.3g", l.Name, measure.Median(p.losses[l.Name])))
	}
	p.state = " loss " + strings.Join(parts, " ")
	if diverged > 0 {
		p.state += fmt.Sprintf(" (%d diverged)", diverged)
	}
	state := p.state
	bar := p.bar
	line := bar == nil && !p.quiet && took >= lineEvery
	if bar != nil || line {
		p.last = time.Now()
	}
	p.mu.Unlock()
	switch {
	case bar != nil:
		bar.EwmaSetCurrent(int64(now.Step), took)
	case line:
		rate := ""
		if n := now.Step - p.from; n > 0 {
			each := time.Since(p.began) / time.Duration(n)
			left := (each * time.Duration(now.Steps-now.Step)).Round(time.Second)
			rate = fmt.Sprintf(", %.3g s per meta-step, %v left", each.Seconds(), left)
		}
		p.note("meta-step %d/%d:%s%s", now.Step, now.Steps, state, rate)
	}
}

// done is the number of meta-steps done.
func (p *progress) done() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.step
}

// close ends the bar, which stays to be seen. Notes come below it from then on.
func (p *progress) close() {
	p.mu.Lock()
	bar, bars := p.bar, p.bars
	p.bar, p.bars = nil, nil
	p.mu.Unlock()
	if bar != nil {
		bar.Abort(false)
		bars.Wait()
	}
}

func evaluations(list []metaopt.Evaluation) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = fmt.Sprintf("%s %.4g [%.4g, %.4g]", e.Learner, e.Mean, e.Low, e.High)
	}
	return strings.Join(parts, "  ")
}
