package petition

// ListView is a saved view of the list of cases: a name, what it selects and sorts by, and the
// columns it shows.
type ListView struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Staff string `json:"staff"`          // who saved it
	Unit  string `json:"unit,omitempty"` // for everybody of this unit; "" = for who saved it alone
	Query string `json:"query"`          // of the address: key=value&…
}
