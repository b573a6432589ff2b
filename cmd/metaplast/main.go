// Command metaplast meta-trains local plasticity learners and their gradient baselines. Run
// it without arguments for its commands.
package main

import (
	"os"

	"metaplast/cmd/metaplast/cli"
)

func main() { os.Exit(cli.Main(os.Args)) }
