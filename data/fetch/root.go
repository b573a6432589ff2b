package fetch

import (
	"fmt"
	"os"
	"path/filepath"
)

// RootEnv is the environment variable that names the root.
const RootEnv = "METAPLAST_CACHE"

// Root returns the folder that holds the data sets: override if it is not empty, else the value of
// the environment variable METAPLAST_CACHE if that is set, else the folder "metaplast" in the
// user's cache directory (os.UserCacheDir). It creates nothing, and fails only where the user has no
// cache directory.
func Root(override string) (string, error) {
	if override != "" {
		return override, nil
	}
	if dir := os.Getenv(RootEnv); dir != "" {
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("fetch: no cache directory: %w; set %s to a folder", err, RootEnv)
	}
	return filepath.Join(dir, "metaplast"), nil
}

// Dir returns the folder of a set under Root(override).
func Dir(override, set string) (string, error) {
	root, err := Root(override)
	if err != nil {
		return "", err
	}
	return filepath.Join(root, set), nil
}
