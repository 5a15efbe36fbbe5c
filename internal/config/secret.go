package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
)

// A field with the tag secret:"" is a secret that may stand in a file, NAME_FILE; one with
// secret:"text" has a setting of its own for its file. Neither is taken from the command line.

// ReadSecretFiles fills secrets from NAME_FILE: the file's content, line ends at the
// edges cut. NAME and NAME_FILE together are a fault. It runs before parsing, over
// the process's environment through get and set.
func ReadSecretFiles(get func(string) (string, bool), set func(string, string) error) error {
	var faults []error
	for _, name := range secrets() {
		path, ok := get(name + "_FILE")
		if !ok || path == "" {
			continue
		}
		if v, _ := get(name); v != "" {
			faults = append(faults, fmt.Errorf("%s and %s_FILE are both set; keep one", name, name))
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s_FILE: cannot read %s: %w", name, path, err))
			continue
		}
		faults = append(faults, set(name, strings.Trim(string(b), "\r\n")))
	}
	return errors.Join(faults...)
}

func secrets() []string {
	var names []string
	for f := range fields() {
		if in, ok := f.Tag.Lookup("secret"); ok && in == "" {
			names = append(names, f.Tag.Get("env"))
		}
	}
	return names
}

func fields() func(yield func(reflect.StructField) bool) {
	t := reflect.TypeFor[Settings]()
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

// Table is the settings as a Markdown table, for the README; help says what each is for, by its
// flag.
func Table(help func(flag string) string) string {
	var b strings.Builder
	b.WriteString("| variable | meaning | default |\n|---|---|---|\n")
	for f := range fields() {
		name := "`" + f.Tag.Get("env") + "`"
		if in, ok := f.Tag.Lookup("secret"); ok && in == "" {
			name += ", `" + f.Tag.Get("env") + "_FILE`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, help(f.Tag.Get("name")), f.Tag.Get("default"))
	}
	return b.String()
}
