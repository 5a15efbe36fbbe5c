// Package office reads the one YAML file in which offices differ: units, places,
// categories, routing and settings. 柞水县 is built in as the worked example.
package office

import (
	"bytes"
	_ "embed"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"dengwen/petition"
)

//go:embed zhashui.yaml
var zhashui []byte

// Load reads the office's file; "" gives the built-in example. Settings left out
// have their defaults. A fault refuses the file, and the error names every one of
// them, one a line. Warnings do not refuse it.
func Load(path string) (*petition.Office, []error, error) {
	if path == "" {
		return read(zhashui)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, wrap("unread", err)
	}
	o, warnings, err := read(data)
	if err != nil {
		return nil, warnings, wrap("faults", err, "file", path)
	}
	return o, warnings, nil
}

// File is the text of the office's file; "" gives the built-in example.
func File(path string) ([]byte, error) {
	if path == "" {
		return zhashui, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, wrap("unread", err)
	}
	return data, nil
}

// Example is the built-in office. Its names are not checked: Office.Example is set.
func Example() *petition.Office {
	o, _, err := read(zhashui)
	if err != nil { // the file is part of the program; a test reads it
		panic("office: built-in example: " + err.Error())
	}
	return o
}

// read is Load of a text.
func read(data []byte) (*petition.Office, []error, error) {
	var o petition.Office
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	err := d.Decode(&o)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil, because("nothing")
	case err != nil && !onlyRetired(err):
		return nil, nil, plain(err)
	}
	o.Settings, o.Lines = o.Settings.Filled(), o.Lines.Filled()
	o.FoldNames()
	c := &checker{o: &o}
	if err != nil {
		c.warnings = append(c.warnings, plain(err))
	}
	c.all()
	if len(c.faults) > 0 {
		return nil, c.warnings, errors.Join(c.faults...)
	}
	o.Retire()
	return &o, c.warnings, nil
}

var unknownField = regexp.MustCompile(`^line (\d+): field (\S+) not found in type \S+$`)

// retired are settings that older files have and nothing reads any more. Never
// written to.
var retired = []string{
	"simple_hop", // the simple procedure ends where a case is passed on
}

// onlyRetired reports whether a file is wrong in nothing but settings of older ones:
// everything else has been read.
func onlyRetired(err error) bool {
	var te *yaml.TypeError
	return errors.As(err, &te) && !slices.ContainsFunc(te.Errors, func(line string) bool {
		m := unknownField.FindStringSubmatch(line)
		return m == nil || !slices.Contains(retired, m[2])
	})
}

var wrongKind = regexp.MustCompile("^line (\\d+): cannot unmarshal !!\\w+(?: `(.*)`)? into (\\S+)$")

func wrap(key string, err error, args ...string) error {
	e := petition.Fail(petition.Invalid, "office_file."+key, args...)
	e.Err = err
	return e
}

// plain says what the YAML reader found in words for whoever wrote the file.
func plain(err error) error {
	var te *yaml.TypeError
	if !errors.As(err, &te) {
		return wrap("yaml", err)
	}
	var faults []error
	for _, line := range te.Errors {
		m, fault := unknownField.FindStringSubmatch(line), errors.New(line)
		if m != nil && slices.Contains(retired, m[2]) {
			fault = because("line.retired", "line", m[1], "field", m[2])
		} else if m != nil {
			fault = because("line.unknown", "line", m[1], "field", m[2])
		} else if m := wrongKind.FindStringSubmatch(line); m != nil {
			fault = because("line.wrong."+wanted(m[3]), "line", m[1], "value", m[2])
		}
		faults = append(faults, fault)
	}
	return errors.Join(faults...)
}

// wanted is what a place of the file takes, by its type in Go.
func wanted(kind string) string {
	switch {
	case kind == "int", kind == "float64":
		return "number"
	case kind == "bool":
		return "bool"
	case kind == "string":
		return "text"
	case strings.HasPrefix(kind, "[]"):
		return "list"
	}
	return "fields"
}
