package metaopt

import (
	"fmt"
	"strings"

	"metaplast/graph"
)

// AutoRemat lets NewTrainer choose the distance of checkpoints inside episodes from
// Plan.Memory.
const AutoRemat = -1

// MemoryError says that a run does not fit into memory.
type MemoryError struct {
	Have  int64 // bytes that may be used
	Need  int64 // bytes that the run as it was asked for would use
	Remat int   // distance of checkpoints that it was asked with: 0 for none
	Best  int   // the distance with which it would fit, or that would need least
	Least int64 // bytes with that distance
	Fits  bool  // whether Least is no more than Have
	Extra int   // graphs beyond the first, one for each further worker
}

func (e *MemoryError) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "the run needs about %s of memory", gigabytes(e.Need))
	if e.Remat > 0 {
		fmt.Fprintf(&s, " with --remat %d", e.Remat)
	}
	fmt.Fprintf(&s, ", %s are available: ", gigabytes(e.Have))
	switch {
	case e.Fits && e.Best == 0:
		s.WriteString("it would fit without --remat")
	case e.Fits:
		fmt.Fprintf(&s, "--remat %d would need %s", e.Best, gigabytes(e.Least))
	default:
		fmt.Fprintf(&s, "even --remat %d would need %s; make layers narrower, freeze more of them, or shorten the episode", e.Best, gigabytes(e.Least))
		if e.Extra > 0 {
			s.WriteString(", or use fewer --workers, each of which has a graph of its own")
		}
	}
	return s.String()
}

func gigabytes(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.0f MB", max(float64(n)/1e6, 1))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// processBytes is what the program itself takes, before any graph.
const processBytes = 40 << 20

// withGarbage adds to what lives what is garbage between two collections while graphs are built and
// run: an eighth, as measured on the paper's episode with the memory of Go limited to what may be used.
func withGarbage(live int64) int64 { return live + live/8 }

// fit decides on the distance of checkpoints and returns it, or a MemoryError.
func (p *Plan) fit(model *graph.Model, params, graphs int) (remat int, err error) {
	if p.Graph.Machine != nil {
		return 0, nil // plans its memory itself, if at all
	}
	m, err := model.Estimate()
	if err != nil {
		return 0, err
	}
	// θ and two moments, a row for every episode, and a copy while they are saved.
	fixed := processBytes + 8*int64(params)*int64(4+p.Settings.Batch)
	total := func(k int) int64 { return fixed + withGarbage(int64(graphs)*m.Bytes(k)) }
	have := p.Memory
	if have <= 0 {
		return max(p.Remat, 0), nil
	}
	// A tenth is left where it can be: a collector that waits for other programs needs it.
	best, fits := m.Remat((have - have/10 - fixed) / 9 * 8 / int64(graphs))
	if !fits {
		best, fits = m.Remat((have - fixed) / 9 * 8 / int64(graphs))
	}
	if p.Remat == AutoRemat && fits {
		return best, nil
	}
	asked := max(p.Remat, 0)
	if p.Remat != AutoRemat && total(asked) <= have {
		return asked, nil
	}
	return 0, &MemoryError{Have: have, Need: total(asked), Remat: asked, Best: best, Least: total(best), Fits: fits, Extra: graphs - 1}
}
