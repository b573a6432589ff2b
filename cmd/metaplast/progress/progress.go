// Package progress shows people how far a piece of work is: a bar on a terminal, plain lines elsewhere.
// What is told comes from the work; nothing that goes wrong here concerns it.
package progress

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
	"metaplast/metaopt/evaluate"
	"metaplast/metaopt/measure"
)

const window = 50 // meta-steps whose median loss is shown: single ones can be huge

// Where there is no terminal.
var (
	FirstLine = 2 * time.Second // after which there is a line
	LineEvery = 5 * time.Second // between further lines
)

// Shown shows how work goes that is counted, such as the meta-steps of a run, and the time that
// is left: a bar on a terminal, lines elsewhere, nothing if quiet. Nothing that goes wrong with it
// concerns the work.
type Shown struct {
	mu     sync.Mutex
	out    io.Writer
	Quiet  bool
	what   string // that is counted: meta-step, episode
	bar    *mpb.Bar
	bars   *mpb.Progress
	losses map[string][]float64 // the last of each learner
	state  string               // what is said beside the numbers
	step   int                  // how many are done
	from   int                  // step that the clock was started after
	began  time.Time
	last   time.Time // of the last line or step
	fades  bool      // the bar is gone when it is closed
}

// OfRun shows the meta-steps of a run.
func OfRun(out io.Writer, quiet bool, step, steps int) *Shown {
	p := &Shown{out: out, Quiet: quiet}
	p.begin("meta-step", step, steps)
	return p
}

// Counter shows work that count tells of. Its bars do not stay.
func Counter(out io.Writer, quiet bool) *Shown {
	return &Shown{out: out, Quiet: quiet, fades: true}
}

// Count returns what a piece of work calls with the number of things, what, that are done, and of
// all. It may be called by several goroutines at once. The bar of the piece before ends with the
// first call.
func (p *Shown) Count(what string) func(done, all int) {
	var once sync.Once
	return func(done, all int) {
		once.Do(func() {
			p.Close()
			p.begin(what, 0, all)
		})
		p.show(done, all, "")
	}
}

// begin starts to count, and makes the bar.
func (p *Shown) begin(what string, step, steps int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.what, p.losses, p.state, p.step, p.from = what, map[string][]float64{}, "", step, step
	p.began, p.last = time.Time{}, now.Add(FirstLine-LineEvery)
	f, ok := p.out.(*os.File)
	if p.Quiet || !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return
	}
	if w, h, err := term.GetSize(int(f.Fd())); err != nil || w < 40 || h < 2 {
		return // no room for a bar
	}
	p.last = now
	p.bars = mpb.New(mpb.WithOutput(p.out), mpb.WithWidth(24), mpb.WithRefreshRate(200*time.Millisecond))
	// Without a total a bar does not complete by itself: the last evaluation is still to come.
	p.bar = p.bars.New(0, mpb.BarStyle(),
		mpb.PrependDecorators(decor.CountersNoUnit(what+" %d/%d", decor.WCSyncSpaceR)),
		mpb.AppendDecorators(
			decor.Name("ETA "), decor.EwmaETA(decor.ET_STYLE_GO, 60),
			decor.Any(func(decor.Statistics) string { p.mu.Lock(); defer p.mu.Unlock(); return p.state }),
		))
	p.bar.SetTotal(int64(steps), false)
	p.bar.SetCurrent(int64(step))
}

// Note prints a line, above the bar if there is one.
func (p *Shown) Note(format string, args ...any) {
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

// Update is called by the trainer.
func (p *Shown) Update(now metaopt.Progress) {
	if len(now.Evaluations) > 0 {
		if now.Step == now.Steps {
			p.Close() // what a bar shows last would be lost
		}
		if !p.Quiet {
			p.Note("meta-step %d/%d: held-out loss %s", now.Step, now.Steps, evaluations(now.Evaluations))
		}
		return
	}
	p.mu.Lock()
	diverged := 0
	var parts []string
	for _, l := range now.Learners {
		kept := append(p.losses[l.Name], l.Loss)
		p.losses[l.Name] = kept[max(0, len(kept)-window):]
		diverged += l.Diverged
		parts = append(parts, fmt.Sprintf("%s %.3g", l.Name, measure.Median(p.losses[l.Name])))
	}
	state := " loss " + strings.Join(parts, " ")
	if diverged > 0 {
		state += fmt.Sprintf(" (%d diverged)", diverged)
	}
	p.mu.Unlock()
	p.show(now.Step, now.Steps, state)
}

// show tells that step of steps are done, and what else there is to say.
func (p *Shown) show(step, steps int, state string) {
	p.mu.Lock()
	if step < p.step {
		p.mu.Unlock() // another goroutine was faster to tell
		return
	}
	took := time.Since(p.last)
	p.step, p.state = step, state
	if p.began.IsZero() { // building graphs and the first evaluation are no part of a rate
		p.began, p.from = time.Now(), step
	}
	bar := p.bar
	line := bar == nil && !p.Quiet && took >= LineEvery
	if bar != nil || line {
		p.last = time.Now()
	}
	p.mu.Unlock()
	switch {
	case bar != nil:
		bar.EwmaSetCurrent(int64(step), took)
	case line:
		if state != "" {
			state = ":" + state
		}
		rate := ""
		if n := step - p.from; n > 0 {
			each := time.Since(p.began) / time.Duration(n)
			left := (each * time.Duration(steps-step)).Round(time.Second)
			rate = fmt.Sprintf(", %.3g s per %s, %v left", each.Seconds(), p.what, left)
		}
		p.Note("%s %d/%d%s%s", p.what, step, steps, state, rate)
	}
}

// Done is the number of things done.
func (p *Shown) Done() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.step
}

// Close ends the bar, which stays to be seen. Notes come below it from then on.
func (p *Shown) Close() {
	p.mu.Lock()
	bar, bars := p.bar, p.bars
	p.bar, p.bars = nil, nil
	p.mu.Unlock()
	if bar != nil {
		bar.Abort(p.fades)
		bars.Wait()
	}
}

func evaluations(list []evaluate.Evaluation) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = fmt.Sprintf("%s %.4g [%.4g, %.4g]", e.Learner, e.Mean, e.Low, e.High)
	}
	return strings.Join(parts, "  ")
}
