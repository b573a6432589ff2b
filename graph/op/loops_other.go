//go:build !amd64

package op

func biasReluFast(o, bias []float32) int                        { return 0 }
func gateFast(out, x, h []uint32) int                           { return 0 }
func addScaledFast[F float](out, x, y []F, s F) int             { return 0 }
func scaleFast[F float](out, x []F, s F) int                    { return 0 }
func mulFast[F float](out, x, y []F) int                        { return 0 }
func mulAddFast[F float](out, x, y, z []F) int                  { return 0 }
func mixFast[F float](out, f, h []F, beta F) int                { return 0 }
func dotDifferenceFast[F float](g, f, h []F, r *[8]float64) int { return 0 }
