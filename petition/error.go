package petition

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an Error is. The list is closed.
type Code string

const (
	Invalid     Code = "invalid"     // the request cannot be right as it is; the caller must change it
	NotFound    Code = "not_found"   // nothing there, or nothing the asker may know of
	Conflict    Code = "conflict"    // the case is in a state that does not allow it, or somebody was first
	Forbidden   Code = "forbidden"   // this actor may not do it
	Limited     Code = "limited"     // too often; later is fine
	Unavailable Code = "unavailable" // a part this needs is down; the same request may succeed later
	Internal    Code = "internal"    // a fault of the program or its host
)

// Error is every failure that crosses a package boundary. It is equal in process and
// over the case API. Key and Args name the sentence in locales that tells
// the person what to do; Op says what was attempted, for the log.
type Error struct {
	Code Code              `json:"code"`
	Key  string            `json:"key,omitempty"`
	Args map[string]string `json:"args,omitempty"`
	Op   string            `json:"op,omitempty"`
	Err  error             `json:"-"`
}

func (e *Error) Error() string {
	s := string(e.Code)
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Key != "" {
		s += " (" + e.Key + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Code: c}) true for any Error of that code and,
// where the target names a Key, of that key.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && (t.Key == "" || t.Key == e.Key)
}

// CodeOf answers Internal for every error that is not an *Error, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Retryable reports whether the same request may succeed later, unchanged.
func Retryable(err error) bool {
	c := CodeOf(err)
	return c == Unavailable || c == Limited || c == Internal
}

// Fail builds an *Error; args are name, value pairs for the sentence of key.
func Fail(code Code, key string, args ...string) *Error {
	e := &Error{Code: code, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]string{}
		}
		e.Args[args[i]] = args[i+1]
	}
	return e
}

// Wrap says what was attempted. An *Error keeps its code and key.
func Wrap(err error, op string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}

// IgnoreNotFound is err, or nil where something was not found.
func IgnoreNotFound(err error) error {
	if CodeOf(err) == NotFound {
		return nil
	}
	return err
}
