package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"dengwen/bot/turn"
)

// Cache of file_ids: a file that was uploaded once is sent by its file_id from then on, which
// saves the upload (Bot API, Sending files). A file_id is good
// for one bot and one kind of message.

// fileKey is the key of the cache: the bot, the kind, the file.
func (d *Door) fileKey(f turn.File) string {
	bot, _, _ := strings.Cut(d.cfg.Token, ":")
	return bot + ":" + methodOf(f.Kind) + ":" + f.ID
}

// fileIDs are the cached file_ids of all these files, nil when one is missing.
func (d *Door) fileIDs(ctx context.Context, files []turn.File) []string {
	if d.cfg.Copy == nil {
		return nil
	}
	var ids []string
	for _, f := range files {
		if f.ID == "" { // a document rendered for this message alone
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

// storeFileIDs caches the file_ids of files that were just uploaded.
func (d *Door) storeFileIDs(ctx context.Context, files []loaded, messages []sent) {
	if d.cfg.Copied == nil || len(files) != len(messages) {
		return
	}
	for i, f := range files {
		if id := messages[i].file(methodOf(f.Kind)); id != "" && f.ID != "" {
			d.cfg.Copied(ctx, d.fileKey(f.File), id)
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
