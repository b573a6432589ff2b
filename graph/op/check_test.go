package op_test

import "metaplast/graph/internal/graphtest"

// What the tests of package engine do too.
var check = graphtest.Check

const race = graphtest.Race
