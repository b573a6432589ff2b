package study

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"metaplast/data"
	"metaplast/data/shell"
	"metaplast/metaopt/config"
)

// maxSeeds bounds the seeds of a study: a slip of the pen should be an error.
const maxSeeds = 1000

// Plan is a setting of a study with its seeds, resolved: what Run trains.
type Plan struct {
	Study   Study
	Setting Setting
	Changes []string // of the user, for all arms
	Seeds   []uint64
	Cells   []Cell // one for each seed, in their order
}

// Cell is the run of one seed.
type Cell struct {
	Seed   uint64
	Config *config.Config
}

// Folder is the name of the cell's run folder in that of the study.
func (c Cell) Folder() string { return fmt.Sprintf("seed-%d", c.Seed) }

// NewPlan resolves a setting with the changes of --set, which are applied last, and seeds
// 1 … seeds; 0 means the setting's own number.
//
// Errors: those of config.Parse for the changes; a change of name, seed or learners as a
// whole, which are the study's; a change that removes an arm; a number of seeds that is not from
// 1 to 1000.
func NewPlan(s Study, setting Setting, changes []string, seeds int) (*Plan, error) {
	if seeds == 0 {
		seeds = setting.Seeds
	}
	if seeds < 1 || seeds > maxSeeds {
		return nil, fmt.Errorf("seeds: %d, want from 1 to %d", seeds, maxSeeds)
	}
	for _, c := range changes {
		if path, _, _ := strings.Cut(c, "="); slices.Contains([]string{"name", "seed", "learners"}, path) {
			return nil, fmt.Errorf("--set %s: %s is given by the study; leave it out", c, path)
		}
	}
	preset, err := config.LookupPreset(setting.Preset)
	if err != nil {
		return nil, fmt.Errorf("study %s, %v: %w", s.Name, setting, err)
	}
	p := &Plan{Study: s, Setting: setting, Changes: slices.Clone(changes)}
	for i := range seeds {
		seed := uint64(i + 1)
		sets := append([]string{"learners=" + s.learners(setting)}, setting.Changes...)
		sets = append(sets, changes...)
		sets = append(sets, fmt.Sprintf("name=%s-%s", s.Name, setting.Size), fmt.Sprintf("seed=%d", seed))
		c, err := config.Parse("study "+s.Name, preset.Text, sets)
		if err != nil {
			return nil, err
		}
		if err := p.sameArms(c); err != nil {
			return nil, err
		}
		if _, planted := c.Task.Own.(data.Planted); s.recovers() && !planted {
			return nil, fmt.Errorf("study %s: task.kind: %q, want planted: what is measured is whether a planted rule is found", s.Name, c.Task.Kind)
		}
		p.Seeds = append(p.Seeds, seed)
		p.Cells = append(p.Cells, Cell{Seed: seed, Config: c})
	}
	return p, nil
}

// sameArms checks that a configuration has the learners of the study and no others.
func (p *Plan) sameArms(c *config.Config) error {
	var faults []error
	have := map[string]bool{}
	for _, l := range c.Learners {
		have[l.Name] = true
		if !p.Study.arm(l.Name) {
			faults = append(faults, fmt.Errorf("--set: learner %s is no arm of study %s", l.Name, p.Study.Name))
		}
	}
	for _, a := range p.Study.Arms {
		if !have[a.Name] {
			faults = append(faults, fmt.Errorf("--set: learner %s is removed, which study %s compares", a.Name, p.Study.Name))
		}
	}
	return errors.Join(faults...)
}

// Steps is the number of meta-steps of all runs together.
func (p *Plan) Steps() int {
	n := 0
	for _, c := range p.Cells {
		n += c.Config.Meta.Steps
	}
	return n
}

// Dir is the default folder: runs/studies/NAME for the full size, with the size behind it for
// another, and with the task where it is not the study's first.
func (p *Plan) Dir() string {
	name := p.Study.Name
	if p.Setting.Size != Full {
		name += "-" + p.Setting.Size
	}
	if first, err := p.Study.Setting(p.Setting.Size, ""); err == nil && first.Task != p.Setting.Task {
		name += "-" + p.Setting.Task
	}
	return filepath.Join("runs", "studies", name)
}

// Program is the first word of the commands of a result. They are a part of what is computed, and
// do not tell how the program was called.
const Program = "metaplast"

// Command is the command that reproduces the study into a folder. program is its first word, as a
// shell reads it.
func (p *Plan) Command(program, dir string) string {
	args := []string{program, "study", p.Study.Name, "--size", p.Setting.Size, "--task", p.Setting.Task, "--seeds", fmt.Sprint(len(p.Seeds))}
	for _, c := range p.Changes {
		args = append(args, "--set", shell.Word(c))
	}
	return strings.Join(append(args, "--out", shell.Path(dir)), " ")
}

// Encode is the text of study.yaml: what was asked for, and what every run is but for its
// seed.
func (p *Plan) Encode() ([]byte, error) {
	head, err := yaml.Marshal(yaml.MapSlice{{Key: "study", Value: p.Study.Name}, {Key: "size", Value: p.Setting.Size},
		{Key: "task", Value: p.Setting.Task}, {Key: "changes", Value: p.Changes}, {Key: "seeds", Value: p.Seeds}})
	if err != nil {
		return nil, fmt.Errorf("encode study: %w", err)
	}
	run, err := p.Cells[0].Config.Encode()
	if err != nil {
		return nil, err
	}
	out := append(head, "run:\n"...)
	for line := range bytes.Lines(run) {
		if !bytes.HasPrefix(line, []byte("seed:")) {
			out = append(append(out, "  "...), line...)
		}
	}
	return out, nil
}
