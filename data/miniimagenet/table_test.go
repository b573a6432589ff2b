package miniimagenet

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadTable(t *testing.T) {
	want := []row{{"n01.jpg", "n01", 2}, {"b/x, y.png", "cat", 4}}
	for _, text := range []string{
		"filename,label\nn01.jpg,n01\n\n\"b/x, y.png\",cat\n",
		"\ufefffilename,label\r\nn01.jpg,n01\r\n\r\n\"b/x, y.png\",cat",
	} {
		got, err := readTable(iotest.OneByteReader(strings.NewReader(text)), "t.csv")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestReadTableRefuses(t *testing.T) {
	for _, c := range []struct {
		text string
		want error
		says string
	}{
		{"", ErrTable, "t.csv: malformed table: it is empty"},
		{"filename,label\n", ErrTable, "no images in it"},
		{"label,filename\na,b\n", ErrTable, `t.csv:1: malformed table: columns "label,filename", want filename,label`},
		{"filename,label,split\na,b,c\n", ErrTable, "t.csv:1: malformed table: columns"},
		{"n01.jpg,n01\n", ErrTable, "want filename,label"},
		{"filename,label\na.jpg,x\nb.jpg\n", ErrTable, "t.csv:3: malformed table: 1 columns, want 2"},
		{"filename,label\na.jpg,x,y\n", ErrTable, "3 columns, want 2"},
		{"filename,label\na.jpg,\"x\n", ErrTable, "t.csv:"},
		{"filename,label\na.jpg,\n", ErrTable, "t.csv:2: malformed table: no label"},
		{"filename,label\n,x\n", ErrName, "t.csv:2"},
		{"filename,label\n../a.jpg,x\n", ErrName, "want a file in the folder images"},
		{"filename,label\n/etc/passwd,x\n", ErrName, ""},
		{"filename,label\na/../b.jpg,x\n", ErrName, ""},
		{"filename,label\na\\..\\b.jpg,x\n", ErrName, ""},
		{"filename,label\n.,x\n", ErrName, ""},
	} {
		_, err := readTable(strings.NewReader(c.text), "t.csv")
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %v with %q", c.text, err, c.want, c.says)
		}
	}
	broken := errors.New("broken disk")
	if _, err := readTable(iotest.ErrReader(broken), "t.csv"); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := readTable(endless{}, "t.csv"); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

// endless is a table without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "filename,label\n"[i%15]
	}
	return len(p) / 15 * 15, nil
}

// Whatever a table holds, it is read or refused, and no name leads out of the folder.
func FuzzTable(f *testing.F) {
	for _, s := range []string{"filename,label\na.jpg,x\n", "filename,label\n\"a\nb\",x\n", "\ufefffilename,label\n../a,x\n", "filename,label\n\"\n", ",\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := readTable(strings.NewReader(text), "t.csv")
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.Path != "t.csv" {
				t.Errorf("%v is not an *Error", err)
			}
			return
		}
		for _, r := range rows {
			if rel, err := filepath.Rel("/d/images", filepath.Join("/d/images", r.file)); err != nil || rel != r.file || r.label == "" || r.line < 2 {
				t.Errorf("%s", fmt.Sprintf("%+v", r))
			}
		}
	})
}
