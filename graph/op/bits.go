package op

import "unsafe"

// Rectifiers compare bit patterns as integers: a branch on a floating-point comparison that
// goes one way as often as the other costs several times the arithmetic.
//
// As unsigned integers, −0 … −∞ are the patterns from sign to sign + inf; what is above
// are NaN, which pass.
const (
	sign32, inf32 = 1 << 31, 0x7F800000
	sign64, inf64 = 1 << 63, 0x7FF0000000000000
)

func bits32(x []float32) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

func bits64(x []float64) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// gate keeps x where h > 0 and where h is NaN.
func gate[F float](out, x, h []F) {
	switch out := any(out).(type) {
	case []float32:
		gate32(bits32(out), bits32(any(x).([]float32)), bits32(any(h).([]float32)))
	case []float64:
		gate64(bits64(out), bits64(any(x).([]float64)), bits64(any(h).([]float64)))
	}
}

func gate32(out, x, h []uint32) {
	x, h = x[:len(out)], h[:len(out)]
	for i := gateFast(out, x, h); i < len(out); i++ {
		v, t := x[i], h[i]
		if t-sign32 <= inf32 {
			v = 0
		}
		if t == 0 {
			v = 0
		}
		out[i] = v
	}
}

func gate64(out, x, h []uint64) {
	x, h = x[:len(out)], h[:len(out)]
	for i := range out {
		v, t := x[i], h[i]
		if t-sign64 <= inf64 {
			v = 0
		}
		if t == 0 {
			v = 0
		}
		out[i] = v
	}
}
