package op

// UseKernels has graphs that are built from now on computed by another set, which the processor
// must have, until the function that it returns is called.
func UseKernels(set string) (restore func()) {
	inUse := vectorWidth
	vectorWidth = widthOf(set)
	return func() { vectorWidth = inUse }
}
