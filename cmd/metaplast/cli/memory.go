package cli

import (
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/machine"
	"metaplast/metaopt"
)

// flagsMemory are --remat and --memory.
func flagsMemory() []cli.Flag {
	return []cli.Flag{
		&cli.IntFlag{Name: "remat", DefaultText: "by the memory available",
			Usage: "keep the weights of every `K`-th inner step only and compute the rest twice; 0 keeps all; changes no result"},
		&cli.StringFlag{Name: "memory", DefaultText: "what is available",
			Usage: "use at most `SIZE` of memory, such as 800MB or 16GB, give or take a tenth"},
	}
}

// memory reads --remat and --memory.
func memory(c *cli.Context) (remat int, bytes int64, err error) {
	remat = metaopt.AutoRemat
	if c.IsSet("remat") {
		if remat = c.Int("remat"); remat < 0 {
			return 0, 0, usagef("--remat: %d, want 0 or a distance in inner steps", remat)
		}
	}
	if s := c.String("memory"); c.IsSet("memory") {
		bytes, ok := machine.ParseBytes(s)
		if !ok {
			return 0, 0, usagef("--memory: %q, want a size such as 800MB or 16GB", s)
		}
		// Beyond a limit of the process there is nothing, whatever is asked for.
		if limit := machine.Limit(); limit > 0 {
			bytes = min(bytes, limit)
		}
		machine.LimitHeap(bytes)
		return remat, bytes, nil
	}
	bytes = machine.Memory()
	machine.LimitHeap(bytes)
	return remat, bytes, nil
}
