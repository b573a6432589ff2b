//go:build !amd64

package op

func ojaStepInTiles[F float](update, []F, [][]F, int, []F) bool { return false }

func ojaBackInTiles[F float](update, ojaBackBlock[F]) {}

func hasOjaTiles[F float](update, []F) bool { return false }
