// Command command is metaplast with a rule of one's own in it, whole: to train, measure, check, draw.
package main

import (
	"os"

	"metaplast/cmd/metaplast/cli"

	"example.org/outside/outstar"
)

func main() { os.Exit(cli.Main(os.Args, cli.Rule(outstar.Outstar{}))) }
