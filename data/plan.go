package data

import (
	"math/rand/v2"
	"slices"
	"sort"
)

// Example is one drawing in an episode.
type Example struct {
	Task    int // index of the class within the episode, in the order of presentation; Ways for a remembered one
	Class   int // number of the class in its split, see Bank.Class
	Drawing int // number of the drawing in its class
	Unit    int // output unit, where the target is 1
}

// Plan is an episode of classification before its images are read: which drawings come when, and
// which output unit stands for which class. No drawing is in it twice.
type Plan struct {
	Split   Split
	Outputs int       // n_out
	Batch   int       // N
	Classes []int     // [Ways] number of each class in the split, in the order of presentation
	Units   []int     // [Ways] its output unit
	Support []Example // [T·N] in the order of time; step t has those from t·N to (t+1)·N
	Query   []Example // [M] class by class, then those to remember

	bank         *Bank
	shots, query int
}

// Bank returns the bank that the drawings are in.
func (p *Plan) Bank() *Bank { return p.bank }

// Steps returns T, the number of inner steps.
func (p *Plan) Steps() int { return len(p.Support) / p.Batch }

// Block is one class of a plan, for a matrix of accuracies: row by row, the network is measured at
// inner step Step of each block, column by column on the query examples of each block.
type Block struct {
	Task, Class, Unit  int
	Name               string // of the class
	Step               int    // inner steps after which it is measured, see Blocks
	QueryFrom, QueryTo int    // its examples: Query[QueryFrom:QueryTo]
}

// Blocks returns the classes in the order of presentation. In continual order Step is the number
// of inner steps after which the class has been taught in full. In iid order, where all are taught
// at once, it divides the stream into equal parts.
func (p *Plan) Blocks() []Block {
	blocks := make([]Block, len(p.Classes))
	for k, class := range p.Classes {
		b := Block{Task: k, Class: class, Unit: p.Units[k], QueryFrom: k * p.query, QueryTo: (k + 1) * p.query}
		b.Step = ((k+1)*p.shots + p.Batch - 1) / p.Batch
		if c, err := p.bank.Class(p.Split, class); err == nil {
			b.Name = c.Name
		}
		blocks[k] = b
	}
	return blocks
}

// drawPlan draws an episode of c, which is valid for the split.
func drawPlan(rng *rand.Rand, c Classification, split Split) *Plan {
	p := &Plan{
		Split: split, Outputs: c.outputs(), Batch: c.Batch,
		Classes: choose(rng, c.Bank.Len(split), c.Ways),
		Support: make([]Example, 0, c.Ways*c.Shots),
		Query:   make([]Example, 0, c.Ways*c.Query+c.Remember),
		bank:    c.Bank, shots: c.Shots, query: c.Query,
	}
	for k, class := range p.Classes {
		n := c.Bank.spec.Classes[c.Bank.splits[split][class]].Drawings
		for i, d := range choose(rng, n, c.Shots+c.Query) {
			e := Example{Task: k, Class: class, Drawing: d}
			if i < c.Shots {
				p.Support = append(p.Support, e)
			} else {
				p.Query = append(p.Query, e)
			}
		}
	}
	p.Units = slices.Clone(p.Classes)
	if c.Labels != LabelsClass {
		p.Units = choose(rng, p.Outputs, c.Ways)
	}
	for _, part := range [][]Example{p.Support, p.Query} {
		for i := range part {
			part[i].Unit = p.Units[part[i].Task]
		}
	}
	if c.Remember > 0 {
		p.Query = append(p.Query, others(rng, c.Bank, split, p.Classes, c.Remember)...)
	}
	if c.Order == IID {
		rng.Shuffle(len(p.Support), func(i, j int) { p.Support[i], p.Support[j] = p.Support[j], p.Support[i] })
	}
	return p
}

// others draws n different drawings from all classes of a split but the taught ones, each with its
// class for a unit.
func others(rng *rand.Rand, b *Bank, split Split, taught []int, n int) []Example {
	skip := make(map[int]bool, len(taught))
	for _, class := range taught {
		skip[class] = true
	}
	// end[class] is the number of drawings of other classes up to and including this one, so that
	// a taught class has none of the numbers.
	end, total := make([]int, b.Len(split)), 0
	for class, k := range b.splits[split] {
		if !skip[class] {
			total += b.spec.Classes[k].Drawings
		}
		end[class] = total
	}
	examples := make([]Example, n)
	for i, r := range choose(rng, total, n) {
		class := sort.SearchInts(end, r+1)
		k := b.splits[split][class]
		examples[i] = Example{Task: len(taught), Class: class, Drawing: r - end[class] + b.spec.Classes[k].Drawings, Unit: class}
	}
	return examples
}
