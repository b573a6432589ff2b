//go:build !amd64

package op

import "metaplast/graph/blas"

func gemmInTiles[F float](*blas.Library, bool, bool, int, int, int, F, []F, int, []F, int, F, []F, int) bool {
	return false
}
