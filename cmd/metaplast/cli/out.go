package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/outfolder"
	"metaplast/metaopt/study"
)

// flagForce is the flag of commands that write a folder of results.
func flagForce(kind string) cli.Flag {
	return &cli.BoolFlag{DisableDefaultText: true, Name: "force",
		Usage: "replace the folder of the " + kind + " that is there, with all its files; the old one stays until the new one is complete"}
}

// keptFiles are files of runs and studies, which no report or export takes the place of.
var keptFiles = []string{"config.yaml", "checkpoint.npz", study.File}

// ready checks that a folder can be written, and clears away what deaths have left beside it.
func ready(u *ui, into outfolder.Folder) error {
	if err := into.Usable(); err != nil {
		return badInput(err)
	}
	if err := into.Sweep(); err != nil {
		u.notef("what an earlier %s left behind cannot be removed: %v", into.Kind, err)
	}
	return nil
}
