package rules

import "metaplast/data/catalog"

// The names of the rules, modulators and pathways of this package, as settings give them.
const (
	HebbName       = "hebb"
	OjaName        = "oja"
	PoolName       = "pool"
	TaylorName     = "taylor"
	GaussianName   = "gaussian"
	MLPName        = "mlp"
	InstarName     = "instar"
	BCMName        = "bcm"
	CovarianceName = "covariance"

	TraceName     = "trace"
	ModulatedName = "modulated"
	DecayName     = "decay"
	ClipName      = "clip"
	NormaliseName = "normalise"
	CountedName   = "counted"

	ConstantName = "constant"
	LossName     = "loss"
	ErrorName    = "error"
	RewardName   = "reward"
	ReadoutName  = "readout"

	DirectName   = "direct"
	LayeredName  = "layered"
	BackpropName = "backprop"
	NoneName     = "none"
)

var (
	ruleCatalog = catalog.Of[Rule]("rule",
		Hebb{}, Oja{}, DefaultPool(), DefaultTaylor(), DefaultGaussian(), DefaultMLP(),
		Instar{Competition: NoCompetition}, BCM{Tau: 0.1}, Covariance{Mean: RunningMean, Tau: 0.1},
		Trace{Of: Hebb{}, Lambda: 0.9}, Modulated{Of: Hebb{}, Gain: 1}, Decay{Of: Hebb{}, Lambda: 0.9},
		Clip{Of: Hebb{}, Bound: 2}, Normalise{Of: Hebb{}, Norm: UnitNorm}, Counted{Of: Hebb{}, Rho: 1},
	)
	pathwayCatalog = catalog.Of[Pathway]("pathway", Direct{}, Layered{}, Backprop{}, None{})
)

// Rules returns every registered rule, in the order of registration.
func Rules() []Rule { return ruleCatalog.All() }

// Pathways returns every registered pathway, in the order of registration.
func Pathways() []Pathway { return pathwayCatalog.All() }

// Register adds a rule, so that settings can name it. It returns an error, and adds nothing, if
// the rule is nil, if catalog.CheckName refuses its name, or if the name is taken. Call it before any
// learner is built, from main or an init function.
func Register(r Rule) error { return ruleCatalog.Register(r) }

// RegisterPathway adds a pathway, on the terms of Register.
func RegisterPathway(p Pathway) error { return pathwayCatalog.Register(p) }

// LookupRule returns the rule of a name, or a suggest.UnknownError that names the nearest one.
func LookupRule(name string) (Rule, error) { return ruleCatalog.Lookup(name) }

// LookupPathway returns the pathway of a name, or a suggest.UnknownError that names the nearest
// one.
func LookupPathway(name string) (Pathway, error) { return pathwayCatalog.Lookup(name) }
