package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/progress"
	"metaplast/data"
	"metaplast/metaopt/continual"
)

// defaultRuns is the number of trajectories of each length where --runs says nothing.
const defaultRuns = 5

// maxRuns bounds --runs: more tells nothing.
const maxRuns = 1 << 16

// flagsTrajectory are those of eval for long streams.
func flagsTrajectory() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "trajectory", Usage: "of a classification run, teach streams of `CLASSES`, such as 10:50:100:200, 15 drawings of each class one at a time, then ask about all"},
		&cli.IntFlag{Name: "runs", DefaultText: strconv.Itoa(defaultRuns), Usage: "with --trajectory, teach `N` streams of every length"},
		&cli.BoolFlag{DisableDefaultText: true, Name: "tune-inner-lr", Usage: "with --trajectory, choose the inner rate of gradient learners, and the hidden scale of others, for every length, on validation classes"},
	}
}

// trajectoryFlags reads --trajectory and --runs.
func trajectoryFlags(c *cli.Context) (lengths []int, runs int, err error) {
	for _, s := range strings.Split(c.String("trajectory"), ":") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || len(lengths) > 0 && n <= lengths[len(lengths)-1] {
			return nil, 0, usagef("--trajectory: %q, want increasing numbers of classes, such as 10:50:100:200", c.String("trajectory"))
		}
		lengths = append(lengths, n)
	}
	if runs = c.Int("runs"); !c.IsSet("runs") {
		runs = defaultRuns
	}
	if runs < 1 || runs > maxRuns {
		return nil, 0, usagef("--runs: %d, want from 1 to %d", runs, maxRuns)
	}
	return lengths, runs, nil
}

// trajectories is eval --trajectory.
func trajectories(u *ui, c *cli.Context, commit func()) error {
	lengths, runs, err := trajectoryFlags(c)
	if err != nil {
		return err
	}
	r, err := toEvaluate(u, c)
	if err != nil {
		return err
	}
	taught, ok := r.Sampler.(data.Classification)
	if !ok {
		return usagef("--trajectory: the %s task has no classes", r.Config.Task.Kind)
	}
	plain, err := r.Unrotated()
	if err != nil {
		return err
	}
	q := continual.Question{Task: taught, Bank: plain, Split: r.split, Lengths: lengths, Runs: runs, Tune: c.Bool("tune-inner-lr")}
	if err := q.Validate(); err != nil {
		return badInput(fmt.Errorf("--trajectory %w", err))
	}
	p := progress.Counter(u.err, c.Bool("quiet"))
	defer p.Close()
	q.Count = p.Count
	plan, head := r.plan()
	rep, err := plan.ReportTrajectories(context.Background(), q, head)
	if err != nil {
		return err
	}
	p.Close()
	commit()
	return u.answer(c, rep)
}
