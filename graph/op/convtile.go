package op

// tileElements is about how many elements of the unfolded images a piece of a convolution
// holds at a time: few enough for a core's own cache, and enough columns for a product that
// runs at full speed.
const tileElements = 128 << 10

// The number of columns of the unfolded images, examples × positions, that a product is
// given, where there are so many. Fewer do not pay for the packing of the other operand.
const leastColumns, mostColumns = 192, 2048

// tiling divides the columns of the unfolded images into tiles: several examples side by
// side where an example has few positions, some rows of one where it has many. It depends
// on shapes alone.
type tiling struct {
	examples int // in a tile
	rows     int // of the result, in a tile: all where it holds whole examples
	strips   int // tiles that an example is divided in
	tiles    int
}

// tile is one of them.
type tile struct {
	from, examples int
	row, rows      int // of the result
	columns        int // examples × positions of those rows
}

// tiling is for unfolded images of that many rows, of which whole examples must not be
// divided where whole is true.
func (v convolution) tiling(unfolded int, whole bool) tiling {
	positions := v.positions()
	columns := min(max(tileElements/unfolded, leastColumns), mostColumns)
	t := tiling{examples: min(max(columns/positions, 1), v.n), rows: v.oh, strips: 1}
	// Parts of about one size.
	t.tiles = (v.n + t.examples - 1) / t.examples
	if work := v.flops() / pieceFLOPs; work > float64(t.tiles) && t.examples > 1 && t.tiles%2 == 1 {
		t.tiles++ // nobody waits for an odd one
	}
	t.examples = (v.n + t.tiles - 1) / t.tiles
	t.tiles = (v.n + t.examples - 1) / t.examples
	if t.examples == 1 && positions > columns && !whole {
		t.strips = (positions + columns - 1) / columns
		t.rows = (v.oh + t.strips - 1) / t.strips
		t.strips = (v.oh + t.rows - 1) / t.rows
		t.tiles = v.n * t.strips
	}
	return t
}

// columns is the size of the largest tile.
func (t tiling) columns(v convolution) int { return t.examples * t.rows * v.ow }

func (t tiling) tile(v convolution, i int) tile {
	s := tile{from: i / t.strips * t.examples, row: i % t.strips * t.rows}
	s.examples = min(t.examples, v.n-s.from)
	s.rows = min(t.rows, v.oh-s.row)
	s.columns = s.examples * s.rows * v.ow
	return s
}

// scratch is the number of elements that a piece needs: for a tile of unfolded images, for
// one channel of one image, and where examples lie side by side, for the activity
// [O, columns] that belongs to the tile.
func (t tiling) scratch(v convolution, unfolded int) int {
	n := aligned(unfolded*t.columns(v)) + v.room()
	if t.examples > 1 {
		n += v.o * t.columns(v)
	}
	return n
}

// room is the size of one channel and a zero, where there is a table.
func (v convolution) room() int {
	if v.table == nil {
		return 0
	}
	return aligned(v.h*v.w + 1)
}

// parts divides scratch memory.
func parts[F float](t tiling, v convolution, unfolded int, s tile, scratch []F) (cols, room, activity []F) {
	cols, scratch = scratch[:unfolded*s.columns], scratch[aligned(unfolded*t.columns(v)):]
	room, scratch = scratch[:v.room()], scratch[v.room():]
	if s.examples > 1 {
		activity = scratch[:v.o*s.columns]
	}
	return cols, room, activity
}

// aligned rounds up to a whole number of cache lines.
func aligned(elements int) int { return (elements + 15) / 16 * 16 }

// gather writes a range of channels of an array [N,O,H',W'] as a matrix with the columns of
// a tile.
func gather[F float](out, g []F, v convolution, s tile, channel, channels int) {
	positions, part := v.positions(), s.rows*v.ow
	for e := range s.examples {
		for o := range channels {
			from := ((s.from+e)*v.o+channel+o)*positions + s.row*v.ow
			copy(out[o*s.columns+e*part:][:part], g[from:])
		}
	}
}
