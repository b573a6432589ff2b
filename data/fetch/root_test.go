package fetch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRoot(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv(RootEnv, "")
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Root(""); err != nil || got != filepath.Join(cache, "metaplast") {
		t.Error(got, err)
	}
	t.Setenv(RootEnv, "/somewhere")
	if got, err := Dir("", "omniglot"); err != nil || got != filepath.Join("/somewhere", "omniglot") {
		t.Error(got, err)
	}
	if got, err := Root("here"); err != nil || got != "here" {
		t.Error(got, err)
	}
}
