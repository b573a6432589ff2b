package npz

import (
	"encoding/binary"
	"fmt"
	"math"
)

// wantTypes is what errors say is supported.
const wantTypes = "float32, float64, an integer type or bool (f4, f8, i1…i8, u1…u8, b1)"

// maxExact is the largest integer up to which float64 holds every integer.
const maxExact = 1 << 53

// elemType is how the elements of a file become float64.
type elemType struct {
	size    int
	float32 bool
	get     func(b []byte) (float64, error) // of exactly size bytes
}

// parseDescr understands NumPy's type strings: byte order, kind, size in bytes.
func parseDescr(descr string) (elemType, error) {
	unsupported := func(what string) (elemType, error) {
		return elemType{}, fmt.Errorf("%w: %q (%s), want %s", ErrType, clip(descr), what, wantTypes)
	}
	if len(descr) < 2 {
		return unsupported("not a type string")
	}
	var order binary.ByteOrder
	switch descr[0] {
	case '<', '|':
		order = binary.LittleEndian
	case '>':
		order = binary.BigEndian
	default:
		return unsupported("no byte order")
	}
	kind := descr[1:]
	if descr[0] == '|' && len(kind) == 2 && kind[1] > '1' && kind[0] != 'O' && kind[0] != 'S' && kind[0] != 'V' {
		return unsupported("no byte order")
	}
	exact := func(get func(b []byte) float64) func([]byte) (float64, error) {
		return func(b []byte) (float64, error) { return get(b), nil }
	}
	switch kind {
	case "f8":
		return elemType{size: 8, get: exact(func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) })}, nil
	case "f4":
		return elemType{size: 4, float32: true, get: exact(func(b []byte) float64 { return widen(order.Uint32(b)) })}, nil
	case "i1":
		return elemType{size: 1, get: exact(func(b []byte) float64 { return float64(int8(b[0])) })}, nil
	case "u1":
		return elemType{size: 1, get: exact(func(b []byte) float64 { return float64(b[0]) })}, nil
	case "i2":
		return elemType{size: 2, get: exact(func(b []byte) float64 { return float64(int16(order.Uint16(b))) })}, nil
	case "u2":
		return elemType{size: 2, get: exact(func(b []byte) float64 { return float64(order.Uint16(b)) })}, nil
	case "i4":
		return elemType{size: 4, get: exact(func(b []byte) float64 { return float64(int32(order.Uint32(b))) })}, nil
	case "u4":
		return elemType{size: 4, get: exact(func(b []byte) float64 { return float64(order.Uint32(b)) })}, nil
	case "i8":
		return elemType{size: 8, get: func(b []byte) (float64, error) {
			v := int64(order.Uint64(b))
			if v > maxExact || v < -maxExact {
				return 0, fmt.Errorf("%w: %d, want an integer within ±2⁵³", ErrValue, v)
			}
			return float64(v), nil
		}}, nil
	case "u8":
		return elemType{size: 8, get: func(b []byte) (float64, error) {
			v := order.Uint64(b)
			if v > maxExact {
				return 0, fmt.Errorf("%w: %d, want an integer within ±2⁵³", ErrValue, v)
			}
			return float64(v), nil
		}}, nil
	case "b1":
		return elemType{size: 1, get: func(b []byte) (float64, error) {
			if b[0] > 1 {
				return 0, fmt.Errorf("%w: bool of value %d, want 0 or 1", ErrFormat, b[0])
			}
			return float64(b[0]), nil
		}}, nil
	}
	switch kind[0] {
	case 'O':
		return unsupported("Python objects")
	case 'S', 'a', 'U':
		return unsupported("strings")
	case 'c':
		return unsupported("complex numbers")
	case 'M', 'm':
		return unsupported("times")
	case 'V':
		return unsupported("structured or void")
	case 'f':
		return unsupported("floats of another width")
	}
	return unsupported("unknown")
}

// widen turns the bits of a float32 into a float64. A NaN is widened by hand, since the
// processor's conversion would set the quiet bit of a signalling one.
func widen(bits uint32) float64 {
	if f := math.Float32frombits(bits); f == f {
		return float64(f)
	}
	return math.Float64frombits(uint64(bits>>31)<<63 | 0x7ff<<52 | uint64(bits&(1<<23-1))<<29)
}

// narrow is the inverse of widen. It fails on a number that is no float32. Of a NaN it keeps
// the upper bits of the payload, which are all of it for one that came from a float32.
func narrow(v float64) (uint32, error) {
	if v != v {
		bits := math.Float64bits(v)
		payload := uint32(bits>>29) & (1<<23 - 1)
		if payload == 0 {
			payload = 1 << 22 // or it would be an infinity
		}
		return uint32(bits>>63)<<31 | 0xff<<23 | payload, nil
	}
	f := float32(v)
	if float64(f) != v {
		return 0, fmt.Errorf("%w: %v is not a float32", ErrValue, v)
	}
	return math.Float32bits(f), nil
}
