package office

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"dengwen/petition"
)

// Fields are what stands in a place of the file, by its key, of inner places with a dot (names.en): one value, or those
// of a list.
type Fields map[string][]string

// One is the value of a key, "" where there is none.
func (f Fields) One(key string) string {
	if len(f[key]) == 0 {
		return ""
	}
	return f[key][0]
}

// Entries are those of a list of the file, in its order.
func Entries(text []byte, list string) ([]Fields, error) {
	all, err := sequence(part(text, list))
	if err != nil || all == nil {
		return nil, err
	}
	entries := make([]Fields, len(all.Content))
	for i, e := range all.Content {
		entries[i] = Fields{}
		entries[i].read("", e)
	}
	return entries, nil
}

// Head are the places of the file that are no list of entries; the settings are under settings.
func Head(text []byte) (Fields, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, plain(err)
	}
	f := Fields{}
	for _, top := range doc.Content {
		f.read("", top)
	}
	return f, nil
}

func (f Fields) read(at string, n *yaml.Node) {
	switch n.Kind {
	case yaml.ScalarNode:
		f[at] = []string{n.Value}
	case yaml.SequenceNode:
		for _, v := range n.Content {
			if v.Kind == yaml.ScalarNode {
				f[at] = append(f[at], v.Value)
			}
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if at != "" {
				key = at + "." + key
			}
			f.read(key, n.Content[i+1])
		}
	}
}

// Shape says how a value is written where the file has none yet.
type Shape int

// One text, a list of texts, and a value that is written without quotes: a number, true or false.
const (
	Text Shape = iota
	List
	Bare
)

// Set is a value to be written in a place of the file; no values = the place is taken out.
type Set struct {
	Key    string
	Shape  Shape
	Values []string
}

// WithEntry is the text with the n-th entry of a list changed, one more at the end for n behind the last. What the changes do not
// name stays, in this entry, and to the letter in all others.
func WithEntry(text []byte, list string, n int, changes []Set) ([]byte, error) {
	p := part(text, list)
	all, err := sequence(p)
	if err != nil {
		return nil, err
	}
	if all == nil || len(all.Content) == 0 {
		e := &yaml.Node{Kind: yaml.MappingNode}
		change(e, changes)
		lines, err := written(e, "  ")
		return With(text, list, remarks(p)+list+":\n"+lines), err
	}
	e, flow := &yaml.Node{Kind: yaml.MappingNode, Style: all.Content[0].Style}, all.Style&yaml.FlowStyle != 0
	if n < len(all.Content) {
		e = all.Content[n]
	}
	change(e, changes)
	if flow {
		if n >= len(all.Content) {
			all.Content = append(all.Content, e)
		}
		return encoded(text, p, list, all)
	}
	lines, err := written(e, strings.Repeat(" ", all.Content[0].Column-3))
	if err != nil {
		return nil, err
	}
	return With(text, list, splice(p, all, n, lines)), nil
}

// WithoutEntry is the text without the n-th entry of a list.
func WithoutEntry(text []byte, list string, n int) ([]byte, error) {
	p := part(text, list)
	all, err := sequence(p)
	if err != nil || all == nil || n >= len(all.Content) {
		return text, err
	}
	if all.Style&yaml.FlowStyle != 0 || len(all.Content) == 1 {
		all.Content = slices.Delete(all.Content, n, n+1)
		return encoded(text, p, list, all)
	}
	return With(text, list, splice(p, all, n, "")), nil
}

// WithHead is the text with places changed that are no list of entries. A part that is changed is written anew below the remarks
// above it.
func WithHead(text []byte, changes []Set) ([]byte, error) {
	have, err := Head(text)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if slices.Equal(have[c.Key], c.Values) || have.One(c.Key) == "" && strings.Join(c.Values, "") == "" {
			continue
		}
		top, _, _ := strings.Cut(c.Key, ".")
		var doc yaml.Node
		p := part(text, top)
		if err := yaml.Unmarshal([]byte(p), &doc); err != nil {
			return nil, plain(err)
		}
		root := &yaml.Node{Kind: yaml.MappingNode}
		if len(doc.Content) > 0 {
			root = doc.Content[0]
		}
		if c.Values == nil && c.Key == top && c.Shape == Text {
			c.Values = []string{""}
		}
		change(root, []Set{c})
		value := &yaml.Node{Kind: yaml.MappingNode}
		if i := index(root, top); i >= 0 {
			value = root.Content[i+1]
		}
		if text, err = encoded(text, p, top, value); err != nil {
			return nil, err
		}
	}
	return text, nil
}

// part is a part's text, "" where the file lacks it.
func part(text []byte, key string) string {
	for _, p := range Parts(text) {
		if p.Key == key {
			return p.Text
		}
	}
	return ""
}

// remarks are the lines above a part's key.
func remarks(part string) string {
	var above strings.Builder
	for line := range strings.Lines(part) {
		if keyLine.MatchString(line) {
			break
		}
		above.WriteString(line)
	}
	return above.String()
}

// sequence is the list that a part is, nil where it is none.
func sequence(part string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(part), &doc); err != nil {
		return nil, plain(err)
	}
	if len(doc.Content) == 0 || len(doc.Content[0].Content) < 2 || doc.Content[0].Content[1].Kind != yaml.SequenceNode {
		return nil, nil
	}
	return doc.Content[0].Content[1], nil
}

// change sets the places of a mapping.
func change(e *yaml.Node, changes []Set) {
	for _, c := range changes {
		set(e, strings.Split(c.Key, "."), c)
	}
}

