package cli

import (
	"fmt"

	"dengwen/handlers/api"
)

type apiKeyCmd struct {
	Name   string      `arg:""`
	Scopes []api.Scope `required:"" enum:"citizens,staff,sealed,admin,broadcast,desk,open311,own-officers"`
	Unit   string
}

// Run prints the key, which is shown once, and the line for DENGWEN_API_KEYS.
func (c apiKeyCmd) Run(std streams, sp *speech) error {
	key, line, err := api.NewKey(c.Name, c.Scopes, c.Unit)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s\n\n%s\n%s\n", key, sp.say("cli.api_key.keep"), line)
	return err
}
