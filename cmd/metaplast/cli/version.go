package cli

import (
	"github.com/urfave/cli/v2"
	"metaplast/cmd/metaplast/build"
)

func versionCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version", Flags: []cli.Flag{flagBLAS(), flagJSON()}, Before: chooseBLAS,
		Action: func(c *cli.Context) error {
			if err := exactly(c, 0, 0, "no argument"); err != nil {
				return err
			}
			v := build.This()
			if c.Bool("json") {
				return u.json(v)
			}
			return u.print(v.Text())
		},
	}
}
