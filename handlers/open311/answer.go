package open311

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"dengwen/petition"
)

// The formats of an answer, as paths end.
const (
	formatXML  = "xml"
	formatJSON = "json"
)

// answer is what is written: each format has its own shape, since JSON leaves the root element out
// (JSON and XML Conversion, wiki.open311.org).
type answer struct {
	xml, json any
}

// fault is an error of the interface: its HTTP status and the sentence that says it.
type fault struct {
	status int
	key    string
	args   []any
}

func (f fault) Error() string { return f.key }

var (
	errNoCall       = fault{status: http.StatusNotFound, key: "open311.no_call"}
	errJurisdiction = fault{status: http.StatusNotFound, key: "open311.jurisdiction"}
	errKey          = fault{status: http.StatusForbidden, key: "open311.key"}
	errBusy         = fault{status: http.StatusTooManyRequests, key: "open311.busy"}
	errService      = fault{status: http.StatusNotFound, key: "open311.service"}
	errRequest      = fault{status: http.StatusNotFound, key: "open311.request"}
	errAway         = fault{status: http.StatusServiceUnavailable, key: "open311.away"}
)

func bad(key string, args ...any) error { return fault{http.StatusBadRequest, key, args} }

// statuses are those of what the case service refuses: the interface knows 400 and, for what is not
// there, 404; the other two say that the same call may succeed later.
var statuses = map[petition.Code]int{
	petition.NotFound:    http.StatusNotFound,
	petition.Limited:     http.StatusTooManyRequests,
	petition.Unavailable: http.StatusServiceUnavailable,
	petition.Internal:    http.StatusInternalServerError,
}

type errorLine struct {
	Code        string `xml:"code" json:"code"`
	Description string `xml:"description" json:"description"`
}

type errorList struct {
	XMLName xml.Name    `xml:"errors"`
	Errors  []errorLine `xml:"error"`
}

// failure is what is answered for an error.
func (d *Door) failure(q *request, err error) (int, answer) {
	var own fault
	var refused *petition.Error
	status, text := http.StatusInternalServerError, d.say(q, "open311.away")
	switch {
	case errors.As(err, &own):
		status, text = own.status, d.say(q, own.key, own.args...)
	case errors.As(err, &refused) && d.Locales.Has(refused.Key):
		if status = statuses[refused.Code]; status == 0 {
			status = http.StatusBadRequest
		}
		text = d.Locales.Say(q.lang, refused.Key, pairsOf(refused.Args)...)
	case errors.Is(err, context.DeadlineExceeded), petition.CodeOf(err) == petition.Unavailable:
		status = http.StatusServiceUnavailable
	}
	if status >= http.StatusInternalServerError {
		d.Log.Warn("open311", "err", err)
	}
	line := errorLine{strconv.Itoa(status), text}
	return status, answer{errorList{Errors: []errorLine{line}}, []errorLine{line}}
}

func pairsOf(named map[string]string) (pairs []any) {
	for name, value := range named {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// write writes an answer. Errors of the connection are the caller's.
func (d *Door) write(w http.ResponseWriter, status int, form string, a answer) {
	var body bytes.Buffer
	kind, err := "application/json; charset=utf-8", error(nil)
	if form == formatXML {
		kind = "text/xml; charset=utf-8"
		body.WriteString(xml.Header)
		err = xml.NewEncoder(&body).Encode(a.xml)
	} else {
		out := json.NewEncoder(&body)
		out.SetEscapeHTML(false)
		err = out.Encode(a.json)
	}
	if err != nil {
		d.Log.Error("open311", "err", fmt.Errorf("write answer: %w", err))
		status = http.StatusInternalServerError
		body.Reset()
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "5")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}
