package turn

import (
	"bytes"
	"context"
	"io"

	"dengwen/bot"
	"dengwen/petition"
)

// fetch streams a file from the door to the case service, and transcribes a recording once
// it is stored.
func (r *Runner) fetch(ctx context.Context, me petition.Actor, conv string, m bot.Media) (petition.Attachment, *bot.Heard, error) {
	fetcher := r.door(conv).Fetch
	if fetcher == nil {
		return petition.Attachment{}, nil, petition.Fail(petition.Invalid, "file.unreachable")
	}
	body, err := fetcher.Fetch(ctx, m)
	if err != nil {
		return petition.Attachment{}, nil, fetchError(err)
	}
	defer body.Close()
	var in io.Reader = body
	var rec *recording
	if r.p.Hear != nil && m.Audible() {
		rec = &recording{}
		in = io.TeeReader(body, rec)
	}
	at := petition.Attachment{ID: m.ID, Kind: m.Kind, Name: m.Name, Type: m.Type, Size: m.Size, Album: m.Album}
	at, err = r.p.Cases.Attach(ctx, me, at, in)
	if err != nil || rec == nil {
		return at, nil, err
	}
	return at, r.transcribe(rec, m), nil
}

// maxTranscribed is the largest recording that is transcribed, in bytes; a larger one is only
// stored.
const maxTranscribed = 20 << 20

// recording buffers a recording for transcription, up to maxTranscribed.
type recording struct {
	bytes.Buffer
	tooLong bool
}

func (b *recording) Write(p []byte) (int, error) {
	if b.tooLong = b.tooLong || b.Len()+len(p) > maxTranscribed; b.tooLong {
		b.Reset()
		return len(p), nil
	}
	return b.Buffer.Write(p)
}

// transcribe asks for the words of a recording. It has its own time limit, and an error does
// not fail the fetch: the recording is stored, and the person is asked for a line of text.
func (r *Runner) transcribe(b *recording, m bot.Media) *bot.Heard {
	if b.tooLong || b.Len() == 0 {
		return &bot.Heard{}
	}
	ctx, cancel := context.WithTimeout(r.runCtx, r.o.HearFor)
	defer cancel()
	text, err := r.p.Hear(ctx, b, recordingName(m))
	if err != nil {
		r.p.Log.Warn("recording not transcribed", "err", err)
		return &bot.Heard{}
	}
	return &bot.Heard{Text: text}
}

// recordingName is a file name with the extension from which transcription servers take the
// format. Telegram's voice messages are OGG with OPUS and have no name (Bot API Voice).
func recordingName(m bot.Media) string {
	if m.Name != "" {
		return m.Name
	}
	extension := map[string]string{"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/wav": "wav", "audio/webm": "webm"}[m.Type]
	if extension == "" {
		extension = "ogg"
	}
	return "voice." + extension
}
