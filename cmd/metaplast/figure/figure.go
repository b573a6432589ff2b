package figure

// Figure is a picture with what a reader needs to understand it.
type Figure struct {
	ID      string // of its files and its place in a page: letters, digits and "-"
	Title   string
	Caption string // plain sentences: what is shown, how to read it
	Key     []Entry
	Panels  []Panel
	Columns int // panels in a row of the files; 0 means as many as fit, at most 3
}

// Entry is a line of the key: what a colour and its line style, or a range of colours, stands for.
type Entry struct {
	Name string
	Ink  int
	Kind Kind
	Ramp *Ramp // of heat maps; instead of Ink and Kind
}

// Panel is one pair of axes with what is drawn on it.
type Panel struct {
	Title string
	X, Y  Axis
	Lines []Line
	Cells *Cells    // a heat map, instead of Lines
	Spans []Span    // intervals one under the other, instead of Lines
	Pairs bool      // a line joins the first points of all Spans, one the second, and so on
	Bars  []Bar     // bars one under the other, instead of Lines
	Tiles *Tiles    // small pictures, instead of Lines
	Marks []float64 // vertical lines at these values of x
	Level []float64 // horizontal lines at these values of y
	Wide  bool      // half as wide again
	Empty string    // what to say where there is nothing to draw
}

// Axis is one of a panel's. The zero value is a linear axis of the range of the data.
type Axis struct {
	Label      string   // with the unit in brackets, where there is one
	Log        bool     // logarithmic, for values above 0; others have no place on it
	Low, High  float64  // range; both 0 means that of the data
	Categories []string // names of the values 0, 1, …, instead of numbers
}

// Kind is how a line is drawn.
type Kind int

const (
	Solid  Kind = iota // in the ink's dashes
	Marked             // the same, with a mark at each point
	Pale               // thin and pale
	Dots               // marks alone
	Steps              // of a histogram: X has an edge more than Y, the area is filled
	Plain              // thin, in the colour of text, for what is true and not learned
)

// Line is a series of points.
type Line struct {
	Name      string
	Ink       int
	Kind      Kind
	X, Y      []float64
	Low, High []float64 // 95 % confidence interval; nil for none
	Diverged  bool      // a value that is not finite is a result, to be marked
}

// Cells is a heat map, the first row at the top.
type Cells struct {
	Rows, Columns []string
	Values        [][]float64 // [row][column]; NaN where there is none
	Ramp          Ramp
}

// Span is an estimate with its interval. Line breaks are not allowed in a name.
type Span struct {
	Name                string
	Ink                 int
	Estimate, Low, High float64
	Points              []float64 // what it is an estimate of: one value a seed
}

// Tiles are rows of small pictures.
type Tiles struct {
	Rows   []string // names at the left
	Heads  []string // over the columns
	Images [][]Tile // [row][column]
}

// Tile is one grey picture, dark where a value is high.
type Tile struct {
	Width, Height int
	Gray          []uint8 // [Height·Width], 255 for the paper
	Below         []Mark  // one after the other under the picture
}

// Mark says whether a learner was right about a picture: its own mark, or a cross.
type Mark struct {
	Name  string
	Ink   int
	Right bool
}
