package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestText(t *testing.T) {
	for want, err := range map[string]error{
		`functions: -1, want at least 1`:                     &Field{Path: "functions", Value: -1, Want: "at least 1"},
		`order: "random", want iid`:                          &Field{Path: "order", Value: "random", Want: "iid"},
		`layers: none, want at least one`:                    &Field{Path: "layers", Value: Words("none"), Want: "at least one"},
		`rule: no such rule`:                                 &Field{Path: "rule", Err: errors.New("no such rule")},
		`wrong length: gradient of 3 elements, want 4`:       &Length{What: "gradient", Got: 3, Want: 4},
		`wrong length: row of R [2 1] of 3 elements, want 4`: &Length{What: "row of R", Index: []int{2, 1}, Got: 3, Want: 4},
	} {
		if err.Error() != want {
			t.Errorf("%q: want %q", err, want)
		}
	}
}

func TestFields(t *testing.T) {
	var f Fields
	f.Check(true, "a", 1, "1")
	f.Add("b", nil)
	if err := f.Join(); err != nil {
		t.Errorf("%v: want none", err)
	}
	f.Check(false, "a", 2, "1")
	f.Add("b", fmt.Errorf("inside: %w", ErrSetting))
	err := f.Join()
	if have, want := fmt.Sprint(err), "a: 2, want 1\nb: inside: bad setting"; have != want {
		t.Errorf("%q: want %q", have, want)
	}
	if field := (*Field)(nil); !errors.Is(err, ErrSetting) || !errors.As(err, &field) || field.Path != "a" {
		t.Errorf("%v: want the first field, and the error of the second", err)
	}
	if !errors.Is(&Length{}, ErrLength) {
		t.Error("a Length is no ErrLength")
	}
}

// TestEach: errors that are joined in each other come apart in their order.
func TestEach(t *testing.T) {
	a, b, c := errors.New("a"), fmt.Errorf("b: %w", ErrSetting), errors.New("c")
	list := Each(errors.Join(a, errors.Join(b, nil, c)))
	if len(list) != 3 || list[0] != a || list[1] != b || list[2] != c || len(Each(nil)) != 0 || len(Each(b)) != 1 {
		t.Errorf("%v", list)
	}
}
