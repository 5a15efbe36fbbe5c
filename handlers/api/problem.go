package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"dengwen/petition"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// headerMissing is the one problem of the service's kind with status 400: a header that
// would say for whom is not there.
const headerMissing = "api.missing"

func missing(header string) error {
	return petition.Fail(petition.Invalid, headerMissing, "header", header)
}

// statuses is the one table between codes and HTTP statuses.
var statuses = map[petition.Code]int{
	petition.Invalid:     http.StatusUnprocessableEntity,
	petition.NotFound:    http.StatusNotFound,
	petition.Conflict:    http.StatusConflict,
	petition.Forbidden:   http.StatusForbidden,
	petition.Limited:     http.StatusTooManyRequests,
	petition.Unavailable: http.StatusServiceUnavailable,
	petition.Internal:    http.StatusInternalServerError,
}

// codeOf reads the table backwards; it also knows statuses that only HTTP has.
func codeOf(status int) petition.Code {
	for code, s := range statuses {
		if s == status {
			return code
		}
	}
	if status == http.StatusUnauthorized {
		return petition.Forbidden
	}
	if status >= 500 {
		return petition.Internal
	}
	return petition.Invalid
}

// Problem is an error body. It never holds what the caller sent.
type Problem struct {
	Type   string            `json:"type" doc:"always about:blank; key tells problems apart" example:"about:blank"`
	Title  string            `json:"title" doc:"the HTTP status in words" example:"Not Found"`
	Status int               `json:"status" doc:"the HTTP status" example:"404"`
	Code   petition.Code     `json:"code" doc:"kind of failure" enum:"invalid,not_found,conflict,forbidden,limited,unavailable,internal"`
	Key    string            `json:"key,omitempty" doc:"names the sentence for the person" example:"lookup.no_match"`
	Args   map[string]string `json:"args,omitempty" doc:"what the sentence names"`
	Where  []string          `json:"where,omitempty" doc:"which parts of the request are at fault" example:"[\"body.class\"]"`

	Unknown []string `json:"unknown,omitempty" doc:"those of them that no request has" example:"[\"body.text\"]"`
	Missing []string `json:"missing,omitempty" doc:"those of them that must be there and are not" example:"[\"body.facts\"]"`
}

func (p *Problem) Error() string  { return string(p.Code) + " " + p.Key }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is how huma learns the media type of an error.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem turns an error of the service into a body. An error that is no
// petition.Error, and why, stays here.
func problem(err error) *Problem {
	p := &Problem{Type: "about:blank", Code: petition.CodeOf(err)}
	var e *petition.Error
	if errors.As(err, &e) {
		p.Key, p.Args = e.Key, e.Args
	}
	p.Status = statuses[p.Code]
	switch p.Key {
	case keyMissing:
		p.Status = http.StatusUnauthorized
	case headerMissing:
		p.Status = http.StatusBadRequest
		p.Missing = []string{"header." + p.Args["header"]}
		p.Where = p.Missing
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// rebuild is problem backwards. A failure without a problem document is not the
// service's own: whatever stands in between may be right again later.
func (p *Problem) rebuild(status int) *petition.Error {
	if _, known := statuses[p.Code]; !known && status >= 500 {
		return &petition.Error{Code: petition.Unavailable, Key: "api.away"}
	} else if !known {
		return &petition.Error{Code: codeOf(status)}
	}
	return &petition.Error{Code: p.Code, Key: p.Key, Args: p.Args}
}

// GetHeaders is how huma learns what else to say: how to prove oneself, when to try
// again. The sentence of a limit may name minutes.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests:
		seconds := 1
		if m, err := strconv.Atoi(p.Args["minutes"]); err == nil && m > 0 {
			seconds = 60 * m
		}
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	return h
}

func writeProblem(w http.ResponseWriter, err error) {
	p := problem(err)
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller has gone when this fails
}

// huma keeps the maker of its own errors (malformed and invalid requests) in a
// package variable; it is set once for the process.
var problemsOnce sync.Once

func useProblems() {
	problemsOnce.Do(func() {
		huma.NewError = func(status int, _ string, faults ...error) huma.StatusError {
			p := &Problem{Type: "about:blank", Status: status, Title: http.StatusText(status), Code: codeOf(status), Key: "api.request"}
			switch status {
			case http.StatusRequestEntityTooLarge:
				p.Key = "api.too_large"
			case http.StatusRequestTimeout:
				p.Code, p.Key = petition.Unavailable, "api.slow"
			}
			if status == http.StatusUnprocessableEntity { // a body that does not read has no fields
				p.fill(faults)
			}
			return p
		}
	})
}

// missingField is a field that an input found missing by itself, with the sentence for it.
type missingField struct{ at, key string }

func (m missingField) Error() string { return m.key }

// fill says which fields are at fault. Values and the texts of the validator repeat what
// was sent and stay here; the name of a field that nobody knows is told where it looks
// like a name.
func (p *Problem) fill(faults []error) {
	for _, f := range faults {
		var field missingField
		var d huma.ErrorDetailer
		switch {
		case errors.As(f, &field):
			p.Where, p.Missing = append(p.Where, field.at), append(p.Missing, field.at)
			if len(faults) == 1 {
				p.Key = field.key
			}
		case errors.As(f, &d) && d.ErrorDetail() != nil && len(p.Where) < 20:
			p.add(d.ErrorDetail().Location, d.ErrorDetail().Message)
		}
	}
}

func (p *Problem) add(at, message string) {
	if field := required.FindStringSubmatch(message); field != nil {
		at = strings.TrimPrefix(at+"."+field[1], ".")
		p.Missing = append(p.Missing, at)
	} else if message == validation.MsgUnexpectedProperty {
		i := strings.LastIndexByte(at, '.')
		if fieldName.MatchString(at[i+1:]) {
			p.Unknown = append(p.Unknown, at)
		} else {
			at = at[:max(i, 0)]
		}
	}
	if at != "" {
		p.Where = append(p.Where, at)
	}
}

var (
	required  = regexp.MustCompile(strings.Replace("^"+validation.MsgExpectedRequiredProperty+"$", "%s", "([a-z_]+)", 1))
	fieldName = regexp.MustCompile("^[a-z][a-z0-9_]{0,39}$")
)
