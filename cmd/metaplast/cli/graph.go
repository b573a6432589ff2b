package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/graph/draw"
	"metaplast/metaopt/config"
)

func graphCommand(u *ui) *cli.Command {
	return &cli.Command{
		Name: "graph", Usage: "draw the graph of a small episode and count its nodes", ArgsUsage: "[PRESET]",
		Description: "Draws what the learners of a preset (sine-quick if none is named) compute in an episode,\n" +
			"with the outer gradient, as SVG and as DOT for Graphviz, and prints how many nodes of each\n" +
			"kind there are. So that the picture can be read the episode has 2 inner steps, and the\n" +
			"network one hidden layer of 4 units above its convolutions: --steps and --set\n" +
			"network.hidden=[...] change that. Widths change no more than the shapes that are shown.",
		Flags: []cli.Flag{
			flagConfig(), flagSet(),
			&cli.IntFlag{Name: "steps", Value: 2, Usage: "draw `N` inner steps"},
			&cli.BoolFlag{DisableDefaultText: true, Name: "forward", Usage: "leave the outer gradient out"},
			&cli.StringFlag{Name: "out", DefaultText: "runs/graph-NAME", Usage: "write `PATH`.svg and PATH.dot"},
			flagJSON(),
		},
		BashComplete: completion.Of(config.PresetNames),
		Action:       func(c *cli.Context) error { return drawGraph(u, c) },
	}
}

const (
	smallWidth = 4       // units of the one hidden layer that is drawn
	mostSteps  = 1 << 20 // bounds --steps: more cannot be drawn anyway
)

func drawGraph(u *ui, c *cli.Context) error {
	if err := exactly(c, 0, 1, "at most one preset"); err != nil {
		return err
	}
	steps := c.Int("steps")
	if steps < 1 || steps > mostSteps {
		return usagef("--steps: %d, want from 1 to %d", steps, mostSteps)
	}
	cfg, err := chosen(c)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(c.StringSlice("set"), func(s string) bool { return strings.HasPrefix(s, "network.hidden=") }) {
		cfg.Network.Narrow(smallWidth)
	}
	g := cfg.Graph()
	g.Steps, g.Forward = steps, c.Bool("forward")
	out, err := pictureFiles(c, cfg)
	if err != nil {
		return err
	}
	outline, err := draw.Readable(g)
	var large *draw.SizeError
	if errors.As(err, &large) {
		err = fmt.Errorf("%w: fewer --steps than %d, fewer layers by --set network.hidden=[%d], fewer learners by --set learners.NAME=null, or --forward", err, steps, smallWidth)
	}
	if err != nil {
		return badInput(err)
	}
	p := draw.New(fmt.Sprintf("%s: an episode of %s", cfg.Name, draw.Plural(steps, "inner step")), g, outline)
	for i, text := range [][]byte{p.SVG(), p.DOT()} {
		if err := os.MkdirAll(filepath.Dir(out[i]), 0o755); err != nil {
			return err
		}
		if err := renameio.WriteFile(out[i], text, 0o644, renameio.WithTempDir(filepath.Dir(out[i]))); err != nil {
			return err
		}
	}
	r := p.Summary(cfg.Name, steps, out)
	return u.answer(c, r)
}

// pictureFiles are the files to write, SVG first.
func pictureFiles(c *cli.Context, cfg *config.Config) ([]string, error) {
	path := c.String("out")
	switch {
	case c.IsSet("out") && path == "":
		return nil, usagef("--out: want a path, have nothing")
	case path == "":
		path = filepath.Join("runs", "graph-"+cfg.Name)
	case filepath.Ext(path) == ".svg" || filepath.Ext(path) == ".dot":
		return nil, usagef("--out: %s, want it without %s: PATH.svg and PATH.dot are written", path, filepath.Ext(path))
	}
	files := []string{path + ".svg", path + ".dot"}
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && !info.Mode().IsRegular() {
			return nil, usagef("--out: %s is not a file", f)
		}
	}
	return files, nil
}