func set(e *yaml.Node, path []string, c Set) {
	i := index(e, path[0])
	if len(path) > 1 {
		if i < 0 {
			if len(c.Values) == 0 {
				return
			}
			e.Content = append(e.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: path[0]}, &yaml.Node{Kind: yaml.MappingNode, Style: e.Style})
			i = len(e.Content) - 2
		}
		inner := e.Content[i+1]
		if set(inner, path[1:], c); len(inner.Content) == 0 {
			e.Content = slices.Delete(e.Content, i, i+2)
		}
		return
	}
	switch {
	case len(c.Values) == 0 && i >= 0:
		e.Content = slices.Delete(e.Content, i, i+2)
	case len(c.Values) == 0:
	case i >= 0:
		was := e.Content[i+1]
		n := c.node()
		if was.Kind == n.Kind && was.Kind == yaml.ScalarNode && was.Value == n.Value {
			return // as it was written
		}
		n.LineComment = was.LineComment
		e.Content[i+1] = n
	default:
		e.Content = append(e.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: path[0]}, c.node())
	}
}

// index is where a key of a mapping stands, -1 = nowhere.
func index(e *yaml.Node, key string) int {
	for i := 0; i+1 < len(e.Content); i += 2 {
		if e.Content[i].Value == key {
			return i
		}
	}
	return -1
}

func (c Set) node() *yaml.Node {
	if c.Shape == List {
		all := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, v := range c.Values {
			all.Content = append(all.Content, scalar(v))
		}
		return all
	}
	if c.Shape == Bare {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: c.Values[0]}
	}
	return scalar(c.Values[0])
}

// scalar is a text, quoted where it would be read as something else.
func scalar(text string) *yaml.Node {
	n := new(yaml.Node)
	n.SetString(text)
	if _, err := strconv.ParseFloat(text, 64); err == nil || text == "" {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// was is a former name of an entry, written as the file has it.
func was(past []petition.Former) (*yaml.Node, error) {
	n := new(yaml.Node)
	if err := n.Encode(past); err != nil {
		return nil, err
	}
	n.Style = yaml.FlowStyle
	for _, f := range n.Content {
		if i := index(f, "names"); i >= 0 && len(f.Content[i+1].Content) == 0 {
			f.Content = slices.Delete(f.Content, i, i+2)
		}
	}
	return n, nil
}

// Renamed is the text with a former name added to the n-th entry of a list: the one it has now, until a day. Cases keep
// it.
func Renamed(text []byte, list string, n int, until string) ([]byte, error) {
	p := part(text, list)
	all, err := sequence(p)
	if err != nil || all == nil || n >= len(all.Content) || all.Style&yaml.FlowStyle != 0 {
		return text, err
	}
	e := all.Content[n]
	var have struct {
		Name  string            `yaml:"name"`
		Names petition.Names    `yaml:"names"`
		Was   []petition.Former `yaml:"was"`
	}
	if err := e.Decode(&have); err != nil {
		return nil, plain(err)
	}
	if last := len(have.Was); last > 0 && have.Was[last-1].Until >= until {
		return text, nil // it was renamed today already: the name of this morning is no case's
	}
	value, err := was(append(have.Was, petition.Former{Name: have.Name, Names: have.Names, Until: until}))
	if err != nil {
		return nil, err
	}
	if i := index(e, "was"); i >= 0 {
		e.Content[i+1] = value
	} else {
		e.Content = append(e.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "was"}, value)
	}
	lines, err := written(e, strings.Repeat(" ", e.Column-3))
	if err != nil {
		return nil, err
	}
	return With(text, list, splice(p, all, n, lines)), nil
}

// written is an entry as lines of a list.
func written(e *yaml.Node, indent string) (string, error) {
	body, err := encode(e)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	lead := indent + "- "
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) == "" {
			b.WriteString("\n")
			continue
		}
		b.WriteString(lead + line)
		lead = indent + "  "
	}
	return b.String(), nil
}

func encode(n *yaml.Node) (string, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return "", err
	}
	return b.String(), e.Close()
}

// encoded is the text with a part written anew below its remarks.
func encoded(text []byte, p, key string, value *yaml.Node) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: key}, value}}
	body, err := encode(root)
	if err != nil {
		return nil, err
	}
	return With(text, key, remarks(p)+body), nil
}

// splice puts lines in the place of the n-th entry of a part; behind the last they are added. Remarks between entries stay.
func splice(p string, all *yaml.Node, n int, lines string) string {
	whole := slices.Collect(strings.Lines(p))
	if !strings.HasSuffix(p, "\n") {
		whole[len(whole)-1] += "\n"
	}
	end := func(i int) int { // first line behind an entry
		last := len(whole)
		if i+1 < len(all.Content) {
			last = all.Content[i+1].Line - 1
		}
		for last > all.Content[i].Line && remark(whole[last-1], all.Content[i].Column-2) {
			last--
		}
		return last
	}
	from, to := end(len(all.Content)-1), 0
	if n < len(all.Content) {
		from = all.Content[n].Line - 1
		to = end(n)
	} else {
		to = from
	}
	return strings.Join(whole[:from], "") + lines + strings.Join(whole[to:], "")
}

// remark reports whether a line is empty, or a remark that stands no deeper than a column.
func remark(line string, column int) bool {
	rest := strings.TrimLeft(line, " ")
	return strings.TrimSpace(rest) == "" || rest[0] == '#' && len(line)-len(rest) <= column
}
