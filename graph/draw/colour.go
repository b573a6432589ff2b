package draw

import (
	"bytes"
	"fmt"
)

// role is a colour with what it stands for.
type role struct{ name, fill, ink string }

// The roles, in the order of the legend.
var (
	activity = role{"activity h", "#dbeafe", "#3b82f6"}
	feedback = role{"signal s and feedback f", "#ffedd5", "#ea8a2e"}
	mixture  = role{"postsynaptic p", "#ede9fe", "#8b5cf6"}
	weights  = role{"fast weights W, b", "#dcfce7", "#22a352"}
	outer    = role{"outer loss L", "#fee2e2", "#dc4b4b"}
	other    = role{"data and the rest", "#f1f5f9", "#94a3b8"}
	roles    = []role{activity, feedback, mixture, weights, outer, other}
)

func (b Box) role() role {
	switch b.Array {
	case "h":
		return activity
	case "f", "signal":
		return feedback
	case "post":
		return mixture
	case "W", "b":
		return weights
	case "loss":
		return outer
	}
	return other
}

// fill is the colour of a box: of what it computes, or white with that border where it
// belongs to the gradient.
func (b Box) fill() string {
	if b.Place.Backward {
		return "#ffffff"
	}
	return b.role().fill
}

func (b Box) ink() string { return b.role().ink }

// legend explains the colours, at height y.
func legend(b *bytes.Buffer, y float64) {
	x := float64(margin)
	for _, r := range roles {
		fmt.Fprintf(b, `<rect x="%g" y="%g" width="14" height="12" rx="3" fill="%s" stroke="%s"/>`+"\n", x, y-10, r.fill, r.ink)
		text(b, x+20, y, 11, "#334155", "normal", r.name)
		x += 44 + 6*float64(len(r.name))
	}
	fmt.Fprintf(b, `<rect x="%g" y="%g" width="14" height="12" rx="3" fill="#ffffff" stroke="#475569"/>`+"\n", x, y-10)
	text(b, x+20, y, 11, "#334155", "normal", "white: of the gradient of what the colour stands for")
}
