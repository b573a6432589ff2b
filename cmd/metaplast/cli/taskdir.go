package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/metaopt/run"
)

// flagTaskDir is --task-dir of the commands that open runs.
func flagTaskDir() cli.Flag {
	return &cli.StringFlag{Name: "task-dir", DefaultText: "task.dir of the run", TakesFile: true,
		Usage: "read the run's data set from `DIR`, where it was moved to; it must be the same one",
		Action: func(_ *cli.Context, dir string) error {
			if dir == "" {
				return usagef("--task-dir: want a path, have nothing")
			}
			return nil
		}}
}

// imagesOf is where the commands that open runs take images from.
func imagesOf(u *ui, c *cli.Context) *run.Source {
	return &run.Source{Dir: c.String("task-dir"), Moved: "--task-dir DIR", Note: u.tell}
}
