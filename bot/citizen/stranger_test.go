package citizen

import (
	"math"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
)

// FuzzStranger says anything, as text, command, deep link, press, name or place, to
// somebody new, to somebody in the middle of a petition and to somebody who asks for a
// case: it is answered, and the session can be stored. What a door hands on is text.
func FuzzStranger(f *testing.F) {
	f.Add("下梁镇三组的路塌了", "start", "ZS26-0417-3K", "1:send", "zh-hans", 33.6, 109.1)
	f.Add("ZS26-0417-3K 7Q4M-29XD", "status", "7q4m29xd", "0:look:ZS26-0417-3K", "", 91.0, 181.0)
	f.Add("\u202e\x00\ufeff", "join", strings.Repeat("A", 64), "99999999999999999999:is", "en-GB-oed", 0.0, 1e308)
	f.Add("/start", "status", "ＺＳ２６－０４１７－３Ｋ", "-1:", "xx", 0.0, 0.0)
	f.Add(strings.Repeat("塌", 300), "STATUS", "%00../..", ":::::", "", 33.0, 109.0)
	b := testBot(f)
	f.Fuzz(func(t *testing.T, text, command, args, press, lang string, lat, lon float64) {
		for _, s := range []*string{&text, &command, &args, &press, &lang} {
			*s = strings.ToValidUTF8((*s)[:min(len(*s), 1200)], "") // longer ones take the fuzzer too long
		}
		if math.IsNaN(lat+lon) || math.IsInf(lat+lon, 0) {
			return // no door can hand in such a place
		}
		w := newRandomWalk(t, func(int) int { return 1 })
		w.b = b
		for _, before := range []string{"", "下梁镇三组的路一下雨就塌，车过不去，请派人来修", "查一下我的事"} {
			w.s = bot.Session{}
			events := []bot.Event{
				{Text: text}, {Command: command, Args: args}, {Press: &bot.Press{Data: press, Ref: args}}, {Text: args, ReplyTo: press},
				{Location: &bot.Location{Lat: lat, Lon: lon, Name: text}}, {Contact: &bot.Shared{Name: args, Phone: text, Own: true}},
				{Text: text, Forward: true}, {Text: args, Edited: true, Ref: press}, {Command: "status", Args: text}, {Command: "start", Args: text},
			}
			if before != "" {
				w.take(bot.Event{ID: "first", At: w.now, Text: before})
			}
			for _, e := range events {
				w.now = w.now.Add(time.Minute)
				e.ID, e.At, e.Lang = "tg:1", w.now, lang
				was := w.s
				if says, lost := w.take(e); says == 0 && !lost {
					w.fail(e, was, "silence")
				}
			}
		}
	})
}
