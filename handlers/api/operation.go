package api

import (
	"context"
	"net/http"
	"slices"

	"dengwen/petition"

	"github.com/danielgtaylor/huma/v2"
)

// operation is one call in the words this API needs.
type operation struct {
	id, method, path string
	summary, about   string
	tag              string
	status           int
	scopes           []Scope // one of them is enough; none = no key needed
	office           bool    // for the whole office: never with a key bound to a unit
	file             bool    // moves a file: more time, no limit on the body here
	body             *huma.RequestBody
	responses        map[string]*huma.Response
}

// A JSON body holds 20,000 characters of facts at most, each up to four bytes, and
// some names.
const maxBody = 256 << 10

// add registers a call. do gets a context that ends with the time a call may take.
func add[I, O any](s *server, op operation, do func(ctx context.Context, in *I) (*O, error)) {
	o := huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary, Description: op.about, Tags: []string{op.tag},
		DefaultStatus: op.status, MaxBodyBytes: maxBody, BodyReadTimeout: s.Timeout, RequestBody: op.body, Responses: op.responses,
		Errors: op.failures(),
	}
	if op.scopes != nil {
		o.Security = []map[string][]string{{"key": {}}}
	} else {
		o.Security = []map[string][]string{{}}
	}
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		if op.scopes != nil && !callerOf(ctx).key.may(op.scopes...) {
			return nil, problem(petition.Fail(petition.Forbidden, "api.scope", "scope", string(op.scopes[0])))
		}
		if op.office && callerOf(ctx).key.Unit != "" {
			return nil, problem(petition.Fail(petition.Forbidden, "api.unit"))
		}
		if !op.file { // a file may go out after this returns
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, s.Timeout)
			defer cancel()
		}
		out, err := do(ctx, in)
		if err != nil {
			s.report(ctx, op.id, err)
			return nil, problem(err)
		}
		return out, nil
	})
}

// report logs what is our fault. The texts of such errors are ours.
func (s *server) report(ctx context.Context, id string, err error) {
	switch petition.CodeOf(err) {
	case petition.Internal, petition.Unavailable:
		s.Log.ErrorContext(ctx, "api call failed", "operation", id, "error", err)
	}
}

func (op operation) failures() []int {
	out := []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError}
	if op.scopes != nil {
		out = append(out, http.StatusUnauthorized, http.StatusForbidden)
	}
	if slices.Contains([]string{"cases", "files", "reception", "disputes"}, op.tag) {
		out = append(out, http.StatusNotFound)
	}
	if op.method == http.MethodPost || op.method == http.MethodPut {
		out = append(out, http.StatusConflict)
	}
	slices.Sort(out)
	return out
}
