package cli

import (
	"fmt"
	"os"
	"strings"

	"dengwen/internal/config"
)

type tableCmd struct {
	Write string `type:"path"`
}

func (c tableCmd) Run(std streams, sp *speech) error {
	table := config.Table(func(flag string) string { return sp.words.Say("en", "help.setting."+flag) }) // as the README is
	if c.Write == "" {
		_, err := fmt.Fprint(std.out, table)
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
	return os.WriteFile(c.Write, []byte(head+from+table+to+tail), 0o644)
}
