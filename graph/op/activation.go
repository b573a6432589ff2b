package op

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	G "gorgonia.org/gorgonia"

	"metaplast/data/suggest"
)

// Activation is the nonlinearity φ of a layer, or ψ of feedback, by its name in settings. The two that
// have a number take it in parentheses, as in "softplus(10)".
//
//	               h = φ(z)                 φ′ of h           dφ′/dh
//	linear         z                        1                 0
//	relu           max(z, 0)                [h > 0]           0
//	leaky_relu(a)  z where z > 0, else a z  1 where h > 0, else a   0
//	tanh           tanh z                   1 − h²            −2 h
//	sigmoid        1/(1 + exp(−z))          h (1 − h)         1 − 2 h
//	softplus(s)    log(1 + exp(s z))/s      1 − exp(−s h)     s exp(−s h)
//
//	a  slope, above 0 and at most 1; 0.01 where none is given
//	s  sharpness, a finite number above 0; 1 where none is given
//
// The slope is read from the activity, so that whatever sees a unit's activity can gate by it;
// φ″ is φ′ dφ′/dh. The empty Activation is linear.
type Activation string

// The activations, by name alone.
const (
	Linear    Activation = "linear"
	Relu      Activation = "relu"
	LeakyRelu Activation = "leaky_relu"
	Tanh      Activation = "tanh"
	Sigmoid   Activation = "sigmoid"
	Softplus  Activation = "softplus"
)

// Activations lists the names, each of which is an activation by itself.
func Activations() []string {
	var names []string
	for _, a := range DescribedActivations() {
		name, _, _ := strings.Cut(string(a.Name), "(")
		names = append(names, name)
	}
	return names
}

// nonlinearity is an activation that has been read.
type nonlinearity struct {
	is     shape
	number float64 // slope or sharpness
}

// shape is which function it is.
type shape uint8

const (
	straight shape = iota
	rectified
	leaky
	hyperbolic
	logistic
	soft
)

// shapes says what a name stands for, and which number it has if none is given.
var shapes = map[Activation]nonlinearity{
	Linear: {is: straight}, Relu: {is: rectified}, LeakyRelu: {leaky, 0.01},
	Tanh: {is: hyperbolic}, Sigmoid: {is: logistic}, Softplus: {soft, 1},
}

// Check returns an error that says what would do, for a name that is not known (a
// suggest.UnknownError), or a number that is missing, out of range or not wanted.
func (a Activation) Check() error {
	_, err := a.read()
	return err
}

// Normal is the shortest text that means the same: without the number where that is what none stands
// for. What is no activation stays as it is.
func (a Activation) Normal() Activation {
	p, err := a.read()
	if err != nil {
		return a
	}
	for name, q := range shapes {
		if q.is != p.is {
			continue
		}
		if q.number == p.number {
			return name
		}
		return Activation(fmt.Sprintf("%s(%s)", name, strconv.FormatFloat(p.number, 'g', -1, 64)))
	}
	return a
}

// Curved reports whether φ′ varies with the activity beside jumps, so that φ″ is not 0.
func (a Activation) Curved() bool {
	p, err := a.read()
	return err == nil && p.curved()
}

// Straight reports whether φ is the identity.
func (a Activation) Straight() bool {
	p, err := a.read()
	return err == nil && p.is == straight
}

func (p nonlinearity) curved() bool { return p.is >= hyperbolic }

func (a Activation) read() (nonlinearity, error) {
	name, rest, open := strings.Cut(string(a), "(")
	p, known := shapes[Activation(name)]
	switch {
	case a == "":
		return nonlinearity{}, nil
	case !known:
		return p, suggest.Unknown("activation", name, Activations())
	case !open:
		return p, nil
	}
	want := name + " alone, which has no number"
	switch p.is {
	case leaky:
		want = "leaky_relu(a) with a slope a above 0 and at most 1, as in leaky_relu(0.1), or relu"
	case soft:
		want = "softplus(s) with a sharpness s above 0, as in softplus(10)"
	}
	digits, closed := strings.CutSuffix(rest, ")")
	number, err := strconv.ParseFloat(digits, 64)
	ok := err == nil && closed && number > 0 && !math.IsInf(number, 0)
	if !ok || p.is != leaky && p.is != soft || p.is == leaky && number > 1 {
		return p, fmt.Errorf("activation %q: want %s", string(a), want)
	}
	p.number = number
	return p, nil
}

// nonlinearity reads an activation, or records what is wrong with it.
func (b *Builder) nonlinearity(a Activation) (nonlinearity, bool) {
	p, err := a.read()
	if err != nil {
		b.fail(fmt.Errorf("%w (%v)", err, b.label))
	}
	return p, err == nil
}

// Activate is φ of each element of an array: Relu, Tanh or another, or the array itself.
func (b *Builder) Activate(z *G.Node, a Activation) *G.Node {
	p, ok := b.nonlinearity(a)
	if !b.usable([]*G.Node{z}) || !ok {
		return nil
	}
	return b.activated(z, p)
}

func (b *Builder) activated(z *G.Node, p nonlinearity) *G.Node {
	switch p.is {
	case rectified:
		return b.Relu(z)
	case leaky:
		return b.LeakyRelu(z, p.number)
	case hyperbolic:
		return b.Tanh(z)
	case logistic:
		return b.Sigmoid(z)
	case soft:
		return b.Softplus(z, p.number)
	}
	return z
}

// GateBy is the product of an array with the slope of an activation, read from the activity h of
// the same shape: Gate, TanhGate or another, or the array itself.
//
//	c = a ∘ φ′(h)
//
// a receives GateBy(g, h), h receives g ∘ a ∘ dφ′/dh, which is nothing where φ is not curved.
func (b *Builder) GateBy(x, h *G.Node, a Activation) *G.Node {
	p, ok := b.nonlinearity(a)
	if !b.usable([]*G.Node{x, h}) || !ok {
		return nil
	}
	return b.gatedBy(x, h, p)
}

func (b *Builder) gatedBy(x, h *G.Node, p nonlinearity) *G.Node {
	switch p.is {
	case rectified:
		return b.Gate(x, h)
	case leaky:
		return b.LeakyGate(x, h, p.number)
	case hyperbolic:
		return b.TanhGate(x, h)
	case logistic:
		return b.SigmoidGate(x, h)
	case soft:
		return b.SoftplusGate(x, h, p.number)
	}
	return x
}

// activate is φ for fused kernels. out may be z.
func activate[F float](p nonlinearity, out, z []F) {
	switch p.is {
	case straight:
		copy(out, z)
	case rectified:
		gate(out, z, z)
	case leaky:
		leakyGate(out, z, z, F(p.number))
	case hyperbolic:
		tanhs(out, z)
	case logistic:
		sigmoids(out, z)
	case soft:
		softpluses(out, z, p.number)
	}
}
