package op

// unfold writes the tile of the unfolded images of a range of channels.
//
//	cols[(q,u,v),(n,i,j)] = x[n, q, i·s+u−pad, j·s+v−pad],   0 outside
func unfold[F float](cols, x []F, v convolution, s tile, channel, channels int, room []F) {
	plane, part := v.h*v.w, s.rows*v.ow
	for e := range s.examples {
		at := ((s.from+e)*v.c + channel) * plane
		if v.table != nil {
			unfoldShort(cols[e*part:], s.columns, x[at:][:channels*plane], v, room)
		} else {
			unfoldImage(cols[e*part:], s.columns, x[at:][:channels*plane], v, s.row, s.rows)
		}
	}
}

// unfoldImage unfolds the channels of one example for some rows of the result.
func unfoldImage[F float](cols []F, ld int, x []F, v convolution, row, rows int) {
	r := 0
	for q := 0; q < len(x); q += v.h * v.w {
		for u := range v.k {
			for w := range v.k {
				from, to := v.inside(w)
				at, step := r*ld, v.stride
				r++
				for i := row; i < row+rows; i++ {
					o := cols[at : at+v.ow : at+v.ow]
					at += v.ow
					y := i*v.stride + u - v.pad
					if y < 0 || y >= v.h || from >= to {
						clear(o)
						continue
					}
					clear(o[:from])
					clear(o[to:])
					o = o[from:to]
					src := x[q+y*v.w+from*step+w-v.pad : q+(y+1)*v.w]
					switch {
					case step != 1:
						spread(o, src, step)
					case len(o) >= 16:
						copy(o, src)
					default:
						src = src[:len(o)]
						for j := range o {
							o[j] = src[j]
						}
					}
				}
			}
		}
	}
}

func spread[F float](o, src []F, step int) {
	if step == 2 {
		src = src[:2*len(o)-1]
		for j := range o {
			o[j] = src[2*j]
		}
		return
	}
	at := 0
	for j := range o {
		o[j] = src[at]
		at += step
	}
}

// inside is the range of columns of the result whose pixel at column w of the kernel lies
// within the image.
func (v convolution) inside(w int) (from, to int) {
	if left := v.pad - w; left > 0 {
		from = (left + v.stride - 1) / v.stride
	}
	to = min((v.w-1+v.pad-w)/v.stride+1, v.ow)
	if v.w-1+v.pad < w {
		to = 0
	}
	return min(from, v.ow), max(to, 0)
}

// shortRows is the number of columns of the result below which a loop over each of its rows
// costs more than a table of pixels; half as many where rows are copied, without strides.
const shortRows = 24

// tabulate makes the table of an image with short rows: for every entry (u,v),(i,j) of the
// unfolded image of one channel the pixel that it is read from, h·w for one outside.
func (v *convolution) tabulate() {
	if v.ow >= shortRows || v.stride == 1 && v.ow >= shortRows/2 || v.positions() > leastColumns*2 {
		return
	}
	for u := range v.k {
		for w := range v.k {
			for i := range v.oh {
				for j := range v.ow {
					y, x := i*v.stride+u-v.pad, j*v.stride+w-v.pad
					at := v.h * v.w
					if y >= 0 && y < v.h && x >= 0 && x < v.w {
						at = y*v.w + x
					}
					v.table = append(v.table, int32(at))
				}
			}
		}
	}
}

// unfoldShort is unfoldImage for all rows, by the table. room holds one channel and a zero.
func unfoldShort[F float](cols []F, ld int, x []F, v convolution, room []F) {
	size, positions := v.h*v.w, v.positions()
	plane := room[:size+1]
	plane[size] = 0
	at := 0
	for q := 0; q < len(x); q += size {
		copy(plane, x[q:][:size])
		for t := v.table; len(t) > 0; t = t[positions:] {
			o := cols[at:][:positions]
			at += ld
			for j, p := range t[:len(o)] {
				o[j] = plane[p]
			}
		}
	}
}

// foldShort is foldImage by the table.
func foldShort[F float](x, cols []F, ld int, v convolution, room []F) {
	size, positions := v.h*v.w, v.positions()
	plane := room[:size+1]
	at := 0
	for q := 0; q < len(x); q += size {
		copy(plane, x[q:][:size])
		for t := v.table; len(t) > 0; t = t[positions:] {
			c := cols[at:][:positions]
			at += ld
			for j, p := range t[:len(c)] {
				plane[p] += c[j]
			}
		}
		copy(x[q:], plane[:size])
	}
}

// fold is the transpose of unfold for whole examples: it adds each entry to the pixel that
// it was read from.
func fold[F float](x, cols []F, ld int, v convolution, room []F) {
	if v.table != nil {
		foldShort(x, cols, ld, v, room)
		return
	}
	foldImage(x, cols, ld, v)
}

func foldImage[F float](x, cols []F, ld int, v convolution) {
	r := 0
	for q := 0; q < len(x); q += v.h * v.w {
		for u := range v.k {
			for w := range v.k {
				from, to := v.inside(w)
				row := cols[r*ld:][:v.positions()]
				r++
				if from >= to {
					continue
				}
				for i := range v.oh {
					y := i*v.stride + u - v.pad
					if y < 0 || y >= v.h {
						continue
					}
					c := row[i*v.ow+from : i*v.ow+to]
					dst := x[q+y*v.w+from*v.stride+w-v.pad : q+(y+1)*v.w]
					switch v.stride {
					case 1:
						dst = dst[:len(c)]
						for j, t := range c {
							dst[j] += t
						}
					case 2:
						dst = dst[:2*len(c)-1]
						for j, t := range c {
							dst[2*j] += t
						}
					default:
						for j, t := range c {
							dst[j*v.stride] += t
						}
					}
				}
			}
		}
	}
}
