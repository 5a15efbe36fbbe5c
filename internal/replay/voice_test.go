package replay_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dengwen/assist"
	"dengwen/assist/model"
	"dengwen/bot"
)

func voiceRuntime(t *testing.T, do func(http.ResponseWriter, *http.Request, string)) *runtime {
	t.Helper()
	p := parts()
	url, _ := server(t, do)
	m, err := model.New(model.Config{Key: "k", BaseURL: url, Name: "test", Voice: "whisper"}, p.office, p.offline)
	if err != nil {
		t.Fatal(err)
	}
	return newRuntime(t, p.offline, assist.Answers(p.book), m.Transcribe)
}

var recording = bot.Event{Media: []bot.Media{{Ref: "v1", Kind: "voice", Type: "audio/ogg", Size: 2000}}}

// A recording becomes words that the person sees, and a petition with the recording.
func TestARecordingIsHeard(t *testing.T) {
	t.Parallel()
	r := voiceRuntime(t, func(w http.ResponseWriter, r *http.Request, body string) {
		if !strings.HasSuffix(r.URL.Path, "/audio/transcriptions") || !strings.Contains(body, "OggS") || !strings.Contains(body, "voice.ogg") {
			t.Errorf("asked %s", r.URL.Path)
		}
		fmt.Fprint(w, `{"text":"下梁镇三组的路一下雨就塌，拖拉机过不去，请把路修好"}`)
	})
	said, _ := r.tell(recording)
	s := r.until("我听到的是", said)
	if strings.Contains(s, "听不懂") {
		t.Errorf("said %s", s)
	}
	v := r.lodge(r.all())
	if !strings.Contains(v.Facts, "三组的路一下雨就塌") || len(v.Files) != 1 {
		t.Errorf("lodged %q with %d files", v.Facts, len(v.Files))
	}
}

// What cannot be heard is kept as evidence, and one line of text is asked for; typing
// meanwhile is never held up.
func TestARecordingNobodyUnderstands(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(http.ResponseWriter, *http.Request, string){
		"error": status(500), "silence": func(w http.ResponseWriter, _ *http.Request, _ string) { fmt.Fprint(w, `{"text":" "}`) },
		"slow": func(_ http.ResponseWriter, r *http.Request, _ string) { wait(r, 20*time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := voiceRuntime(t, do)
			said, _ := r.tell(recording)
			r.until("没听清", said)
			said, _ = r.tell(bot.Event{Text: stories[0]})
			if v := r.lodge(said); v.Facts != stories[0] || len(v.Files) != 1 {
				t.Errorf("lodged %q with %d files", v.Facts, len(v.Files))
			}
		})
	}
}

// until waits for words of an errand's outcome.
func (r *runtime) until(words string, said []bot.Say) string {
	r.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		if s := text(r.all()); strings.Contains(s, words) {
			return s
		}
		if time.Now().After(end) {
			r.t.Fatalf("waited for %s; said %s", words, text(r.all()))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (r *runtime) all() []bot.Say {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]bot.Say(nil), r.said...)
}
