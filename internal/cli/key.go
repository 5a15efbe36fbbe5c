package cli

import (
	"fmt"

	"dengwen/internal/seal"
)

type keyCmd struct{}

func (keyCmd) Run(std streams) error {
	k, err := seal.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, k)
	return err
}
