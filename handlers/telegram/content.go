package telegram

import (
	"encoding/json"
	"strings"

	"dengwen/bot"
)

// unknown marks a message of a kind younger than this program: the conversation
// says that it cannot be read.
const unknown = "unknown"

// media lists the files of a message. An animation also comes as document; it
// counts once.
func (m *message) media() []bot.Media {
	for _, f := range []struct {
		file       *file
		kind, mime string
	}{
		{largest(m.Photo), "photo", "image/jpeg"},
		{m.Animation, "video", "video/mp4"},
		{m.Video, "video", "video/mp4"},
		{m.Round, "video", "video/mp4"},
		{m.Voice, "voice", "audio/ogg"},
		{m.Audio, "audio", "audio/mpeg"},
		{m.Document, "document", ""},
	} {
		if f.file == nil || f.file.ID == "" {
			continue
		}
		mime := f.file.Type
		if mime == "" {
			mime = f.mime
		}
		return []bot.Media{{Ref: prefix + ":" + f.file.ID, Kind: f.kind, Name: f.file.Name, Type: mime, Size: f.file.Size, Album: m.Album}}
	}
	return nil
}

func largest(sizes []file) *file {
	var best *file
	for i := range sizes {
		if best == nil || sizes[i].Width*sizes[i].Height > best.Width*best.Height {
			best = &sizes[i]
		}
	}
	return best
}

func (m *message) locationEvent() *bot.Location {
	switch {
	case m.Venue != nil:
		v := m.Venue
		return &bot.Location{Lat: v.Location.Lat, Lon: v.Location.Lon, Name: strings.TrimSpace(v.Title + " " + v.Address)}
	case m.Location != nil:
		return &bot.Location{Lat: m.Location.Lat, Lon: m.Location.Lon}
	}
	return nil
}

func (m *message) contactEvent() *bot.Shared {
	if m.Contact == nil {
		return nil
	}
	c := m.Contact
	name := strings.TrimSpace(c.First + " " + c.Last)
	if hasHan(c.Last) {
		name = c.Last + c.First // 周大山, as it is said
	}
	return &bot.Shared{Name: name, Phone: c.Phone, Own: m.From != nil && c.User != 0 && c.User == m.From.ID}
}

// other names a message without anything to read.
func (m *message) other() string {
	switch {
	case m.Sticker != nil:
		return "sticker"
	case m.Dice != nil:
		return "dice"
	case m.Poll != nil:
		return "poll"
	case m.Game != nil:
		return "game"
	case m.Story != nil:
		return "story"
	}
	return unknown
}

// serviceMessages are the keys of a Message that report what somebody did to a private chat
// (Bot API, service messages); they get no answer.
var serviceMessages = [...]string{
	"pinned_message", "message_auto_delete_timer_changed", "write_access_allowed",
	"chat_background_set", "connected_website", "proximity_alert_triggered",
	"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
	"successful_payment", "refunded_payment", "boost_added", "gift_upgrade_sent",
	"checklist_tasks_done", "checklist_tasks_added", "poll_option_added", "poll_option_deleted",
	"video_chat_started", "video_chat_ended", "video_chat_scheduled",
}

// isServiceMessage reports whether an update without known content is a service message.
func isServiceMessage(raw []byte) bool {
	var u struct {
		Message map[string]json.RawMessage `json:"message"`
		Edited  map[string]json.RawMessage `json:"edited_message"`
	}
	if json.Unmarshal(raw, &u) != nil {
		return false
	}
	for _, key := range serviceMessages {
		if u.Message[key] != nil || u.Edited[key] != nil {
			return true
		}
	}
	return false
}
