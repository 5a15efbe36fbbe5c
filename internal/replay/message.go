// Package replay measures what it costs a citizen to lodge: messages that were written to
// another office are told to the bot as first messages, a simulated citizen presses the
// obvious button at every further question, and the messages until the ticket are counted.
package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// Message is one message that was written to some office.
type Message struct {
	ID    string
	Title string
	Text  string
}

const maxLine = 1 << 20 // bytes

// Read reads JSON lines {"id","title","text"}. Lines that are none, or have no words, are
// an error that names the line.
func Read(in io.Reader) ([]Message, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	var out []Message
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		var m struct {
			ID          json.RawMessage `json:"id"`
			Title, Text string
		}
		if err := json.Unmarshal(line, &m); err != nil {
			return nil, fmt.Errorf("read messages: line %d is no JSON object: %w", n, err)
		}
		if strings.TrimSpace(m.Title+m.Text) == "" {
			return nil, fmt.Errorf("read messages: line %d has neither title nor text", n)
		}
		out = append(out, Message{strings.Trim(string(m.ID), `"`), m.Title, m.Text})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return out, nil
}

// Sample draws n messages (all of them when there are no more), in their order. The same
// seed draws the same ones.
func Sample(all []Message, n int, seed uint64) []Message {
	if n <= 0 || n >= len(all) {
		return all
	}
	at := rand.New(rand.NewPCG(seed, 0)).Perm(len(all))[:n]
	slices.Sort(at)
	out := make([]Message, n)
	for i, k := range at {
		out[i] = all[k]
	}
	return out
}

// masked is how the public messages name their places: 西地省, A市, A3区, B7县.
var masked = regexp.MustCompile(`西地省|[A-Z]\d{0,2}(?:市|区|县)(?:[A-Z]\d{1,2}(?:市|区|县))?`)

// Settle writes a town of ours where a masked place stands, always the same for the same
// one; without towns, nothing.
func Settle(text string, towns []string) string {
	return masked.ReplaceAllStringFunc(text, func(s string) string {
		if len(towns) == 0 || s == "西地省" {
			return ""
		}
		sum := 0
		for _, r := range s {
			sum += int(r)
		}
		return towns[sum%len(towns)]
	})
}
