// Package study holds the studies of the claims of Lindsey & Litwin-Kumar, Learning to Learn
// with Feedback and Local Plasticity (NeurIPS 2020, arXiv 2006.09549): what is trained, what
// is measured, what is claimed, and how the measurements decide it.
//
//	Study     a definition: arms, measures, claims; data only, see Studies
//	Setting   a study at one size, on one task
//	Plan      a setting with seeds: one run for each seed, whose learners are the arms
//	Run       trains and measures the runs of a plan, several side by side
//	Judge     computes the Result, verdicts and all, from the measurements
//	Result    verdict.json; Table shows it to people
//
// # Design of a study
//
// All arms of a study are learners of one run: they see the same episodes in the same order
// and start from the same weights. A run is repeated with several seeds. The seed is the unit
// of all statistics: episodes of one trained learner are no independent evidence about the way
// it learns. Within a seed, arms are compared by the difference of their measurements, so that
// what the seed gives to both cancels.
//
// # Statistics
//
// Of every arm a, a measure gives one number x_a,s for seed s. For a claim about arms a and b,
// the effect is
//
//	difference   d_s = x_a,s − x_b,s              mean(d)          threshold 0: no difference
//	ratio        d_s = ln x_a,s − ln x_b,s        exp(mean(d))     threshold 1: no difference
//
// with the interval mean(d) ± t_{0.975,n−1}·sd(d)/√n, for a ratio taken to exp at the end.
// Student's t and not the bootstrap: with five seeds the percentile bootstrap's 95 % interval
// covers the mean with a probability of 0.84 only (measure.Bootstrap). t assumes that the d_s
// are about normal; ratios of losses are skewed, their logarithms much less.
//
//	confirmed   the whole interval lies on the claimed side of the threshold
//	refuted     the whole interval lies on the other side
//	undecided   it contains the threshold, or there is none
//
// There is no interval for one seed. A claim about one arm has its measure itself for an effect. One about
// a share of the seeds is confirmed if so many of their effects lie on the claimed side, refuted if not; a
// seed in which the arm collapsed does not count.
//
// A seed in which an arm has no finite value (all but few of its held-out episodes diverge) is
// never left out: the arm collapsed there, and that is a result. Then the claim is decided by ranks,
// by the signed-rank test of all seeds' effects beyond the threshold (measure.SignedRank, exact,
// two-sided, at 5 %), in which an arm that collapsed has the worst value there is: an infinite loss,
// an accuracy of −∞. A seed in which both arms collapsed says nothing and is left out of the ranks;
// a loss of exactly 0, which has no logarithm, ranks as the best. Effect and interval are then those
// of the other seeds, shown beside and deciding nothing. Fewer than six seeds are never decided by
// ranks. A measure of which neither end is the worst has no ranks: with a seed that collapsed, a
// claim about it is undecided.
//
// Which of the two tests decides a claim depends on whether an arm collapsed and on nothing else.
// Claims are judged one by one, each at 95 %: with m claims about nothing, 0.05·m are decided by
// chance, and the table says how many a study tests.
//
// # What is measured of a seed
//
// These were fixed before any study was run.
//
//	loss      the median over the held-out episodes of the query loss with W(T), a diverged
//	          episode counting as +Inf. Not the mean: single episodes explode to 10²⁰, and the
//	          mean is then the size of one explosion. Not the mean of the rest either, which
//	          rewards an arm for losing its worst episodes. Diverged episodes are counted
//	          beside it.
//	accuracy  the mean over the meta-test episodes of the share of query examples that are
//	          classified rightly, a diverged episode counting by what its outputs say
//	planted   of a rule that is to be found: those of package recovery, on the held-out episodes
//	others    means over held-out episodes of package analysis's measures; a diverged episode
//	          is left out of them and counted
//
// Training never stops for an arm that diverges (meta.max_diverged 0): the arms share a run,
// and an arm that fails is a result. Its diverged episodes are counted too.
//
// # Sources
//
// A claim's wording follows the paper's where the paper makes it; Source says where. What the
// paper or its authors' code do without claiming anything for it is put as a claim that the
// choice is better than its alternative, and Source says that it is one.
package study
