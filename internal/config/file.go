package config

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// File reads a YAML settings file for kong. Keys are the flags' names. Environment
// and flags win over it; an unknown key is a fault.
func File(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read settings file: %w", err)
	}
	return file(values), nil
}

type file map[string]any

func (f file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, group := range app.AllFlags(false) {
		for _, flag := range group {
			known[flag.Name] = true
		}
	}
	var faults []error
	for k := range f {
		if !known[k] {
			faults = append(faults, fmt.Errorf("settings file: there is no setting %q", k))
		}
	}
	return errors.Join(faults...)
}

// Resolve leaves a flag alone when its environment variable is set: kong on its own
// would let the file win.
func (f file) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, ok := os.LookupEnv(env); ok {
			return nil, nil
		}
	}
	return f[flag.Name], nil
}
