package turn

import (
	"context"
	"fmt"

	"dengwen/petition"
)

// fileTries is how often a message waits for its files: they may still be on their
// way in when the case already tells of them.
const fileTries = 6

// openFiles opens the files that go along with a message, as its addressee may see
// them. What can't be had after some tries is left out: its name is in the text.
func (r *Runner) openFiles(ctx context.Context, p *pending) ([]File, error) {
	say := p.Effect.Say
	if len(say.Media)+len(say.Documents) == 0 {
		return nil, nil
	}
	who := r.addressee(ctx, p.Conv)
	files, err := r.openPapers(ctx, who, p)
	if err != nil {
		return nil, err
	}
	for _, m := range say.Media {
		body, at, err := r.p.Cases.Open(ctx, who, say.About, m.ID)
		if err == nil {
			at.Kind, at.Name = m.Kind, m.Name
			files = append(files, File{at, body})
			continue
		}
		if p.Tries < fileTries && petition.CodeOf(err) != petition.Forbidden {
			CloseAll(files)
			return nil, fmt.Errorf("open file: %w", err)
		}
		r.p.Log.Warn("file left out of a message", "row", p.Key, "err", err)
	}
	return files, nil
}

// openPapers has the official documents of a message printed. One that is not the
// addressee's is left out at once, a press that does not answer is waited for.
func (r *Runner) openPapers(ctx context.Context, who petition.Actor, p *pending) ([]File, error) {
	say := p.Effect.Say
	var files []File
	for _, want := range say.Documents {
		paper, _ := petition.ParseDocumentRef(want.ID)
		body, at, err := r.p.Cases.Document(ctx, who, say.About, want.Code, paper)
		switch {
		case err == nil:
			files = append(files, File{at, body})
		case petition.Retryable(err) && p.Tries < fileTries:
			CloseAll(files)
			return nil, fmt.Errorf("print document: %w", err)
		default:
			r.p.Log.Warn("document left out of a message", "row", p.Key, "err", err)
		}
	}
	return files, nil
}

// CloseAll closes what a message took along.
func CloseAll(files []File) {
	for _, f := range files {
		_ = f.Body.Close()
	}
}

// addressee is whose eyes a conversation has: an officer's, a unit's in its group, or
// the citizen's.
func (r *Runner) addressee(ctx context.Context, conv string) petition.Actor {
	if g, ok := r.p.Roster.Group(ctx, conv); ok {
		return petition.Actor{Staff: "group", Unit: g.Unit, Roles: []petition.Role{petition.Officer}}
	}
	if p, ok := r.p.Roster.Who(ctx, conv); ok {
		a := p.Actor()
		a.Owner = conv // an officer may be a petitioner too
		return a
	}
	return petition.Actor{Owner: conv, Asker: conv}
}
