package data

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"metaplast/data/objective"
	"metaplast/data/stream"
)

func TestTrajectory(t *testing.T) {
	b := testBank(t, 9, 12, 3, 20)
	for _, tr := range []Trajectory{
		{Bank: b, Classes: 12},
		{Bank: b, Classes: 1, Outputs: 1000},
		{Bank: b, Classes: 7, Order: IID, Outputs: 12, Labels: LabelsClass},
		{Bank: b, Classes: 3, Shots: 2, Query: 18, Order: Continual},
	} {
		p, err := tr.Plan(1, HeldOut, 0, 4)
		if err != nil {
			t.Fatal(err)
		}
		c := tr.classification()
		soundPlan(t, c, p)
		if tr.Shots == 0 && (c.Shots != 15 || c.Query != 5) {
			t.Errorf("%d shots, %d query", c.Shots, c.Query)
		}
		if p.Steps() != tr.Classes*c.Shots || p.Batch != 1 {
			t.Errorf("%d steps of %d", p.Steps(), p.Batch)
		}
		for k, bl := range p.Blocks() {
			if bl.Step != (k+1)*c.Shots || bl.QueryFrom != k*c.Query || bl.QueryTo != (k+1)*c.Query {
				t.Errorf("%+v", bl)
			}
		}
		s := tr.Spec()
		if want := (Spec{"test/trajectory", []int{2, 3, 3}, c.outputs(), p.Steps(), 1, len(p.Query), objective.CrossEntropy, false}); fmt.Sprint(s) != fmt.Sprint(want) {
			t.Errorf("%+v, want %+v", s, want)
		}
		e := mustEpisode(t, tr, 1, HeldOut, 0, 4)
		if err := s.Check(e); err != nil {
			t.Error(err)
		}
		want, err := p.Episode()
		if err != nil || digest(t, e) != digest(t, want) {
			t.Error("Sample and Plan differ", err)
		}
	}
}

// A longer trajectory begins with the classes of a shorter one, and none is drawn from the streams
// of the episodes.
func TestTrajectoryStreams(t *testing.T) {
	b := testBank(t, 9, 12, 3, 20)
	long, err1 := Trajectory{Bank: b, Classes: 12}.Plan(3, HeldOut, 1, 2)
	short, err2 := Trajectory{Bank: b, Classes: 4, Order: IID}.Plan(3, HeldOut, 1, 2)
	episode, err3 := Classification{Bank: b, Ways: 9, Shots: 15, Batch: 1, Query: 5}.Plan(3, HeldOut, 1, 2)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(short.Classes, long.Classes[:4]) {
		t.Errorf("%v do not begin with %v", long.Classes, short.Classes)
	}
	if slices.Equal(episode.Classes, long.Classes[:9]) {
		t.Error("an episode and a trajectory draw the same")
	}
	if want := choose(stream.New(3, "heldout/test/trajectory", 1, 2), 12, 12); !slices.Equal(long.Classes, want) {
		t.Errorf("%v, want %v", long.Classes, want)
	}
}

func TestTrajectoryValidate(t *testing.T) {
	b := testBank(t, 9, 12, 3, 20)
	for _, c := range []struct {
		tr    Trajectory
		split Split
		want  string
	}{
		{Trajectory{Bank: b, Classes: 12}, HeldOut, ""},
		{Trajectory{}, HeldOut, "bank: none, want the classes and their drawings: load a data set first\nclasses: 0, want at least 1"},
		{Trajectory{Bank: b, Classes: 13}, HeldOut, "classes: 13, want at most 12, the classes that test has for heldout"},
		{Trajectory{Bank: b, Classes: 12}, Train, "classes: 12, want at most 9, the classes that test has for train"},
		{Trajectory{Bank: b, Classes: 5, Outputs: 4}, HeldOut, "outputs: 4, want at least 5, a unit for each of the classes"},
		{Trajectory{Bank: b, Classes: 5, Outputs: 11, Labels: LabelsClass}, HeldOut, "outputs: 11, want at least 12 with labels: class, a unit for every class that test has for heldout"},
		{Trajectory{Bank: b, Classes: 5, Query: 6}, HeldOut, "shots + query: 15 + 6, want at most 20, the drawings of class heldout/0 of test for heldout"},
		{Trajectory{Bank: b, Classes: 5, Shots: -1, Order: "x"}, HeldOut, "shots: -1, want at least 1\norder: \"x\", want continual or iid"},
		{Trajectory{Bank: b, Classes: 5}, Split(4), "data: unknown split: Split(4), want Train, HeldOut or Validation"},
	} {
		err := c.tr.ValidateSplit(c.split)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
		if _, perr := c.tr.Sample(1, c.split, 0, 0); fmt.Sprint(perr) != fmt.Sprint(err) {
			t.Errorf("Sample gives %v, ValidateSplit %v", perr, err)
		}
	}
}
