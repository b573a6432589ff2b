package op

import (
	"errors"
	"fmt"
	"strings"

	"gorgonia.org/tensor"
)

// ErrForeignGraph is returned when a node of another graph is used as an operand.
var ErrForeignGraph = errors.New("operand belongs to another graph")

// ErrMerged is returned when Gorgonia merged a new node with an older one.
var ErrMerged = errors.New("gorgonia merged a new node with an older one")

// ShapeError says that the operands of an op do not fit together.
type ShapeError struct {
	Op     string         // the op, as its method is called
	Shapes []tensor.Shape // of the operands, in order
	Want   string         // what was expected
	At     Label          // where in the episode
}

func (e *ShapeError) Error() string {
	shapes := make([]string, len(e.Shapes))
	for i, s := range e.Shapes {
		shapes[i] = fmt.Sprint([]int(s))
	}
	return fmt.Sprintf("%s: operands of shape %s: want %s (%v)", e.Op, strings.Join(shapes, " and "), e.Want, e.At)
}
