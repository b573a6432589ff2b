package metagrad

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"metaplast/data/npz"
	"metaplast/data/regular"
	"metaplast/graph"
	"metaplast/rules"
)

// maxCase bounds case.json: a thousand layers have a tenth of it.
const maxCase = 1 << 20

// file is case.json.
type file struct {
	Dtype   string      `json:"dtype"`
	Loss    string      `json:"loss"`
	Network []layerFile `json:"network"`
	Learner learnerFile `json:"learner"`
}

type layerFile struct {
	Kind       string `json:"kind"`
	In         int    `json:"in"`
	Out        int    `json:"out"`
	Kernel     int    `json:"kernel"`
	Stride     int    `json:"stride"`
	Pad        int    `json:"pad"`
	Activation string `json:"activation"`
	Plastic    bool   `json:"plastic"`
}

type learnerFile struct {
	Rule     string `json:"rule"`
	Feedback struct {
		Pathway     string `json:"pathway"`
		Signal      string `json:"signal"`
		Activation  string `json:"activation"`
		Output      string `json:"output"`
		DetachError bool   `json:"detach_error"`
	} `json:"feedback"`
	Plasticity struct {
		Granularity string   `json:"granularity"`
		HiddenScale *float64 `json:"hidden_scale"`
	} `json:"plasticity"`
	InnerLR *float64 `json:"inner_lr"`
	Order   *int     `json:"order"`
}

// Case is an episode read from files.
type Case struct {
	Dir     string
	Dtype   string // of case.json; the inputs are always held in double precision
	Network graph.Network
	Learner graph.Learner

	inputs map[string]npz.Array
}

// Load reads a case. The error lists what is wrong with it: an unknown field, a setting that
// does not exist, an array that is missing, has another shape than the network says, or
// holds NaN or Inf.
func Load(dir string) (*Case, error) {
	path := filepath.Join(dir, "case.json")
	text, err := regular.Read(path, maxCase)
	if err != nil {
		return nil, fmt.Errorf("case: %w: want a folder with case.json and inputs.npz", err)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: text after the case", path)
	}
	archive := filepath.Join(dir, "inputs.npz")
	inputs, err := npz.Read(archive)
	if err != nil {
		return nil, err
	}
	c := &Case{Dir: dir, Dtype: f.Dtype, inputs: inputs}
	if err := c.settings(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.arrays(f); err != nil {
		return nil, fmt.Errorf("%s: %w", archive, err)
	}
	return c, nil
}

// settings turns the words of case.json into those of package graph.
func (c *Case) settings(f file) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if f.Dtype != "float64" && f.Dtype != "float32" {
		fault("dtype: have %q, want float64 or float32", f.Dtype)
	}
	c.Network.Loss = f.Loss
	for _, l := range f.Network {
		c.Network.Layers = append(c.Network.Layers, graph.Layer{Kind: l.Kind, Out: l.Out, Activation: l.Activation,
			Plastic: l.Plastic, Kernel: l.Kernel, Stride: l.Stride, Pad: l.Pad})
	}
	if x, ok := c.inputs["x_support"]; !ok {
		fault("inputs.npz has no x_support, which gives the shape of an input")
	} else if len(x.Shape) != 3 && len(x.Shape) != 5 {
		fault("x_support: shape %v: want [T,N,n] or [T,N,C,H,W]", x.Shape)
	} else {
		c.Network.Input = x.Shape[2:]
	}
	fb, pl := f.Learner.Feedback, f.Learner.Plasticity
	all := graph.Learned{Weights: true, Feedback: true, Plasticity: true, Strength: true}
	c.Learner = graph.Learner{
		Rule: f.Learner.Rule, Pathway: fb.Pathway, Signal: fb.Signal, FeedbackActivation: fb.Activation,
		DetachError: fb.DetachError, Clamped: fb.Output == "clamped", Plasticity: pl.Granularity,
		HiddenScale: 1, Examples: graph.SumExamples, Learned: all,
	}
	if pl.HiddenScale != nil {
		c.Learner.HiddenScale = *pl.HiddenScale
	}
	if f.Learner.Rule == "gradient" {
		c.Learner.Rule, c.Learner.Pathway, c.Learner.Signal = "hebb", "backprop", rules.Gradient
		c.Learner.FeedbackActivation, c.Learner.Strength, c.Learner.PlasticBias = graph.Linear, 1, true
		c.Learner.Learned.Strength = false
		if fb.Pathway != "none" {
			fault("learner.feedback.pathway: have %q, want none for the gradient rule", fb.Pathway)
		}
		if f.Learner.Order == nil || *f.Learner.Order != 1 && *f.Learner.Order != 2 {
			fault("learner.order: want 1 or 2 for the gradient rule")
		} else {
			c.Learner.FirstOrder = *f.Learner.Order == 1
		}
		if pl.Granularity == graph.PerNone {
			if f.Learner.InnerLR == nil {
				fault("learner.inner_lr: missing, want the rate of the gradient rule")
			} else {
				c.Learner.InnerLR = *f.Learner.InnerLR
			}
		}
	} else {
		if fb.Output != "pathway" && fb.Output != "clamped" {
			fault("learner.feedback.output: have %q, want pathway or clamped", fb.Output)
		}
		if pl.Granularity == graph.PerNone {
			fault("learner.plasticity.granularity: have none, want synapse, neuron or layer for a local rule")
		}
		if _, err := rules.LookupRule(f.Learner.Rule); err != nil {
			fault("learner.rule: %w", err)
			c.Learner.Rule = "hebb"
		}
	}
	if err := c.Learner.Validate("learner"); err != nil {
		faults = append(faults, err)
	}
	if len(faults) == 0 {
		if err := c.Network.Validate(); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
