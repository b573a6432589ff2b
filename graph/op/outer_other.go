//go:build !amd64

package op

import "metaplast/graph/blas"

func ojaStepWide[F float](update, []F, [][]F, int, []F) bool { return false }

func ojaBackWide[F float](update, wideBack[F]) {}

func canWide[F float](update, []F) bool { return false }

func thinGemm[F float](*blas.Library, bool, bool, int, int, int, F, []F, int, []F, int, F, []F, int) bool {
	return false
}
