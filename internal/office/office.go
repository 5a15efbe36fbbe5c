// Package office reads the one YAML file in which offices differ: units, places,
// categories, routing and settings. 柞水县 is built in as the worked example.
package office

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
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

// Warning is something an office should look at before it opens, in one sentence.
type Warning string

// Load reads the office's file; "" gives the built-in example. Settings left out
// have their defaults. A fault refuses the file, and the error names every one of
// them, one a line. Warnings do not refuse it.
func Load(path string) (*petition.Office, []Warning, error) {
	if path == "" {
		return read(zhashui)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("读不到机构文件：%w", err)
	}
	o, warnings, err := read(data)
	if err != nil {
		return nil, warnings, fmt.Errorf("机构文件 %s 有问题：\n%w", path, err)
	}
	return o, warnings, nil
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
func read(data []byte) (*petition.Office, []Warning, error) {
	var o petition.Office
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	err := d.Decode(&o)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil, errors.New("文件是空的")
	case err != nil && !onlyRetired(err):
		return nil, nil, plain(err)
	}
	o.Settings, o.Lines = o.Settings.Filled(), o.Lines.Filled()
	c := &checker{o: &o}
	if err != nil {
		c.warn("%v", plain(err))
	}
	c.all()
	if len(c.faults) > 0 {
		return nil, c.warnings, errors.Join(c.faults...)
	}
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

// plain says what the YAML reader found in words for whoever wrote the file.
func plain(err error) error {
	var te *yaml.TypeError
	if !errors.As(err, &te) {
		return fmt.Errorf("不是正确的 YAML：%w", err)
	}
	var faults []error
	for _, line := range te.Errors {
		m := unknownField.FindStringSubmatch(line)
		if m != nil && slices.Contains(retired, m[2]) {
			line = fmt.Sprintf("第 %s 行：%s 不再用了，可以删掉", m[1], m[2])
		} else if m != nil {
			line = fmt.Sprintf("第 %s 行：没有 %s 这个项目，请检查写法", m[1], m[2])
		} else if m := wrongKind.FindStringSubmatch(line); m != nil {
			line = fmt.Sprintf("第 %s 行：%s 填得不对，这里要%s", m[1], m[2], wanted(m[3]))
		}
		faults = append(faults, errors.New(line))
	}
	return errors.Join(faults...)
}

// wanted is what a place of the file takes, by its type in Go.
func wanted(kind string) string {
	switch {
	case kind == "int", kind == "float64":
		return "一个数"
	case kind == "bool":
		return " true 或者 false"
	case kind == "string":
		return "一段文字"
	case strings.HasPrefix(kind, "[]"):
		return "一个列表"
	}
	return "几个项目"
}
