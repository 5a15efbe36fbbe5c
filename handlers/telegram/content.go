package telegram

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"dengwen/bot"
)

// unknown marks a message of a kind younger than this program: the conversation
// says that it cannot be read.
const unknown = "unknown"

// mediaOf lists the files of a message. An animation also comes as document; it
// counts once.
func mediaOf(m *models.Message) []bot.Media {
	one := func(kind, id, name, mime string, size int64) []bot.Media {
		if id == "" {
			return nil
		}
		return []bot.Media{{Ref: prefix + ":" + id, Kind: kind, Name: name, Type: mime, Size: size, Album: m.MediaGroupID}}
	}
	switch {
	case len(m.Photo) > 0:
		f := largest(m.Photo)
		return one("photo", f.FileID, "", "image/jpeg", int64(f.FileSize))
	case m.Animation != nil:
		f := m.Animation
		return one("video", f.FileID, f.FileName, cmp.Or(f.MimeType, "video/mp4"), f.FileSize)
	case m.Video != nil:
		f := m.Video
		return one("video", f.FileID, f.FileName, cmp.Or(f.MimeType, "video/mp4"), f.FileSize)
	case m.VideoNote != nil:
		return one("video", m.VideoNote.FileID, "", "video/mp4", int64(m.VideoNote.FileSize))
	case m.Voice != nil:
		return one("voice", m.Voice.FileID, "", cmp.Or(m.Voice.MimeType, "audio/ogg"), m.Voice.FileSize)
	case m.Audio != nil:
		f := m.Audio
		return one("audio", f.FileID, f.FileName, cmp.Or(f.MimeType, "audio/mpeg"), f.FileSize)
	case m.Document != nil:
		f := m.Document
		return one("document", f.FileID, f.FileName, f.MimeType, f.FileSize)
	}
	return nil
}

func largest(sizes []models.PhotoSize) models.PhotoSize {
	return slices.MaxFunc(sizes, func(a, b models.PhotoSize) int { return a.Width*a.Height - b.Width*b.Height })
}

func locationOf(m *models.Message) *bot.Location {
	switch {
	case m.Venue != nil:
		v := m.Venue
		return &bot.Location{Lat: v.Location.Latitude, Lon: v.Location.Longitude, Name: strings.TrimSpace(v.Title + " " + v.Address)}
	case m.Location != nil:
		return &bot.Location{Lat: m.Location.Latitude, Lon: m.Location.Longitude}
	}
	return nil
}

func contactOf(m *models.Message) *bot.Shared {
	if m.Contact == nil {
		return nil
	}
	c := m.Contact
	name := strings.TrimSpace(c.FirstName + " " + c.LastName)
	if hasHan(c.LastName) {
		name = c.LastName + c.FirstName // 周大山, as it is said
	}
	return &bot.Shared{Name: name, Phone: c.PhoneNumber, Own: m.From != nil && c.UserID != 0 && c.UserID == m.From.ID}
}

// otherOf names a message without anything to read.
func otherOf(m *models.Message) string {
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
