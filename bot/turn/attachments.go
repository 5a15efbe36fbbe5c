package turn

import (
	"context"
	"fmt"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// maxFileTries is how often a message is retried for its files: a case may name a file that
// is still being fetched.
const maxFileTries = 6

// openFiles opens a message's attachments with the permissions of its addressee. One that
// can't be opened after maxFileTries is left out, or it would hold up the messages behind
// it for ever; its name is in the text.
func (r *Runner) openFiles(ctx context.Context, p *outboxEntry) ([]File, error) {
	say := p.Effect.Say
	if len(say.Media)+len(say.Documents) == 0 {
		return nil, nil
	}
	reader := r.addressee(ctx, p.Conv)
	files, err := r.openDocuments(ctx, reader, p)
	if err != nil {
		return nil, err
	}
	for _, m := range say.Media {
		body, at, err := r.p.Cases.Open(ctx, reader, say.About, m.ID)
		if err == nil {
			at.Kind, at.Name = m.Kind, m.Name
			files = append(files, File{at, body})
			continue
		}
		if p.Tries < maxFileTries && petition.CodeOf(err) != petition.Forbidden {
			CloseAll(files)
			return nil, fmt.Errorf("open file: %w", err)
		}
		r.p.Log.Warn("file left out of a message", "row", p.Key, "err", err)
	}
	return files, nil
}

// openDocuments renders a message's official documents. One that the addressee may not have
// is left out at once; a renderer that is unavailable is retried up to maxFileTries.
func (r *Runner) openDocuments(ctx context.Context, reader petition.Actor, p *outboxEntry) ([]File, error) {
	say := p.Effect.Say
	var files []File
	for _, want := range say.Documents {
		ref, _ := petition.ParseDocumentRef(want.ID)
		body, at, err := r.p.Cases.Document(ctx, reader, say.About, want.Code, ref)
		switch {
		case err == nil:
			files = append(files, File{at, body})
		case petition.Retryable(err) && p.Tries < maxFileTries:
			CloseAll(files)
			return nil, fmt.Errorf("print document: %w", err)
		default:
			r.p.Log.Warn("document left out of a message", "row", p.Key, "err", err)
		}
	}
	return files, nil
}

// CloseAll closes the bodies of a message's attachments.
func CloseAll(files []File) {
	for _, f := range files {
		_ = f.Body.Close()
	}
}

// addressee is with whose permissions a conversation reads: an officer's, a unit's in its
// group, or the citizen's.
func (r *Runner) addressee(ctx context.Context, conv string) petition.Actor {
	if g, ok := r.p.Roster.Group(ctx, conv); ok {
		return petition.Actor{Staff: roster.GroupStaff, Unit: g.Unit, Roles: []petition.Role{petition.Officer}}
	}
	if p, ok := r.p.Roster.Who(ctx, conv); ok {
		a := p.Actor()
		a.Owner = conv // an officer may be a petitioner too
		return a
	}
	return petition.Actor{Owner: conv, Asker: conv}
}
