package cli

import "github.com/urfave/cli/v2"

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
func imagesOf(u *ui, c *cli.Context) *imageSource {
	return &imageSource{dir: c.String("task-dir"), moved: "--task-dir DIR", note: u.once}
}
