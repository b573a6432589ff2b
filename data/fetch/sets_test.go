package fetch

import (
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

func TestSets(t *testing.T) {
	for _, s := range Sets() {
		if got, err := Lookup(s.Name); err != nil || got.Name != s.Name {
			t.Error(err)
		}
		if s.About == "" || s.License == "" || (len(s.Files) == 0) != (s.Manual != "") {
			t.Errorf("%s says too little", s.Name)
		}
		seen := map[string]bool{}
		for _, f := range s.Files {
			if u, err := url.Parse(f.URL); err != nil || u.Scheme != "https" || filepath.Base(f.Name) != f.Name || len(f.Sums) == 0 {
				t.Errorf("%+v", f)
			}
			for _, sum := range f.Sums {
				if b, err := hex.DecodeString(sum.SHA256); err != nil || len(b) != 32 || sum.Size < 1 || seen[sum.SHA256] {
					t.Errorf("%+v", sum)
				}
				seen[sum.SHA256] = true
			}
		}
	}
	if _, err := Lookup("omniglott"); !errors.Is(err, ErrUnknown) || err.Error() != `fetch: "omniglott": unknown data set; choose one of omniglot, mini-imagenet` {
		t.Error(err)
	}
}

// The archives at hand, if there are any, install and verify.
func TestRealArchives(t *testing.T) {
	dir := os.Getenv("METAPLAST_OMNIGLOT")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data", "omniglot")
	}
	if _, err := os.Stat(filepath.Join(dir, BackgroundZip)); err != nil {
		t.Skipf("SKIPPED: THE REAL OMNIGLOT IS NOT TESTED: no archives in %s; set METAPLAST_OMNIGLOT to their folder", dir)
	}
	set, err := Lookup(Omniglot)
	if err != nil {
		t.Fatal(err)
	}
	f := Fetcher{Root: t.TempDir()}
	if err := f.Install(t.Context(), set, dir); err != nil {
		t.Fatal(err)
	}
	all, err := f.Verify(t.Context(), set)
	if err != nil {
		t.Error(err)
	}
	for _, s := range all {
		if s.State != Sound {
			t.Errorf("%+v", s)
		}
	}
}
