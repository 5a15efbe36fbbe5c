package api

import (
	"context"
	"net/http"
	"strings"

	"dengwen/petition"
)

type feedInput struct {
	After string `query:"after" maxLength:"64" doc:"ID of the last notice read; none = from the start."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Notices at most."`
}

type feedOutput struct {
	Body struct {
		Notices []petition.Notice `json:"notices" doc:"Oldest first."`
	}
}

type forgetInput struct {
	Body struct {
		Owner string `json:"owner" minLength:"1" maxLength:"200" doc:"Chat address, as tg:123."`
	}
}

type forgetOutput struct {
	Body struct {
		Cases int `json:"cases" doc:"How many cases were cut from the chat."`
	}
}

type officeOutput struct {
	Body petition.Office
}

func (s *server) otherOperations() {
	add(s, operation{
		id: "notices", method: http.MethodGet, path: "/v1/notices", tag: "feed", scopes: actingScopes,
		summary: "Read the feed",
		about:   "What happened, oldest first, to those the key may tell: citizens for the scope citizens, the key's unit for staff. Keep the ID of the last notice as the next position.",
	}, s.notices)
	add(s, operation{
		id: "forget", method: http.MethodPost, path: "/v1/forget", tag: "privacy", status: http.StatusOK, scopes: []Scope{Citizens}, office: true,
		summary: "Cut a chat from its cases",
		about:   "Erases contact details and chat address; the cases stay as the record the law requires.",
	}, s.forget)
	add(s, operation{
		id: "office", method: http.MethodGet, path: "/v1/office", tag: "office",
		summary: "The office",
		about:   "Units, places, categories, hours and settings of the office. No key needed.",
	}, s.office)
}

// notices reads pages until one has something for this key or the feed ends: an empty page
// would look like the end.
func (s *server) notices(ctx context.Context, in *feedInput) (*feedOutput, error) {
	out, after := &feedOutput{}, in.After
	out.Body.Notices = []petition.Notice{}
	for len(out.Body.Notices) == 0 {
		page, err := s.Cases.Notices(ctx, after, in.Limit)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for _, n := range page {
			if callerOf(ctx).key.mayRead(n) {
				out.Body.Notices = append(out.Body.Notices, n)
			}
		}
		after = page[len(page)-1].ID
	}
	return out, nil
}

// mayRead reports whether a notice is for the key. Those who are told: citizens by
// their chat, "unit:" and "sealed:" with a unit's code, "staff:" with an officer's id.
func (k Key) mayRead(n petition.Notice) bool {
	kind, who, _ := strings.Cut(n.To, ":")
	switch {
	case kind == "sealed":
		return k.may(Sealed) && (k.Unit == "" || k.Unit == who)
	case kind == "unit":
		return k.may(Staff) && (k.Unit == "" || k.Unit == who)
	case k.Unit != "": // a citizen is of no unit, and of an officer the notice does not say it
		return false
	case kind == "staff":
		return k.may(Staff)
	default:
		return k.may(Citizens)
	}
}

func (s *server) forget(ctx context.Context, in *forgetInput) (*forgetOutput, error) {
	n, err := s.Cases.Forget(ctx, in.Body.Owner)
	out := &forgetOutput{}
	out.Body.Cases = n
	return out, err
}

func (s *server) office(context.Context, *struct{}) (*officeOutput, error) {
	return &officeOutput{*s.Office}, nil
}
