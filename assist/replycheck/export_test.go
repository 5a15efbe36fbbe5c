package replycheck

// Demands are the demands of a request, Keys those of the sentences of every finding.
var (
	Demands = demands
	Keys    = keys
)
