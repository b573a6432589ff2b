package draw

import (
	"testing"
)

func (r rect) inside(o rect) bool {
	return r.x >= o.x && r.y >= o.y && r.x+r.w <= o.x+o.w && r.y+r.h <= o.y+o.h
}

func (r rect) meets(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

// TestLayout asks that nothing lies on top of anything else, that every box is in the frame of
// its group, and that frames are on the page.
func TestLayout(t *testing.T) {
	for name, p := range pictures(t) {
		l := p.lay()
		page := rect{0, 0, l.width, l.height}
		frames := map[Place]rect{}
		for i, f := range l.frames {
			frames[f.place] = f.rect
			if !f.inside(page) {
				t.Errorf("%s: %v lies outside", name, f.place)
			}
			for _, o := range l.frames[:i] {
				if f.meets(o.rect) {
					t.Errorf("%s: %v lies on %v", name, f.place, o.place)
				}
			}
		}
		drawn := 0
		for i, c := range l.cards {
			for _, o := range l.cards[:i] {
				if c.meets(o.rect) {
					t.Errorf("%s: %v lies on %v", name, c.text, o.text)
				}
			}
			if c.box < 0 {
				continue
			}
			drawn++
			if place := p.Boxes[c.box].Place; !c.inside(frames[place]) {
				t.Errorf("%s: %v lies outside of %v", name, c.text, place)
			}
		}
		inputs := 0
		for i, b := range p.Boxes {
			if b.Kind == "input" {
				inputs++
			} else if l.cards[l.of[i]].box != i {
				t.Errorf("%s: box %d is lost", name, i)
			}
		}
		if drawn+inputs != len(p.Boxes) {
			t.Errorf("%s: %d boxes and %d inputs of %d", name, drawn, inputs, len(p.Boxes))
		}
	}
}

// TestAxes asks that time runs to the right and back to the left, and that higher layers stand
// higher.
func TestAxes(t *testing.T) {
	for name, p := range pictures(t) {
		l := p.lay()
		for i, b := range p.Boxes {
			if b.Kind == "input" {
				continue
			}
			at := l.cards[l.of[i]]
			for _, r := range b.Reads {
				from := p.Boxes[r]
				if !p.arrow(r, b) || from.Place.Backward != b.Place.Backward {
					continue
				}
				before := l.cards[l.of[r]]
				if wrong := at.x < before.x; at.x != before.x && wrong != b.Place.Backward {
					t.Errorf("%s: %s at %g reads %s at %g, gradient %v", name, b.Symbol, at.x, from.Symbol, before.x, b.Place.Backward)
				}
			}
			for j, o := range p.Boxes {
				if o.Kind != "input" && o.Place == b.Place && o.row() > b.row() && l.cards[l.of[j]].y >= at.y {
					t.Errorf("%s: %s of layer %d stands below %s of layer %d", name, o.Symbol, o.Layer, b.Symbol, b.Layer)
				}
			}
		}
	}
}
