package draw

import (
	"bytes"
	"strings"
	"testing"

	"gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"
)

// TestDOT parses the text by the grammar of the language and counts what is in it.
func TestDOT(t *testing.T) {
	for name, p := range pictures(t) {
		file, err := dot.ParseBytes(p.DOT())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		nodes, edges, clusters := 0, 0, 0
		var walk func([]ast.Stmt)
		walk = func(list []ast.Stmt) {
			for _, s := range list {
				switch s := s.(type) {
				case *ast.NodeStmt:
					nodes++
				case *ast.EdgeStmt:
					edges++
				case *ast.Subgraph:
					clusters++
					walk(s.Stmts)
				}
			}
		}
		walk(file.Graphs[0].Stmts)
		if nodes != len(p.Boxes) || edges != p.Edges() || clusters != len(p.places())+len(p.Learners) {
			t.Errorf("%s: %d nodes, %d edges, %d clusters: want %d, %d, %d", name, nodes, edges, clusters, len(p.Boxes), p.Edges(), len(p.places())+len(p.Learners))
		}
	}
}

// TestDeterministic asks for the same bytes from a graph that is built again.
func TestDeterministic(t *testing.T) {
	first := pictures(t)
	for name, p := range pictures(t) {
		if !bytes.Equal(p.DOT(), first[name].DOT()) || !bytes.Equal(p.SVG(), first[name].SVG()) {
			t.Errorf("%s: not the same bytes", name)
		}
	}
}

// TestQuote asks that no title breaks out of its quotes.
func TestQuote(t *testing.T) {
	p, _ := picture(t, configuration(t, false, 1, "flp"))
	for _, title := range []string{`"; } digraph {`, `ends in \`, "two\nlines", `\"`} {
		p.Title = title
		file, err := dot.ParseBytes(p.DOT())
		if err != nil || len(file.Graphs) != 1 {
			t.Errorf("%q: %v", title, err)
			continue
		}
		if want := "label=" + quote(title) + ";"; !strings.Contains(string(p.DOT()), want) {
			t.Errorf("%q: no %s", title, want)
		}
	}
}
