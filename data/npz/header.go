package npz

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A .npy file is
//
//	"\x93NUMPY"  major  minor  length (2 bytes in version 1, else 4, little-endian)  header  data
//
// where header is the text of a Python dictionary with exactly the keys descr (a string),
// fortran_order (a bool) and shape (a tuple of integers), padded with spaces to a newline.
const magic = "\x93NUMPY"

// maxHeader bounds the header's length. NumPy itself refuses headers beyond 10,000 bytes.
const maxHeader = 1 << 16

// header is what a .npy header says.
type header struct {
	descr   string
	fortran bool
	shape   []int
}

// readHeader reads magic, version and header, and returns how many bytes they took.
func readHeader(r io.Reader) (header, int, error) {
	fail := func(format string, args ...any) (header, int, error) {
		return header{}, 0, fmt.Errorf("%w: "+format, append([]any{ErrFormat}, args...)...)
	}
	var pre [12]byte
	if _, err := io.ReadFull(r, pre[:8]); err != nil {
		return fail("no .npy header: %w", err)
	}
	if string(pre[:6]) != magic {
		return fail("starts with %q, want the .npy magic %q", pre[:6], magic)
	}
	width := 4
	switch pre[6] {
	case 1:
		width = 2
	case 2, 3:
	default:
		return fail(".npy version %d.%d, want 1.0, 2.0 or 3.0", pre[6], pre[7])
	}
	if _, err := io.ReadFull(r, pre[8:8+width]); err != nil {
		return fail("no .npy header: %w", err)
	}
	length := binary.LittleEndian.Uint32(pre[8:]) // the bytes beyond width are still zero
	if length > maxHeader {
		return fail("header of %d bytes, want at most %d", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return fail("header cut short: %w", err)
	}
	h, err := parseHeader(string(text))
	if errors.Is(err, ErrType) {
		return header{}, 0, err
	}
	if err != nil {
		return fail("header %q: %w", clip(string(text)), err)
	}
	return h, 8 + width + int(length), nil
}

// clip shortens what an error quotes.
func clip(s string) string {
	s = strings.TrimRight(s, " \n")
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}

// appendHeader appends magic, version 1.0 and header for an array in C order, as numpy.save
// writes them: padded so that the data begin at a multiple of 64 bytes.
func appendHeader(b []byte, descr string, shape []int) []byte {
	var tuple strings.Builder
	for i, d := range shape {
		if i > 0 {
			tuple.WriteString(", ")
		}
		tuple.WriteString(strconv.Itoa(d))
	}
	if len(shape) == 1 {
		tuple.WriteByte(',')
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple.String())
	const pre = len(magic) + 4
	pad := (64 - (pre+len(text)+1)%64) % 64
	b = append(b, magic...)
	b = append(b, 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)+pad+1))
	b = append(b, text...)
	b = append(b, strings.Repeat(" ", pad)...)
	return append(b, '\n')
}

// parseHeader parses the dictionary. The keys may come in any order, each exactly once.
func parseHeader(text string) (header, error) {
	var h header
	p := parser{rest: text}
	if err := p.expect('{'); err != nil {
		return h, err
	}
	seen := map[string]bool{}
	for !p.take('}') {
		key, err := p.str()
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("key %q twice", clip(key))
		}
		seen[key] = true
		if err := p.expect(':'); err != nil {
			return h, err
		}
		switch key {
		case "descr":
			if p.peek() == '[' {
				// A structured type; what it is made of does not matter.
				return h, fmt.Errorf("%w: structured type, want %s", ErrType, wantTypes)
			}
			h.descr, err = p.str()
		case "fortran_order":
			h.fortran, err = p.boolean()
		case "shape":
			h.shape, err = p.tuple()
		default:
			err = fmt.Errorf("unknown key %q, want descr, fortran_order and shape", clip(key))
		}
		if err != nil {
			return h, err
		}
		if p.peek() != '}' {
			if err := p.expect(','); err != nil {
				return h, err
			}
		}
	}
	if p.peek() != 0 {
		return h, fmt.Errorf("%q after the dictionary", clip(p.rest))
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("no key %q", key)
		}
	}
	return h, nil
}

// parser reads the few Python literals that a header is made of.
type parser struct{ rest string }

// peek skips white space and returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *parser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) expect(c byte) error {
	if !p.take(c) {
		return fmt.Errorf("want %q at %q", c, clip(p.rest))
	}
	return nil
}

// str reads a quoted string. No key or type has an escape in it.
func (p *parser) str() (string, error) {
	q := p.peek()
	if q != '\'' && q != '"' {
		return "", fmt.Errorf("want a string at %q", clip(p.rest))
	}
	s, rest, ok := strings.Cut(p.rest[1:], string(q))
	if !ok || strings.ContainsAny(s, "\\\n") {
		return "", fmt.Errorf("string without end at %q", clip(p.rest))
	}
	p.rest = rest
	return s, nil
}

func (p *parser) boolean() (bool, error) {
	p.peek()
	if rest, ok := strings.CutPrefix(p.rest, "True"); ok {
		p.rest = rest
		return true, nil
	}
	if rest, ok := strings.CutPrefix(p.rest, "False"); ok {
		p.rest = rest
		return false, nil
	}
	return false, fmt.Errorf("want True or False at %q", clip(p.rest))
}

// tuple reads (), (3,) or (3, 4), with the suffix L that Python 2 gave to long integers.
func (p *parser) tuple() ([]int, error) {
	if err := p.expect('('); err != nil {
		return nil, err
	}
	shape := []int{}
	for !p.take(')') {
		p.peek()
		end := 0
		for end < len(p.rest) && '0' <= p.rest[end] && p.rest[end] <= '9' {
			end++
		}
		d, err := strconv.Atoi(p.rest[:end])
		if err != nil {
			return nil, fmt.Errorf("want an extent at %q: %w", clip(p.rest), err)
		}
		p.rest = strings.TrimPrefix(p.rest[end:], "L")
		shape = append(shape, d)
		// Python needs the comma of (3,), but no shape could be meant by (3) other than that.
		if p.peek() != ')' {
			if err := p.expect(','); err != nil {
				return nil, err
			}
		}
	}
	return shape, nil
}
