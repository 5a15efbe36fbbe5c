package cli

import (
	"fmt"
	"os"
	"strings"

	"dengwen/internal/config"
)

type tableCmd struct {
	Write string `help:"write it into this file, between the lines <!-- settings --> and <!-- /settings -->" type:"path"`
}

func (c tableCmd) Run(std streams) error {
	if c.Write == "" {
		_, err := fmt.Fprint(std.out, config.Table())
		return err
	}
	b, err := os.ReadFile(c.Write)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.Write, err)
	}
	const from, to = "<!-- settings -->\n", "<!-- /settings -->"
	head, rest, ok := strings.Cut(string(b), from)
	_, tail, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no %s … %s", c.Write, strings.TrimSpace(from), to)
	}
	return os.WriteFile(c.Write, []byte(head+from+config.Table()+to+tail), 0o644)
}
