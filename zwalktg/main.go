package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"dengwen/internal/fakeapi"
)

func main() {
	s, err := fakeapi.Start(fakeapi.Options{})
	if err != nil { panic(err) }
	defer s.Close()
	dir, _ := os.MkdirTemp("", "tg")
	defer os.RemoveAll(dir)
	cmd := exec.Command("/tmp/dw", "serve", "--addr", "127.0.0.1:8109", "--data-dir", dir)
	cmd.Env = append(os.Environ(), "TELEGRAM_BOT_TOKEN="+s.Token(), "TELEGRAM_API_URL="+s.URL())
	cmd.Stderr, cmd.Stdout = os.Stderr, os.Stdout
	if err := cmd.Start(); err != nil { panic(err) }
	defer cmd.Process.Kill()
	time.Sleep(2 * time.Second)
	c := s.Citizen(777001)
	seen := 0
	show := func(what string) {
		time.Sleep(1200 * time.Millisecond)
		all := c.Chat.Messages()
		fmt.Println(">>>", what)
		for _, m := range all[seen:] {
			t := fmt.Sprintf("%+v", m)
			if len([]rune(t)) > 500 { t = string([]rune(t)[:500]) + "…" }
			fmt.Println("   <", strings.ReplaceAll(t, "\n", "\n     "))
		}
		seen = len(all)
	}
	type o = map[string]any
	c.Message(o{"sticker": o{"file_id": "s1", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular", "is_animated": false, "is_video": false}})
	show("sticker first")
	c.Say("下梁镇三组的路塌了，拖拉机过不去，请派人修好")
	show("story")
	c.Edit("下梁镇三组的路塌了，桥也断了，请派人修好")
	show("edit")
	c.Photo("p1", "", "alb"); c.Photo("p2", "塌的地方", "alb"); c.Photo("p3", "", "alb")
	show("album")
	c.Message(o{"document": o{"file_id": "big", "file_unique_id": "b", "file_name": "录像.mp4", "file_size": 900 << 20}})
	show("900 MB document")
	c.Message(o{"poll": o{"id": "1", "question": "?", "options": []o{}, "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular", "allows_multiple_answers": false}})
	show("poll")
	c.Message(o{"text": "转来的：隔壁村也塌了，山上还在掉石头", "forward_origin": o{"type": "hidden_user", "date": 1, "sender_user_name": "x"}})
	show("forwarded")
	c.Share("王", "13800138000")
	show("own card")
	c.Say(strings.Repeat("路坏了没人管", 800))
	show("4800 characters")
	c.Press("提交"); c.Press("提交")
	show("double press")
	c.Press("提交")
	show("stale press")
	c.Say("/my@dengwen_bot")
	show("/my@bot")
	c.Say("帮我 /my")
	show("command after words")
	c.Message(o{"venue": o{"location": o{"latitude": 33.6, "longitude": 109.16}, "title": "村委会", "address": "x"}, "location": o{"latitude": 33.6, "longitude": 109.16}})
	show("venue")
	c.Message(o{"dice": o{"emoji": "🎲", "value": 3}})
	show("dice")
	c.Say("/quiz")
	show("quiz")
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = ctx
}
