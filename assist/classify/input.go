package classify

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const maxLineBytes = 1 << 20

// eachLine calls do with every line of JSON in r that is not blank, and its number from 1. A line that is too long
// or that do refuses is told to fault and passed over.
func eachLine(r io.Reader, do func(line []byte) error, fault func(error)) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for number := 1; ; number++ {
		line, long, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", number, err)
		}
		switch trimmed := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))); {
		case long:
			fault(fmt.Errorf("line %d: longer than %d bytes, passed over", number, maxLineBytes))
		case len(trimmed) > 0:
			if refusal := do(trimmed); refusal != nil {
				fault(fmt.Errorf("line %d: %w, passed over", number, refusal))
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads one line whole; of a line that is too long it keeps nothing.
func readLine(in *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLineBytes {
			long, line = true, nil
		}
		if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

// message is one line of JSON. Its id is echoed as it came, a string or a number.
type message struct {
	ID       json.RawMessage `json:"id"`
	Title    string          `json:"title"`
	Text     string          `json:"text"`
	Category string          `json:"category"`
	Group    json.RawMessage `json:"group"`
}

func parseMessage(line []byte) (message, error) {
	var m message
	err := json.Unmarshal(line, &m)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return m, errors.New("not a JSON object")
	case errors.As(err, &kind):
		return m, fmt.Errorf("%s is a %s where a %s belongs", kind.Field, kind.Value, kind.Type)
	case err != nil:
		return m, fmt.Errorf("not a JSON object (%w)", err)
	case strings.TrimSpace(m.Title) == "" && strings.TrimSpace(m.Text) == "":
		return m, errors.New("neither title nor text")
	}
	return m, nil
}

// ReadExamples reads labelled messages from JSON lines {"id","title","text","category","group"} or from CSV with a
// header naming those columns (or 留言编号, 留言主题, 留言详情, 一级标签). CSV may be UTF-8 or GB 18030, as spreadsheets
// save it. Lines that cannot be read are told to fault, with their number, and passed over.
func ReadExamples(r io.Reader, fault func(error)) ([]Example, error) {
	in := bufio.NewReader(r)
	start, _ := in.Peek(64)
	if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(start, []byte("\ufeff"))), []byte("{")) {
		return readJSON(in, fault)
	}
	return readCSV(in, fault)
}

func readJSON(r io.Reader, fault func(error)) ([]Example, error) {
	var out []Example
	err := eachLine(r, func(line []byte) error {
		m, err := parseMessage(line)
		if err == nil && m.Category == "" {
			err = errors.New("no category")
		}
		if err == nil {
			out = append(out, Example{trim(m.ID), m.Title, m.Text, m.Category, trim(m.Group)})
		}
		return err
	}, fault)
	return out, err
}

func trim(raw json.RawMessage) string {
	s := strings.Trim(string(raw), `"`)
	if s == "null" {
		return ""
	}
	return s
}

var columns = map[string]string{
	"id": "id", "留言编号": "id", "编号": "id",
	"title": "title", "留言主题": "title", "标题": "title",
	"text": "text", "留言详情": "text", "内容": "text",
	"category": "category", "一级标签": "category", "一级分类": "category", "分类": "category",
	"group": "group",
}

const maxCSVBytes = 512 << 20

func readCSV(r io.Reader, fault func(error)) ([]Example, error) {
	file, err := io.ReadAll(io.LimitReader(r, maxCSVBytes))
	if err != nil {
		return nil, fmt.Errorf("read CSV: %w", err)
	}
	if !utf8.Valid(file) {
		if file, err = simplifiedchinese.GB18030.NewDecoder().Bytes(file); err != nil {
			return nil, fmt.Errorf("read CSV: neither UTF-8 nor GB 18030: %w", err)
		}
	}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("read the CSV's header: %w", err)
	}
	at := map[string]int{}
	for i, name := range header {
		if column, ok := columns[strings.ToLower(strings.TrimSpace(name))]; ok {
			at[column] = i
		}
	}
	if _, ok := at["category"]; !ok {
		return nil, fmt.Errorf("read the CSV's header: no category column among %s", strings.Join(header, ", "))
	}
	return csvRows(rows, at, fault)
}

func csvRows(rows *csv.Reader, at map[string]int, fault func(error)) ([]Example, error) {
	var out []Example
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			fault(fmt.Errorf("%w, passed over", err)) // names the line itself
			continue
		}
		cell := func(column string) string {
			if i, ok := at[column]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		e := Example{cell("id"), cell("title"), cell("text"), cell("category"), cell("group")}
		if e.Category == "" || e.Title+e.Text == "" {
			line, _ := rows.FieldPos(0)
			fault(fmt.Errorf("line %d: no category or no words, passed over", line))
			continue
		}
		out = append(out, e)
	}
}
