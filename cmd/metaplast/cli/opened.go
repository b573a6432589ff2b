package cli

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"metaplast/metaopt/run"
)

// openRunAt opens a run with the checkpoint that --step asks for, the last if it does not.
func openRunAt(dir string, c *cli.Context, from *run.Source) (*run.Opened, error) {
	if !c.IsSet("step") {
		return run.Open(dir, from)
	}
	r, err := run.OpenStep(dir, c.Int("step"), from)
	if errors.As(err, new(*run.StepError)) {
		err = fmt.Errorf("--step: %w", err)
	}
	return r, err
}
