package related

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// RunOptions are those of Run.
type RunOptions struct {
	Warn     io.Writer             // where lines that cannot be read are named; default: nowhere
	Progress func(done, total int) // may be nil
}

const (
	mostRelated  = 10
	maxLineBytes = 1 << 20
)

// Run reads JSON lines {"id","user","time","title","text"}, relates every petition to the others, and writes
// {"id","related":[{"id","score","why"}]} for each, in order, best first, at most ten. A line that cannot be read is
// named on Warn and passed over; Run then goes on and fails at the end with how many there were.
func Run(in io.Reader, out io.Writer, o RunOptions) error {
	warn := o.Warn
	if warn == nil {
		warn = io.Discard
	}
	x := NewIndex()
	var all []message
	faults := 0
	err := eachLine(in, func(number int, line []byte) error {
		m, err := parse(line)
		if err == nil && !x.Add(m.doc()) {
			err = fmt.Errorf("id %s came before", m.ID)
		}
		if err != nil {
			faults++
			fmt.Fprintf(warn, "line %d: %v, passed over\n", number, err)
			return nil
		}
		all = append(all, m)
		return nil
	})
	if err != nil {
		return fmt.Errorf("relate petitions: %w", err)
	}
	if err := writeAll(x, all, out, o.Progress); err != nil {
		return fmt.Errorf("relate petitions: %w", err)
	}
	if faults > 0 {
		return fmt.Errorf("%d lines could not be read and were passed over", faults)
	}
	return nil
}

func writeAll(x *Index, all []message, out io.Writer, progress func(done, total int)) error {
	buffered := bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	answers.SetEscapeHTML(false)
	for i, m := range all {
		hits := x.Query(m.doc(), mostRelated)
		if hits == nil {
			hits = []Hit{}
		}
		if err := answers.Encode(struct {
			ID      json.RawMessage `json:"id"`
			Related []Hit           `json:"related"`
		}{m.ID, hits}); err != nil {
			return err
		}
		if progress != nil {
			progress(i+1, len(all))
		}
	}
	return buffered.Flush()
}

// message is one line of input. Its id is a string or a number.
type message struct {
	ID    json.RawMessage `json:"id"`
	User  string          `json:"user"`
	Time  string          `json:"time"`
	Title string          `json:"title"`
	Text  string          `json:"text"`
}

func (m message) doc() Doc {
	when, _ := time.Parse(time.DateTime, m.Time) // a time that cannot be read is no time: nothing depends on it
	return Doc{ID: strings.Trim(string(m.ID), `"`), User: m.User, Time: when, Title: m.Title, Text: m.Text}
}

func parse(line []byte) (message, error) {
	var m message
	if err := json.Unmarshal(line, &m); err != nil {
		return m, fmt.Errorf("not a message (%w)", err)
	}
	if len(m.ID) == 0 || string(m.ID) == "null" || string(m.ID) == `""` {
		return m, errors.New("no id")
	}
	return m, nil
}

// eachLine calls do with every line that is not blank; what do refuses stops it, with the line's number.
func eachLine(r io.Reader, do func(number int, line []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
	number := 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		if err := do(number, line); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("after line %d: %w", number, err)
	}
	return nil
}
