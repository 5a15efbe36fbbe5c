package api

import (
	"context"
	"net/http"
	"time"

	"dengwen/petition/telling"
)

// UntoldTask is what somebody could not be told of a case.
type UntoldTask struct {
	ID     string    `json:"id"`
	Number string    `json:"number"`
	Unit   string    `json:"unit,omitempty" doc:"The unit that could not be told; absent: who petitioned, or one officer."`
	Moves  []string  `json:"moves" doc:"Of the steps that nobody was told of."`
	Since  time.Time `json:"since"`
	Taken  string    `json:"taken,omitempty" doc:"Officer who sees to it."`
}

type untoldInput struct{ ActorInput }

type untoldOutput struct {
	Body struct {
		Tasks []UntoldTask `json:"tasks" doc:"The oldest first."`
	}
}

type untoldTakeInput struct {
	ActorInput
	ID string `path:"id" maxLength:"100"`
}

type untoldDoneInput struct {
	ActorInput
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"1000" doc:"How they were told in the end; it is written into the case."`
	}
}

func (s *server) untoldOperations() {
	if s.Untold == nil {
		return
	}
	scopes := []Scope{Staff, Sealed}
	add(s, operation{
		id: "untold", method: http.MethodGet, path: "/v1/untold", tag: "cases", scopes: scopes, summary: "List what nobody could be told",
		about: "Notices of cases that reached nobody: closed chats, refused numbers and addresses, units without anybody who can be told. They are tasks of the petition office; of reports on misconduct, of their named officers.",
	}, s.listUntold)
	add(s, operation{
		id: "untold-take", method: http.MethodPost, path: "/v1/untold/{id}/take", tag: "cases", status: http.StatusNoContent, scopes: scopes, summary: "See to one of them",
	}, s.takeUntold)
	add(s, operation{
		id: "untold-done", method: http.MethodPost, path: "/v1/untold/{id}/done", tag: "cases", status: http.StatusNoContent, scopes: scopes, summary: "Write down how they were told in the end",
	}, s.endUntold)
}

func untoldTask(u telling.Untold) UntoldTask {
	t := UntoldTask{ID: u.ID, Number: u.Number, Unit: u.Unit(), Since: u.At, Taken: u.Taken, Moves: []string{}}
	for _, n := range u.Open() {
		t.Moves = append(t.Moves, string(n.Move))
	}
	return t
}

func (s *server) listUntold(ctx context.Context, in *untoldInput) (*untoldOutput, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	out := &untoldOutput{}
	out.Body.Tasks = []UntoldTask{}
	all, err := s.Untold.List(ctx, a)
	for _, u := range all {
		out.Body.Tasks = append(out.Body.Tasks, untoldTask(u))
	}
	return out, err
}

func (s *server) takeUntold(ctx context.Context, in *untoldTakeInput) (*struct{}, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	return nil, s.Untold.Take(ctx, a, in.ID)
}

func (s *server) endUntold(ctx context.Context, in *untoldDoneInput) (*struct{}, error) {
	a, err := s.actor(ctx, in.ActorInput)
	if err != nil {
		return nil, err
	}
	return nil, s.Untold.Done(ctx, a, in.ID, in.Body.Text)
}
