package office

import (
	"bytes"

	"dengwen/petition"
)

// BuiltIn is the text of the built-in office.
func BuiltIn() []byte { return bytes.Clone(zhashui) }

// Read is Load of a text.
func Read(data []byte) (*petition.Office, []error, error) { return read(data) }
