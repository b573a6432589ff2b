package graph

import "fmt"

// Guarded turns a panic of f, from a rule or op that is not ours, into an error. A panic of
// a goroutine would otherwise end the process before a run is saved.
func Guarded(f func() error) func() error {
	return func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic while running a graph: %v", r)
			}
		}()
		return f()
	}
}
