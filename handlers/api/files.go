package api

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"dengwen/petition"

	"github.com/danielgtaylor/huma/v2"
)

// maxFile is where a body is cut off whatever the office's own limit is.
const maxFile = 2 << 30

// maxDrained is how much of a refused upload is still read, so that its sender sees the
// answer and not a broken connection.
const maxDrained = 64 << 20

type attachInput struct {
	ActorInput
	ID    string `path:"id" maxLength:"200" doc:"Made by the caller, never used for another file: letters, digits, - and ." example:"0199f3aa-7bbb"`
	Kind  string `header:"Attachment-Kind" maxLength:"100" doc:"photo, document, voice, audio or video."`
	Name  string `header:"Attachment-Name" maxLength:"2000" doc:"Name of the file, percent-encoded."`
	Album string `header:"Attachment-Album" maxLength:"200" doc:"Files sent together have the same."`

	body io.Reader
}

// Resolve takes the body as a stream; huma would read it whole.
func (in *attachInput) Resolve(ctx huma.Context) []error {
	in.body = ctx.BodyReader()
	return nil
}

type attachmentOutput struct{ Body petition.Attachment }

type openInput struct {
	ActorInput
	NumberInput
	ID string `path:"id" maxLength:"200" doc:"ID of the attachment."`
}

// bytesOf is the body of a file. It is made anew for each API: huma writes into the schema.
func bytesOf() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

func (s *server) fileOperations() {
	add(s, operation{
		id: "attach", method: http.MethodPut, path: "/v1/files/{id}", tag: "files", scopes: actingScopes, file: true,
		summary: "Store an attachment",
		about:   "The body is the file itself. It is stored once per id; its type is found by looking at it. Name it in a filing or a move afterwards, or before.",
		body:    &huma.RequestBody{Required: true, Description: "The bytes of the file.", Content: bytesOf()},
	}, s.attach)
	add(s, operation{
		id: "open", method: http.MethodGet, path: "/v1/cases/{number}/files/{id}", tag: "files", scopes: actingScopes, file: true,
		summary:   "Read an attachment",
		about:     "The file as officers see it: of a picture, without what the camera wrote into it. The header Attachment holds its description as percent-encoded JSON.",
		responses: map[string]*huma.Response{"200": {Description: "The bytes of the file.", Content: bytesOf()}},
	}, s.open)
}

func (s *server) attach(ctx context.Context, in *attachInput) (*attachmentOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, s.FileTime)
	defer cancel()
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	name, err := url.PathUnescape(in.Name)
	if err != nil {
		return nil, petition.Fail(petition.Invalid, "api.header")
	}
	at := petition.Attachment{ID: in.ID, Kind: in.Kind, Name: name, Album: in.Album}
	stored, err := s.Cases.Attach(ctx, a, at, io.LimitReader(in.body, maxFile))
	if err != nil {
		_, _ = io.CopyN(io.Discard, in.body, maxDrained) // only so that the answer is read
		return nil, err
	}
	return &attachmentOutput{stored}, nil
}

func (s *server) open(ctx context.Context, in *openInput) (*huma.StreamResponse, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	body, at, err := s.Cases.Open(ctx, a, in.Number, in.ID)
	if err != nil {
		return nil, err
	}
	return s.stream(ctx, "open", body, at), nil
}

func (s *server) stream(ctx context.Context, id string, body io.ReadCloser, at petition.Attachment) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer body.Close()
		setFileHeaders(c, at)
		c.SetStatus(http.StatusOK)
		if _, err := io.Copy(c.BodyWriter(), body); err != nil {
			s.report(ctx, id, err)
			panic(http.ErrAbortHandler) // the status is out: only a cut connection tells
		}
	}}
}

func setFileHeaders(c huma.Context, at petition.Attachment) {
	kind := at.Type
	if kind == "" {
		kind = "application/octet-stream"
	}
	c.SetHeader("Content-Type", kind)
	c.SetHeader("Content-Security-Policy", "sandbox; default-src 'none'")
	c.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": at.Name}))
	if b, err := json.Marshal(at); err == nil {
		c.SetHeader("Attachment", url.PathEscape(string(b)))
	}
}

// withDeadlines gives every call a time by which the connection must be done with it, so that
// nobody holds one by sending or reading a byte now and then. Only who has a key may
// move files.
func (s *server) withDeadlines(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := s.FileTime
		if !callerIn(r).known {
			most = s.Timeout
		}
		rc, deadline := http.NewResponseController(w), time.Now().Add(most)
		_, _ = rc.SetReadDeadline(deadline), rc.SetWriteDeadline(deadline) // not every writer has them
		next.ServeHTTP(w, r)
		_ = rc.SetWriteDeadline(time.Time{}) // the server itself lifts only the other one
	})
}
