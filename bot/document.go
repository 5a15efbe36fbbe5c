package bot

// Document is an official document that a message hands over. ID is what
// petition.ParsePaper reads; Code is the query code in a chat that has not filed the
// case.
type Document struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}
