package op

import (
	"reflect"

	G "gorgonia.org/gorgonia"
)

// index spares Gorgonia its search for every new node. ExprGraph.SetEdge asks by number
// whether the node that was just added is in the graph; the answer is looked up in a map,
// and where it is missing there, all nodes are gone through and the map is completed. That
// makes building quadratic: minutes for an episode of 400 inner steps. The entry that the
// search would end with is therefore made beforehand.
//
// The map is private to Gorgonia. Where it is not what it is in the version that go.mod
// names, nothing is done and building is slow; TestIndex says so.
type index struct {
	g    *G.ExprGraph
	byID map[int64]int
}

func newIndex(g *G.ExprGraph) index {
	f := reflect.ValueOf(g).Elem().FieldByName("byID")
	if !f.IsValid() || f.Type() != reflect.TypeFor[map[int64]int]() {
		return index{}
	}
	return index{g, *(*map[int64]int)(f.Addr().UnsafePointer())}
}

// expect announces the next node of the graph. Nodes are numbered in the order of their
// making and none is ever removed, so that its number is its place.
func (x index) expect() {
	if x.byID != nil {
		n := len(x.g.AllNodes())
		x.byID[int64(n)] = n
	}
}
