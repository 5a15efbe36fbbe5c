// Package office reads what differs between offices from one YAML file and says in
// words what is wrong with it. 柞水县 is built in as the worked example.
package office

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"

	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

//go:embed zhashui.yaml
var example []byte

// Warning is something an office should look at that does not stop the program.
type Warning string

// Load reads the office's file, the built-in example when path is "". The error joins
// all faults. Settings that are not in the file have their defaults.
func Load(path string) (*petition.Office, []Warning, error) {
	if path == "" {
		return read("zhashui.yaml", example)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("open office file: %w", err)
	}
	return read(path, data)
}

// Example is the built-in example as the file it is, to copy and change.
func Example() []byte { return bytes.Clone(example) }

func read(name string, data []byte) (*petition.Office, []Warning, error) {
	var o petition.Office
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&o); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("office file %s: %w", name, err)
	}
	o.Settings = o.Settings.Filled()
	c := check(&o)
	if len(c.faults) > 0 {
		return nil, c.warnings, fmt.Errorf("office file %s:\n%w", name, errors.Join(c.faults...))
	}
	return &o, c.warnings, nil
}
