package answer

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// told is the machine-readable form of an answer.
type told struct {
	Answer     string  `json:"answer"`
	Articles   []int   `json:"articles"`
	Confidence float64 `json:"confidence"`
	Entry      string  `json:"entry"`
}

// RunAsk prints the answer to one question as it holds today, as text or as one line of JSON with
// the fields answer, articles, confidence and entry (empty when not known).
func RunAsk(book *Book, question, lang string, asJSON bool, out io.Writer) error {
	a := book.Answer(question, lang, time.Now())
	if !asJSON {
		if _, err := fmt.Fprintln(out, a.Text); err != nil {
			return fmt.Errorf("print the answer: %w", err)
		}
		return nil
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(told{a.Text, append([]int{}, a.Articles...), a.Confidence, a.Entry}); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}
