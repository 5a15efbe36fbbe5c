package turn

import (
	"bytes"
	"context"
	"io"

	"dengwen/bot"
	"dengwen/petition"
)

// fetch carries the bytes of a file from the door to the case service, and has a
// recording listened to once it is kept.
func (r *Runner) fetch(ctx context.Context, me petition.Actor, conv string, m bot.Media) (petition.Attachment, *bot.Heard, error) {
	from := r.door(conv).Fetch
	if from == nil {
		return petition.Attachment{}, nil, petition.Fail(petition.Invalid, "file.unreachable")
	}
	body, err := from.Fetch(ctx, m)
	if err != nil {
		return petition.Attachment{}, nil, fetchError(err)
	}
	defer body.Close()
	var in io.Reader = body
	var heard *recording
	if r.p.Hear != nil && m.Audible() {
		heard = &recording{}
		in = io.TeeReader(body, heard)
	}
	at := petition.Attachment{ID: m.ID, Kind: m.Kind, Name: m.Name, Type: m.Type, Size: m.Size, Album: m.Album}
	at, err = r.p.Cases.Attach(ctx, me, at, in)
	if err != nil || heard == nil {
		return at, nil, err
	}
	return at, r.hear(heard, m), nil
}

// mostHeard is how long a recording may be to be transcribed, in bytes; a longer one is
// kept unheard.
const mostHeard = 20 << 20

// recording gathers what is listened to, up to mostHeard.
type recording struct {
	bytes.Buffer
	long bool
}

func (b *recording) Write(p []byte) (int, error) {
	if b.long = b.long || b.Len()+len(p) > mostHeard; b.long {
		b.Reset()
		return len(p), nil
	}
	return b.Buffer.Write(p)
}

// hear asks for the words of a recording. It has its own time limit, and failing is no
// fault: the recording is kept, and the person is asked for a line of text.
func (r *Runner) hear(b *recording, m bot.Media) *bot.Heard {
	if b.long || b.Len() == 0 {
		return &bot.Heard{}
	}
	ctx, cancel := context.WithTimeout(r.late, r.o.HearFor)
	defer cancel()
	text, err := r.p.Hear(ctx, b, recordingName(m))
	if err != nil {
		r.p.Log.Warn("recording not transcribed", "err", err)
		return &bot.Heard{}
	}
	return &bot.Heard{Text: text}
}

// recordingName is a name with the ending by which servers tell the format. Telegram's
// voice messages are OGG with OPUS and have no name (Bot API Voice).
func recordingName(m bot.Media) string {
	if m.Name != "" {
		return m.Name
	}
	ending := map[string]string{"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/wav": "wav", "audio/webm": "webm"}[m.Type]
	if ending == "" {
		ending = "ogg"
	}
	return "voice." + ending
}
