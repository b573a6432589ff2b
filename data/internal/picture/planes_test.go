package picture

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
)

// Every type of image gives the planes that its At gives, wherever its bounds begin.
func TestPlanes(t *testing.T) {
	colours := []color.Color{color.Black, color.White, color.NRGBA{200, 100, 50, 255}, color.NRGBA{10, 250, 90, 255}}
	r := image.Rect(2, 3, 7, 6)
	images := map[string]draw.Image{
		"gray": image.NewGray(r), "gray16": image.NewGray16(r), "rgba": image.NewRGBA(r),
		"nrgba": image.NewNRGBA(r), "paletted": image.NewPaletted(r, colours),
	}
	ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = uint8(i * 37)
	}
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = uint8(i*91), uint8(i*53)
	}
	all := map[string]image.Image{"ycc": ycc}
	for name, m := range images {
		for i := range 15 {
			m.Set(2+i%5, 3+i/5, colours[i*7%4])
		}
		all[name] = m
		all[name+" part"] = m.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(3, 4, 6, 6))
	}
	for name, m := range all {
		b := m.Bounds()
		var gray, rgb []uint8
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				gray = append(gray, color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
			}
		}
		for plane := range 3 {
			for y := b.Min.Y; y < b.Max.Y; y++ {
				for x := b.Min.X; x < b.Max.X; x++ {
					c := color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)
					rgb = append(rgb, []uint8{c.R, c.G, c.B}[plane])
				}
			}
		}
		if got, w, h := Gray(m); w != b.Dx() || h != b.Dy() || !slices.Equal(got, gray) {
			t.Errorf("%s: %v, want %v", name, got, gray)
		}
		if got, w, h := RGB(m); w != b.Dx() || h != b.Dy() || !slices.Equal(got, rgb) {
			t.Errorf("%s: %v, want %v", name, got, rgb)
		}
	}
}
