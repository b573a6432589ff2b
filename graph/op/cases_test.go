package op_test

import (
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"metaplast/graph/op"
)

// opCase builds one op from its operands; every op of the package has a row.
type opCase struct {
	name   string
	shapes [][]int
	build  func(b *op.Builder, in []*G.Node) *G.Node
	fixed  []int // operands that no derivative is asked for
}

var opCases = []opCase{
	{name: "MatMulNN", shapes: [][]int{{3, 4}, {4, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.N) }},
	{name: "MatMulTN", shapes: [][]int{{4, 3}, {4, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.T, op.N) }},
	{name: "MatMulNT", shapes: [][]int{{3, 4}, {2, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.T) }},
	{name: "MatMulTT", shapes: [][]int{{4, 3}, {2, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.T, op.T) }},
	{name: "MatMulColumn", shapes: [][]int{{5, 1}, {5, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.T, op.N) }},
	{name: "MatMulOne", shapes: [][]int{{1, 1}, {1, 1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MatMul(in[0], in[1], op.N, op.T) }},
	{name: "Add", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Add(in[0], in[1]) }},
	{name: "Sub", shapes: [][]int{{5}, {5}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Sub(in[0], in[1]) }},
	{name: "AddScaled", shapes: [][]int{{3, 1}, {3, 1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.AddScaled(in[0], in[1], -0.7) }},
	{name: "Mul", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Mul(in[0], in[1]) }},
	{name: "MulSelf", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Mul(in[0], in[0]) }},
	{name: "Scale", shapes: [][]int{{2, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Scale(in[0], 2.5) }},
	{name: "ScaleBy", shapes: [][]int{{2, 3}, {1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.ScaleBy(in[0], in[1]) }},
	{name: "Dot", shapes: [][]int{{2, 3}, {2, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dot(in[0], in[1]) }},
	{name: "Relu", shapes: [][]int{{4, 5}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Relu(in[0]) }},
	{name: "Gate", shapes: [][]int{{4, 5}, {4, 5}}, fixed: []int{1}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Gate(in[0], in[1]) }},
	{name: "AddBias", shapes: [][]int{{3, 4}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.AddBias(in[0], in[1]) }},
	{name: "AddBiasChannels", shapes: [][]int{{2, 3, 2, 2}, {3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.AddBias(in[0], in[1]) }},
	{name: "SumBias", shapes: [][]int{{2, 3, 2, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SumBias(in[0]) }},
	{name: "TileBias", shapes: [][]int{{3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.TileBias(in[0], tensor.Shape{2, 3, 2}) }},
	{name: "RowScale", shapes: [][]int{{3}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.RowScale(in[0], in[1]) }},
	{name: "RowDot", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.RowDot(in[0], in[1]) }},
	{name: "SumAbs", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SumAbs(in[0]) }},
	{name: "Stack", shapes: [][]int{{3}, {3}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.Mul(b.Stack(in[0], in[1], in[0]), b.Stack(in[0], in[1], in[0]))
	}},
	{name: "StackNumbers", shapes: [][]int{{1}, {1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Stack(in[0], in[1]) }},
	{name: "LogDistance", shapes: [][]int{{3, 11}, {4, 11}, {4, 11}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.LogDistance(in[0], in[1], b.AddScaled(b.OnesLike(in[2]), b.Mul(in[2], in[2]), 0.5))
	}},
	{name: "SynapseNet", shapes: [][]int{{3, 5}, {3, 4}, {4, 5}, {2, 3}, {2}, {2}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.SynapseNet(in[0], in[1], nil, in[2], in[3], in[4], in[5])
	}},
	{name: "SynapseNetFeedback", shapes: [][]int{{3, 5}, {3, 4}, {3, 4}, {4, 5}, {2, 4}, {2}, {2}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.SynapseNet(in[0], in[1], in[2], in[3], in[4], in[5], in[6])
	}},
	{name: "Distance", shapes: [][]int{{3, 4}, {2, 4}, {2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Distance(in[0], in[1], in[2]) }},
	{name: "RowSum", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.RowSum(in[0]) }},
	{name: "RowTile", shapes: [][]int{{3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.RowTile(in[0], 4) }},
	{name: "ColScale", shapes: [][]int{{3, 4}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.ColScale(in[0], in[1]) }},
	{name: "ColDot", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.ColDot(in[0], in[1]) }},
	{name: "ColDotSelf", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.ColDot(in[0], in[0]) }},
	{name: "Softmax", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Softmax(in[0]) }},
	{name: "LogSoftmax", shapes: [][]int{{3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.LogSoftmax(in[0]) }},
	{name: "Reshape", shapes: [][]int{{2, 6}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Reshape(in[0], 3, 4) }},
	{name: "Flatten", shapes: [][]int{{2, 3, 2, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Flatten(in[0]) }},
	{name: "Rows", shapes: [][]int{{6, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Rows(in[0], 2, 5) }},
	{name: "PadRows", shapes: [][]int{{2, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.PadRows(6, 1, in[0]) }},
	{name: "RowsMany", shapes: [][]int{{6, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.Add(b.Mul(b.Rows(in[0], 0, 2), b.Rows(in[0], 2, 4)), b.Rows(in[0], 4, 6))
	}},
	{name: "Conv", shapes: [][]int{{2, 2, 5, 6}, {3, 2, 3, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Conv(in[0], in[1], 2, 0) }},
	{name: "ConvPadded", shapes: [][]int{{1, 1, 4, 3}, {2, 1, 2, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Conv(in[0], in[1], 1, 1) }},
	{name: "Dense", shapes: [][]int{{4, 3}, {5, 3}, {5}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Relu) }},
	{name: "Post", shapes: [][]int{{4, 3}, {4, 3}, {1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Post(in[0], in[1], in[2]) }},
	{name: "Hebb", shapes: [][]int{{4, 3}, {4, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Hebb(in[0], in[1]) }},
	{name: "Oja", shapes: [][]int{{4, 3}, {4, 2}, {3, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Oja(in[0], in[1], in[2]) }},
	{name: "MSE", shapes: [][]int{{4, 3}, {4, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MSE(in[0], in[1]) }},
	{name: "CrossEntropy", shapes: [][]int{{4, 3}, {4, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.CrossEntropy(in[0], in[1]) }},
	{name: "Dense", shapes: [][]int{{3, 5}, {4, 5}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Relu) }},
	{name: "DenseLinear", shapes: [][]int{{3, 2}, {4, 2}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Dense(in[0], in[1], in[2], op.Linear) }},
	{name: "DenseBack", shapes: [][]int{{3, 4}, {4, 5}, {3, 5}}, fixed: []int{2}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.DenseBack(in[0], in[1], in[2], op.Relu) }},
	{name: "DenseBackLinear", shapes: [][]int{{3, 4}, {4, 5}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.DenseBack(in[0], in[1], nil, op.Relu) }},
	{name: "Post", shapes: [][]int{{3, 4}, {3, 4}, {1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Post(in[0], in[1], in[2]) }},
	{name: "PostSelf", shapes: [][]int{{3, 4}, {1}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.Post(in[0], b.Post(in[0], in[0], in[1]), in[1]) }},
	{name: "AddMatMul", shapes: [][]int{{3, 2}, {4, 3}, {2, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.AddMatMul(in[0], in[1], in[2], op.T, op.T, -0.7) }},
	{name: "AddColScaled", shapes: [][]int{{3, 4}, {3, 4}, {4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.AddColScaled(in[0], in[1], in[2], -0.7) }},
	{name: "MSE", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.MSE(in[0], in[1]) }},
	{name: "CrossEntropy", shapes: [][]int{{3, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.CrossEntropy(in[0], in[1]) }},
	stepCase("HebbStepSynapse", false, []int{4, 5}, op.Plasticity{Scale: 0.6}),
	stepCase("HebbStepNeuron", false, []int{4}, op.Plasticity{Scale: 0.6}),
	stepCase("HebbStepLayer", false, []int{1}, op.Plasticity{Scale: 0.6}),
	stepCase("HebbStepConstant", false, nil, op.Plasticity{Scale: 0.6}),
	stepCase("OjaStepSynapse", true, []int{4, 5}, op.Plasticity{Scale: 0.6}),
	stepCase("OjaStepNeuron", true, []int{4}, op.Plasticity{Scale: 0.6}),
	stepCase("OjaStepLayer", true, []int{1}, op.Plasticity{Scale: 0.6}),
	stepCase("OjaStepConstant", true, nil, op.Plasticity{Scale: 0.6}),
	taylorCase("TaylorStepSynapse", ojaTerms, false, []int{4, 5}, op.Plasticity{Scale: 0.6}),
	taylorCase("TaylorStepNeuron", allTerms(2, 0), false, []int{4}, op.Plasticity{Scale: 0.6}),
	taylorCase("TaylorStepLayer", allTerms(1, 1), false, []int{1}, op.Plasticity{Scale: 0.6}),
	taylorCase("TaylorStepFactor", allTerms(2, 2)[40:80], true, []int{4, 5}, op.Plasticity{Scale: 0.06}),
	taylorCase("TaylorStepRows", allTerms(2, 0)[9:], true, nil, op.Plasticity{Scale: 0.6}),
	{name: "TaylorStepParts", shapes: [][]int{{40, 2}, {2, 40}, {2, 2}, {27}, {40, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		defer op.SmallPieces()()
		return b.TaylorStep(in[0], in[1], in[2], nil, in[3], allTerms(2, 0), op.Plasticity{Alpha: in[4], Scale: 0.03})
	}},
	{name: "TaylorStepActivity", shapes: [][]int{{4, 4}, {3, 4}, {7}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.TaylorStep(in[0], in[1], in[1], in[1], in[2], allTerms(1, 1)[5:12], op.Plasticity{Scale: 0.3}) // pre, post and factor alike
	}},
	{name: "TaylorStepTwice", shapes: [][]int{{4, 5}, {3, 4}, {3, 5}, {2}, {4, 5}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		a := op.Plasticity{Alpha: in[4], Scale: 0.3}
		return b.TaylorStep(b.TaylorStep(in[0], in[1], in[2], nil, in[3], ojaTerms, a), in[1], in[2], nil, in[3], ojaTerms, a)
	}},
	{name: "Taylor", shapes: [][]int{{4, 5}, {3, 4}, {3, 5}, {27}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.Taylor(in[0], in[1], in[2], nil, in[3], allTerms(2, 0))
	}},
	{name: "TaylorComposed", shapes: [][]int{{4, 5}, {3, 4}, {3, 5}, {54, 4}, {3, 4}, {4, 5}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		defer b.Fuse()
		b.Compose()
		return b.TaylorStep(in[0], in[1], in[2], in[4], in[3], allTerms(2, 1), op.Plasticity{Alpha: in[5], Scale: 0.1})
	}},
	{name: "SumParts", shapes: [][]int{{2, 3}, {6, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SumParts(in[0], in[1], 3) }},
	{name: "SumPartsAlone", shapes: [][]int{{6, 3}}, build: func(b *op.Builder, in []*G.Node) *G.Node { return b.SumParts(nil, in[0], 2) }},
	{name: "OjaStepParts", shapes: [][]int{{40, 2}, {2, 40}, {2, 2}, {40, 2}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		defer op.SmallPieces()()
		return b.OjaStep(in[0], in[1], in[2], op.Plasticity{Alpha: in[3], Scale: 0.3})
	}},
	{name: "OjaStepTwice", shapes: [][]int{{4, 5}, {3, 4}, {3, 5}, {4, 5}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		a := op.Plasticity{Alpha: in[3], Scale: 0.3}
		return b.OjaStep(b.OjaStep(in[0], in[1], in[2], a), in[1], in[2], a)
	}},
	{name: "OjaStepActivity", shapes: [][]int{{4, 4}, {3, 4}}, build: func(b *op.Builder, in []*G.Node) *G.Node {
		return b.OjaStep(in[0], in[1], in[1], op.Plasticity{Scale: 0.3}) // pre- and postsynaptic alike
	}},
}

// stepCase is a row for a step with W [4,5], p [3,4], h [3,5] and α of a shape, nil for none.
func stepCase(name string, oja bool, alpha []int, a op.Plasticity) opCase {
	c := opCase{name: name, shapes: [][]int{{4, 5}, {3, 4}, {3, 5}}}
	if alpha != nil {
		c.shapes = append(c.shapes, alpha)
	}
	c.build = func(b *op.Builder, in []*G.Node) *G.Node {
		if alpha != nil {
			a.Alpha = in[3]
		}
		if oja {
			return b.OjaStep(in[0], in[1], in[2], a)
		}
		return b.HebbStep(in[0], in[1], in[2], a)
	}
	return c
}

// ojaTerms are those of Oja's rule.
var ojaTerms = []op.Term{{Pre: 1, Post: 1}, {Post: 2, Weight: 1}}

// allTerms are all terms with powers up to a degree, and of the factor up to another one.
func allTerms(degree, factor int) (list []op.Term) {
	for a := range degree + 1 {
		for p := range degree + 1 {
			for w := range degree + 1 {
				for x := range factor + 1 {
					list = append(list, op.Term{Pre: a, Post: p, Weight: w, Factor: x})
				}
			}
		}
	}
	return list
}

// taylorCase is a row for a polynomial step with W [4,5], p [3,4], h [3,5], θ for all neurons or for each,
// a factor if a term has one, and α of a shape, nil for none.
func taylorCase(name string, terms []op.Term, rows bool, alpha []int, a op.Plasticity) opCase {
	c := opCase{name: name, shapes: [][]int{{4, 5}, {3, 4}, {3, 5}, {len(terms)}}}
	if rows {
		c.shapes[3] = []int{len(terms), 4}
	}
	factor := slices.ContainsFunc(terms, func(t op.Term) bool { return t.Factor > 0 })
	if factor {
		c.shapes = append(c.shapes, []int{3, 4})
	}
	if alpha != nil {
		c.shapes = append(c.shapes, alpha)
	}
	c.build = func(b *op.Builder, in []*G.Node) *G.Node {
		var x *G.Node
		if factor {
			x = in[4]
		}
		if alpha != nil {
			a.Alpha = in[len(in)-1]
		}
		return b.TaylorStep(in[0], in[1], in[2], x, in[3], terms, a)
	}
	return c
}
