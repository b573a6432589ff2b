package figure

import (
	"image"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var _ plot.Plotter = tiles{}

// tiles draws small pictures, one unit of the axes each, the first row at the top, with marks below.
type tiles struct{ *Tiles }

// Plot draws them.
func (t tiles) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i, row := range t.Images {
		y := float64(len(t.Rows) - 1 - i)
		for j, tile := range row {
			x := float64(j)
			if tile.Gray == nil {
				continue
			}
			marked := vg.Length(0)
			if tile.Below != nil {
				marked = 9
			}
			box := vg.Rectangle{Min: vg.Point{X: tx(x - 0.46), Y: ty(y-0.47) + marked}, Max: vg.Point{X: tx(x + 0.46), Y: ty(y + 0.47)}}
			side := min(box.Size().X, box.Size().Y)
			mid := (box.Min.X + box.Max.X) / 2
			box.Min.X, box.Max.X, box.Min.Y = mid-side/2, mid+side/2, box.Max.Y-side
			c.DrawImage(box, tile.picture())
			for k, m := range tile.Below {
				g := Line{Ink: m.Ink}.glyph()
				if !m.Right {
					g.Shape, g.Radius = draw.CrossGlyph{}, vg.Points(3)
				}
				at := mid + vg.Length(float64(k)-float64(len(tile.Below)-1)/2)*9
				c.DrawGlyphNoClip(g, vg.Point{X: at, Y: box.Min.Y - 5})
			}
		}
	}
}

func (t Tile) picture() image.Image {
	m := image.NewGray(image.Rect(0, 0, t.Width, t.Height))
	copy(m.Pix, t.Gray)
	return m
}
