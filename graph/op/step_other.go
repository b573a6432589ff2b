//go:build !amd64

package op

func ojaRowFast[F float](o, w, d, a []F, k, s F) int { return 0 }

func ojaBackRowFast[F float](oh, oa, ow, g, w, d, a, sum []F, k, s F, r *[8]float64) int { return 0 }
