package op

import (
	"testing"
	"time"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TestIndex checks that the map of Gorgonia's that building relies on is there, and that it
// still leads from every number to its node.
func TestIndex(t *testing.T) {
	if newIndex(G.NewGraph()).byID == nil {
		t.Fatal("gorgonia.ExprGraph has no field byID of type map[int64]int any more: building graphs takes quadratic time")
	}
	b := New(tensor.Float64)
	x, y := b.Input("x", 3, 4), b.Input("y", 3, 4)
	made := []*G.Node{x, y}
	at := func(i int) *G.Node { return made[i*7919%len(made)] }
	const rounds = 1000
	merged := 0
	for i := range rounds {
		a, c := at(i), at(3*i+1)
		n := len(b.Graph().AllNodes())
		own := b.Add(a, c)
		made = append(made, own, b.Gate(own, a))
		switch i % 4 {
		case 0:
			made = append(made, b.Lift(G.Tanh(own)))
		case 1:
			made = append(made, b.Lift(G.HadamardProd(own, c)), b.Relu(own))
		case 2:
			same := b.Lift(G.Neg(own))
			if b.Lift(G.Neg(own)) == same { // Gorgonia makes one node of the two
				merged++
			}
			made = append(made, same)
		case 3: // announced, but merged with the node that is there
			made = append(made, b.Apply(made[len(made)-1].Op(), own, a))
			if len(b.Graph().AllNodes()) == n+2 {
				merged++
			}
		}
		if err := b.Err(); err != nil {
			t.Fatal(err)
		}
	}
	all := b.Graph().AllNodes()
	if len(all) < 3*rounds || merged < rounds/4 {
		t.Errorf("%d nodes, %d merged: want this to be a test of both", len(all), merged)
	}
	for i, n := range all {
		if n.ID() != int64(i) {
			t.Fatalf("node %d of the graph has number %d", i, n.ID())
		}
		if found, ok := b.Graph().Node(n.ID()).(*G.Node); !ok || found != n {
			t.Fatalf("number %d leads to %v: want %v", i, found, n)
		}
	}
	if found, _ := b.Graph().Node(int64(len(all))).(*G.Node); found != nil {
		t.Errorf("a number that no node has leads to %v", found)
	}
	for i, n := range made {
		if n.Graph() != b.Graph() || n.ID() < 0 {
			t.Errorf("node %d was made outside the graph", i)
		}
	}
}

// TestBuildingIsLinear compares the time that 40,000 nodes take in one graph and in many
// small ones, which a loaded machine slows down alike. Without the index one graph takes
// seven times as long.
func TestBuildingIsLinear(t *testing.T) {
	const nodes, small = 40_000, 2_500
	build := func(graphs int) time.Duration {
		start := time.Now()
		for range graphs {
			b := New(tensor.Float32)
			x := b.Input("x", 2, 2)
			for n := x; len(b.Graph().AllNodes()) < nodes/graphs; {
				n = b.Add(n, x)
			}
			if err := b.Err(); err != nil {
				t.Fatal(err)
			}
		}
		return time.Since(start)
	}
	one, many := time.Hour, time.Hour
	for range 3 {
		one, many = min(one, build(1)), min(many, build(nodes/small))
	}
	if one > 4*many {
		t.Errorf("%v for a graph of %d nodes, %v for graphs of %d: want building to be linear", one, nodes, many, small)
	}
}
