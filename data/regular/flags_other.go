//go:build !unix

package regular

// Systems without these flags have what os.Stat and os.Lstat tell before the opening.
const noWait, noFollow = 0, 0
