package checkpoint

import (
	"errors"
	"strings"
	"testing"
)

// before is the state of a checkpoint as it was written when there was no optimiser but Adam.
const before = `{
 "format": "metaplast checkpoint",
 "version": 1,
 "fingerprint": "c0ffee",
 "seed": 7,
 "step": 12,
 "schedule_step": 11,
 "learners": [
  {
   "name": "flp",
   "adam_step": 10,
   "diverged_in_row": 1,
   "diverged": 2,
   "layout": [
    {
     "name": "W0",
     "group": "weights",
     "shape": [
      2
     ],
     "offset": 0,
     "size": 2,
     "learned": true
    }
   ]
  }
 ]
}
`

// TestStateOfBefore reads an older file, and writes the same: older programs understand a run of Adam.
func TestStateOfBefore(t *testing.T) {
	c, err := decodeState([]byte(before))
	if err != nil {
		t.Fatal(err)
	}
	l := c.Learners[0]
	if c.Seed != 7 || c.Step != 12 || c.ScheduleStep != 11 || c.Unlogged != 0 || c.Pending || !l.Optimizer.Same(adam(0)) || l.Optimizer.Step != 10 || l.Diverged != 2 {
		t.Errorf("have %+v", c)
	}
	back, err := encodeState(c)
	if err != nil || string(back) != before {
		t.Errorf("%v: written as\n%swant\n%s", err, back, before)
	}
	two := strings.Replace(before, `"adam_step": 10,`, `"adam_step": 10, "optimizer": {"method": "own", "step": 1, "vectors": []},`, 1)
	if _, err := decodeState([]byte(two)); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), `learner "flp" has two optimisers`) {
		t.Errorf("two optimisers: %v", err)
	}
	newer := strings.Replace(before, `"version": 1`, `"version": 2`, 1)
	if _, err := decodeState([]byte(newer)); !errors.Is(err, ErrMismatch) {
		t.Errorf("a newer file: %v", err)
	}
}
