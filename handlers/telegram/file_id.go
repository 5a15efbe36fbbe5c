package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"dengwen/bot/turn"
)

// What Telegram holds already is not sent to it again: a file that was uploaded once goes
// to other chats, and again, by its file_id (Bot API, Sending files). A file_id is good
// for one bot and one kind of message.

// fileKey is what a copy is remembered by: the bot, the kind, the file.
func (d *Door) fileKey(f turn.File) string {
	bot, _, _ := strings.Cut(d.cfg.Token, ":")
	return bot + ":" + methodOf(f.Kind) + ":" + f.ID
}

// fileIDs are the file_ids of all these files, nil where one of them is not known.
func (d *Door) fileIDs(ctx context.Context, files []turn.File) []string {
	if d.cfg.Copy == nil {
		return nil
	}
	var ids []string
	for _, f := range files {
		if f.ID == "" { // a document printed for this message alone
			return nil
		}
		id := d.cfg.Copy(ctx, d.fileKey(f))
		if id == "" {
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// storeFileIDs remembers what Telegram calls the files it has just taken.
func (d *Door) storeFileIDs(ctx context.Context, files []turn.File, messages []sent) {
	if d.cfg.Copied == nil || len(files) != len(messages) {
		return
	}
	for i, f := range files {
		if id := messages[i].file(methodOf(f.Kind)); id != "" && f.ID != "" {
			d.cfg.Copied(ctx, d.fileKey(f), id)
		}
	}
}

// file is the file_id of what a message carries, "" when Telegram made another kind of
// it than was sent.
func (m *sent) file(kind string) string {
	var sizes []struct {
		ID string `json:"file_id"`
	}
	raw := map[string]json.RawMessage{"photo": m.Photo, "document": m.Document, "voice": m.Voice, "video": m.Video, "audio": m.Audio}[kind]
	if len(raw) > 0 && raw[0] == '{' {
		raw = slices.Concat([]byte{'['}, raw, []byte{']'})
	}
	if json.Unmarshal(raw, &sizes) != nil || len(sizes) == 0 {
		return ""
	}
	return sizes[len(sizes)-1].ID // of a picture the largest
}
