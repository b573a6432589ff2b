package measure

// Retention is how the loss of each task changes as later tasks arrive. The age of a task
// is the number of tasks learned after it.
type Retention struct {
	Learned []float64   // [T] loss of task j right after it was learned
	Change  [][]float64 // Change[j][a] its loss at age a less Learned[j]; T−j ages, the first 0
	ByAge   []float64   // [T] mean of Change at age a, over the T−a tasks that reach it
	Final   []float64   // [T] Change at the end of the stream; 0 for the last task
	Worst   []float64   // [T] largest Change at any age; never below 0, that of age 0
}

// Retain reads the retention curves from a table of losses.
//
//	Change[j][a] = L[j+a][j] − L[j][j],  a = 0 … T−1−j
//	ByAge[a]     = 1/(T−a) Σ_{j<T−a} Change[j][a]
//
//	L  [T,T]  L[t][j]: loss of task j after learning tasks 0 … t; T ≥ 1
//
// Positive: forgotten; negative: later tasks helped. Changes are differences and not
// quotients, which a well-learned task with a loss near 0 would dominate. ByAge averages
// over fewer and earlier tasks as age grows. The mean of Final over all tasks but the last
// is −BackwardTransfer(L, Loss).
//
// Elements above the diagonal, of tasks not yet learned, are not read and may be NaN.
// Errors: ErrTooFew, fault.ErrLength for a table that is not square, ErrNonFinite.
func Retain(losses [][]float64) (Retention, error) {
	const what = "losses"
	if err := square(what, losses, 1); err != nil {
		return Retention{}, err
	}
	tasks := len(losses)
	r := Retention{
		Learned: make([]float64, tasks),
		Change:  make([][]float64, tasks),
		ByAge:   make([]float64, tasks),
		Final:   make([]float64, tasks),
		Worst:   make([]float64, tasks),
	}
	for t, row := range losses {
		if err := finite(what, row[:t+1], t); err != nil {
			return Retention{}, err
		}
	}
	for j := range tasks {
		r.Learned[j] = losses[j][j]
		r.Change[j] = make([]float64, tasks-j)
		for a := range r.Change[j] {
			c := losses[j+a][j] - losses[j][j]
			r.Change[j][a] = c
			r.ByAge[a] += c
			r.Worst[j] = max(r.Worst[j], c)
		}
		if err := finite("change of loss", r.Change[j], j); err != nil {
			return Retention{}, err
		}
		r.Final[j] = r.Change[j][tasks-1-j]
	}
	if err := finite("sum of changes at age", r.ByAge); err != nil {
		return Retention{}, err
	}
	for a := range r.ByAge {
		r.ByAge[a] /= float64(tasks - a)
	}
	return r, nil
}
