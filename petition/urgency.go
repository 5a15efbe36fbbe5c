package petition

import "slices"

// Urgency is what makes a petition urgent (Art 25): danger to people now. "" is none. It is
// about a matter and never about a person. The reader, the citizen or an officer says it.
type Urgency string

// The kinds of urgency.
const (
	UrgentLife     Urgency = "life"     // somebody may take their life, or is dying
	UrgentViolence Urgency = "violence" // violence or a threat of it
	UrgentChild    Urgency = "child"    // a child is harmed
	UrgentGround   Urgency = "ground"   // slides, floods, what may collapse
	UrgentFire     Urgency = "fire"     // fire, gas, explosion
	UrgentPoison   Urgency = "poison"   // many people sick, water or food poisoned
	UrgentCrowd    Urgency = "crowd"    // many people gather, or a fight between many
)

// Urgencies are all of them, in the order in which they are offered.
func Urgencies() []Urgency {
	return []Urgency{UrgentLife, UrgentViolence, UrgentChild, UrgentGround, UrgentFire, UrgentPoison, UrgentCrowd}
}

// Known reports whether u is one of Urgencies.
func (u Urgency) Known() bool { return slices.Contains(Urgencies(), u) }
