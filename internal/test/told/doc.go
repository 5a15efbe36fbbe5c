// Package told has the program tell units what happened by robots of groups and by mail.
package told
