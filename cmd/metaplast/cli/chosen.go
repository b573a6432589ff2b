package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/metaopt/config"
)

// flagConfig is --config of the commands that look at a configuration.
func flagConfig() cli.Flag {
	return &cli.StringFlag{Name: "config", Usage: "read the configuration from `FILE`", TakesFile: true}
}

// flagSet is --set of the same.
func flagSet() cli.Flag {
	return &cli.StringSliceFlag{Name: "set", Usage: "change the configuration: `PATH=VALUE`, such as learners.oml=null"}
}

// chosen is the configuration that a command is to look at: that of --config or of the preset
// that it names, else sine-quick, with the changes of --set.
func chosen(c *cli.Context) (*config.Config, error) {
	preset, file := c.Args().First(), c.String("config")
	if preset != "" && file != "" {
		return nil, usagef("%s: PRESET and --config exclude each other", c.Command.Name)
	}
	if file != "" {
		cfg, err := config.Load(file, c.StringSlice("set"))
		return cfg, badInput(err)
	}
	if preset == "" {
		preset = "sine-quick"
	}
	p, err := config.LookupPreset(preset)
	if err != nil {
		return nil, badInput(err)
	}
	cfg, err := config.Parse("preset "+p.Name, p.Text, c.StringSlice("set"))
	return cfg, badInput(err)
}
