package cli

import (
	"os"
	"runtime"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/machine"
	"metaplast/graph/blas"
	"metaplast/graph/op"
)

// flagBLAS is --blas of the commands that compute.
func flagBLAS() cli.Flag {
	return &cli.StringFlag{Name: "blas", DefaultText: "$METAPLAST_BLAS, else openblas if it is installed, else gonum",
		Usage: "multiply matrices with `LIBRARY`: openblas, gonum or auto"}
}

// chooseBLAS settles which library is used, and which kernels of the program's own, before any
// work.
func chooseBLAS(c *cli.Context) error {
	if err := op.CheckKernels(); err != nil {
		return badInput(err)
	}
	if c.IsSet("blas") {
		if c.String("blas") == "" {
			return usagef("--blas: want openblas, gonum or auto, have nothing")
		}
		if err := blas.Use(c.String("blas")); err != nil {
			return badInput(err)
		}
	}
	lib, err := blas.Default()
	if err == nil && lib.Warning() != "" {
		notes := &ui{err: c.App.ErrWriter}
		notes.notef("%s; %s is used instead (--blas %s or METAPLAST_BLAS=%s says that this is meant)", lib.Warning(), lib.Name(), lib.Name(), lib.Name())
	}
	if err == nil && lib.Name() == "openblas" && os.Getenv("GOMAXPROCS") == "" {
		// A thread inside a library keeps its processor from the others, as Go counts them,
		// until the scheduler takes it away, which costs more than the call.
		runtime.GOMAXPROCS(2 * machine.Processors())
	}
	return badInput(err)
}
