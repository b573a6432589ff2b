package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// TestSVG reads the picture as XML: all boxes, arrows and texts are there, every text fits its
// box, and nothing is fetched from elsewhere.
func TestSVG(t *testing.T) {
	for name, p := range pictures(t) {
		image := p.SVG()
		d := xml.NewDecoder(bytes.NewReader(image))
		paths, titles := 0, 0
		var words strings.Builder
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				for _, a := range e.Attr {
					if strings.Contains(a.Name.Local, "href") || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
						t.Errorf("%s: %s=%q", name, a.Name.Local, a.Value)
					}
				}
				switch e.Name.Local {
				case "path":
					paths++
				case "title":
					titles++
				}
			case xml.CharData:
				words.Write(e)
				words.WriteByte('\n')
			}
		}
		arrows := 0
		for _, b := range p.Boxes {
			for _, r := range b.Reads {
				if p.arrow(r, b) {
					arrows++
				}
			}
		}
		if paths != arrows+1 { // and the tip
			t.Errorf("%s: %d paths: want %d arrows", name, paths-1, arrows)
		}
		if l := p.lay(); titles != len(l.cards)+1 {
			t.Errorf("%s: %d titles: want one for each of %d boxes", name, titles-1, len(l.cards))
		}
		for _, want := range append([]string{"inner step 0", "query", "meta-parameters"}, p.Learners...) {
			if !strings.Contains(words.String(), want+"\n") {
				t.Errorf("%s: no %q", name, want)
			}
		}
	}
}

// TestBeside asks that what is read without an arrow is named in the box.
func TestBeside(t *testing.T) {
	p, _ := picture(t, configuration(t, false, 1, "flp"))
	for _, b := range p.Boxes {
		named := strings.Join(p.beside(b), " ")
		for _, r := range b.Reads {
			if arrow := p.arrow(r, b); arrow == strings.Contains(" "+named+" ", " "+p.Boxes[r].Symbol+" ") && b.Kind != "Rows" {
				t.Errorf("%s %s: arrow from %s: %v, and named %q", b.Kind, b.Symbol, p.Boxes[r].Symbol, arrow, named)
			}
		}
	}
}

func TestEscape(t *testing.T) {
	p, _ := picture(t, configuration(t, false, 1, "flp"))
	p.Title = `<script>&"`
	if image := string(p.SVG()); strings.Contains(image, "<script>") || !strings.Contains(image, "&lt;script&gt;&amp;") {
		t.Error("a title is not escaped")
	}
}
