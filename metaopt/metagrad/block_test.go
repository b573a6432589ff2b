package metagrad_test

// block is a weight layer. A convolution is a dense layer at each of its positions.
type block struct {
	out, in    int // units or channels; of what lies below likewise
	activation string
	plastic    bool
	kernel     int     // 0 for a dense layer
	patch      [][]int // by position: the units below that it sees, -1 for padding
	below      int     // units below
}

// dense and conv make layers; below is [n] or [C,H,W].
func dense(below []int, out int, activation string, plastic bool) (block, []int) {
	n := 1
	for _, d := range below {
		n *= d
	}
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return block{out: out, in: n, activation: activation, plastic: plastic, patch: [][]int{all}, below: n}, []int{out}
}

func conv(below []int, out, kernel, stride, pad int, plastic bool) (block, []int) {
	c, h, w := below[0], below[1], below[2]
	b := block{out: out, in: c, activation: "relu", plastic: plastic, kernel: kernel, below: c * h * w}
	oh, ow := (h+2*pad-kernel)/stride+1, (w+2*pad-kernel)/stride+1
	for i := range oh {
		for j := range ow {
			var p []int
			for q := range c * kernel * kernel {
				y, x := i*stride-pad+q/kernel%kernel, j*stride-pad+q%kernel
				if y < 0 || y >= h || x < 0 || x >= w {
					p = append(p, -1)
					continue
				}
				p = append(p, (q/(kernel*kernel)*h+y)*w+x)
			}
			b.patch = append(b.patch, p)
		}
	}
	return b, []int{out, oh, ow}
}

func (b block) positions() int { return len(b.patch) }

func (b block) fan() int { return len(b.patch[0]) }

// weights is the shape of W.
func (b block) weights() []int {
	if b.kernel == 0 {
		return []int{b.out, b.in}
	}
	return []int{b.out, b.in, b.kernel, b.kernel}
}
