package wechat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
)

// message is what the platform pushes (接收普通消息, 接收事件推送), the fields that are read.
type message struct {
	To      string `xml:"ToUserName"`
	From    string `xml:"FromUserName"` // openid: one a person and account
	Created int64  `xml:"CreateTime"`   // seconds
	Type    string `xml:"MsgType"`
	ID      string `xml:"MsgId"`

	Content     string  `xml:"Content"`
	MediaID     string  `xml:"MediaId"`
	Format      string  `xml:"Format"`
	Recognition string  `xml:"Recognition"`
	X           float64 `xml:"Location_X"` // latitude
	Y           float64 `xml:"Location_Y"`
	Title       string  `xml:"Title"`
	URL         string  `xml:"Url"`

	Event string `xml:"Event"`
	Key   string `xml:"EventKey"`
}

// maxDepth and the size of a body bound what a message may be. encoding/xml expands no entities.
const maxDepth = 8

var errMessage = errors.New("not a message")

func readMessage(body []byte) (message, error) {
	if err := shallow(body); err != nil {
		return message{}, err
	}
	var m message
	if err := xml.Unmarshal(body, &m); err != nil {
		return message{}, errMessage // its text may quote what a person wrote
	}
	if m.From == "" || m.Type == "" || len(m.From) > 64 {
		return message{}, errMessage
	}
	return m, nil
}

// shallow refuses elements within elements within elements: decoding is recursive.
func shallow(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for depth := 0; ; {
		t, err := d.RawToken()
		if err != nil {
			return nil //nolint:nilerr // the end; a fault is found by whoever decodes
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errMessage
			}
		case xml.EndElement:
			depth--
		}
	}
}

// eventID is unique to a message: the platform sends the same up to three times. Events have no
// MsgId.
func (m message) eventID() string {
	if m.ID != "" {
		return prefix + ":" + strings.ToValidUTF8(m.ID, "")[:min(len(m.ID), 40)]
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", m.From, m.Created, m.Event, m.Key))
	return prefix + ":e" + hex.EncodeToString(sum[:16])
}

// event is the message as an event. false: it needs no answer, and why says what it is.
func (m message) event(now time.Time) (e bot.Event, ok bool, why string) {
	e = bot.Event{ID: m.eventID(), At: now}
	switch m.Type {
	case "text":
		e.Text = m.Content
	case "image":
		e.Media = m.media("photo", "image/jpeg")
	case "voice":
		e.Text, e.Media = m.Recognition, m.media("voice", voiceTypes[strings.ToLower(m.Format)])
	case "video", "shortvideo":
		e.Media = m.media("video", "video/mp4")
	case "location":
		e.Location = &bot.Location{Lat: m.X, Lon: m.Y}
	case "link":
		e.Text = strings.TrimSpace(m.Title + "\n" + m.URL)
	case "event":
		return m.happened(e)
	default:
		e.Other = "unknown"
	}
	return e, true, ""
}

var voiceTypes = map[string]string{"amr": "audio/amr", "speex": "audio/x-speex"}

func (m message) media(kind, mediaType string) []bot.Media {
	return []bot.Media{{Ref: prefix + ":" + m.MediaID, Kind: kind, Type: mediaType}}
}

// happened reads an event: somebody followed, scanned a code or pressed an entry of the menu.
func (m message) happened(e bot.Event) (bot.Event, bool, string) {
	switch strings.ToLower(m.Event) {
	case "subscribe":
		e.Command, e.Args = "start", strings.TrimPrefix(m.Key, "qrscene_")
	case "scan":
		e.Command, e.Args = "start", m.Key
	case "click":
		e.Command = m.Key
	default: // unsubscribe, VIEW, LOCATION, what became of notices
		return e, false, strconv.Quote(m.Event[:min(len(m.Event), 40)])
	}
	return e, true, ""
}
