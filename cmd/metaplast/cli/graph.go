package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/renameio/v2"
	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/graph"
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
	mostNodes  = 600     // in a picture that people can read
	mostSteps  = 1 << 20 // bounds --steps: more cannot be drawn anyway
)

// graphCounts is what the command prints.
type graphCounts struct {
	Name     string            `json:"name"`
	Steps    int               `json:"inner_steps"`
	Learners []string          `json:"learners"`
	Nodes    int               `json:"nodes"`
	Boxes    int               `json:"boxes"` // of the picture, in which one pass of a kernel is one box
	Edges    int               `json:"edges"` // between boxes
	Kinds    []draw.Count      `json:"kinds"`
	Groups   []draw.GroupCount `json:"groups"`
	Files    []string          `json:"files"`
}

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
		shrink(cfg)
	}
	g := cfg.Graph()
	g.Steps, g.Forward = steps, c.Bool("forward")
	out, err := pictureFiles(c, cfg)
	if err != nil {
		return err
	}
	outline, err := readable(g)
	if err != nil {
		return err
	}
	p := draw.New(fmt.Sprintf("%s: an episode of %s", cfg.Name, plural(steps, "inner step")), g, outline)
	for i, text := range [][]byte{p.SVG(), p.DOT()} {
		if err := os.MkdirAll(filepath.Dir(out[i]), 0o755); err != nil {
			return err
		}
		if err := renameio.WriteFile(out[i], text, 0o644, renameio.WithTempDir(filepath.Dir(out[i]))); err != nil {
			return err
		}
	}
	r := graphCounts{Name: cfg.Name, Steps: steps, Learners: p.Learners, Nodes: p.Nodes(), Edges: p.Edges(), Boxes: len(p.Boxes),
		Kinds: p.Counts(), Groups: p.Groups(), Files: out}
	if c.Bool("json") {
		return u.json(r)
	}
	return u.print(r.table())
}

// shrink leaves one narrow hidden layer above the convolutions.
func shrink(cfg *config.Config) {
	cfg.Network.Hidden = []int{smallWidth}
	cfg.Network.Frozen = min(cfg.Network.Frozen, len(cfg.Network.Conv)+1)
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

// readable builds the outline of an episode, or refuses it with the number of its nodes,
// which grows with the inner steps in a straight line and is so known before they are built.
func readable(g graph.Config) (*graph.Outline, error) {
	steps := g.Steps
	nodes := [2]int{}
	for i := range nodes {
		g.Steps = i + 1
		o, err := graph.NewOutline(g)
		if err != nil {
			return nil, badInput(err)
		}
		nodes[i] = len(o.Nodes)
	}
	if n := nodes[0] + (steps-1)*(nodes[1]-nodes[0]); n > mostNodes {
		return nil, badInput(fmt.Errorf("the graph has %d nodes (%d of them for each inner step), want at most %d in a picture to be read: "+
			"fewer --steps than %d, fewer layers by --set network.hidden=[%d], fewer learners by --set learners.NAME=null, or --forward",
			n, nodes[1]-nodes[0], mostNodes, steps, smallWidth))
	}
	g.Steps = steps
	return graph.NewOutline(g)
}

// table shows the counts to people.
func (r graphCounts) table() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d nodes of %s and %s; %d boxes in the picture, where the results of one kernel share a box\n\n", r.Name, r.Nodes,
		plural(r.Steps, "inner step"), plural(len(r.Learners), "learner"), r.Boxes)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "nodes by kind\tshared\t")
	for _, l := range r.Learners {
		fmt.Fprintf(w, "%s\tits gradient\t", l)
	}
	fmt.Fprintln(w)
	for i := 0; i < len(r.Kinds); {
		kind := r.Kinds[i].Kind
		of := map[string]draw.Count{}
		for ; i < len(r.Kinds) && r.Kinds[i].Kind == kind; i++ {
			of[r.Kinds[i].Learner] = r.Kinds[i]
		}
		fmt.Fprintf(w, "%s\t%s\t", kind, dash(of[""].Forward))
		for _, l := range r.Learners {
			fmt.Fprintf(w, "%s\t%s\t", dash(of[l].Forward), dash(of[l].Reverse))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	b.WriteByte('\n')
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "nodes by group\tforward\tgradient\t")
	for _, s := range r.Groups {
		if s.Gradient {
			continue
		}
		back := 0
		if i := slices.IndexFunc(r.Groups, func(t draw.GroupCount) bool {
			return t.Gradient && t.Learner == s.Learner && t.Step == s.Step
		}); i >= 0 {
			back = r.Groups[i].Nodes
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t\n", strings.TrimSpace(s.Learner+" "+s.Group), s.Nodes, dash(back))
	}
	w.Flush()
	fmt.Fprintf(&b, "\npicture: %s\nfor Graphviz: %s\n", r.Files[0], r.Files[1])
	return b.Bytes()
}

// dash is a count, or a dash for none.
func dash(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

// plural is a number of things.
func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}
