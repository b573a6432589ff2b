package picture

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Against the definition in floating point.
func TestArea(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.IntRange(1, 24)
		n, w, h, planes := size.Draw(r, "n"), size.Draw(r, "w"), size.Draw(r, "h"), rapid.IntRange(1, 3).Draw(r, "planes")
		src := rapid.SliceOfN(rapid.Uint8(), planes*w*h, planes*w*h).Draw(r, "src")
		dst := make([]uint8, planes*n*n)
		Area(dst, n, src, w, h)
		overlap := func(i, y, old int) float64 {
			return max(0, float64(min((i+1)*old, (y+1)*n)-max(i*old, y*n)))
		}
		for c := range planes {
			for i := range n {
				for j := range n {
					sum := 0.0
					for y := range h {
						for x := range w {
							sum += overlap(i, y, h) * overlap(j, x, w) * float64(src[(c*h+y)*w+x])
						}
					}
					want := sum / float64(h*w)
					if got := float64(dst[(c*n+i)*n+j]); math.Abs(got-want) > 0.5+1e-9 {
						r.Fatalf("pixel %d,%d,%d is %v, want %v", c, i, j, got, want)
					}
				}
			}
		}
	})
}

// A stroke of one pixel survives from 105 to 28 with all its ink, and uniform areas stay.
func TestAreaStroke(t *testing.T) {
	for row := range 105 {
		src := make([]uint8, 105*105)
		for x := range 105 {
			src[row*105+x] = 255
		}
		dst := make([]uint8, 28*28)
		Area(dst, 28, src, 105, 105)
		ink, most := 0, 0
		for y := range 28 {
			ink += int(dst[y*28+14])
			most = max(most, int(dst[y*28+14]))
		}
		if want := 255 * 28 / 105; ink < want-1 || ink > want+1 || most < want/2-1 {
			t.Errorf("row %d leaves %d of %d, at most %d in a pixel", row, ink, want, most)
		}
	}
	src, dst := make([]uint8, 50*30), make([]uint8, 64)
	for i := range src {
		src[i] = 255
	}
	Area(dst, 8, src, 50, 30)
	for i, v := range dst {
		if v != 255 {
			t.Errorf("pixel %d of a white image is %d", i, v)
		}
	}
}

func BenchmarkArea(b *testing.B) {
	src, dst := make([]uint8, 105*105), make([]uint8, 28*28)
	for b.Loop() {
		Area(dst, 28, src, 105, 105)
	}
}
