package config

import (
	"slices"
	"strings"
	"testing"
)

// TestActivation: what a text says of activations, which layers get which, and that what means the same has
// one canonical text: none where all are relu.
func TestActivation(t *testing.T) {
	const conv = "network.conv=[{channels: 2, kernel: 3}, {channels: 3, kernel: 2"
	for _, c := range []struct {
		preset string
		sets   []string
		layers string // with the output
		text   string // of network.activation in the canonical text, nothing if it is not there
	}{
		{"sine-quick", nil, "relu relu relu linear", ""},
		{"sine-quick", []string{"network.activation=relu"}, "relu relu relu linear", ""},
		{"sine-quick", []string{"network.activation=[relu, relu, relu]"}, "relu relu relu linear", ""},
		{"sine-quick", []string{"network.activation=tanh"}, "tanh tanh tanh linear", "activation: tanh"},
		{"sine-quick", []string{"network.activation=[tanh, tanh, tanh]"}, "tanh tanh tanh linear", "activation: tanh"},
		{"sine-quick", []string{"network.activation=softplus(10.0)"}, "softplus(10) softplus(10) softplus(10) linear", "activation: softplus(10)"},
		{"sine-quick", []string{"network.activation=leaky_relu(0.01)"}, "leaky_relu leaky_relu leaky_relu linear", "activation: leaky_relu"},
		{"sine-quick", []string{"network.activation=[tanh, linear, softplus(1)]"}, "tanh linear softplus linear", "activation: [tanh, linear, softplus]"},
		{"sine-quick", []string{"network.hidden=[]", "network.activation=tanh"}, "linear", ""},
		{"sine-quick", []string{"network.hidden=[]", "network.activation=[]"}, "linear", ""},
		{"glyphs-quick", []string{conv + "}]", "network.hidden=[5]", "network.activation=sigmoid"}, "sigmoid sigmoid sigmoid linear", "activation: sigmoid"},
		{"glyphs-quick", []string{conv + ", activation: tanh}]", "network.hidden=[5]"}, "relu tanh relu linear", "activation: [relu, tanh, relu]"},
		{"glyphs-quick", []string{conv + ", activation: sigmoid}]", "network.hidden=[5]", "network.activation=sigmoid"}, "sigmoid sigmoid sigmoid linear", "activation: sigmoid"},
		{"glyphs-quick", []string{conv + ", activation: relu}]", "network.hidden=[5]", "network.activation=tanh"}, "tanh relu tanh linear", "activation: [tanh, relu, tanh]"},
		{"glyphs-quick", []string{conv + "}]", "network.hidden=[5]", "network.activation=[linear, tanh, relu]"}, "linear tanh relu linear", "activation: [linear, tanh, relu]"},
	} {
		p, err := LookupPreset(c.preset)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := Parse(c.preset, p.Text, append(c.sets, "network.frozen=0"))
		if err != nil {
			t.Errorf("%v: %v", c.sets, err)
			continue
		}
		var layers []string
		for _, l := range cfg.Graph().Network.Layers {
			layers = append(layers, l.Activation)
		}
		if have := strings.Join(layers, " "); have != c.layers {
			t.Errorf("%v: %s: want %s", c.sets, have, c.layers)
		}
		text, err := cfg.Encode()
		if err != nil {
			t.Fatal(err)
		}
		_, network, _ := strings.Cut(string(text), "network:")
		network, _, _ = strings.Cut(network, "\nlearners:")
		network = strings.ReplaceAll(network, "\n  ", "\n")
		if has := strings.Contains(network, "activation"); has != (c.text != "") || !strings.Contains(network+"\n", c.text) {
			t.Errorf("%v: the canonical text is%s\nwant %q in it", c.sets, network, c.text)
		}
		roundTrip(t, cfg)
	}
}

// TestActivationRefuses wants all faults with their paths, and what to do.
func TestActivationRefuses(t *testing.T) {
	for _, c := range []struct {
		sets []string
		want []string
	}{
		{[]string{"network.activation=tahn"}, []string{`network.activation: unknown activation "tahn": did you mean "tanh"? There are relu, linear, leaky_relu, tanh, sigmoid, softplus`}},
		{[]string{"network.activation=softplus(0)"}, []string{`network.activation: activation "softplus(0)": want softplus(s) with a sharpness s above 0`}},
		{[]string{"network.activation=[tanh, rellu, tanh(2)]"}, []string{`network.activation[1]: unknown activation "rellu"`, "network.activation[2]: activation \"tanh(2)\": want tanh alone"}},
		{[]string{"network.activation=[tanh, tanh]"}, []string{"network.activation: a list of 2, want one for each of 3 layers (convolutions first, then those of network.hidden; the output is linear), or a single one for all"}},
		{[]string{"network.activation=[]"}, []string{"network.activation: a list of 0, want one for each of 3 layers"}},
		{[]string{"network.activation={name: tanh}"}, []string{"network.activation: have a mapping, want an activation, such as tanh, or a list with one for each layer"}},
		{[]string{"network.activation=[tanh, 3, tanh]"}, []string{"network.activation[1]: have 3, want text"}},
		{[]string{"network.activation=[tanh, \"\", tanh]"}, []string{`network.activation[1]: unknown activation ""`}},
		{[]string{"network.conv=[{channels: 2, kernel: 3, activation: relo}]"}, []string{`network.conv[0].activation: unknown activation "relo": did you mean "relu"?`}},
		{[]string{"network.conv=[{channels: 2, kernel: 3, activation: tanh}]", "network.hidden=[3]", "network.activation=[relu, relu]"}, []string{"network.conv[0].activation: tanh, but network.activation lists those of all layers: want it said in one place"}},
		{[]string{"learners.flp.feedback_activation=tahn"}, []string{`learners.flp.feedback_activation: unknown activation "tahn": did you mean "tanh"?`}},
		{[]string{"learners.flp.feedback_activation=leaky_relu(2)"}, []string{`want leaky_relu(a) with a slope a above 0 and at most 1`}},
	} {
		preset := "sine-quick"
		if strings.Contains(c.sets[0], "conv") {
			preset = "glyphs-quick"
		}
		p, err := LookupPreset(preset)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(preset, p.Text, c.sets)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: error %v: want %q", c.sets, err, want)
			}
		}
	}
}

// TestNarrow: what is drawn small has the activations of what it stands for.
func TestNarrow(t *testing.T) {
	for _, c := range []struct {
		network Network
		want    []string
		frozen  int
	}{
		{Network{Hidden: []int{9, 9}, Frozen: 2, Activation: Activation{Each: []string{"tanh", "sigmoid"}}}, []string{"tanh"}, 1},
		{Network{Hidden: []int{9}, Conv: []Conv{{Activation: "softplus(2)"}, {}}, Frozen: 1, Activation: Activation{All: "tanh"}}, []string{"softplus(2)", "tanh", "tanh"}, 1},
		{Network{Conv: []Conv{{Activation: "sigmoid"}}}, []string{"sigmoid", "relu"}, 0},
		{Network{}, []string{"relu"}, 0},
	} {
		c.network.Narrow(4)
		if have := c.network.activations(); !slices.Equal(have, c.want) || !slices.Equal(c.network.Hidden, []int{4}) || c.network.Frozen != c.frozen || len(c.network.misfits()) != 0 {
			t.Errorf("%+v, activations %v: want %v, and %d frozen", c.network, have, c.want, c.frozen)
		}
	}
}
