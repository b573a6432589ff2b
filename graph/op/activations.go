package op

// ActivationInfo describes an activation to readers of `metaplast rules`.
type ActivationInfo struct {
	Name      Activation // with a letter for the number that it takes
	Summary   string
	Formula   string // h = φ(z)
	Slope     string // φ′ of h
	Curvature string // φ″ of h
	Source    string
}

// DescribedActivations are all activations, in the order of Activations.
func DescribedActivations() []ActivationInfo {
	return []ActivationInfo{
		{Relu, "what is positive", "max(z, 0)", "1 where h > 0, else 0", "0", "Nair & Hinton, ICML 2010"},
		{Linear, "the identity, and the output layer's always", "z", "1", "0", ""},
		{LeakyRelu + "(a)", "relu that lets a share of what is negative through; 0 < a ≤ 1, 0.01 without a number",
			"z where z > 0, else a z", "1 where h > 0, else a", "0", "Maas, Hannun & Ng, ICML 2013"},
		{Tanh, "from −1 to 1", "tanh z", "1 − h²", "−2 h (1 − h²)", "LeCun, Bottou, Orr & Müller, Efficient BackProp (1998)"},
		{Sigmoid, "from 0 to 1", "1/(1 + exp(−z))", "h (1 − h)", "h (1 − h) (1 − 2 h)", "Rumelhart, Hinton & Williams, Nature 323 (1986) 533-536"},
		{Softplus + "(s)", "smooth relu, the nearer to it the larger the sharpness s > 0; 1 without a number",
			"log(1 + exp(s z))/s", "1 − exp(−s h)", "s exp(−s h) (1 − exp(−s h))", "Dugas et al., NeurIPS 2000"},
	}
}
