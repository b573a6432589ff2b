package picture

import (
	"image"
	"image/color"
)

// Gray returns the brightness of an image [H,W], 0 to 255, as image/color converts it.
func Gray(m image.Image) (pixels []uint8, w, h int) {
	b := m.Bounds()
	w, h = b.Dx(), b.Dy()
	pixels = make([]uint8, w*h)
	switch m := m.(type) {
	case *image.Gray:
		for y := range h {
			copy(pixels[y*w:(y+1)*w], m.Pix[y*m.Stride:])
		}
	case *image.Paletted:
		var table [256]uint8
		for i, c := range m.Palette {
			table[i] = color.GrayModel.Convert(c).(color.Gray).Y
		}
		for y := range h {
			for x, i := range m.Pix[y*m.Stride:][:w] {
				pixels[y*w+x] = table[i]
			}
		}
	default:
		for y := range h {
			for x := range w {
				pixels[y*w+x] = color.GrayModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
			}
		}
	}
	return pixels, w, h
}

// RGB returns the red, green and blue planes [3,H,W] of an image, 0 to 255. What is transparent is
// over black.
func RGB(m image.Image) (pixels []uint8, w, h int) {
	b := m.Bounds()
	w, h = b.Dx(), b.Dy()
	pixels = make([]uint8, 3*w*h)
	for y := range h {
		for x := range w {
			var red, green, blue uint8
			if ycc, ok := m.(*image.YCbCr); ok {
				c := ycc.YCbCrAt(b.Min.X+x, b.Min.Y+y)
				red, green, blue = color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
			} else {
				r32, g32, b32, _ := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
				red, green, blue = uint8(r32>>8), uint8(g32>>8), uint8(b32>>8)
			}
			i := y*w + x
			pixels[i], pixels[w*h+i], pixels[2*w*h+i] = red, green, blue
		}
	}
	return pixels, w, h
}
