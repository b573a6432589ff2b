package cli

import (
	"github.com/urfave/cli/v2"
	"metaplast/metaopt/study"
)

// flagForce is the flag of commands that write an outFolder.
func flagForce(kind string) cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "force",
		Usage: "replace the folder of the " + kind + " that is there, with all its files; the old one stays until the new one is complete"}
}

// keptFiles are files of runs and studies, which no report or export takes the place of.
var keptFiles = []string{"config.yaml", "checkpoint.npz", study.File}
